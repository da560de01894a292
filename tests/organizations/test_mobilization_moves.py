"""Who may take a meeting or an appeal from which state to which, and who may answer in which: cell by cell."""

import pytest

from organizations.enums import Answer, MobilizationState
from organizations.services import mobilizations as services
from tests import factories
from tests import factories_mobilizing as moving
from tests.attempts import BUREAU, Act, attempted, expected

ACTS = {
    "update": Act(lambda row, by: services.update_mobilization(row, by=by, title="改过的标题"), BUREAU, set(MobilizationState)),
    "hold": Act(services.hold_mobilization, BUREAU, {"planned"}, "held"),
    "close": Act(services.close_mobilization, BUREAU, {"held"}, "closed"),
    "cancel": Act(
        lambda row, by: services.cancel_mobilization(row, by=by, reason=moving.REASON),
        BUREAU,
        {"planned"},
        "cancelled",
    ),
    "invite": Act(
        lambda row, by: services.invite(factories.approved_organization(), by=by, mobilization=row),
        BUREAU,
        {"planned", "held"},
    ),
}  # fmt: skip


def answering(kind_answer, states):
    """The acts on an invitation of organisation A, by the state of what it is invited to."""

    def mine(row):
        return row.invitations.get(organization__name="金川区甲爱心协会")

    return {
        "answer": Act(
            lambda row, by: services.answer_invitation(mine(row), by=by, answer=kind_answer),
            {"admin_a", "member_a"},
            states,
        ),
        "record": Act(
            lambda row, by: services.record_answer(mine(row), by=by, answer=kind_answer), BUREAU, states
        ),
        "attendance": Act(
            lambda row, by: services.note_attendance(mine(row), by=by, attended=True),
            BUREAU,
            {"held", "closed"} if kind_answer == Answer.ATTENDING else set(),
        ),
    }


def brought_to(row, state):
    officer = factories.officer()
    if state in ("held", "closed"):
        row = services.hold_mobilization(row, by=officer)
    if state == "closed":
        row = services.close_mobilization(row, by=officer)
    if state == "cancelled":
        row = services.cancel_mobilization(row, by=officer, reason=moving.REASON)
    return row


@pytest.mark.parametrize("state", MobilizationState)
def test_who_may_move_a_meeting(db, state, request):
    row = brought_to(moving.planned_meeting(), state)

    assert attempted(ACTS, row, request.getfixturevalue) == expected(ACTS, state)


@pytest.mark.parametrize("state", MobilizationState)
def test_a_meeting_is_answered_before_it_is_held(db, org_a, state, request):
    row = moving.planned_meeting()
    moving.invitation(row, org_a)
    acts = answering(Answer.ATTENDING, {"planned"})

    assert attempted(acts, brought_to(row, state), request.getfixturevalue) == expected(acts, state)


def test_an_appeal_is_answered_once_it_is_out(db, org_a, request):
    row = moving.planned_appeal()
    moving.invitation(row, org_a)
    acts = answering(Answer.SUPPORTS, {"held"})
    held = brought_to(row, "held")

    assert attempted(acts, held, request.getfixturevalue) == expected(acts, "held")
