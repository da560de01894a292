"""What is booked stays booked, by every way into the database; and no sum of allocations passes what is held."""

from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from donations.enums import AllocationState, TargetKind
from donations.models import Allocation, Holding
from jinchuan.shared.clock import now, today
from tests import factories
from tests import factories_book as book
from tests.guarding import ROUTES, SQLITE_KEY_ROUTES, SQLITE_ROUTES

IS_SQLITE = connection.vendor == "sqlite"
BY_KEY = ROUTES | (SQLITE_ROUTES if IS_SQLITE else {})
ALL_ROUTES = BY_KEY | (SQLITE_KEY_ROUTES if IS_SQLITE else {})
REMOVING = [name for name in BY_KEY if "delete" in name or name == "replace"]


def _columns(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def _refused(route, row, column, value):
    before = _columns(row)
    with pytest.raises((Error, ProtectedError)), transaction.atomic():
        route(row, column, value)
    assert _columns(row) == before


@pytest.mark.parametrize("route", BY_KEY)
def test_a_movement_cannot_be_changed_or_removed(db, route):
    _refused(BY_KEY[route], book.holding().movements.get(), "amount", 1)


@pytest.mark.parametrize("route", ALL_ROUTES)
def test_a_lot_cannot_be_changed_or_removed(db, route):
    _refused(ALL_ROUTES[route], book.holding().lot, "item", "别的")


@pytest.mark.parametrize("route", REMOVING)
def test_a_holding_cannot_be_removed(db, route):
    _refused(BY_KEY[route], book.holding(), "free", 1)


@pytest.mark.parametrize("route", REMOVING)
def test_an_allocation_cannot_be_removed(db, route):
    _refused(BY_KEY[route], book.proposed(), "amount", 1)


@pytest.mark.parametrize("column", ["free", "delivered", "received", "adjusted"])
def test_nothing_appears_in_a_holding_from_nowhere(db, column):
    row = book.holding()
    with pytest.raises(IntegrityError, match="holding_conserved"), transaction.atomic():
        Holding.objects.filter(pk=row.pk).update(**{column: 5})


def _insert(holding, amount, **fields):
    return Allocation.objects.create(
        **{
            "code": "FP2026-9999",
            "holding": holding,
            "target": TargetKind.HOUSEHOLD,
            "household": factories.verified_household(),
            "amount": amount,
            "proposed_on": today(),
            "proposed_at": now(),
            "proposed_by": factories.officer(),
            **fields,
        }
    )


def test_rows_written_past_the_services_never_add_up_to_more_than_is_held(db):
    source = book.holding("1000.00")
    book.proposed(source, "900")
    with pytest.raises(IntegrityError, match="holding_allocated_within"), transaction.atomic():
        _insert(source, Decimal("100.01"))
    _insert(source, Decimal("100.00"))


def test_an_allocation_does_not_grow_past_what_is_held(db):
    source = book.holding("1000.00")
    row = book.proposed(source, "900")
    with pytest.raises(IntegrityError, match="holding_allocated_within"), transaction.atomic():
        Allocation.objects.filter(pk=row.pk).update(amount=Decimal("1000.01"))
    other = book.holding("10.00")
    with pytest.raises(IntegrityError, match="holding_allocated_within"), transaction.atomic():
        Allocation.objects.filter(pk=row.pk).update(holding=other)


def test_what_was_given_up_or_handed_on_makes_room(db):
    source = book.holding("1000.00")
    book.approved(source, "400", fund=book.fund())
    with pytest.raises(IntegrityError, match="holding_allocated_within"), transaction.atomic():
        _insert(source, Decimal("600.01"))
    _insert(source, Decimal("600.00"))
    assert Allocation.objects.filter(state=AllocationState.SETTLED).count() == 1
