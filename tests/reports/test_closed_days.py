"""Whoever logs something of a closed month is told where it will count."""

from datetime import date, datetime

import pytest

from jinchuan.intake import closed
from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.months import Month
from reports.services import closings

pytestmark = pytest.mark.django_db


def test_a_day_of_a_closed_month_counts_in_the_month_after(officer):
    assert closed.note(date(2026, 9, 30)) == ""
    closings.close_month(by=officer, month=Month(2026, 9))
    said = closed.LATE.format(closed=9, open=10)
    assert closed.note(date(2026, 9, 30)) == said
    assert closed.note(date(2026, 10, 1)) == closed.note(None) == ""


def test_the_present_month_asks_nothing(officer, django_assert_num_queries):
    with travel(datetime(2026, 9, 30, 23, 59, 59, tzinfo=SHANGHAI)), django_assert_num_queries(0):
        assert closed.note(date(2026, 9, 30)) == ""
