from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import money
from jinchuan.shared.money import MoneyError, about_wan, in_words, parse_yuan, wan, yuan
from tests.shared.vectors import rows

AMOUNTS = st.decimals(Decimal("0.01"), money.LIMIT, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1000", "1000.00"),
        ("1,000", "1000.00"),
        ("1，000.50", "1000.50"),
        ("¥１０００", "1000.00"),
        ("￥1000", "1000.00"),
        ("1000元", "1000.00"),
        ("1000 元", "1000.00"),
        ("1000元整", "1000.00"),
        ("1000块", "1000.00"),
        ("人民币1000元", "1000.00"),
        ("人民币 ¥1,000.5", "1000.50"),
        ("RMB 1000", "1000.00"),
        ("１，２３４，５６７．８９", "1234567.89"),
        (" 12 345.6 ", "12345.60"),
        ("0.01", "0.01"),
        (".5", "0.50"),
        ("1000.", "1000.00"),
        ("007", "7.00"),
        ("1000.500", "1000.50"),
        ("100000000", "100000000.00"),
        ("1\u200b000", "1000.00"),
        ("\u202d1000\u202c", "1000.00"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, amount):
    assert str(parse_yuan(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", money.EMPTY),
        (" \u3000", money.EMPTY),
        *[
            (typed, "金额请用数字填写，例如 1000 或 1000.50")
            for typed in [
                "1e5", "1_000", "0x10", "NaN", "∞", "Infinity", "١٢", "一千", "壹仟元", "1,00", "10,00", "1,0000",
                "1.000,50", "1.2.3", "--5", "+5", "1000美元", "$1000", "约1000", "1000/2", ",100", "元", "¥", ".",
            ]
        ],
        *[(typed, "金额必须大于 0") for typed in ["0", "-5", "-0", "0.00", "－５", "−5", "¥-5", "-¥5"]],
        *[(typed, "金额最多到分（两位小数）") for typed in ["0.001", "1000.505", "0.0049"]],
        *[
            (typed, "金额超过上限 1 亿元，请核对或联系民政局")
            for typed in ["99999999999", "100000000.01", "9" * 5000, "1.1亿", "10001万"]
        ],
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(MoneyError) as caught:
        parse_yuan(typed)
    assert caught.value.message == sentence
    assert caught.value.suggestion is None


@pytest.mark.parametrize(
    ("typed", "suggestion", "sentence"),
    [
        ("1万", "10000", "请按元填写。1 万元 = 10000 元，是否采用？"),
        ("1.2万元", "12000", "请按元填写。1.2 万元 = 12000 元，是否采用？"),
        ("１．５ 万", "15000", "请按元填写。1.5 万元 = 15000 元，是否采用？"),
        ("¥3万元", "30000", "请按元填写。3 万元 = 30000 元，是否采用？"),
        ("5千", "5000", "请按元填写。5 千元 = 5000 元，是否采用？"),
        ("0.00001万", "0.10", "请按元填写。0.00001 万元 = 0.10 元，是否采用？"),
        ("1亿", "100000000", "请按元填写。1 亿元 = 100000000 元，是否采用？"),
    ],
)
def test_wan_is_offered_in_yuan(typed, suggestion, sentence):
    with pytest.raises(MoneyError) as caught:
        parse_yuan(typed)
    assert caught.value.suggestion == Decimal(suggestion)
    assert caught.value.message == sentence


def test_zero_and_negative_amounts_pass_where_they_make_sense():
    assert parse_yuan("0", zero=True) == 0
    assert str(parse_yuan("-0", zero=True)) == "0.00"
    assert parse_yuan("-5", signed=True) == -5
    with pytest.raises(MoneyError, match=money.NOT_NEGATIVE):
        parse_yuan("-5", zero=True)


@given(AMOUNTS)
def test_what_is_shown_reads_back(amount):
    assert parse_yuan(yuan(amount)) == amount
    assert parse_yuan(f"¥{yuan(amount)}元") == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(typed):
    try:
        amount = parse_yuan(typed)
    except MoneyError as error:
        assert error.message
    else:
        assert 0 < amount <= money.LIMIT
        assert amount.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234.5", "1,234.50"), (0, "0.00"), ("-1234.5", "-1,234.50"), ("150000", "150,000.00")],
)
def test_yuan(amount, shown):
    assert yuan(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("152400", "15.24"),
        ("152449.99", "15.24"),
        ("152450", "15.25"),
        ("50", "0.01"),
        ("49.99", "0.00"),
        ("12345678.90", "1,234.57"),
        ("-152450", "-15.25"),
    ],
)
def test_wan_is_rounded_once(amount, shown):
    assert wan(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("152400", "15余万元"),
        ("150000", "15万元"),
        ("150000.01", "15余万元"),
        ("8600", "8600元"),
        ("8600.50", "8600余元"),
        ("0", "0元"),
    ],
)
def test_about_wan_is_how_a_press_report_says_it(amount, said):
    assert about_wan(Decimal(amount)) == said


@pytest.mark.parametrize("row", rows("cny_upper"))
def test_amount_in_words_of_the_vectors(row):
    assert in_words(Decimal(row["amount"])) == row["text"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.05", "伍分"),
        ("0.10", "壹角整"),
        ("0.15", "壹角伍分"),
        ("1", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角整"),
        ("9.99", "玖元玖角玖分"),
        ("10", "壹拾元整"),
        ("11", "壹拾壹元整"),
        ("20", "贰拾元整"),
        ("100", "壹佰元整"),
        ("101", "壹佰零壹元整"),
        ("110", "壹佰壹拾元整"),
        ("111", "壹佰壹拾壹元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1000", "壹仟元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1100", "壹仟壹佰元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10010", "壹万零壹拾元整"),
        ("10100", "壹万零壹佰元整"),
        ("11000", "壹万壹仟元整"),
        ("12000", "壹万贰仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100000", "壹拾万元整"),
        ("100001", "壹拾万零壹元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("150000", "壹拾伍万元整"),
        ("152400", "壹拾伍万贰仟肆佰元整"),
        ("1000000", "壹佰万元整"),
        ("1050000", "壹佰零伍万元整"),
        ("10000000", "壹仟万元整"),
        ("10001000", "壹仟万壹仟元整"),
        ("10500000", "壹仟零伍拾万元整"),
        ("20000000.10", "贰仟万元壹角整"),
        ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("1000000000000", "壹万亿元整"),
        ("-5.50", "负伍元伍角整"),
    ],
)
def test_amount_in_words(amount, words):
    assert in_words(Decimal(amount)) == f"人民币{words}"


@given(st.decimals(Decimal("0.00"), Decimal("999999999999.99"), places=2))
def test_words_follow_the_rules_of_the_bank(amount):
    words = in_words(amount)
    assert words.startswith("人民币")
    assert "零零" not in words
    assert words.endswith("整") is not words.endswith("分")
    assert read_words(words) == amount


def read_words(words):
    """An independent reader of amounts in words."""
    total, section, digit = Decimal(0), 0, 0
    for character in words.removeprefix("人民币"):
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif character == "元":
            total, section, digit = total + section + digit, 0, 0
        elif character in "角分":
            total, digit = total + digit * Decimal("0.1" if character == "角" else "0.01"), 0
    return total
