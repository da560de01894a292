"""Who may take an activity from which state to which: the whole table, cell by cell."""

import pytest

from tests import factories
from tests.attempts import BUREAU, Act, attempted, expected
from volunteers.enums import ActivityState
from volunteers.services import activities

ACTS = {
    "confirm": Act(activities.confirm_activity, BUREAU, {"submitted"}, "confirmed"),
    "return": Act(
        lambda row, by: activities.return_activity(row, by=by, reason=factories.REASON),
        BUREAU,
        {"submitted"},
        "returned",
    ),
    "correct": Act(
        lambda row, by: activities.correct_activity(
            row, by=by, services=[factories.service(row.records.get().volunteer)]
        ),
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
