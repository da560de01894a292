"""Twenty issue at the same moment: no number twice. With the promise taken away, it breaks."""

import pytest

from jinchuan.shared import clock
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_certificates as made
from volunteers.models import Certificate
from volunteers.services import certificate_papers
from volunteers.services import certificates as services

WORKERS = 20


@pytest.fixture
def waiting(transactional_db):
    """So many announced certificates of one organisation, and the moment at which their notice is over."""
    organization = factories.approved_organization()
    batch = made.batch(organization, size=WORKERS)
    admin = factories.admin_of(organization)
    with made.later():
        return list(batch.certificates.select_related("issuer")), admin, clock.now()


def issuing(waiting):
    certificates, admin, then = waiting

    def call(certificate):
        with clock.travel(then):
            return services.issue_certificate(certificate, by=admin)

    return [lambda one=one: call(one) for one in certificates]


def test_no_number_is_given_twice(waiting, together):
    outcomes = together(*issuing(waiting))
    assert len(outcomes.of(Certificate)) == WORKERS, outcomes
    numbers = {int(one.number.rpartition("-")[2]) for one in outcomes}
    assert numbers == set(range(1, WORKERS + 1))
    assert len({one.code_hash for one in outcomes}) == WORKERS


def _counted(issuer, day):
    return f"ZM-{day.year}-{Certificate.objects.ever_issued().filter(issuer=issuer).count() + 1:04d}"


def test_control_counting_gives_numbers_twice_and_the_rule_refuses_them(waiting, together, monkeypatch):
    monkeypatch.setattr(services, "_next_number", _counted)
    outcomes = together(*issuing(waiting))
    assert outcomes.of(Refused)
    issued = Certificate.objects.ever_issued()
    assert issued.values("number").distinct().count() == issued.count() == len(outcomes.of(Certificate))


def test_control_without_the_rule_too_numbers_repeat(waiting, together, monkeypatch, without_rule):
    monkeypatch.setattr(services, "_next_number", _counted)
    with without_rule(Certificate, "certificate_number_once"):
        together(*issuing(waiting))
        issued = Certificate.objects.ever_issued()
        assert issued.values("number").distinct().count() < issued.count()


def test_two_workers_with_the_same_message_issue_once(waiting, together):
    certificates, admin, then = waiting
    batch = certificates[0].batch
    with clock.travel(then):
        papers = services.issue_many(batch, by=admin)

    def work():
        with clock.travel(then):
            return certificate_papers.make(papers[0])

    outcomes = together(work, work)
    done = [one for one in outcomes if one is not None]
    assert len(done) == 1, outcomes
    assert done[0].failure == ""
    assert Certificate.objects.ever_issued().count() == 1
