"""The bureau's page on closed months, the check list before a closing, and the command."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from jinchuan.shared.months import Month
from reports import closing_checks, tasks
from reports.models import Closing
from reports.services import closings
from tests import factories

pytestmark = pytest.mark.django_db

LIST = reverse("admin:reports_closing_changelist")
ADD = reverse("admin:reports_closing_add")
SEPTEMBER = Month(2026, 9)


def _verb(closing, name):
    return reverse("admin:reports_closing_verb", args=[closing.pk, name])


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the queue, without one."""
    sent = []
    monkeypatch.setattr(tasks.close_month, "delay", sent.append)
    return sent


def test_a_month_is_closed_on_its_page(
    client_for, officer, admin_a, asked, django_capture_on_commit_callbacks
):
    factories.confirmed_donation(by=admin_a)
    with django_capture_on_commit_callbacks(execute=True):
        page = client_for(officer).post(ADD, {"month": "2026-09"}, follow=True)
    assert "正在定稿" in page.content.decode()
    closing = Closing.objects.get()
    assert (closing.state, asked) == ("closing", [closing.pk])
    progress = reverse("admin:reports_closing_progress", args=[closing.pk])
    assert "正在定稿" in client_for(officer).get(progress, headers={"hx-request": "true"}).content.decode()
    tasks.close_month(closing.pk)
    tasks.close_month(closing.pk)
    closing.refresh_from_db()
    assert (closing.state, closing.closed_by, closing.waived) == ("closed", officer, [])
    assert client_for(officer).get(progress, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    text = client_for(officer).get(page.redirect_chain[-1][0]).content.decode()
    assert "其中补报" in text
    assert "1,000.00" in text
    assert [
        value for value, _ in client_for(officer).get(ADD).context["adminform"].form.fields["month"].choices
    ] == ["2026-10"]


def test_what_was_left_lying_is_picked_up_and_given_up_after_some_tries(
    client_for, officer, asked, settings, django_capture_on_commit_callbacks
):
    closing = closings.begin_closing(by=officer, month=SEPTEMBER)
    tasks.sweep()
    assert asked == [closing.pk]
    Closing.objects.update(attempts=settings.REPORT_ATTEMPTS_MOST)
    tasks.sweep()
    assert asked == [closing.pk]
    assert closings.finish(closing.pk) is None
    page = reverse("admin:reports_closing_change", args=[closing.pk])
    assert "系统不再自动重试" in client_for(officer).get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client_for(officer).post(_verb(closing, "try_again"), {"confirmed": "1"})
    assert asked == [closing.pk] * 2
    assert closings.finish(closing.pk).state == "closed"


def test_what_is_left_undone_needs_a_reason_each(client_for, officer, admin_a):
    factories.submitted_donation(by=admin_a)
    left = {check.name: check.count for check in closing_checks.left_undone(SEPTEMBER)}
    assert left == {"donations": 1}
    page = client_for(officer).post(ADD, {"month": "2026-09"})
    assert "待确认的捐赠：1 项" in page.content.decode()
    assert "写明带着它们定稿的理由" in page.content.decode()
    assert not Closing.objects.exists()
    client_for(officer).post(ADD, {"month": "2026-09", "reason_donations": "款项下月初才能核对"})
    assert Closing.objects.get().waived == [
        {"check": "donations", "label": "待确认的捐赠", "count": 1, "reason": "款项下月初才能核对"}
    ]


def test_a_later_gift_is_not_left_undone(admin_a):
    factories.submitted_donation(by=admin_a)
    assert closing_checks.left_undone(Month(2026, 8)) == []


def test_one_asks_and_another_opens(client_for, officer, reviewer):
    closing = closings.close_month(by=officer, month=SEPTEMBER)
    client_for(officer).post(_verb(closing, "ask_reopening"), {"reason": "漏了一笔捐款要补"})
    assert client_for(officer).post(_verb(closing, "reopen")).status_code == 403
    client_for(reviewer).post(_verb(closing, "reopen"))
    closing.refresh_from_db()
    assert (closing.state, closing.reopened_by) == ("reopened", reviewer)


def test_a_leader_reads_and_does_not_close(client_for, officer, leader):
    closing = closings.close_month(by=officer, month=SEPTEMBER)
    assert client_for(leader).get(LIST).status_code == 200
    assert client_for(leader).get(ADD).status_code == 403
    assert (
        client_for(leader).post(_verb(closing, "ask_reopening"), {"reason": "漏了一笔捐款"}).status_code
        == 403
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(client_for, officer, count, django_assert_num_queries):
    for month in Month.range(Month(2026, 7), Month(2026, 6 + count)):
        closings.close_month(by=officer, month=month)
    client = client_for(officer)
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_command_closes_a_month(officer, admin_a, capsys):
    factories.submitted_donation(by=admin_a)
    with pytest.raises(CommandError, match="待确认的捐赠"):
        call_command("close_month", period="2026-09", by=officer.username)
    call_command("close_month", period="2026-09", by=officer.username, reason="款项下月初才能核对")
    assert Closing.objects.get().sha256 in capsys.readouterr().out
    with pytest.raises(CommandError, match="no such account"):
        call_command("close_month", period="2026-10", by="nobody")
