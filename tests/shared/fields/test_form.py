from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import clock, dates, identity, money
from jinchuan.shared.fields import form as fields

EVERY = [
    fields.LineFormField,
    fields.ParagraphFormField,
    fields.NameFormField,
    fields.CreditCodeFormField,
    fields.CitizenIdFormField,
    fields.DisabilityCertificateFormField,
    fields.PhoneFormField,
    fields.MoneyFormField,
    fields.QuantityFormField,
    fields.WholeNumberFormField,
    fields.DayFormField,
    fields.TimeFormField,
]
every_field = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)


def sentence(field, value):
    """What the field answers to a value it refuses."""
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages[0]


# --- What they share


@every_field
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b\ufeff", "\x00"])
def test_nothing_typed_is_asked_for(kind, blank):
    assert sentence(kind(label="这一栏"), blank) == "请填写这一项。"
    assert kind(required=False).clean(blank) in ("", None)


@every_field
def test_the_form_gives_the_question_its_label(kind):
    field = kind()
    fields.name_required_message(field, "走访日期")
    assert sentence(field, "") == "请填写走访日期"


def test_djangos_own_fields_are_asked_by_label_too():
    for field, asked in [
        (forms.ChoiceField(), "请选择方式"),
        (forms.FileField(), "请选择方式"),
        (forms.BooleanField(), "请填写方式"),
        (forms.CharField(error_messages={"required": "请写明理由"}), "请写明理由"),
    ]:
        fields.name_required_message(field, "方式")
        assert sentence(field, None) == asked


@every_field
def test_no_number_wheel_and_no_silent_cut(kind):
    class Form(forms.Form):
        value = kind()

    html = str(Form()["value"])
    assert "maxlength" not in html
    assert 'type="number"' not in html
    assert "inputmode=" in html


@every_field
@given(typed=st.text(max_size=30))
def test_any_text_is_taken_or_refused_with_a_sentence(kind, typed):
    try:
        kind(required=False).clean(typed)
    except ValidationError as error:
        assert error.messages[0]


@every_field
@pytest.mark.parametrize(
    "cell",
    [
        True,
        12,
        -1,
        0,
        1.5,
        float("nan"),
        float("inf"),
        1e300,
        Decimal("NaN"),
        Decimal("1.1"),
        date(2025, 7, 1),
        datetime(2025, 7, 1),
        time(8),
        b"x",
        object(),
    ],
    ids=repr,
)
def test_any_cell_is_taken_or_refused_with_a_sentence(kind, cell):
    try:
        kind().clean(cell)
    except ValidationError as error:
        assert error.messages[0]


# --- Text


def test_characters_are_counted_after_cleaning_and_nothing_is_cut():
    field = fields.ParagraphFormField(label="情况说明", max_chars=5000)
    assert field.clean("好" * 5000 + "\u200b" * 300) == "好" * 5000
    assert sentence(field, "好" * 5001) == "情况说明不能超过 5000 字，已写 5001 字"


def test_markup_in_free_text_stays_text():
    typed = "<script>alert(1)</script> {{7*7}} =1+1 🙏"
    assert fields.LineFormField().clean(typed) == typed


def test_lines_stay_in_a_paragraph_and_go_in_a_line():
    assert fields.ParagraphFormField().clean("一\r\n二 ") == "一\n二"
    assert fields.LineFormField().clean("一\r\n二 ") == "一 二"


@pytest.mark.parametrize(
    ("cell", "text"), [(12, "12"), (12.0, "12"), (1.5, "1.5"), (1e15, "1000000000000000")]
)
def test_number_cells_become_the_text_somebody_would_have_typed(cell, text):
    assert fields.LineFormField().clean(cell) == text


def test_names():
    assert fields.NameFormField().clean("张　三 ") == "张三"
    assert sentence(fields.NameFormField(), "<b>张三</b>") == "姓名只能用汉字、字母和·"


