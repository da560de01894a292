from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import identity
from jinchuan.shared.identity import (
    CitizenId,
    CreditCode,
    DisabilityCertificate,
    IdentityError,
    Phone,
    normalise_code,
    personal_numbers_in,
)
from tests.shared.vectors import rows

TODAY = date(2026, 11, 23)


def refusal(kind, text):
    with pytest.raises(IdentityError) as caught:
        kind.parse(text, today=TODAY)
    return caught.value


# --- Credit code


@pytest.mark.parametrize("row", rows("uscc_valid"))
def test_credit_code_of_the_vectors_is_taken(row):
    assert CreditCode.parse(row["code"]).value == row["code"]


@pytest.mark.parametrize("row", [r for r in rows("uscc_invalid") if "full-width" not in r.id])
def test_credit_code_of_the_vectors_is_refused(row):
    assert refusal(CreditCode, row["code"]).code == row["error"]


@pytest.mark.parametrize(
    "code",
    [
        "52620302MJ0123456B",
        "N2620302MF01234514",
        "52620302MJ0000130X",
        "12100000400002259P",
        "12100000470095016Q",
        "91350100M000100Y43",
    ],
)
def test_more_credit_codes_with_a_right_check(code):
    assert CreditCode.parse(code).warnings == ()


@pytest.mark.parametrize(
    "typed",
    [
        "５１620302MJ0123456E",
        " 51620302mj0123456e ",
        "51620302-MJ012345-6E",
        "51620302MJ\u200b0123456E",
        "51 62 03 02MJ0123456E\n",
    ],
)
def test_credit_code_is_normalised_first(typed):
    assert CreditCode.parse(typed).value == "51620302MJ0123456E"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", identity.CREDIT_CODE_EMPTY),
        ("51620302MJ0123456F", identity.CREDIT_CODE_CHECK),
        ("51620302M0J123456E", identity.CREDIT_CODE_CHECK),
        ("5162O302MJ0123456E", identity.CREDIT_CODE_CHARACTERS),
        ("51620302MJ0123456", "统一社会信用代码应为 18 位，现在是 17 位"),
    ],
)
def test_credit_code_refusals_say_what_is_wrong(code, sentence):
    assert refusal(CreditCode, code).message == sentence


def test_wrong_inner_check_is_a_warning_only():
    assert CreditCode.parse("51620302MJ0123451Y").warnings == (identity.CREDIT_CODE_INNER_CHECK,)


def test_foundation_of_a_district_is_a_warning():
    assert identity.CREDIT_CODE_FOUNDATION in CreditCode.parse("53620302MJ01234568").warnings


def test_credit_code_tells_who_registered_what_and_where():
    code = CreditCode.parse("52620302MJ0123456B")
    assert (code.department, code.category, code.region) == ("民政", "民办非企业单位", "620302")
    assert CreditCode.parse("N2620302MF01234514").category == "村级集体经济组织"


