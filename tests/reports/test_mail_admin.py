"""Whom reports are mailed to, and what became of each mail: what the bureau sees of it and may do about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.enums import DigestOutcome
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import now
from jinchuan.shared.masking import mask_email, mask_name
from reports import tasks
from reports.models import ReportMail, ReportRecipient
from tests import factories_reports as some

pytestmark = pytest.mark.django_db


def lost(edition=None):
    return ReportMail.objects.create(
        edition=edition or some.edition(),
        recipient=some.recipient(),
        outcome=DigestOutcome.UNCLEAR,
        started_at=now(),
    )


def test_the_bureau_keeps_a_list_of_whom_reports_are_sent_to(divisions, officer, client_for):
    client = client_for(officer)
    fields = {
        "name": "上官桂英",
        "workplace": "区委办",
        "email": "zhao.guiying@example.cn",
        "is_active": "on",
    }
    client.post(reverse("admin:reports_reportrecipient_add"), fields | {"division": divisions.home.pk})
    recipient = ReportRecipient.objects.get()
    text = client.get(reverse("admin:reports_reportrecipient_changelist")).content.decode()
    assert mask_email(recipient.email) in text
    assert recipient.email not in text
    assert recipient.name not in text


def test_who_has_a_reason_sees_an_address_and_the_log_says_so(divisions, officer, client_for):
    recipient = some.recipient()
    address = reverse("admin:reports_reportrecipient_reveal", args=[recipient.pk, "email"])
    assert recipient.email not in client_for(officer).get(address).content.decode()
    told = client_for(officer).post(address, {"why": "correct", "note": "邮件退回，核对地址"})
    assert recipient.email in told.content.decode()
    event = AuditEvent.objects.of(recipient).get(action="reveal")
    assert event.actor == officer.username
    assert "邮件退回" in event.reason


def test_the_register_of_mails_names_nobody_in_full(divisions, officer, client_for):
    mail = lost()
    client = client_for(officer)
    for address in (
        reverse("admin:reports_reportmail_changelist"),
        reverse("admin:reports_reportmail_change", args=[mail.pk]),
    ):
        text = client.get(address).content.decode()
        assert mask_name(mail.recipient.name) in text
        assert mail.recipient.workplace in text
        assert mail.recipient.name not in text
        assert mail.recipient.email not in text


def test_a_mail_that_did_not_arrive_is_sent_once_more_and_the_queue_is_told(
    divisions, officer, client_for, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(tasks.tell_issued, "delay", lambda: sent.append(1))
    mail = lost()
    client, listed = client_for(officer), reverse("admin:reports_reportmail_changelist") + "?waiting=lost"
    assert mail.edition.serial in client.get(listed).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("admin:reports_reportmail_verb", args=[mail.pk, "resend"]),
            {"reason": "电话问过，没有收到", "confirmed": "1"},
        )
    mail.refresh_from_db()
    assert (mail.outcome, mail.again_by) == (DigestOutcome.FAILED, officer)
    assert sent == [1]
    assert not ReportMail.objects.lost().exists()


def test_the_register_of_mails_asks_as_often_for_one_as_for_three(divisions, officer, client_for):
    client, address = client_for(officer), reverse("admin:reports_reportmail_changelist")
    first = lost()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        lost(first.edition)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(one) == len(three)