# --- Numbers that identify


def test_codes_are_normalised():
    assert fields.CreditCodeFormField().clean("５１620302mj0123456e") == "51620302MJ0123456E"
    assert fields.CitizenIdFormField().clean("６２０３０２１９９００３０７００１９\n") == "620302199003070019"
    assert fields.DisabilityCertificateFormField().clean("62030219480229004x42") == "62030219480229004X42"
    assert fields.PhoneFormField().clean("+86 138-0000-0000") == "13800000000"


def test_what_is_wrong_with_a_code_is_the_sentence_of_its_parser():
    assert sentence(fields.CreditCodeFormField(), "51620302MJ0123456F") == identity.CREDIT_CODE_CHECK
    assert sentence(fields.CitizenIdFormField(), "620302199003070018") == identity.CITIZEN_ID_CHECK
    assert sentence(fields.PhoneFormField(), "8212345") == identity.PHONE_AREA_CODE


@pytest.mark.parametrize(
    "cell", [620302199003070019, 6.20302199003070e17, "6.20302E+17", "6.20302e17", "620302199003080000"]
)
def test_an_id_number_that_was_a_number_has_lost_its_end(cell):
    assert sentence(fields.CitizenIdFormField(), cell) == "身份证号被当成数字，后三位已丢失，请按文本重填"


def test_an_id_number_that_really_ends_in_noughts_is_taken():
    assert fields.CitizenIdFormField().clean("620302199003070000") == "620302199003070000"


@pytest.mark.parametrize("cell", [116203020001234572, 1.16203020001234e17, "1.16203E+17"])
def test_a_code_that_was_a_number_has_lost_its_end(cell):
    assert sentence(fields.CreditCodeFormField(), cell) == fields.CODE_LOST_DIGITS
    assert sentence(fields.DisabilityCertificateFormField(), cell) == fields.CODE_LOST_DIGITS


def test_a_telephone_cell_may_be_a_number():
    assert fields.PhoneFormField().clean(13800000000) == "13800000000"
    assert fields.PhoneFormField().clean(13800000000.0) == "13800000000"


def test_a_telephone_is_shown_again_as_people_write_it():
    assert fields.PhoneFormField().prepare_value("13800000000") == "138 0000 0000"
    assert fields.PhoneFormField().prepare_value("138-") == "138-"
    assert fields.PhoneFormField().prepare_value(None) is None


# --- Money


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("1，000.50", "1000.50"),
        (1000, "1000.00"),
        (1000.5, "1000.50"),
        (0.1 + 0.2, "0.30"),
        (Decimal("15.2"), "15.20"),
        (1e5, "100000.00"),
    ],
)
def test_amounts_are_taken_from_text_and_cells(value, amount):
    assert str(fields.MoneyFormField().clean(value)) == amount


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("1e5", money.NOT_A_NUMBER),
        (float("nan"), money.NOT_A_NUMBER),
        (float("inf"), money.NOT_A_NUMBER),
        (True, money.NOT_A_NUMBER),
        (date(2025, 7, 1), money.NOT_A_NUMBER),
        (0, money.NOT_POSITIVE),
        (-5, money.NOT_POSITIVE),
        (0.001, money.TOO_PRECISE),
        (99999999999, money.OVER_LIMIT),
    ],
)
def test_cells_that_are_no_amount_are_refused(value, answer):
    assert sentence(fields.MoneyFormField(), value) == answer


def test_wan_carries_the_amount_to_adopt():
    with pytest.raises(ValidationError) as caught:
        fields.MoneyFormField().clean("1.2万元")
    assert caught.value.messages == ["请按元填写。1.2 万元 = 12000 元，是否采用？"]
    assert caught.value.params == {"suggestion": Decimal(12000)}


def test_corrections_may_be_negative_and_values_may_be_nothing():
    assert fields.MoneyFormField(signed=True).clean("-5") == -5
    assert fields.MoneyFormField(zero=True).clean("0") == 0
    assert sentence(fields.MoneyFormField(zero=True), "-1") == money.NOT_NEGATIVE


