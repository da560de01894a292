"""A real worker, and what happens when it is killed in the middle."""

import pytest

from reports import tasks
from reports.enums import EditionState
from reports.models import ReportEdition
from reports.periods import Period
from reports.services import editions as services
from tests import factories
from tests.killing import kill_with_all
from tests.waiting import until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def in_state(*states):
    """The edition, once it is in one of the states."""
    return until(lambda: ReportEdition.objects.filter(state__in=states).first())


@pytest.fixture
def edition(transactional_db):
    factories.home()
    return services.request_edition(by=factories.officer(), period=Period.read("2026-09"))


def test_the_worker_builds_what_is_asked_for(edition, background):
    background("serve", "--worker")
    tasks.build.delay(edition.pk)
    assert in_state(EditionState.READY, EditionState.FAILED).state == EditionState.READY


def test_a_worker_killed_in_the_middle_leaves_no_half_report_and_the_report_still_appears(
    edition, background, settings
):
    worker = background("serve", "--worker")
    tasks.build.delay(edition.pk)
    in_state(EditionState.BUILDING)
    kill_with_all(worker)
    left = ReportEdition.objects.get()
    assert left.state == EditionState.BUILDING
    assert not left.pdf
    background("serve", "--worker")
    settings.REPORT_HEARTBEAT_LIMIT = 0
    tasks.sweep()
    edition = in_state(EditionState.READY, EditionState.FAILED)
    assert edition.state == EditionState.READY
    assert edition.pdf.storage.exists(edition.pdf.name)
    steps = [step.to_state for step in edition.transitions.all()]
    assert steps == ["building", "queued", "building", "ready"]
