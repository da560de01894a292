"""Each named constraint of closed months and their ledger, broken at the database."""

import pytest

from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from reports.models import ClosedFigures, Closing, Entry
from reports.services import closings
from tests import factories
from tests.provoking import provoke

pytestmark = pytest.mark.django_db

SEPTEMBER = Month(2026, 9)


def _begun(month="2026-07", **fields):
    return Closing.objects.create(month=month, begun_at=now(), begun_by=factories.officer(), **fields)


def _closed():
    return closings.close_month(by=factories.officer(), month=SEPTEMBER)


def _asked():
    return closings.ask_reopening(_closed(), by=factories.officer(), reason="漏了一笔捐款要补")


def _second_of_a_month():
    closings.reopen_month(_asked(), by=factories.reviewer())
    return _begun("2026-09", number=2), {"number": 1}


def _month_of_another():
    _closed()
    return _begun("2026-10"), {"month": "2026-09", "number": 2}


def _second_at_work():
    closed = _closed()
    _begun("2026-10")
    return closed, {"state": "closing", "sha256": "", "closed_at": None, "closed_by": None}


def _entry():
    line = {
        "indicator": "contacts",
        "source": "",
        "row": 1,
        "on": SEPTEMBER.first,
        "amount": 1,
        "kind": "new",
    }
    return Entry.objects.create(closing=_begun(), **line)


def _second_figures():
    closing = _begun()
    ClosedFigures.objects.create(closing=closing)
    return ClosedFigures.objects.create(closing=closing, scope="division:1"), {"scope": ""}


PROVOCATIONS = {
    "closing_state_known": lambda: (_begun(), {"state": "x"}),
    "closing_number_unique": _second_of_a_month,
    "closing_month_once": _month_of_another,
    "closing_one_at_a_time": _second_at_work,
    "closing_closed_with_date": lambda: (_begun(), {"state": "closed", "sha256": "x"}),
    "closing_closed_at_with_by": lambda: (_begun(), {"state": "closed", "sha256": "x", "closed_at": now()}),
    "closing_closed_with_digest": lambda: (
        _begun(),
        {"state": "closed", "closed_at": now(), "closed_by": factories.officer()},
    ),
    "closing_asked_at_with_by": lambda: (_closed(), {"reopening_asked_at": now(), "reopening_reason": "x"}),
    "closing_asked_with_reason": lambda: (
        _closed(),
        {"reopening_asked_at": now(), "reopening_asked_by": factories.officer()},
    ),
    "closing_reopened_with_date": lambda: (_asked(), {"state": "reopened"}),
    "closing_reopened_at_with_by": lambda: (_asked(), {"state": "reopened", "reopened_at": now()}),
    "closing_reopened_by_two": lambda: (
        _asked(),
        {"state": "reopened", "reopened_at": now(), "reopened_by": factories.officer()},
    ),
    "entry_kind_known": lambda: (_entry(), {"kind": "x"}),
    "entry_row_or_thing": lambda: (_entry(), {"thing": 1}),
    "entry_not_zero": lambda: (_entry(), {"amount": 0}),
    "closed_figures_once": _second_figures,
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
