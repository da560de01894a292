"""Issued reports reach people: organisations in their inbox, whom the bureau named by mail, each once."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from cases.enums import DigestOutcome
from cases.models import Notice
from jinchuan.shared.clock import now, travel
from reports.models import ReportMail
from reports.services import mailing
from tests import factories
from tests import factories_reports as some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_a_server(settings):
    settings.EMAIL_HOST = "mail.example.cn"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


class Refusing:
    """A mail server that answers with a refusal, or breaks off without one."""

    error: Exception

    def __init__(self, *args, **kwargs):
        pass

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        raise self.error


class Full(Refusing):
    error = smtplib.SMTPRecipientsRefused({"x@example.cn": (452, b"full")})


class Gone(Refusing):
    error = ConnectionResetError()


def test_whom_the_bureau_named_is_mailed_the_file_once(divisions):
    edition, recipient = some.issued(), some.recipient()
    some.recipient(is_active=False)
    some.recipient(division=divisions.street_a)
    assert mailing.mail_issued() == 1
    assert mailing.mail_issued() == 0
    (sent,) = mail.outbox
    assert sent.to == [recipient.email]
    (attached,) = sent.attachments
    assert attached[0] == f"金川区{edition.title}.pdf"
    assert attached[1] == some.PDF
    assert recipient.name not in sent.body


def test_what_is_not_issued_is_not_mailed(divisions):
    some.ready()
    some.recipient()
    assert mailing.mail_issued() == 0


def test_what_was_issued_long_ago_is_not_mailed_to_somebody_new(divisions):
    some.issued()
    some.recipient()
    with travel(now() + timedelta(days=mailing.TELL_DAYS + 1)):
        assert mailing.mail_issued() == 0


def test_without_a_server_nothing_is_claimed(divisions, settings):
    settings.EMAIL_HOST = ""
    some.issued()
    some.recipient()
    assert mailing.mail_issued() == 0
    assert not ReportMail.objects.exists()


def test_a_refused_mail_is_tried_again_a_few_times(divisions, settings):
    some.issued()
    some.recipient()
    settings.EMAIL_BACKEND = f"{__name__}.Full"
    for _ in range(mailing.TRIES_MOST + 2):
        mailing.mail_issued()
    outcomes = ReportMail.objects.values_list("outcome", flat=True)
    assert list(outcomes) == [DigestOutcome.FAILED] * mailing.TRIES_MOST


def test_a_refused_mail_goes_out_with_the_next_run(divisions, settings):
    some.issued()
    some.recipient()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Full"
    mailing.mail_issued()
    settings.EMAIL_BACKEND = backend
    assert mailing.mail_issued() == 1


def test_a_mail_that_may_have_gone_out_is_never_sent_again(divisions, settings):
    some.issued()
    some.recipient()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Gone"
    mailing.mail_issued()
    settings.EMAIL_BACKEND = backend
    assert mailing.mail_issued() == 0
    assert ReportMail.objects.get().outcome == DigestOutcome.UNCLEAR


def test_a_mail_whose_sender_died_is_never_sent_again(divisions):
    claimed = mailing.claim(some.issued(), some.recipient(), by=None)
    assert mailing.mail_issued() == 0
    with travel(now() + timedelta(hours=2)):
        assert mailing.mail_issued() == 0
    claimed.refresh_from_db()
    assert claimed.outcome == DigestOutcome.UNCLEAR
    assert not mail.outbox


@pytest.fixture
def unclear(divisions, settings):
    """Nobody knows whether it went out."""
    some.issued()
    some.recipient()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Gone"
    mailing.mail_issued()
    settings.EMAIL_BACKEND = backend
    return ReportMail.objects.get()


WHY = "电话问过，没有收到"


def test_what_did_not_arrive_is_sent_once_more_by_who_asked_the_person(unclear, officer):
    mailing.resend(unclear, by=officer, reason=WHY)
    assert mailing.mail_issued() == 1
    assert mailing.mail_issued() == 0
    assert len(mail.outbox) == 1
    first, second = ReportMail.objects.order_by("pk")
    assert (first.outcome, first.again_by) == (DigestOutcome.FAILED, officer)
    assert second.outcome == DigestOutcome.SENT
    assert not ReportMail.objects.lost().exists()


def test_somebody_has_a_mail_sent_that_failed_too_often_and_long_ago(divisions, settings, officer):
    some.issued()
    some.recipient()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Full"
    for _ in range(mailing.TRIES_MOST + 1):
        mailing.mail_issued()
    settings.EMAIL_BACKEND = backend
    with travel(now() + timedelta(days=mailing.TELL_DAYS + 1)):
        assert mailing.mail_issued() == 0
        mailing.resend(ReportMail.objects.newest().get(), by=officer, reason=WHY)
        assert mailing.mail_issued() == 1


def test_what_went_out_or_was_asked_for_or_replaced_is_not_sent_once_more(unclear, officer):
    mailing.resend(unclear, by=officer, reason=WHY)
    with pytest.raises(ValidationError, match=mailing.ASKED_BEFORE):
        mailing.resend(unclear, by=officer, reason=WHY)
    mailing.mail_issued()
    with pytest.raises(ValidationError, match=mailing.WENT_OUT):
        mailing.resend(ReportMail.objects.newest().get(), by=officer, reason=WHY)
    older = ReportMail.objects.order_by("pk").first()
    ReportMail.objects.filter(pk=older.pk).update(again_at=None, again_by=None)
    with pytest.raises(ValidationError, match=mailing.SENT_LATER):
        mailing.resend(older, by=officer, reason=WHY)


def test_who_is_sent_nothing_any_more_gets_nothing_once_more(unclear, officer):
    mailing.change_recipient(unclear.recipient, by=officer, is_active=False)
    with pytest.raises(ValidationError, match="已停止发送"):
        mailing.resend(unclear, by=officer, reason=WHY)


def test_who_has_a_mail_sent_once_more_says_how_it_was_found_out(unclear, officer):
    with pytest.raises(ValidationError, match="怎样核实"):
        mailing.resend(unclear, by=officer, reason="没收到 ")


def test_a_leader_has_nothing_sent_once_more(unclear, leader):
    with pytest.raises(PermissionDenied):
        mailing.resend(unclear, by=leader, reason=WHY)


def test_an_address_is_listed_once_a_place(divisions, officer):
    some.recipient(email="ban@example.cn")
    some.recipient(email="ban@example.cn", division=divisions.street_a)
    with pytest.raises(ValidationError, match="已经登记"):
        mailing.add_recipient(
            by=officer, name="王秀兰", workplace="区政府", email=" ban@example.cn ", division=divisions.home
        )


def test_a_leader_keeps_no_list(divisions, leader):
    with pytest.raises(PermissionDenied):
        some.recipient(by=leader)


def test_an_organisation_hears_of_its_statement_once_and_of_nobody_elses(org_a, admin_a, member_a, admin_b):
    edition = some.issued(org_a)
    assert mailing.tell_organizations() == 2
    assert mailing.tell_organizations() == 0
    told = Notice.objects.filter(key=f"statement:{edition.pk}").values_list("user", flat=True)
    assert set(told) == {admin_a.pk, member_a.pk}
    late = factories.user("org_member", organization=org_a)
    assert mailing.tell_organizations() == 1
    assert Notice.objects.get(user=late).url.endswith(f"/statements/{edition.serial}/")
