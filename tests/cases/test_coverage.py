"""Days without a helper, counted another way: day by day."""

from datetime import date, timedelta

import pytest

from cases.coverage import days_uncovered, ever_uncovered, gaps, households_uncovered
from cases.services import households, pairings
from jinchuan.shared.months import Month
from tests import factories
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


def verified(day):
    with duties.at(day):
        return factories.verified_household()


def paired(household, first, last=None):
    """A pairing of the household from the first day; over on the last."""
    with duties.at(first):
        pairing = factories.active_pairing(household)
    if last:
        with duties.at(last):
            pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted", on=last)
    return pairing


def spells():
    return [(gap.start, gap.end) for gap in sorted(gaps(), key=lambda gap: gap.start)]


def test_a_household_waits_from_its_verification():
    with duties.at(date(2026, 1, 5)):
        factories.registered_household()
    assert spells() == []
    verified(date(2026, 1, 5))
    assert spells() == [(date(2026, 1, 5), None)]


@pytest.mark.parametrize(
    ("helpers", "expected"),
    [
        ([((2026, 1, 5), None)], []),
        ([((2026, 2, 1), None)], [((2026, 1, 5), (2026, 2, 1))]),
        ([((2026, 1, 5), (2026, 3, 1)), ((2026, 3, 1), None)], []),
        ([((2026, 1, 5), (2026, 3, 1)), ((2026, 3, 2), None)], [((2026, 3, 1), (2026, 3, 2))]),
        ([((2026, 1, 5), (2026, 3, 1)), ((2026, 2, 1), (2026, 4, 1))], [((2026, 4, 1), None)]),
        ([((2026, 1, 5), (2026, 5, 1)), ((2026, 2, 1), (2026, 4, 1))], [((2026, 5, 1), None)]),
        ([((2026, 1, 5), (2026, 3, 1)), ((2026, 1, 5), (2026, 3, 1))], [((2026, 3, 1), None)]),
    ],
)
def test_spells_of_helpers_leave_their_gaps(helpers, expected):
    household = verified(date(2026, 1, 5))
    for first, last in helpers:
        paired(household, date(*first), date(*last) if last else None)
        household.refresh_from_db()
    assert spells() == [(date(*start), end and date(*end)) for start, end in expected]


def test_an_exit_ends_the_waiting():
    household = verified(date(2026, 1, 5))
    with duties.at(date(2026, 2, 10)):
        households.exit_household(household, by=factories.officer(), reason="moved_away")
    assert spells() == [(date(2026, 1, 5), date(2026, 2, 10))]
    other = verified(date(2026, 3, 1))
    paired(other, date(2026, 3, 1))
    with duties.at(date(2026, 3, 20)):
        households.exit_household(other, by=factories.officer(), reason="moved_away")
    assert len(spells()) == 1


def test_a_suspended_helper_is_still_a_helper():
    household = verified(date(2026, 1, 5))
    pairing = paired(household, date(2026, 1, 5))
    pairings.suspend_pairing(pairing, by=factories.officer(), reason="对象住院三个月")
    assert spells() == []


def test_days_of_a_month_are_those_one_counts_on_the_calendar():
    first, second = verified(date(2026, 1, 5)), verified(date(2026, 3, 20))
    paired(first, date(2026, 2, 1), date(2026, 3, 10))
    paired(first, date(2026, 3, 15), date(2026, 5, 30))
    with duties.at(TODAY):
        for month in Month.range(Month(2026, 1), Month(2026, 6)):
            counted = {}
            day = month.first
            while day < min(month.end, TODAY):
                for household in households_uncovered(day):
                    counted[household.pk] = counted.get(household.pk, 0) + 1
                day += timedelta(days=1)
            assert days_uncovered(month) == counted, month
    assert days_uncovered(Month(2026, 3))[second.pk] == 12


def test_who_was_ever_without_a_helper_and_since_when():
    waited, dropped, never = (verified(date(2026, 1, 5)) for _ in range(3))
    paired(waited, date(2026, 2, 1), date(2026, 3, 1))
    paired(dropped, date(2026, 1, 5), date(2026, 4, 1))
    paired(never, date(2026, 1, 5))
    assert {household.pk: household.uncovered_on for household in ever_uncovered()} == {
        waited.pk: date(2026, 1, 5),
        dropped.pk: date(2026, 4, 1),
    }


def test_all_gaps_take_one_query(django_assert_num_queries):
    for _ in range(3):
        paired(verified(date(2026, 1, 5)), date(2026, 2, 1), date(2026, 3, 1))
    with django_assert_num_queries(1):
        assert len(gaps()) == 6
