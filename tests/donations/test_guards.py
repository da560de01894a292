"""What is confirmed is immutable, by every way into the database."""

from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from donations.enums import DonationState, ReceiptStatus
from donations.guards import GUARDS
from donations.models import Donation, DonationLine
from donations.services import gifts as services
from donations.services import receipts
from tests import factories
from tests.guarding import ROUTES, SQLITE_KEY_ROUTES, SQLITE_ROUTES

IS_SQLITE = connection.vendor == "sqlite"
LINE_ROUTES = ROUTES | (SQLITE_ROUTES if IS_SQLITE else {})
DONATION_ROUTES = LINE_ROUTES | (SQLITE_KEY_ROUTES if IS_SQLITE else {})


def _columns(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def _refused(route, row, column, value):
    before = _columns(row)
    with pytest.raises((Error, ProtectedError)), transaction.atomic():
        route(row, column, value)
    assert _columns(row) == before


@pytest.mark.parametrize("route", LINE_ROUTES)
def test_a_confirmed_line_cannot_be_changed_or_removed(db, route):
    line = factories.confirmed_donation().lines.get()

    _refused(LINE_ROUTES[route], line, "value", Decimal("9.99"))


@pytest.mark.parametrize("route", DONATION_ROUTES)
def test_a_confirmed_donation_cannot_be_changed_or_removed(db, route):
    _refused(DONATION_ROUTES[route], factories.confirmed_donation(), "received_on", "2026-01-01")


@pytest.mark.parametrize("column", ["note", "code", "exception_reason", "submitted_at"])
def test_no_word_of_a_confirmed_donation_changes(db, column):
    value = "2020-01-01 00:00:00+00:00" if column == "submitted_at" else "改过"
    _refused(ROUTES["sql_update"], factories.confirmed_donation(), column, value)


def test_who_voided_a_donation_stays(db, officer):
    donation = factories.voided_donation()

    _refused(ROUTES["sql_update"], donation, "voided_by_id", officer.pk)
    _refused(ROUTES["sql_update"], donation, "voided_at", "2020-01-01 00:00:00+00:00")


@pytest.mark.parametrize("route", DONATION_ROUTES)
def test_a_voided_donation_cannot_be_changed_or_removed(db, route):
    _refused(DONATION_ROUTES[route], factories.voided_donation(), "category", "orphan")


def test_a_confirmed_line_is_not_taken_along_with_its_donation(db):
    line = factories.confirmed_donation().lines.get()

    with pytest.raises(ProtectedError):
        line.donation.delete()

    assert DonationLine.objects.filter(pk=line.pk).exists()


@pytest.mark.parametrize("state", [DonationState.SUBMITTED, DonationState.RETURNED])
def test_nothing_goes_back_from_confirmed(db, state):
    donation = factories.confirmed_donation()
    back = {"state": state, "confirmed_at": None, "confirmed_by": None}

    with pytest.raises(Error), transaction.atomic():
        Donation.objects.filter(pk=donation.pk).update(**back)


def test_a_voided_donation_does_not_come_back_to_life(db):
    donation = factories.voided_donation()

    with pytest.raises(Error), transaction.atomic():
        Donation.objects.filter(pk=donation.pk).update(
            state=DonationState.CONFIRMED, voided_at=None, voided_by=None
        )


def test_a_line_cannot_be_set_free_again(db):
    line = factories.confirmed_donation().lines.get()

    with pytest.raises(Error), transaction.atomic():
        DonationLine.objects.filter(pk=line.pk).update(fixed_at=None)


def test_a_submitted_line_may_still_be_replaced(db):
    donation = factories.returned_donation()

    donation = services.correct_donation(donation, by=factories.officer(), lines=[factories.cash("800.00")])

    assert [line.value for line in donation.lines.all()] == [Decimal("800.00")]


def test_the_official_receipt_may_come_after_confirmation(db):
    donation = factories.confirmed_donation()

    donation = receipts.note_receipt(
        donation, by=factories.officer(), status=ReceiptStatus.ISSUED, number="0012345678"
    )

    assert donation.receipt_number == "0012345678"


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_guards_are_installed(db, guard):
    assert guard.is_installed(connection)


def test_the_note_may_be_wiped_and_nothing_else_written_there(db):
    """Retention's one door: what identifies people goes when its time is over; the gift and its sums stay."""
    donation = factories.confirmed_donation(note="给王某一家")
    Donation.objects.filter(pk=donation.pk).update(note="")
    with pytest.raises(Error, match="donation_confirmed_fixed"), transaction.atomic():
        Donation.objects.filter(pk=donation.pk).update(note="另一句话")
