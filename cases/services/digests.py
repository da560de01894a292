"""One mail a day that says how many reminders wait, with codes and the address of the inbox, never a name. Off while no
mail server is configured.

A mail cannot be called back, so each reminder is mailed at most once (docs/adr/0010): it is claimed and committed before
the mail goes out, and given back only when it certainly did not.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, OuterRef
from django.urls import reverse

from jinchuan.audit.services import lock, verb
from jinchuan.shared.clock import now, today
from jinchuan.shared.dates import zh
from organizations.models import User

from ..enums import DigestOutcome
from ..models import Digest, Notice

log = logging.getLogger(__name__)

SUBJECT = "【爱心金川】您有 {count} 条新提醒"
TEXT = """您好：

截至{day}，您有 {count} 条新提醒，涉及 {households} 户：{codes}。
请登录查看并办理：
{inbox}

邮件里不写姓名、住址和情况，请登录以后再看。不想再收到的，请在“我的账号”里删去电子邮箱：
{account}

{bureau}　结对帮扶·爱心金川　电话 {phone}
"""
CODES_MOST = 20
NO_ANSWER = "没有等到结果"
# How long a mail may take to go out before it counts as lost on the way.
LOST_AFTER = timedelta(hours=1)

# The server answered, and its answer was no; anything else that breaks off after the mail was handed over may have
# let it through.
REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)


@dataclass(frozen=True)
class Claimed:
    """Reminders that one mail is about to tell of, and to whom."""

    digest: Digest
    person: User
    codes: tuple[str, ...]


def send_digests(*, on=None) -> int:
    """Mail everybody who has an address and new reminders; returns how many mails went out.

    Safe to run again and at the same time: a person gets one mail a day. What failed is tried again by the next run,
    while the reminder is new (``DIGEST_DAYS``). Whether somebody may still see the household is asked now, not taken
    from the day the reminder was written.
    """
    if not settings.EMAIL_HOST:
        log.info("No mail server is configured (EMAIL_HOST), so no digest is mailed.")
        return 0
    day = on or today()
    settle_lost(by=None)
    connection, sent = get_connection(), 0
    news = Notice.objects.news(day).filter(user=OuterRef("pk"))
    for person in User.objects.active().exclude(email="").filter(Exists(news)).order_by("pk"):
        claimed = claim(person, by=None, day=day)
        if claimed is None:
            continue
        outcome, problem = hand_over(connection, message(claimed, day))
        settle(claimed.digest, by=None, outcome=outcome, problem=problem)
        sent += outcome == DigestOutcome.SENT
        if problem:
            log.warning("A digest for account %s: %s (%s)", person.pk, outcome.label, problem)
    close(connection)
    return sent


@verb
def claim(person, *, by, day) -> Claimed | None:
    """Take the person's new reminders for one mail. None when there are none, or a mail of the day is there already."""
    person = lock(person)
    if not (person.is_active and person.email):
        return None
    if Digest.objects.filter(user=person, day=day).exclude(outcome=DigestOutcome.FAILED).exists():
        return None
    notices = Notice.objects.to_mail(person, day).select_related("pairing__household").order_by("pk")
    notices = list(notices)
    if not notices:
        return None
    digest = Digest.objects.create(user=person, day=day, count=len(notices), started_at=now())
    Notice.objects.filter(pk__in=[one.pk for one in notices], digest__isnull=True).update(digest=digest)
    return Claimed(digest, person, tuple(sorted({one.pairing.household.code for one in notices})))


@verb
def settle(digest, *, by, outcome, problem="") -> None:
    """Note what became of a mail. One that certainly did not go out gives its reminders back."""
    Digest.objects.filter(pk=digest.pk).update(outcome=outcome, problem=problem[:80])
    if outcome == DigestOutcome.FAILED:
        Notice.objects.filter(digest=digest).update(digest=None)


@verb
def settle_lost(*, by) -> int:
    """Mails whose sender died: nobody knows whether they went out, so they are not sent again."""
    lost = Digest.objects.filter(outcome=DigestOutcome.SENDING, started_at__lt=now() - LOST_AFTER)
    return lost.update(outcome=DigestOutcome.UNCLEAR, problem=NO_ANSWER)


def message(claimed, day) -> EmailMessage:
    """Plain text without anything personal; it may lie in any inbox."""
    person, codes = claimed.person, claimed.codes
    inbox = (
        reverse("cases:notices")
        if person.is_of_organization
        else f"{reverse('admin:cases_notice_changelist')}?waiting=unread"
    )
    text = TEXT.format(
        day=zh(day),
        count=claimed.digest.count,
        households=len(codes),
        codes="、".join(codes[:CODES_MOST]) + ("等" if len(codes) > CODES_MOST else ""),
        inbox=settings.SITE_URL + inbox,
        account=settings.SITE_URL + reverse("organizations:account"),
        bureau=settings.BUREAU_NAME,
        phone=settings.HELP_PHONE,
    )
    subject = SUBJECT.format(count=claimed.digest.count)
    return EmailMessage(subject, text, to=[person.email], headers={"Auto-Submitted": "auto-generated"})


def hand_over(connection, mail) -> tuple[DigestOutcome, str]:
    """Hand one mail over, and say what became of it. Before the connection stands nothing has gone out; afterwards only an answer tells."""
    try:
        connection.open()
    except Exception as error:
        return DigestOutcome.FAILED, _name(error)
    try:
        connection.send_messages([mail])
    except REFUSED as error:
        close(connection)
        return DigestOutcome.FAILED, _name(error)
    except Exception as error:
        close(connection)
        return DigestOutcome.UNCLEAR, _name(error)
    return DigestOutcome.SENT, ""


def close(connection) -> None:
    """Whatever it says to that."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.warning("The connection to the mail server broke off.")


def _name(error) -> str:
    """What went wrong, without the server's words: they quote the address."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
