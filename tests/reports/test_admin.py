"""The bureau's page on reports."""

import hashlib
from datetime import date

import pytest
from django.urls import reverse

from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from reports import facts
from reports.enums import EditionState, Variant
from reports.models import ReportEdition
from reports.periods import Period
from reports.services import building, closings
from reports.services import editions as services
from tests import factories, factories_reports

pytestmark = pytest.mark.django_db

LIST = "admin:reports_reportedition_changelist"
ADD = "admin:reports_reportedition_add"


def page(name, edition):
    return reverse(f"admin:reports_reportedition_{name}", args=[edition.pk])


@pytest.fixture
def edition(divisions, officer):
    return services.request_edition(by=officer, period=Period.read("2026-09"))


@pytest.fixture
def ready(edition):
    return factories_reports.built(edition)


def test_an_officer_asks_for_a_month(divisions, officer, client_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client_for(officer).post(reverse(ADD), {"period": "2026-09", "division": divisions.home.pk})
    edition = ReportEdition.objects.get()
    assert answer.url == page("change", edition)
    assert (edition.period, edition.requested_by, edition.state) == ("2026-09", officer, EditionState.QUEUED)
    assert len(callbacks) == 1


def test_asking_again_leads_to_the_same_report(edition, officer, divisions, client_for):
    answer = client_for(officer).post(reverse(ADD), {"period": "2026-09", "division": divisions.home.pk})
    assert answer.url == page("change", edition)


@pytest.mark.parametrize("period", ["2022-01", "2030-01", "nonsense", ""])
def test_a_month_that_is_not_offered_is_refused(divisions, officer, client_for, period):
    answer = client_for(officer).post(reverse(ADD), {"period": period, "division": divisions.home.pk})
    assert answer.status_code == 200
    assert "期间" in answer.content.decode()
    assert not ReportEdition.objects.exists()


def test_the_list_takes_the_same_queries_for_one_and_three(
    edition, officer, divisions, client_for, django_assert_num_queries
):
    client = client_for(officer)
    client.get(reverse(LIST))
    for months in ((), (7, 8)):
        for month in months:
            services.request_edition(by=officer, period=Period.read(f"2026-{month:02d}"))
        with django_assert_num_queries(6):
            assert client.get(reverse(LIST)).status_code == 200


def test_progress_is_shown_and_asked_for_while_it_lasts(edition, officer, client_for):
    client = client_for(officer)
    body = client.get(page("change", edition)).content.decode()
    assert page("progress", edition) in body
    assert "等待后台处理" in body
    factories_reports.built(edition)
    assert (
        client.get(page("progress", edition), headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    )
    finished = client.get(page("change", edition)).content.decode()
    assert "hx-get" not in finished
    assert page("pdf", edition) in finished


def test_the_fragment_is_the_same_alone_and_on_the_page(edition, officer, client_for):
    client = client_for(officer)
    fragment = client.get(page("progress", edition)).content.decode()
    assert fragment.strip() in client.get(page("change", edition)).content.decode()


def test_the_file_is_handed_out_and_noted(ready, leader, client_for):
    answer = client_for(leader).get(page("pdf", ready))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "object-src 'self'" in answer.headers["Content-Security-Policy"]
    assert AuditEvent.objects.filter(action="open_file", actor="leader").count() == 1


def test_every_file_is_handed_out_as_it_was_made_and_noted(edition, leader, client_for, settings):
    settings.REPORT_VARIANTS = ["brief", "large"]
    ready, client = building.build(edition.pk), client_for(leader)
    for file in ready.files.all():
        content = b"".join(client.get(page(file.variant, ready)).streaming_content)
        assert hashlib.sha256(content).hexdigest() == file.sha256
    assert {file.variant for file in ready.files.all()} == set(Variant)
    assert AuditEvent.objects.filter(action="open_file", actor="leader").count() == 4


@pytest.mark.parametrize("name", ["pdf", *Variant])
def test_what_is_not_there_yet_is_not_found(edition, officer, client_for, name):
    assert client_for(officer).get(page(name, edition)).status_code == 404


@pytest.mark.parametrize("name", ["change", "progress", "pdf", "figures", "xlsx"])
@pytest.mark.parametrize("who", ["worker_a", "clerk", "auditor", "administrator", "admin_a"])
def test_others_have_no_way_in(ready, name, who, request, client_for):
    answer = client_for(request.getfixturevalue(who)).get(page(name, ready), follow=True)
    assert answer.status_code in (403, 404)


def test_the_reviewer_issues_after_a_confirmation(edition, officer, reviewer, client_for):
    closings.close_month(by=officer, month=edition.period_value.closing)
    ready = factories_reports.built(edition)
    client = client_for(reviewer)
    address = reverse("admin:reports_reportedition_verb", args=[ready.pk, "issue"])
    assert "不能再改动" in client.get(address).content.decode()
    assert ReportEdition.objects.get().state == EditionState.READY
    client.post(address)
    assert ReportEdition.objects.get().state == EditionState.ISSUED
    assert "<textarea" not in client.get(page("change", ready)).content.decode()


def test_an_officer_may_not_issue(ready, officer, client_for):
    address = reverse("admin:reports_reportedition_verb", args=[ready.pk, "issue"])
    assert client_for(officer).post(address).status_code == 403


def test_new_words_put_it_back_to_print(ready, officer, client_for):
    client, address = (
        client_for(officer),
        reverse("admin:reports_reportedition_verb", args=[ready.pk, "words"]),
    )
    body = client.get(address).content.decode()
    assert body.count("<textarea") == len(facts.parts(ready.facts))
    composed = facts.composed(ready.facts)
    client.post(address, {**composed, "next_steps": "一是送温暖。"})
    edition = ReportEdition.objects.get()
    assert list(edition.words) == ["next_steps"]
    assert (edition.words["next_steps"]["text"], edition.state) == ("一是送温暖。", EditionState.QUEUED)
    assert edition.words["next_steps"]["by"] == "officer"
    assert edition.facts == ready.facts


def verb_page(edition, name):
    return reverse("admin:reports_reportedition_verb", args=[edition.pk, name])


@pytest.fixture
def stale(edition, officer):
    """Of a closed month, with a part that a person wrote before a gift was booked, and one that no figure touches."""
    ready = building.build(edition.pk)
    words = {"giving": "本月暂无捐款捐物。", "next_steps": "一是送温暖。"}
    services.write_words(ready, by=officer, words=words)
    building.build(edition.pk)
    factories.confirmed_donation(received_on=date(2026, 9, 2))
    closings.close_month(by=officer, month=edition.period_value.closing)
    services.request_edition(by=officer, period=edition.period_value)
    return building.build(edition.pk)


def test_words_older_than_the_figures_are_shown_as_such(stale, officer, client_for):
    client = client_for(officer)
    assert facts.stale(stale.facts, stale.words) == ["giving"]
    assert "“捐款捐物”是在数据重新汇总以前写的" in client.get(page("change", stale)).text
    text = client.get(verb_page(stale, "words")).text
    assert text.count('type="checkbox"') == 1
    assert officer.name in text
    assert "尚无已确认的捐款捐物" in text  # what was composed when they wrote
    assert "累计捐款捐物共计1,000.00元" in text  # and what is now


def test_the_composed_text_is_taken_part_by_part(stale, officer, client_for):
    given = {part: text for part, _, text in facts.parts(stale.facts)}
    given |= {part: one["text"] for part, one in stale.words.items()}
    client_for(officer).post(verb_page(stale, "words"), {**given, "take_giving": "on"})
    assert list(ReportEdition.objects.get().words) == ["next_steps"]


def test_words_rewritten_over_the_new_figures_are_stale_no_more(stale, officer):
    again = services.write_words(stale, by=officer, words={"giving": "本月捐款1,000元。"})
    assert facts.stale(again.facts, again.words) == []


def test_stale_words_go_out_only_when_somebody_read_them_again(stale, reviewer, client_for):
    with pytest.raises(Refused, match="“捐款捐物”是在数据重新汇总以前写的"):
        services.issue_edition(stale, by=reviewer)
    client, address = client_for(reviewer), verb_page(stale, "issue")
    assert "已经核对，仍照写的印发" in client.get(address).text
    assert client.post(address).status_code == 200
    assert ReportEdition.objects.get().state == EditionState.READY
    client.post(address, {"stale_words_read": "on"})
    assert ReportEdition.objects.get().state == EditionState.ISSUED
    assert "捐款捐物" in stale.transitions.get(to_state=EditionState.ISSUED).reason


def test_refresh_counts_again(ready, officer, admin_a, client_for):
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 9, 2))
    client_for(officer).post(reverse("admin:reports_reportedition_verb", args=[ready.pk, "refresh"]))
    assert factories_reports.built(ready).facts["indicators"]["donations_total"]["cumulative"] == "1000.00"
