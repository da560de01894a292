from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared.months import Month

MONTHS = st.builds(Month, st.integers(1901, 2998), st.integers(1, 12))


def test_a_month_reads_and_prints():
    month = Month.parse("2023-09")
    assert (month, str(month), month.label) == (Month(2023, 9), "2023-09", "2023年9月")


@pytest.mark.parametrize(
    "text", ["", "2023-9", "2023-13", "2023-00", "202309", "2023-09-01", "２０２３-09", "1899-01", " 2023-09"]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_a_month_ends_where_the_next_begins():
    february = Month(2024, 2)
    assert (february.first, february.last, february.end) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
        date(2024, 3, 1),
    )
    assert (Month(2023, 12).next, Month(2024, 1).previous) == (Month(2024, 1), Month(2023, 12))


def test_range_includes_both_ends():
    assert [str(m) for m in Month.range(Month(2023, 11), Month(2024, 2))] == [
        "2023-11",
        "2023-12",
        "2024-01",
        "2024-02",
    ]
    assert list(Month.range(Month(2024, 2), Month(2024, 1))) == []


def test_months_order_by_time():
    assert sorted([Month(2024, 1), Month(2023, 12), Month(2023, 2)]) == [
        Month(2023, 2),
        Month(2023, 12),
        Month(2024, 1),
    ]


@given(month=MONTHS, steps=st.integers(-11, 11))
def test_steps_can_be_taken_back(month, steps):
    assert month.plus(steps).plus(-steps) == month
    assert month.next.previous == month
    assert Month.parse(str(month)) == month


@given(st.dates(date(1901, 1, 1), date(2998, 12, 31)))
def test_every_day_lies_in_its_month_and_no_other(day):
    month = Month.of(day)
    assert day in month
    assert day not in month.next
    assert day not in month.previous
