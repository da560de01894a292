"""Who may take a household or a pairing from which state to which: the whole tables, cell by cell."""

import pytest

from cases.enums import HouseholdState, PairingState
from cases.services import households, pairings
from tests import factories
from tests.attempts import BUREAU, Act, attempted, expected

HOUSEHOLD_ACTS = {
    "verify": Act(
        lambda row, by: households.verify_household(row, by=by, method="home_visit", evidence="入户看过"),
        BUREAU,
        {"registered", "verified", "active"},
        "verified",
        own={"officer"},
        stays={"verified", "active"},
    ),
    "exit": Act(
        lambda row, by: households.exit_household(row, by=by, reason="deceased"),
        BUREAU,
        {"registered", "verified", "active"},
        "exited",
    ),
    "update": Act(
        lambda row, by: households.update_household(row, by=by, need_level="severe"),
        BUREAU | {"worker_a"},
        set(HouseholdState),
    ),
    "add_member": Act(
        lambda row, by: households.add_member(
            row, by=by, name="李建国", relation="spouse", id_number=factories.citizen_id()
        ),
        BUREAU | {"worker_a"},
        set(HouseholdState),
    ),
    "record_consent": Act(
        lambda row, by: households.record_consent(by=by, household=row, purpose="record", evidence="签字"),
        BUREAU | {"worker_a"},
        set(HouseholdState),
    ),
}
HOUSEHOLDS = {
    "registered": factories.registered_household,
    "verified": factories.verified_household,
    "active": lambda: factories.active_pairing().household,
    "exited": factories.exited_household,
}

REASON = "对方暂时没有人手"
PAIRING_ACTS = {
    "activate": Act(pairings.activate_pairing, BUREAU, {"intention"}, "active"),
    "decline": Act(
        lambda row, by: pairings.decline_intention(row, by=by, reason=REASON),
        BUREAU | {"admin_a"},
        {"intention"},
        "declined",
    ),
    "cancel": Act(
        lambda row, by: pairings.cancel_intention(row, by=by, reason=REASON),
        BUREAU,
        {"intention"},
        "cancelled",
    ),
    "suspend": Act(
        lambda row, by: pairings.suspend_pairing(row, by=by, reason=REASON), BUREAU, {"active"}, "suspended"
    ),
    "resume": Act(pairings.resume_pairing, BUREAU, {"suspended"}, "active"),
    "begin_ending": Act(
        lambda row, by: pairings.begin_ending(row, by=by, closeout_waiver="对象已迁往外省"),
        BUREAU,
        {"active", "suspended"},
        "ending",
    ),
    "end": Act(
        lambda row, by: pairings.end_pairing(row, by=by, reason="adjusted"),
        BUREAU,
        {"active", "suspended", "ending"},
        "ended",
    ),
    "confirm_for_organization": Act(pairings.confirm_for_organization, BUREAU | {"admin_a"}, {"intention"}),
    "confirm_for_household": Act(pairings.confirm_for_household, BUREAU, {"intention"}),
}
PAIRINGS = {
    "intention": factories.ready_intention,
    "active": factories.active_pairing,
    "suspended": lambda **kwargs: pairings.suspend_pairing(
        factories.active_pairing(**kwargs), by=factories.officer(), reason=REASON
    ),
    "ending": lambda **kwargs: pairings.begin_ending(
        factories.active_pairing(**kwargs), by=factories.officer(), closeout_waiver="对象已迁往外省"
    ),
    "ended": factories.ended_pairing,
    "declined": lambda **kwargs: pairings.decline_intention(
        factories.intention(**kwargs), by=factories.officer(), reason=REASON
    ),
    "expired": lambda **kwargs: pairings.expire_intention(factories.intention(**kwargs)),
    "cancelled": lambda **kwargs: pairings.cancel_intention(
        factories.intention(**kwargs), by=factories.officer(), reason=REASON
    ),
}


def test_every_state_is_tried():
    assert set(HOUSEHOLDS) == set(HouseholdState)
    assert set(PAIRINGS) == set(PairingState)


@pytest.mark.parametrize("state", HOUSEHOLDS)
def test_who_may_do_what_to_a_household(db, state, request):
    household = HOUSEHOLDS[state]()

    assert attempted(HOUSEHOLD_ACTS, household, request.getfixturevalue) == expected(HOUSEHOLD_ACTS, state)


@pytest.mark.parametrize("state", PAIRINGS)
def test_who_may_do_what_to_a_pairing(db, state, org_a, request):
    pairing = PAIRINGS[state](organization=org_a)

    assert attempted(PAIRING_ACTS, pairing, request.getfixturevalue) == expected(PAIRING_ACTS, state)
