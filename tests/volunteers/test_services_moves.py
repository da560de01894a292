"""Who may take an activity from which state to which: the whole table, cell by cell."""

import pytest

from tests import factories, factories_activities
from tests.attempts import BUREAU, Act, attempted, expected
from volunteers.enums import ActivityState
from volunteers.services import activities, plans


def _service(organization):
    return factories.service(factories.volunteer(organization, by=factories.officer()))


CHANGERS = BUREAU | {"admin_a", "member_a"}
ACTS = {
    "open": Act(plans.open_sign_up, CHANGERS, {"planned"}, "open"),
    "hold": Act(activities.hold_activity, CHANGERS, {"planned", "open"}, "held"),
    "cancel": Act(
        lambda row, by: plans.cancel_activity(row, by=by, reason=factories.REASON),
        CHANGERS,
        {"planned", "open"},
        "cancelled",
    ),
    "close_untold": Act(
        lambda row, by: activities.close_untold(row, by=by, reason=factories.REASON), BUREAU, set()
    ),
    "submit": Act(
        lambda row, by: activities.submit_activity(row, by=by, services=[_service(row.organization)]),
        CHANGERS,
        {"planned", "open", "held"},
        "submitted",
    ),
    "confirm": Act(activities.confirm_activity, BUREAU, {"submitted"}, "confirmed"),
    "return": Act(
        lambda row, by: activities.return_activity(row, by=by, reason=factories.REASON),
        BUREAU,
        {"submitted"},
        "returned",
    ),
    "correct": Act(
        lambda row, by: activities.correct_activity(row, by=by, services=[_service(row.organization)]),
        BUREAU | {"admin_a", "member_a"},
        {"returned"},
        "submitted",
    ),
    "void": Act(
        lambda row, by: activities.void_activity(row, by=by, reason=factories.REASON),
        {"reviewer"},
        {"confirmed"},
        "voided",
    ),
}
SITUATIONS = {
    "planned": factories_activities.planned_activity,
    "open": factories_activities.open_activity,
    "held": factories_activities.held_activity,
    "cancelled": factories_activities.cancelled_activity,
    "untold": factories_activities.untold_activity,
    "submitted": factories.submitted_activity,
    "confirmed": factories.confirmed_activity,
    "returned": factories.returned_activity,
    "voided": factories.voided_activity,
}


def test_every_state_is_tried():
    assert set(SITUATIONS) == set(ActivityState)


@pytest.mark.parametrize("state", SITUATIONS)
def test_who_may_do_what(db, state, member_a, request):
    activity = SITUATIONS[state](by=member_a)

    assert attempted(ACTS, activity, request.getfixturevalue) == expected(ACTS, state)
