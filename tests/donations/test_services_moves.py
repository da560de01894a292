"""Who may take a gift from which state to which: the whole table, cell by cell."""

import pytest

from donations.enums import DonationState
from donations.services import gifts as services
from tests import factories
from tests.attempts import BUREAU, Act, attempted, expected

HANDLERS = BUREAU | {"clerk"}
ACTS = {
    "confirm": Act(services.confirm_donation, HANDLERS, {"submitted"}, "confirmed"),
    "return": Act(
        lambda row, by: services.return_donation(row, by=by, reason=factories.REASON),
        HANDLERS,
        {"submitted"},
        "returned",
    ),
    "correct": Act(
        lambda row, by: services.correct_donation(row, by=by, lines=[factories.cash("900.00")]),
        HANDLERS | {"admin_a", "member_a"},
        {"returned"},
        "submitted",
    ),
    "void": Act(
        lambda row, by: services.void_donation(row, by=by, reason=factories.REASON),
        {"reviewer"},
        {"confirmed"},
        "voided",
    ),
    "note_receipt": Act(
        lambda row, by: services.note_receipt(row, by=by, status="waived"), HANDLERS, set(DonationState)
    ),
}
SITUATIONS = {
    "submitted": factories.submitted_donation,
    "confirmed": factories.confirmed_donation,
    "returned": factories.returned_donation,
    "voided": factories.voided_donation,
}


def test_every_state_is_tried():
    assert set(SITUATIONS) == set(DonationState)


@pytest.mark.parametrize("state", SITUATIONS)
def test_who_may_do_what(db, state, member_a, request):
    donation = SITUATIONS[state](by=member_a)

    assert attempted(ACTS, donation, request.getfixturevalue) == expected(ACTS, state)
