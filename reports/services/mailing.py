"""Issued reports on their way to people: the organisation's own into its inbox, those of a place by mail to whom the bureau
named. A mail cannot be called back, so each goes out at most once (docs/adr/0010): claimed, committed, sent, noted."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Count, Max, Q

from cases.enums import DigestOutcome
from cases.models import Notice
from cases.services.digests import LOST_AFTER, NO_ANSWER, close, hand_over
from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.models import User

from .. import notices
from ..models import ReportEdition, ReportMail, ReportRecipient

log = logging.getLogger(__name__)

SUBJECT = "【爱心金川】{title}"
TEXT = """您好：

附上{title}（编号 {serial}）。报告不含个人信息，文末的二维码可以核验真伪。

不再需要的，请告知{bureau}，电话 {phone}。

{bureau}　结对帮扶·爱心金川
"""
TELL_DAYS = 7
"""So long after it was issued a report is told of; what could not be sent by then stays unsent."""
TRIES_MOST = 5
WENT_OUT = "这封邮件已经发出或正在发送，不用再发。"
ASKED_BEFORE = "已经有人要求再发这封邮件，请等待结果。"
SENT_LATER = "这份报告后来又给这位收件人发过一次，请打开最近的一封办理。"
STOPPED = "这位收件人已停止发送。请先在“报告收件人”里恢复发送，再来重发。"
SAY_HOW = "请写明是怎样核实收件人没有收到的，至少 5 个字。"
NEWER_EDITION = "这份报告已有新的一版印发，新版会自动发给收件人，旧版不再发。"


@verb
def add_recipient(*, by, name, workplace, email, division, is_active=True) -> ReportRecipient:
    """Somebody who is sent the issued reports of a place. Refuses an address that has them already."""
    require(by, "reports.add_reportrecipient")
    require(by, "organizations.view_division", division)
    row = ReportRecipient(
        name=name,
        workplace=workplace,
        email=email,
        division=division,
        is_active=is_active,
        added_at=now(),
    )
    return create(row, by=by)


@verb
def change_recipient(recipient, *, by, version=None, **fields) -> ReportRecipient:
    """Put a recipient right, or stop sending."""
    require(by, "reports.change_reportrecipient", recipient)
    return change(recipient, by=by, version=version, **fields)


@verb
def tell_organizations(*, by=None) -> int:
    """A reminder to everybody of an organisation whose statement was issued; returns how many are new. Each comes once."""
    told = 0
    for edition in _fresh().filter(organization__isnull=False):
        people = User.objects.active().filter(organization=edition.organization_id)
        known = Notice.objects.filter(key=f"statement:{edition.pk}").values("user")
        new = [
            notices.of_statement(edition, person) for person in people.exclude(pk__in=known).order_by("pk")
        ]
        told += len(Notice.objects.bulk_create(new, ignore_conflicts=True))
    return told


def mail_issued() -> int:
    """Mail the issued reports of these days to whom the bureau named; returns how many mails went out.

    Safe to run again and at the same time. What certainly did not go out is tried again by the next run, a few times.
    """
    if not settings.EMAIL_HOST:
        log.info("No mail server is configured (EMAIL_HOST), so no report is mailed.")
        return 0
    settle_lost(by=None)
    connection, sent = get_connection(), 0
    for edition in _fresh().filter(division__isnull=False):
        for recipient in ReportRecipient.objects.active().filter(division=edition.division_id).order_by("pk"):
            sent += _sent(connection, edition, recipient)
    for asked in ReportMail.objects.asked_again().for_list():
        sent += _sent(connection, asked.edition, asked.recipient, asked=asked)
    close(connection)
    return sent


def _sent(connection, edition, recipient, *, asked=None) -> bool:
    mail = claim(edition, recipient, by=None, asked=asked)
    if mail is None:
        return False
    outcome, problem = hand_over(connection, message(edition, recipient))
    settle(mail, by=None, outcome=outcome, problem=problem)
    if problem:
        log.warning("Report %s to recipient %s: %s (%s)", edition, recipient.pk, outcome.label, problem)
    return outcome == DigestOutcome.SENT


@verb
def claim(edition, recipient, *, by, asked=None) -> ReportMail | None:
    """Take one mail. None when it went out, may have gone out, is on its way, or failed too often; what somebody ``asked`` to
    have sent once more is taken once, however often it failed."""
    recipient = lock(recipient)
    before = ReportMail.objects.filter(edition=edition, recipient=recipient).aggregate(
        taken=Count("pk", filter=~Q(outcome=DigestOutcome.FAILED)), tries=Count("pk"), last=Max("pk")
    )
    may = before["last"] == asked.pk if asked else before["tries"] < TRIES_MOST
    if not recipient.is_active or before["taken"] or not may:
        return None
    return ReportMail.objects.create(edition=edition, recipient=recipient, started_at=now())


@verb
def resend(mail, *, by, reason) -> ReportMail:
    """Have a mail sent once more that did not go out or may not have. Whoever asks made sure that it did not arrive, and says how.

    Refuses without that, what went out, what was asked for or sent again since, a person who is sent nothing any more, and a report of
    which a later edition is out.
    """
    require(by, "reports.resend_reportmail", mail)
    if len(reason.strip()) < 5:
        raise Refused({"reason": SAY_HOW})
    lock(mail.recipient)
    mail = lock(mail)
    if mail.again_at:
        raise Refused(ASKED_BEFORE)
    if not mail.is_lost:
        raise Refused(WENT_OUT)
    if not ReportMail.objects.newest().filter(pk=mail.pk).exists():
        raise Refused(SENT_LATER)
    if not mail.recipient.is_active:
        raise Refused(STOPPED)
    if ReportEdition.objects.issued().filter(supersedes=mail.edition).exists():
        raise Refused(NEWER_EDITION)
    return change(
        mail,
        by=by,
        action="resend",
        reason=reason,
        outcome=DigestOutcome.FAILED,
        again_at=now(),
        again_by=by,
    )


@verb
def settle(mail, *, by, outcome, problem="") -> None:
    """Note what became of a mail."""
    ReportMail.objects.filter(pk=mail.pk).update(outcome=outcome, problem=problem[:80])


@verb
def settle_lost(*, by) -> int:
    """Mails whose sender died: nobody knows whether they went out, so they are not sent again."""
    lost = ReportMail.objects.filter(outcome=DigestOutcome.SENDING, started_at__lt=now() - LOST_AFTER)
    return lost.update(outcome=DigestOutcome.UNCLEAR, problem=NO_ANSWER)


def message(edition, recipient) -> EmailMessage:
    """The report itself as a file; it holds codes and counts alone."""
    title = f"{edition.scope_name}{edition.title}"
    text = TEXT.format(
        title=title, serial=edition.serial, bureau=settings.BUREAU_NAME, phone=settings.HELP_PHONE
    )
    mail = EmailMessage(
        SUBJECT.format(title=title),
        text,
        to=[recipient.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    with edition.pdf.open() as file:
        mail.attach(f"{title}.pdf", file.read(), "application/pdf")
    return mail


def _fresh():
    since = now() - timedelta(days=TELL_DAYS)
    return ReportEdition.objects.issued().filter(issued_at__gte=since).with_scope().order_by("pk")
