"""Registers as of a date, read on the days around which something happened."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import asof
from cases.enums import HouseholdState, PairingState
from cases.models import Household, Member, Pairing
from cases.services import households, pairings
from cases.services.merges import merge_households
from jinchuan.shared.clock import today
from tests import factories

REGISTERED, REVIEWED, STARTED, ENDED, EXITED = (
    date(2026, 8, 1),
    date(2026, 8, 10),
    date(2026, 9, 1),
    date(2026, 9, 20),
    date(2026, 10, 1),
)
DAY = timedelta(days=1)


@pytest.fixture
def life(officer, reviewer):
    """A household from its registration to its exit, all of it typed in today."""
    household = factories.registered_household(registered_on=REGISTERED)
    household = households.verify_household(
        household, by=reviewer, method="home_visit", evidence="入户看过", reviewed_on=REVIEWED
    )
    pairing = factories.active_pairing(household, intended_on=REVIEWED, on=STARTED)
    pairings.end_pairing(pairing, by=officer, reason="adjusted", on=ENDED)
    return households.exit_household(household, by=officer, reason="moved_away", on=EXITED)


def state_of(rows, kind, day):
    return kind(rows, day).values_list("state_then", flat=True).first()


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (REGISTERED - DAY, None),
        (REGISTERED, HouseholdState.REGISTERED),
        (REVIEWED - DAY, HouseholdState.REGISTERED),
        (REVIEWED, HouseholdState.VERIFIED),
        (STARTED - DAY, HouseholdState.VERIFIED),
        (STARTED, HouseholdState.ACTIVE),
        (ENDED - DAY, HouseholdState.ACTIVE),
        (ENDED, HouseholdState.VERIFIED),
        (EXITED - DAY, HouseholdState.VERIFIED),
        (EXITED, HouseholdState.EXITED),
    ],
)
def test_the_state_of_a_household(life, day, state):
    assert state_of(Household.objects, asof.households, day) == state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (REVIEWED - DAY, None),
        (REVIEWED, PairingState.INTENTION),
        (STARTED - DAY, PairingState.INTENTION),
        (STARTED, PairingState.ACTIVE),
        (ENDED - DAY, PairingState.ACTIVE),
        (ENDED, PairingState.ENDED),
    ],
)
def test_the_state_of_a_pairing(life, day, state):
    assert state_of(Pairing.objects, asof.pairings, day) == state


def test_who_lived_there_and_who_helped(life, officer):
    (before,) = asof.households(Household.objects.all(), STARTED)
    (after,) = asof.households(Household.objects.all(), ENDED)

    head = life.members.get()
    assert (before.head_then, before.members_then) == (head.name, [head])
    assert [pairing.ended_on for pairing in before.pairings_then] == [ENDED]
    assert after.pairings_then == []


def test_a_member_is_there_from_the_first_day_to_the_day_before_leaving(household_a, officer):
    joined, left = date(2026, 9, 1), date(2026, 9, 10)
    Household.objects.filter(pk=household_a.pk).update(registered_on=REGISTERED)
    child = households.add_member(
        household_a,
        by=officer,
        name="王小明",
        relation="child",
        id_number=factories.citizen_id(date(1980, 2, 3)),
        joined_on=joined,
    )
    households.member_leaves(child, by=officer, on=left)

    days = [joined - DAY, joined, left - DAY, left]
    there = [asof.members(Member.objects.filter(pk=child.pk), day).exists() for day in days]
    assert there == [False, True, True, False]


def test_people_of_a_household_that_left_are_in_the_programme_no_more(life):
    there = [asof.members(Member.objects.all(), day).exists() for day in (EXITED - DAY, EXITED)]

    assert there == [True, False]


def test_a_suspended_pairing_is_open_and_says_so(pairing_a, officer):
    pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")

    assert state_of(Pairing.objects, asof.pairings, today()) == PairingState.SUSPENDED


def test_a_merged_household_is_in_no_register(officer):
    born = {"no_id_reason": "尚未办证", "birth_date": date(1950, 3, 4), "id_number": "", "name": "王秀兰"}
    kept, duplicate = (factories.verified_household(members=[factories.head(**born)]) for _ in range(2))
    merge_households(kept, duplicate, by=officer)

    assert list(asof.households(Household.objects.all(), today())) == [kept]
    assert asof.members(Member.objects.all(), today()).count() == 1


def test_a_register_takes_a_fixed_number_of_queries(officer, django_assert_num_queries):
    for _ in range(3):
        factories.active_pairing()

    with django_assert_num_queries(3):
        list(asof.households(Household.objects.all(), today()))


STEPS = {
    "pair": lambda row, by: factories.active_pairing(row),
    "intend": lambda row, by: factories.intention(row),
    "suspend": lambda row, by: [
        pairings.suspend_pairing(one, by=by, reason="负责人外出") for one in _some(row, "active")
    ],
    "resume": lambda row, by: [pairings.resume_pairing(one, by=by) for one in _some(row, "suspended")],
    "wind up": lambda row, by: [
        pairings.begin_ending(one, by=by, closeout_waiver="对象已迁往外省") for one in _some(row, "active")
    ],
    "end": lambda row, by: [
        pairings.end_pairing(one, by=by, reason="adjusted")
        for state in ("ending", "suspended", "active")
        for one in _some(row, state)
    ],
    "decline": lambda row, by: [
        pairings.decline_intention(one, by=by, reason="对方没有人手") for one in _some(row, "intention")
    ],
    "expire": lambda row, by: [pairings.expire_intention(one) for one in _some(row, "intention")],
}


def _some(household, state):
    return Pairing.objects.filter(household=household, state=state)[:1]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=6), leaves=st.booleans())
def test_today_every_row_is_in_the_state_it_is_in(db, steps, leaves):
    household, officer = factories.verified_household(), factories.officer()
    for step in steps:
        STEPS[step](household, officer)
    if leaves:
        households.exit_household(household, by=officer, reason="moved_away")

    for row in asof.households(Household.objects.all(), today()):
        assert row.state_then == row.state
    for row in asof.pairings(Pairing.objects.all(), today()):
        assert row.state_then == row.state