@given(position=st.integers(0, 17), character=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(position, character):
    code = "51620302MJ0123456E"
    wrong = code[:position] + character + code[position + 1 :]
    if wrong != code:
        assert refusal(CreditCode, wrong).code in {"checksum", "format"}


# --- Citizen ID


@pytest.mark.parametrize("row", rows("id_valid"))
def test_citizen_id_of_the_vectors_is_taken(row):
    number = CitizenId.parse(row["id"], today=TODAY)
    assert (number.value, number.sex, number.birth_date.isoformat()) == (row["id"], row["sex"], row["birth"])


@pytest.mark.parametrize("row", rows("id_invalid"))
def test_citizen_id_of_the_vectors_is_refused(row):
    assert refusal(CitizenId, row["id"]).code == row["error"]


@pytest.mark.parametrize("row", rows("id_demo"))
def test_demo_people_pass_the_check_and_cannot_exist(row):
    assert CitizenId.parse(row["id"], today=TODAY).region == "620301"


@pytest.mark.parametrize(
    "number",
    [
        "620302201605050031",
        "620321196304150069",
        "62030220121123003X",
        "620302199003070019",
        "620302199003070027",
        "62030219880808005X",
        "810000199001010019",
        "11010519491231002X",
    ],
)
def test_more_numbers_with_a_right_check(number):
    assert CitizenId.parse(number, today=TODAY).value == number


@pytest.mark.parametrize(
    "typed",
    [
        "６２０３０２１９９００３０７００１９",
        "620302 19900307 0019",
        "620302199003\n070019",
        "\ufeff620302199003070019\u200b",
        "620302-19900307-0019",
    ],
)
def test_citizen_id_is_normalised_first(typed):
    assert CitizenId.parse(typed, today=TODAY).value == "620302199003070019"


@pytest.mark.parametrize("cross", ["x", "X", "×", "ｘ", "Ｘ", "х"])
def test_a_typed_cross_is_an_x(cross):
    assert CitizenId.parse(f"62030219880808005{cross}", today=TODAY).value == "62030219880808005X"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "请填写身份证号"),
        ("620302199003070018", "身份证号最后一位对不上，请对照证件再看一遍"),
        ("62030219900307001", "身份证号应为 18 位，现在是 17 位"),
        ("6203021990030700199", "身份证号应为 18 位，现在是 19 位"),
        ("620302450101001", "这是旧的 15 位号码，请填 18 位"),
        ("620302201502290016", "身份证号里的出生日期 2015-02-29 不存在"),
        ("620302202611240012", "出生日期不能晚于今天"),
        ("620302209912310012", "出生日期不能晚于今天"),
        ("990302199003070019", "身份证号最后一位对不上，请对照证件再看一遍"),
        ("000302199003070019", "身份证号前两位 00 不是省份代码，请对照证件再看一遍"),
        ("6203021945O1010016", "身份证号只能是数字，最后一位可以是 X"),
        ("٦٢٠٣٠٢١٩٩٠٠٣٠٧٠٠١٩", "身份证号只能是数字，最后一位可以是 X"),
    ],
)
def test_citizen_id_refusals_are_the_agreed_sentences(number, sentence):
    assert refusal(CitizenId, number).message == sentence


def test_more_than_120_years_is_asked_and_not_refused():
    assert CitizenId.parse("620302190002280013", today=TODAY).warnings == ("年龄超过 120 岁，请核对",)
    assert CitizenId.parse("620302194501010016", today=TODAY).warnings == ()


def test_permit_of_a_foreign_resident_has_the_same_form():
    body = "93115619810115001"
    assert any(valid(CitizenId, body + check) for check in "0123456789X")


def valid(kind, text):
    try:
        return kind.parse(text, today=TODAY)
    except IdentityError:
        return None


@pytest.mark.parametrize(
    ("number", "day", "age"),
    [
        ("62030220121123003X", date(2026, 11, 23), 14),
        ("620302201211240027", date(2026, 11, 23), 13),
        ("620302201211240027", date(2026, 11, 24), 14),
        ("62030219480229004X", date(2026, 2, 28), 77),
        ("62030219480229004X", date(2026, 3, 1), 78),
        ("62030219480229004X", date(2028, 2, 29), 80),
    ],
)
def test_age_turns_on_the_birthday(number, day, age):
    assert CitizenId.parse(number, today=TODAY).age_on(day) == age


def test_a_printed_citizen_id_shows_its_last_two_characters_only():
    number = CitizenId.parse("620301194103150017", today=TODAY)
    assert repr(number) == str(number) == "CitizenId(****************17)"


@given(day=st.dates(date(1900, 1, 1), TODAY), sequence=st.integers(0, 999))
def test_exactly_one_check_character_fits(day, sequence):
    body = f"620301{day:%Y%m%d}{sequence:03d}"
    fitting = [number for check in "0123456789X" if (number := valid(CitizenId, body + check))]
    assert len(fitting) == 1
    assert fitting[0].birth_date == day
    assert fitting[0].sex == ("male" if sequence % 2 else "female")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    for kind in (CitizenId, CreditCode, DisabilityCertificate, Phone):
        try:
            kind.parse(text, today=TODAY)
        except IdentityError as error:
            assert error.message


