from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import dates
from jinchuan.shared.dates import DateError, parse_day, zh


@pytest.mark.parametrize(
    "typed",
    [
        "2025-7-1", "2025-07-01", "2025/7/1", "2025/07/01", "2025.7.1", "2025.07.01.", "20250701", "2025年7月1日",
        "2025年07月01日", "2025年7月1", "2025年7月1号", "2025、7、1", "2025—7—1", "2025 - 7 - 1", "２０２５年７月１日",
        "２０２５－０７－０１", "２０２５．７．１", "２０２５０７０１", " 2025年 7月 1日 ", "2025-07-01\u200b",
        "2025-07-01 00:00:00", "2025-07-01T00:00:00", "2025/7/1 0:00",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed):
    assert parse_day(typed) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", dates.DATE_EMPTY),
        ("7.1", "请写上年份"),
        ("7月1日", "请写上年份"),
        ("07-01", "请写上年份"),
        ("25-7-1", dates.DATE_YEAR_SHORT),
        ("25年7月1日", dates.DATE_YEAR_SHORT),
        ("2025.7", dates.DATE_DAY_MISSING),
        ("2025年7月", dates.DATE_DAY_MISSING),
        ("2025-02-30", "2 月没有 30 日"),
        ("20250431", "4 月没有 31 日"),
        ("2025年6月0日", "6 月没有 0 日"),
        ("2025-02-29", "2025 年 2 月没有 29 日"),
        ("2025-13-01", "没有 13 月"),
        ("0001-01-01", dates.DATE_YEAR_RANGE),
        ("9999-12-31", dates.DATE_YEAR_RANGE),
        ("45839", dates.DATE_FORM),
        ("7/1/2025", dates.DATE_FORM),
        ("昨天", dates.DATE_FORM),
        ("2025-07-01 14:30", dates.DATE_FORM),
        ("٢٠٢٥-٠٧-٠١", dates.DATE_FORM),
        ("2025-7-1-1", dates.DATE_FORM),
        ("2" * 5000, dates.DATE_FORM),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(DateError) as caught:
        parse_day(typed)
    assert caught.value.message == sentence


def test_leap_day():
    assert parse_day("2024年2月29日") == date(2024, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_printed_day_reads_back(day):
    assert parse_day(zh(day)) == parse_day(day.isoformat()) == parse_day(f"{day:%Y%m%d}") == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(typed):
    try:
        assert 1900 <= parse_day(typed).year <= 2100
    except DateError as error:
        assert error.message


def test_printed_without_leading_zeros():
    assert zh(date(2026, 11, 3)) == "2026年11月3日"
    assert zh(date(2026, 1, 10)) == "2026年1月10日"
