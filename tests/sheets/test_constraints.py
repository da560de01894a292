"""Each named constraint of the app, broken at the database."""

import uuid

import pytest

from jinchuan.shared.clock import now
from jinchuan.sheets.enums import ImportState
from jinchuan.sheets.models import SheetImport
from tests import factories
from tests.provoking import provoke


def _import(**fields):
    return SheetImport.objects.create(
        **{
            "register": "households",
            "name": "表.xlsx",
            "sha256": "0" * 64,
            "uploaded_at": now(),
            "uploaded_by": factories.officer(),
        }
        | fields
    )


PROVOCATIONS = {
    "import_state_known": lambda: (_import(), {"state": "x"}),
    "import_run_while_worked_on": lambda: (_import(), {"run_id": uuid.uuid4(), "claimed_at": now()}),
    "import_claimed_with_run": lambda: (_import(), {"claimed_at": now()}),
    "import_written_when_confirmed": lambda: (_import(), {"state": ImportState.CONFIRMED}),
    "import_done_with_time": lambda: (_import(), {"finished_at": now()}),
    "import_over_without_file": lambda: (_import(), {"state": ImportState.FAILED}),
    "import_file_while_needed": lambda: (_import(), {"dropped_at": now()}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