# --- Disability certificate


@pytest.mark.parametrize("row", rows("disability_cert_valid"))
def test_certificate_of_the_vectors_is_taken(row):
    certificate = DisabilityCertificate.parse(row["code"], today=TODAY)
    assert certificate.citizen_id.value == row["code"][:18]
    assert (certificate.category, certificate.grade, certificate.is_severe) == (4, 2, True)
    assert certificate.label == "肢体残疾二级"


@pytest.mark.parametrize("row", rows("disability_cert_invalid"))
def test_certificate_of_the_vectors_is_refused(row):
    refusal(DisabilityCertificate, row["code"])


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "请填写残疾人证号"),
        ("62030219480229004X4", "残疾人证号应为 20 位，现在是 19 位"),
        ("62030219480229004X82", "残疾人证号第 19 位是残疾类别，应为 1 到 7，现在是 8"),
        ("62030219480229004X45", "残疾人证号第 20 位是残疾等级，应为 1 到 4，现在是 5"),
        ("62030219480229004042", "身份证号最后一位对不上，请对照证件再看一遍"),
    ],
)
def test_certificate_refusals_say_what_is_wrong(number, sentence):
    assert refusal(DisabilityCertificate, number).message == sentence


def test_mild_grades_and_a_reissue_mark():
    certificate = DisabilityCertificate.parse("62030219480229004x13 b1", today=TODAY)
    assert certificate.value == "62030219480229004X13B1"
    assert not certificate.is_severe
    assert "6203" not in repr(certificate)


# --- Telephone


@pytest.mark.parametrize(
    ("typed", "digits", "display"),
    [
        ("138 0000 0000", "13800000000", "138 0000 0000"),
        ("138-0000-0000", "13800000000", "138 0000 0000"),
        ("+86 138 0000 0000", "13800000000", "138 0000 0000"),
        ("+8613800000000", "13800000000", "138 0000 0000"),
        ("008613800000000", "13800000000", "138 0000 0000"),
        ("8613800000000", "13800000000", "138 0000 0000"),
        ("１３８００００００００", "13800000000", "138 0000 0000"),
        ("138\u200b0000\u202c0000", "13800000000", "138 0000 0000"),
        ("0935-8212345", "09358212345", "0935-8212345"),
        ("（0935）8212345", "09358212345", "0935-8212345"),
        ("0935 82123456", "093582123456", "0935-82123456"),
        ("+86 935 8212345", "09358212345", "0935-8212345"),
        ("010-65123456", "01065123456", "010-65123456"),
        ("400-123-4567", "4001234567", "400-123-4567"),
    ],
)
def test_telephone_is_read_as_people_write_it(typed, digits, display):
    phone = Phone.parse(typed)
    assert (phone.digits, phone.display) == (digits, display)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写电话号码"),
        ("1380000000", "手机号应为 11 位，现在是 10 位"),
        ("138000000000", "手机号应为 11 位，现在是 12 位"),
        ("8212345", identity.PHONE_AREA_CODE),
        ("12800000000", identity.PHONE_FORM),
        ("电话138", identity.PHONE_FORM),
        ("١٣٨٠٠٠٠٠٠٠٠", identity.PHONE_FORM),
    ],
)
def test_telephone_refusals_say_what_to_write(typed, sentence):
    assert refusal(Phone, typed).message == sentence


# --- Around them


@given(st.text(alphabet="0123456789XxＸｘ×１２Ａａ -－\u200b\u3000\n", max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalise_code(normalise_code(text)) == normalise_code(text)


@pytest.mark.parametrize(
    ("note", "kinds"),
    [
        ("今天走访，一切都好", ()),
        ("身份证620301194103150017已核", ("身份证号",)),
        ("请打138 0000 0000找王姐", ("手机号",)),
        ("６２０３０１１９４１０３１５００１７，13800000000", ("身份证号", "手机号")),
        ("收据 20260701123456789012", ()),
    ],
)
def test_personal_numbers_in_a_note_are_noticed(note, kinds):
    assert personal_numbers_in(note) == kinds