# --- Quantities


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        (fields.QuantityFormField(), "２．５", Decimal("2.5")),
        (fields.QuantityFormField(), "1,200", Decimal(1200)),
        (fields.QuantityFormField(), 2.5, Decimal("2.5")),
        (fields.QuantityFormField(unit="袋"), "50 袋", Decimal(50)),
        (fields.WholeNumberFormField(), "12", 12),
        (fields.WholeNumberFormField(), 12.0, 12),
        (fields.WholeNumberFormField(unit="户"), "３户", 3),
        (fields.WholeNumberFormField(), "0", 0),
        (fields.WholeNumberFormField(minimum=-5), "-5", -5),
    ],
)
def test_quantities(field, value, result):
    assert field.clean(value) == result


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        (fields.QuantityFormField(label="数量"), "50袋", "数量请用数字填写，例如 50 或 2.5"),
        (fields.QuantityFormField(), "1e5", "数量请用数字填写，例如 50 或 2.5"),
        (fields.QuantityFormField(), "1_0", "数量请用数字填写，例如 50 或 2.5"),
        (fields.QuantityFormField(unit="袋"), "5万袋", "数量请用数字填写，例如 50 或 2.5"),
        (fields.QuantityFormField(), "0", "数量必须大于 0"),
        (fields.QuantityFormField(), "2.555", "数量最多 2 位小数"),
        (fields.QuantityFormField(maximum=100), "101", "数量不能超过 100，请核对"),
        (fields.WholeNumberFormField(label="受益人数"), "1.5", "受益人数请填整数，例如 12"),
        (fields.WholeNumberFormField(label="受益人数"), "1_0", "受益人数请填整数，例如 12"),
        (fields.WholeNumberFormField(label="受益人数"), "十二", "受益人数请填整数，例如 12"),
        (fields.WholeNumberFormField(label="受益人数", minimum=1), "0", "受益人数不能小于 1"),
        (fields.WholeNumberFormField(label="受益人数"), "9" * 30, "受益人数不能超过 999999，请核对"),
    ],
)
def test_quantities_refused(field, value, answer):
    assert sentence(field, value) == answer


@pytest.mark.parametrize(
    ("column", "kind", "value", "answer"),
    [
        (
            models.DecimalField("重量", max_digits=5, decimal_places=3),
            fields.QuantityFormField,
            "1.2345",
            "重量最多 3 位小数",
        ),
        (
            models.DecimalField("重量", max_digits=5, decimal_places=3),
            fields.QuantityFormField,
            "100",
            "重量不能超过 99，请核对",
        ),
        (models.PositiveIntegerField("人数"), fields.WholeNumberFormField, "-1", "人数不能小于 0"),
        (
            models.CharField("地点", max_length=2),
            fields.LineFormField,
            "北京路",
            "地点不能超过 2 字，已写 3 字",
        ),
        (
            models.TextField("说明", max_length=2),
            fields.ParagraphFormField,
            "很好啊",
            "说明不能超过 2 字，已写 3 字",
        ),
        (models.DateField("日期"), fields.DayFormField, "7.1", "请写上年份"),
        (models.TimeField("时间"), fields.TimeFormField, "25:00", "时间请写成 14:30"),
    ],
)
def test_columns_of_django_can_use_our_form_fields(column, kind, value, answer):
    assert sentence(column.formfield(form_class=kind), value) == answer


# --- Days and times


