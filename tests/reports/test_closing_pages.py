"""The bureau's page on closed months, the check list before a closing, and the command."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from jinchuan.shared.months import Month
from reports import closing_checks
from reports.models import Closing
from reports.services import closings
from tests import factories

pytestmark = pytest.mark.django_db

LIST = reverse("admin:reports_closing_changelist")
ADD = reverse("admin:reports_closing_add")
SEPTEMBER = Month(2026, 9)


def _verb(closing, name):
    return reverse("admin:reports_closing_verb", args=[closing.pk, name])


def test_a_month_is_closed_on_its_page(client_for, officer, admin_a):
    factories.confirmed_donation(by=admin_a)
    page = client_for(officer).post(ADD, {"month": "2026-09"}, follow=True)
    assert page.status_code == 200
    closing = Closing.objects.get()
    assert (closing.state, closing.closed_by, closing.waived) == ("closed", officer, [])
    text = page.content.decode()
    assert "其中补报" in text
    assert "1,000.00" in text
    assert [
        value for value, _ in client_for(officer).get(ADD).context["adminform"].form.fields["month"].choices
    ] == ["2026-10"]


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
