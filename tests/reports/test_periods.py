"""Months, quarters, halves and years: how they are written, what they hold, what came before."""

from datetime import date

import pytest

from reports.enums import ReportKind
from reports.periods import Period


@pytest.mark.parametrize(
    "kind, text, label, first, last, before",
    [
        ("month", "2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29), "2024-01"),
        ("quarter", "2026-Q1", "2026年第一季度", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4"),
        ("quarter", "2026-Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30), "2026-Q2"),
        ("half-year", "2026-H2", "2026年下半年", date(2026, 7, 1), date(2026, 12, 31), "2026-H1"),
        ("year", "2025", "2025年", date(2025, 1, 1), date(2025, 12, 31), "2024"),
    ],
)
def test_a_period_is_written_and_read(kind, text, label, first, last, before):
    period = Period.parse(kind, text)
    assert (str(period), period.label, period.first, period.last) == (text, label, first, last)
    assert str(period.previous) == before
    assert period.previous.next == period
    assert period.previous.end == first
    assert all(Period.of(kind, month) == period for month in period.months)


@pytest.mark.parametrize(
    "kind, text",
    [
        ("month", "2026-13"),
        ("quarter", "2026-Q5"),
        ("quarter", "2026-10"),
        ("half-year", "2026-H3"),
        ("year", "26"),
    ],
)
def test_what_is_no_period_is_refused(kind, text):
    with pytest.raises(ValueError, match=text):
        Period.parse(kind, text)


def test_what_it_calls_itself_and_the_one_before():
    said = {
        kind: (Period.parse(kind, text).this, Period.parse(kind, text).last_one)
        for kind, text in zip(ReportKind, ("2026-10", "2026-Q3", "2026-H1", "2025"), strict=True)
    }
    assert said == {
        "month": ("本月", "上月"),
        "quarter": ("本季度", "上季度"),
        "half-year": ("上半年", "上年下半年"),
        "year": ("本年", "上年"),
    }
