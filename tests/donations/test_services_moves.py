"""Who may take a gift from which state to which: the whole table, cell by cell."""

from datetime import date

import pytest

from donations.enums import DonationState
from donations.services import gifts as services
from donations.services import receipts
from tests import factories
from tests import factories_book as book
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
    "receive": Act(
        lambda row, by: services.receive_pledge(row, by=by, received_on=date(2026, 9, 10)),
        HANDLERS | {"admin_a", "member_a"},
        {"pledged"},
        "submitted",
    ),
    "lapse": Act(
        lambda row, by: services.lapse_pledge(row, by=by, reason=factories.REASON),
        HANDLERS | {"admin_a", "member_a"},
        {"pledged"},
        "lapsed",
    ),
    "void": Act(
        lambda row, by: services.void_donation(row, by=by, reason=factories.REASON),
        {"reviewer"},
        {"confirmed"},
        "voided",
    ),
    "note_receipt": Act(
        lambda row, by: receipts.note_receipt(row, by=by, status="waived"), HANDLERS, set(DonationState)
    ),
}
SITUATIONS = {
    "submitted": factories.submitted_donation,
    "confirmed": factories.confirmed_donation,
    "returned": factories.returned_donation,
    "voided": factories.voided_donation,
    "pledged": book.pledged_donation,
    "lapsed": book.lapsed_pledge,
}


def test_every_state_is_tried():
    assert set(SITUATIONS) == set(DonationState)


@pytest.mark.parametrize("state", SITUATIONS)
def test_who_may_do_what(db, state, member_a, request):
    donation = SITUATIONS[state](by=member_a)

    assert attempted(ACTS, donation, request.getfixturevalue) == expected(ACTS, state)
