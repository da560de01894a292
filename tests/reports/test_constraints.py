"""Each named constraint of the app, broken at the database."""

import pytest

from jinchuan.shared.clock import now
from reports.enums import EditionState
from reports.models import ReportEdition
from tests import factories
from tests.provoking import provoke


def _edition(number=1):
    return ReportEdition.objects.create(
        period="2026-09",
        division=factories.home(),
        number=number,
        serial=f"YB202609-{number}",
        requested_at=now(),
        requested_by=factories.officer(),
    )


def _same_edition():
    _edition()
    return _edition(2), {"number": 1}


PROVOCATIONS = {
    "edition_kind_known": lambda: (_edition(), {"kind": "x"}),
    "edition_state_known": lambda: (_edition(), {"state": "x"}),
    "edition_unique": _same_edition,
    "edition_ready_with_file": lambda: (_edition(), {"state": EditionState.READY}),
    "edition_issued_with_date": lambda: (
        _edition(),
        {"issued_at": now(), "issued_by": factories.reviewer()},
    ),
    "edition_issued_at_with_by": lambda: (_edition(), {"issued_by": factories.reviewer()}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
