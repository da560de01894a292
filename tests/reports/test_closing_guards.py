"""What a closing booked cannot be changed, whoever asks and by whatever door."""

import pytest
from django.db import IntegrityError, connection, transaction

from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from reports.enums import ClosingState
from reports.models import Closing, Entry
from reports.services import closings
from tests import factories

pytestmark = pytest.mark.django_db

SEPTEMBER = Month(2026, 9)


@pytest.fixture
def closed(officer, admin_a):
    factories.confirmed_donation(by=admin_a)
    return closings.close_month(by=officer, month=SEPTEMBER)


def _run(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def _insert(table, conflict, columns, values):
    """``INSERT OR REPLACE`` on SQLite, ``ON CONFLICT … DO UPDATE`` on PostgreSQL."""
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("%s" for _ in columns)
    if connection.vendor == "sqlite":
        return f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", values
    last = columns[-1]
    return (
        f'INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT ({conflict}) DO UPDATE SET "{last}" = EXCLUDED."{last}"',
        values,
    )


DOORS = {
    "a line is changed": ("UPDATE reports_entry SET amount = amount + 1", ()),
    "a line is deleted": ("DELETE FROM reports_entry", ()),
    "figures are changed": ("UPDATE reports_closedfigures SET whole = parts", ()),
    "figures are deleted": ("DELETE FROM reports_closedfigures", ()),
    "the closing is deleted": ("DELETE FROM reports_closing", ()),
    "the closing gets another month": ("UPDATE reports_closing SET month = '2026-08'", ()),
    "the closing gets another seal": ("UPDATE reports_closing SET sha256 = 'x'", ()),
    "the closing is open again": (
        "UPDATE reports_closing SET state = 'closing', sha256 = '', closed_at = NULL, closed_by_id = NULL",
        (),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_shut(closed, door):
    statement, params = DOORS[door]
    with pytest.raises(IntegrityError, match="_fixed"):
        _run(statement, *params)


def test_nothing_is_added_to_a_closed_month_and_nothing_replaced(closed):
    line = Entry.objects.values().first()
    for fresh in ({**line, "id": None}, line):
        columns = [name for name in fresh if fresh[name] is not None]
        with pytest.raises(IntegrityError, match="entry_fixed"):
            _run(*_flat(_insert("reports_entry", "id", columns, [fresh[name] for name in columns])))
    kept = {"closing_id": closed.pk, "scope": "", "parts": "{}", "whole": "{}"}
    with pytest.raises(IntegrityError, match="closed_figures_fixed"):
        _run(*_flat(_insert("reports_closedfigures", "closing_id, scope", list(kept), list(kept.values()))))


def _flat(statement_and_values):
    statement, values = statement_and_values
    return statement, *values


def test_another_closing_does_not_take_the_place_of_a_closed_one(closed, officer):
    forged = {
        "month": closed.month,
        "waived": "[]",
        "begun_at": now().isoformat(),
        "begun_by_id": officer.pk,
        "sha256": "",
        "lines": 0,
        "reopening_reason": "",
        "version": 1,
        "number": 1,
        "state": "closing",
    }
    with pytest.raises(IntegrityError):
        _run(*_flat(_insert("reports_closing", "month, number", list(forged), list(forged.values()))))
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(month="2026-10", state=ClosingState.CLOSED, begun_at=now(), begun_by=officer)
    assert Closing.objects.get() == closed
