"""The page of a batch: asked for, watched, tried again, issued."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports import tasks
from reports.enums import EditionState
from reports.models import ReportBatch, ReportEdition
from reports.services import batches
from tests import factories
from tests import factories_reports as some

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the queue, without one."""
    sent = []
    monkeypatch.setattr(tasks.start_batch, "delay", lambda pk: sent.append(pk))
    return sent


def page(client, batch, name="change"):
    return client.get(reverse(f"admin:reports_reportbatch_{name}", args=[batch.pk])).content.decode()


def test_an_officer_asks_for_a_month_and_a_worker_is_told(
    divisions, officer, client_for, asked, django_capture_on_commit_callbacks
):
    period = some.last_month()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_for(officer).post(
            reverse("admin:reports_reportbatch_add"), {"asked": f"month:{period}"}, follow=True
        )
    batch = ReportBatch.objects.get()
    assert period.label in answer.content.decode()
    assert asked == [batch.pk]
    assert batches.queued(batch.pk) == list(batch.papers.order_by("pk").values_list("edition", flat=True))


def test_the_page_says_how_far_it_is_and_names_what_failed(officer, client_for):
    batch = some.batch(organizations=1)
    one, two, *_ = ReportEdition.objects.filter(batches__batch=batch).order_by("pk")
    some.failed(two, failure="“𫗴”没有字形。")
    text = page(client_for(officer), batch)
    assert "0 / 4 份，1 份未生成" in text
    assert "“𫗴”没有字形。" in text
    assert "重新生成未生成的" in text
    assert "印发全部" not in text
    assert one.serial in text


def test_only_what_failed_is_made_again(officer, client_for, asked, django_capture_on_commit_callbacks):
    batch = some.batch()
    first = ReportEdition.objects.filter(batches__batch=batch).first()
    some.failed(first)
    with django_capture_on_commit_callbacks(execute=True):
        client_for(officer).post(
            reverse("admin:reports_reportbatch_verb", args=[batch.pk, "retry"]), {"confirmed": "1"}
        )
    first.refresh_from_db()
    assert first.state == EditionState.QUEUED
    assert asked == [batch.pk]


def test_all_statements_of_closed_figures_go_out_at_once(reviewer, client_for):
    some.closed()
    batch = some.batch()
    ReportBatch.objects.update(is_final=True)
    organization = factories.approved_organization()
    statement, district = some.ready(organization), ReportEdition.objects.get(division=factories.home())
    batch.papers.create(edition=statement)
    client_for(reviewer).post(
        reverse("admin:reports_reportbatch_verb", args=[batch.pk, "issue_statements"]), {"confirmed": "1"}
    )
    statement.refresh_from_db()
    district.refresh_from_db()
    assert (statement.state, district.state) == (EditionState.ISSUED, EditionState.QUEUED)


def test_the_progress_asks_as_often_for_three_reports_as_for_thirteen(officer, client_for):
    client = client_for(officer)
    few = some.batch()
    page(client, few, "progress")
    with CaptureQueriesContext(connection) as three:
        page(client, few, "progress")
    for edition in ReportEdition.objects.all():
        few.papers.filter(edition=edition).delete()
    for number in range(2, 15):
        edition = some.edition(number=number)
        few.papers.create(edition=edition)
        if number % 2:
            some.failed(edition)
    with CaptureQueriesContext(connection) as thirteen:
        assert "0 / 13 份，6 份未生成" in page(client, few, "progress")
    assert len(three) == len(thirteen)


def test_the_list_of_batches_asks_as_often_for_one_as_for_three(officer, client_for):
    client, address = client_for(officer), reverse("admin:reports_reportbatch_changelist")
    batch = some.batch()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in (2, 3):
        other = ReportBatch.objects.create(
            kind="month",
            period=batch.period,
            number=number,
            requested_at=batch.requested_at,
            started_at=batch.started_at,
        )
        other.papers.create(edition=ReportEdition.objects.first())
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(one) == len(three)
