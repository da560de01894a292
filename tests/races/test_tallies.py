"""Rows that come while the tally of their register is folded."""

import threading
from datetime import date
from functools import partial

from cases.models import Household, HouseholdTally
from tests import factories

DAY = date(2025, 3, 1)


def _enter(number, community, officer):
    Household.objects.create(
        code=f"HJ-{number:04d}", community=community, registered_on=DAY, registered_by=officer
    )


def _come_in(numbers, **where):
    for number in numbers:
        _enter(number, **where)


def _fold_often():
    for _ in range(10):
        HouseholdTally.fold()


def _told_rightly():
    return list(HouseholdTally.wrong()) == [] and HouseholdTally.objects.total() == Household.objects.count()


def test_no_row_is_lost_while_lines_become_one(together):
    where = {"community": factories.division(factories.COMMUNITY_A1), "officer": factories.officer()}
    comings = [partial(_come_in, range(start, start + 10), **where) for start in (0, 100, 200, 300)]

    outcomes = together(*comings, _fold_often, _fold_often)

    assert outcomes.of(Exception) == []
    assert Household.objects.count() == 40
    assert _told_rightly()


def test_control_a_fold_that_adds_up_first_and_takes_away_later_loses_a_row(together):
    where = {"community": factories.division(factories.COMMUNITY_A1), "officer": factories.officer()}
    _enter(1, **where)
    added_up, came = threading.Event(), threading.Event()

    def fold():
        total = HouseholdTally.objects.total()
        added_up.set()
        came.wait(10)
        HouseholdTally.objects.all().delete()
        HouseholdTally.objects.create(bucket="HJ-00", place=where["community"], number=total)

    def come():
        added_up.wait(10)
        _enter(2, **where)
        came.set()

    assert together(fold, come).of(Exception) == []
    assert not _told_rightly()
