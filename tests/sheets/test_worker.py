"""A real worker, and what happens when it is killed while it writes."""

import pytest

from jinchuan.sheets import keeping, services, tasks
from jinchuan.sheets.enums import ImportState
from jinchuan.sheets.models import SheetImport
from organizations.models import Organization
from tests import factories
from tests.killing import kill_with_all
from tests.sheets.filling import ORGANIZATION, as_csv
from tests.sheets.handing_in import checked
from tests.waiting import until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ROWS = 400


def the_import(reached):
    """The import, once ``reached`` says so of it."""
    return until(lambda: next(filter(reached, SheetImport.objects.all()), None))


def is_over(row):
    return row.state in (ImportState.DONE, ImportState.FAILED)


def is_half_written(row):
    """Seen from outside: the worker tells of rows it has written, and nobody sees any of them."""
    said = keeping.told(row.pk)
    return row.state == ImportState.IMPORTING and said and said.total and said.done


@pytest.fixture
def confirmed(transactional_db):
    factories.home()
    officer = factories.officer()
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(ROWS)]
    row = checked("organizations", as_csv("organizations", *rows), by=officer)
    return services.confirm(row, by=officer)


def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_import_still_happens(
    confirmed, background, settings
):
    worker = background("serve", "--worker")
    tasks.work.delay(str(confirmed.pk))
    the_import(is_half_written)
    kill_with_all(worker)
    assert SheetImport.objects.get().state == ImportState.IMPORTING
    assert Organization.objects.count() == 0
    background("serve", "--worker")
    settings.IMPORT_HEARTBEAT_LIMIT = 0
    tasks.sweep()
    row = the_import(is_over)
    assert (row.state, row.new, Organization.objects.count()) == (ImportState.DONE, ROWS, ROWS)
    steps = [step.to_state for step in row.transitions.all()]
    assert steps == ["checking", "ready", "confirmed", "importing", "confirmed", "importing", "done"]