@pytest.mark.parametrize(
    "value",
    [
        "2025年7月1日",
        "20250701",
        20250701,
        20250701.0,
        date(2025, 7, 1),
        datetime(2025, 7, 1, 9, 30),
        datetime(2025, 6, 30, 16, tzinfo=UTC),
    ],
)
def test_days_are_taken_from_text_and_cells(value):
    assert fields.DayFormField().clean(value) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("7.1", "请写上年份"),
        ("2025-02-30", "2 月没有 30 日"),
        (2025.7, dates.DATE_DAY_MISSING),
        (45839, dates.DATE_FORM),
        (True, dates.DATE_FORM),
        (time(8), dates.DATE_FORM),
    ],
)
def test_days_refused(value, answer):
    assert sentence(fields.DayFormField(), value) == answer


def test_a_day_of_the_past_is_not_after_today():
    field = fields.DayFormField(label="走访日期", past=True)
    assert field.clean(clock.today()) == clock.today()
    assert sentence(field, clock.today() + timedelta(days=1)) == "走访日期不能晚于今天"


def test_a_day_is_not_before_the_earliest():
    field = fields.DayFormField(label="走访日期", earliest=date(2025, 3, 1))
    assert field.clean("2025-03-01") == date(2025, 3, 1)
    assert sentence(field, "2025-02-28") == "走访日期不能早于2025年3月1日"


def test_days_and_times_are_shown_as_they_are_typed():
    class Form(forms.Form):
        day = fields.DayFormField()
        at = fields.TimeFormField()
        amount = fields.MoneyFormField()
        quantity = fields.QuantityFormField()

    initial = {
        "day": date(2025, 7, 1),
        "at": time(8, 5),
        "amount": Decimal(1200),
        "quantity": Decimal("50.00"),
    }
    form = Form(initial=initial)
    assert [form[name].value() for name in initial] == ["2025-07-01", "08:05", "1200.00", "50"]
    assert form["day"].help_text == "例如 2025-07-01"
    assert 'autocomplete="off"' in str(form["day"])
    assert Form({"day": "7.1"})["day"].value() == "7.1"
    assert not Form({name: form[name].value() for name in initial}, initial=initial).has_changed()


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("14:30", time(14, 30)),
        ("１４：３０", time(14, 30)),
        ("1430", time(14, 30)),
        ("14点30分", time(14, 30)),
        ("14时", time(14)),
        ("14点半", time(14, 30)),
        ("下午2:30", time(14, 30)),
        ("上午9点", time(9)),
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("晚上8点整", time(20)),
        ("14:30:00", time(14, 30)),
        (time(14, 30, 59), time(14, 30)),
        (datetime(2025, 7, 1, 14, 30), time(14, 30)),
    ],
)
def test_times(value, at):
    assert fields.TimeFormField().clean(value) == at


@pytest.mark.parametrize("value", ["25:00", "14:60", "两点", "1", "8", "14:3a", "下午", "143", 0.6])
def test_times_refused(value):
    assert sentence(fields.TimeFormField(), value) == "时间请写成 14:30"


# --- Choices


CHOICES = [("home_visit", "走访探视"), ("contact", "联系交流")]


@pytest.mark.parametrize("value", ["home_visit", "走访探视", " 走访探视\u200b"])
def test_a_choice_is_given_by_value_or_by_word(value):
    assert fields.LabelledChoiceField(choices=CHOICES).clean(value) == "home_visit"


def test_a_choice_in_groups_and_of_numbers():
    field = fields.LabelledChoiceField(choices=[("残疾等级", [(1, "一级"), (2, "二级")]), (0, "无")])
    assert [field.clean(value) for value in ("一级", 2, 2.0, "无")] == ["1", "2", "2", "0"]


def test_an_unknown_choice_is_told_the_choices():
    field = fields.LabelledChoiceField(choices=[("", "请选"), *CHOICES])
    assert sentence(field, "视频") == "“视频”不在选项里，请选：走访探视、联系交流"
    assert sentence(field, "") == "请填写这一项。"
    long = fields.LabelledChoiceField(choices=[(n, f"第{n}项") for n in range(20)])
    assert sentence(long, "好" * 50) == f"“{'好' * 20}”不在选项里，请从列表里选"
