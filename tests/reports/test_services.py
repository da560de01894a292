"""From the request to the issued paper, with everything that may go wrong on the way."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from pypdf import PdfReader

from jinchuan.audit.services import Move
from jinchuan.shared.clock import SHANGHAI, now, travel
from jinchuan.shared.errors import Conflict, Refused
from jinchuan.shared.months import Month
from reports.enums import EditionState
from reports.models import ReportEdition
from reports.periods import Period
from reports.services import building, closings, papers
from reports.services import editions as services
from tests import factories, factories_reports

SEPTEMBER = Period.read("2026-09")

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(divisions, officer):
    return services.request_edition(by=officer, period=SEPTEMBER)


@pytest.fixture
def ready(edition):
    return factories_reports.built(edition)


@pytest.fixture
def final(edition, officer):
    """Built after its month was closed."""
    closings.close_month(by=officer, month=SEPTEMBER.closing)
    return factories_reports.built(edition)


def test_asked_for_twice_it_is_one_report(edition, officer):
    assert services.request_edition(by=officer, period=SEPTEMBER) == edition
    assert edition.state == EditionState.QUEUED


def test_a_month_that_has_not_begun_is_refused(divisions, officer):
    with pytest.raises(Refused, match="2027年1月还没有开始"), travel(datetime(2026, 12, 31, tzinfo=SHANGHAI)):
        services.request_edition(by=officer, period=Period.read("2027-01"))


def test_a_leader_cannot_ask(divisions, leader):
    with pytest.raises(PermissionDenied):
        services.request_edition(by=leader, period=SEPTEMBER)


def test_a_built_report_has_figures_file_and_digest(edition):
    ready = building.build(edition.pk)
    assert ready.state == EditionState.READY
    assert ready.progress == 100
    with ready.pdf.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == ready.sha256
    assert 2 <= ready.pages <= 8
    assert [step.to_state for step in ready.transitions.all()] == ["building", "ready"]
    assert papers.print_papers(ready)[0].sha256 == ready.sha256  # the same facts print the same bytes


def test_what_a_small_place_hides_its_file_does_not_carry_along(divisions, officer, pairing_a):
    month = Period.of("month", Month.of(now().date()))
    street = building.build(services.request_edition(by=officer, period=month, scope=divisions.street_a).pk)
    district = building.build(services.request_edition(by=officer, period=month).pk)

    def carried(edition):
        with edition.pdf.open() as file:
            (figures,) = PdfReader(file).attachments["figures.json"]
        return json.loads(figures)["indicators"]["intention_households"]["cumulative"]

    assert (carried(street), carried(district)) == ("不足3", 1)
    assert street.facts["indicators"]["intention_households"]["cumulative"] == 1


def test_a_second_message_finds_nothing_to_do(ready):
    assert building.build(ready.pk) is None
    ready.refresh_from_db()
    assert ready.transitions.count() == 2


def test_a_report_that_is_gone_is_nothing_to_do(db):
    assert building.build(4711) is None


def test_the_frozen_figures_stay_when_the_data_change(ready, admin_a):
    before = ready.facts
    factories.confirmed_donation(by=admin_a)
    ready.refresh_from_db()
    assert ready.facts == before


def test_new_words_are_printed_over_the_same_figures(ready, officer, admin_a):
    old_file, old_facts, old_digest = ready.pdf.name, ready.facts, ready.sha256
    factories.confirmed_donation(by=admin_a)
    edition = services.write_words(
        ready, by=officer, words={"next_steps": "一是做好冬季送温暖。"}, version=ready.version
    )
    assert edition.state == EditionState.QUEUED
    edition = building.build(edition.pk)
    assert edition.facts == old_facts
    assert edition.sha256 != old_digest
    assert edition.pdf.name != old_file


def test_the_old_file_goes_when_the_new_one_is_in_place(ready, officer, django_capture_on_commit_callbacks):
    old_file = ready.pdf.name
    edition = services.write_words(ready, by=officer, words={"next_steps": "一是做好冬季送温暖。"})
    assert edition.pdf.storage.exists(old_file)
    with django_capture_on_commit_callbacks(execute=True):
        edition = factories_reports.built(edition)
    assert not edition.pdf.storage.exists(old_file)
    assert edition.pdf.storage.exists(edition.pdf.name)


def test_words_are_not_changed_under_a_worker(edition, officer):
    claimed(edition, heartbeat=now())
    with pytest.raises(Refused, match=services.BEING_BUILT):
        services.write_words(edition, by=officer, words={"next_steps": "一是甲。"})


def test_stale_words_are_refused(ready, officer, second_officer):
    services.write_words(ready, by=second_officer, words={"next_steps": "一是甲。"})
    with pytest.raises(Conflict) as refusal:
        services.write_words(ready, by=officer, words={"next_steps": "一是乙。"}, version=ready.version)
    assert any("修改过的文字" in change for change in refusal.value.changes)


def test_a_fresh_count_replaces_figures_that_are_not_issued(ready, officer, admin_a):
    factories.confirmed_donation(by=admin_a)
    again = factories_reports.built(services.request_edition(by=officer, period=SEPTEMBER))
    assert again.facts["indicators"]["donations_total"]["cumulative"] == "1000.00"


def test_issuing_is_for_the_reviewer(final, officer, reviewer):
    with pytest.raises(PermissionDenied):
        services.issue_edition(final, by=officer)
    issued = services.issue_edition(final, by=reviewer)
    assert (issued.state, issued.issued_by) == (EditionState.ISSUED, reviewer)


def test_an_issued_report_changes_by_no_door(final, officer, reviewer):
    issued = services.issue_edition(final, by=reviewer)
    assert services.request_edition(by=officer, period=SEPTEMBER).sha256 == issued.sha256
    with pytest.raises(IntegrityError, match="report_issued_fixed"):
        services.write_words(issued, by=officer, words={"next_steps": "一是改一改。"})


@pytest.mark.parametrize("field", ["facts", "sha256", "pdf", "state", "words", "verify_code"])
def test_the_database_refuses_to_touch_an_issued_report(final, reviewer, field):
    services.issue_edition(final, by=reviewer)
    with pytest.raises(IntegrityError, match="report_issued_fixed"):
        ReportEdition.objects.update(**{field: "ready"})


def test_a_report_of_an_open_month_is_not_issued(ready, officer, reviewer):
    with pytest.raises(Refused, match="还没有定稿"):
        services.issue_edition(ready, by=reviewer)
    closings.close_month(by=officer, month=SEPTEMBER.closing)
    with pytest.raises(Refused, match="定稿以前汇总"):
        services.issue_edition(ready, by=reviewer)


def test_only_a_finished_report_is_issued(edition, officer, reviewer):
    closings.close_month(by=officer, month=SEPTEMBER.closing)
    with pytest.raises(Move):
        services.issue_edition(edition, by=reviewer)


def test_what_cannot_be_printed_fails_with_its_reason(edition, officer):
    services.write_words(edition, by=officer, words={"next_steps": "一是解决 \ue863 的问题。"})
    failed = building.build(edition.pk)
    assert failed.state == EditionState.FAILED
    assert "没有字形" in failed.failure
    assert not failed.pdf
    services.write_words(failed, by=officer, words={"next_steps": "一是解决这个问题。"})
    assert (
        building.build(services.request_edition(by=officer, period=SEPTEMBER).pk).state == EditionState.READY
    )


def claimed(edition, *, heartbeat):
    """As a worker leaves it that was killed in the middle."""
    edition = building._claim(edition, by=None, run_id="5d3c1fd4-38a5-4aa5-9d0e-7b2f6a0f2c11")
    ReportEdition.objects.filter(pk=edition.pk).update(heartbeat_at=heartbeat)
    return edition


def test_an_abandoned_report_is_put_back_and_appears(edition):
    claimed(edition, heartbeat=now() - timedelta(minutes=5))
    assert building.sweep() == [edition.pk]
    assert building.build(edition.pk).state == EditionState.READY


def test_a_report_with_a_living_worker_is_left_alone(edition):
    claimed(edition, heartbeat=now())
    assert building.sweep() == []
    assert building.build(edition.pk) is None


def test_after_three_tries_it_fails_and_says_so(edition):
    for _ in range(3):
        claimed(ReportEdition.objects.get(), heartbeat=now() - timedelta(minutes=5))
        building.sweep()
    edition.refresh_from_db()
    assert edition.state == EditionState.FAILED
    assert edition.failure == building.NEVER_FINISHED.format(attempts=3)


def test_a_worker_that_lost_its_report_changes_nothing(edition):
    late = claimed(edition, heartbeat=now() - timedelta(minutes=5))
    building.sweep()
    ready = factories_reports.built(edition)
    with pytest.raises(building.TakenOver):
        building._finish(late, by=None, run_id=late.run_id, papers=[], names={})
    edition.refresh_from_db()
    assert edition.sha256 == ready.sha256


def test_files_without_a_report_are_tidied_away_after_a_day(ready):
    storage = ready.pdf.storage
    from django.core.files.base import ContentFile

    orphan = storage.save("reports/2026-09/orphan.pdf", ContentFile(b"%PDF-"))
    building.tidy()
    assert storage.exists(orphan)
    with travel(now() + timedelta(days=2)):
        assert building.tidy() >= 1
    assert not storage.exists(orphan)
    assert storage.exists(ready.pdf.name)
