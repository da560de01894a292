"""A real worker that is killed in the middle of a batch: none is lost, none is issued or printed twice."""

from datetime import timedelta

import pytest

from jinchuan.shared import clock
from tests import factories
from tests import factories_certificates as made
from tests.killing import kill_with_all
from tests.waiting import until
from volunteers import tasks
from volunteers.certificate_consistency import CHECKS
from volunteers.models import Certificate, CertificatePaper
from volunteers.services import certificate_papers as papers
from volunteers.services import certificates as services

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
SIZE = 12


def test_a_batch_survives_its_worker(transactional_db, background, monkeypatch):
    organization = factories.approved_organization()
    with clock.travel(clock.now() - timedelta(days=9)):
        batch = made.batch(organization, size=SIZE)
    decided = services.issue_many(batch, by=factories.admin_of(organization))
    worker = background("serve", "--worker")
    for chunk in papers.chunks(decided):
        tasks.print_certificates.delay(chunk)
    done = CertificatePaper.objects.filter(finished_at__isnull=False)
    until(done.exists)
    kill_with_all(worker)
    before = dict(done.values_list("pk", "sha256"))
    assert len(before) < SIZE

    background("serve", "--worker")
    monkeypatch.setattr(papers, "PATIENCE", timedelta(0))
    tasks.sweep_certificates()

    until(lambda: done.count() == SIZE)
    assert not CertificatePaper.objects.failed().exists()
    assert dict(done.filter(pk__in=before).values_list("pk", "sha256")) == before
    numbers = Certificate.objects.ever_issued().order_by("number").values_list("number", flat=True)
    assert [int(number[-4:]) for number in numbers] == list(range(1, SIZE + 1))
    assert [sentence for check in CHECKS for sentence in check()] == []
