"""Writes on months: close one, and with two people reopen the one that was closed last.

Who presses the button begins a closing; a worker finishes it. The row decides, not the message: one that is lost, comes twice, or
whose worker is killed costs time and nothing else.
"""

from django.conf import settings
from django.db import transaction

from jinchuan.audit import chain
from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month

from .. import closing_checks
from ..enums import ClosingState
from ..indicators import INDICATORS
from ..ledger import snapshots
from ..ledger.difference import Cut, book
from ..ledger.seal import seal
from ..models import Closing, Entry, Touched

NOT_OVER = "{month}还没有结束，从 {day} 起可以定稿。"
NOT_NEXT = "要按月份的顺序定稿：现在应当定稿的是{month}。"
BEING_CLOSED = "{month}正在定稿，请等它完成。"
CLOSED_MEANWHILE = "这个月已经定稿，请刷新页面。"
NEEDS_REASON = "“{label}”还有 {count} 项。请先办理，或者写明带着它们定稿的理由（至少 5 个字）。"
ONLY_NEWEST = "只能重新打开最近定稿的月份；更早的有错，在本月用更正改过来。"
ALREADY_ASKED = "已经有人申请重新打开，请另一人同意或退回。"
NOT_ASKED = "还没有人申请重新打开。"
TWO_PEOPLE = "重新打开要由两个人办理，请申请人以外的人同意。"


class Unexplained(Refused):
    """Something is left undone, and nobody said why the month is closed all the same: name of the check → sentence."""


def next_to_close() -> Month | None:
    """The month whose turn it is; None before the first closing, which may be of any past month."""
    newest = Closing.objects.newest()
    return newest.period.next if newest else None


@verb
def begin_closing(*, by, month: Month, reasons=None) -> Closing:
    """Say that a month is to be closed. ``reasons``: name of a check → why it is closed although something is left there.

    Refused while the month is not over, out of order, or with something left undone and no reason given.
    """
    require(by, "reports.close_month")
    if month.end > today():
        raise Refused(NOT_OVER.format(month=month.label, day=month.end))
    due = next_to_close()
    if due and month != due:
        raise Refused(NOT_NEXT.format(month=due.label))
    waived = _waived(closing_checks.left_undone(month), reasons or {})
    before = Closing.objects.filter(month=str(month)).order_by("-number").first()
    if before and before.state == ClosingState.CLOSING:
        raise Refused(BEING_CLOSED.format(month=month.label))
    return create(
        Closing(
            month=str(month),
            number=before.number + 1 if before else 1,
            waived=waived,
            begun_at=now(),
            begun_by=by,
        ),
        by=by,
        action="begin",
    )


def _waived(left, reasons) -> list[dict]:
    """Each check with something left, and why the month is closed all the same."""
    waived, lacking = [], {}
    for check in left:
        reason = (reasons.get(check.name) or "").strip()
        if len(reason) < 5:
            lacking[check.name] = NEEDS_REASON.format(label=check.label, count=check.count)
        waived.append({"check": check.name, "label": check.label, "count": check.count, "reason": reason})
    if lacking:
        raise Unexplained(lacking)
    return waived


@verb
def finish_closing(closing, *, by=None) -> Closing:
    """Book the month, add it up, seal it. All or nothing; a month that is closed already stays as it is.

    The head of the log is held from the start: every act takes it before it commits, so that no row changes between the
    first indicator and the last.
    """
    closing = lock(closing)
    chain.hold()
    if closing.state != ClosingState.CLOSING:
        return closing
    Touched.objects.all().delete()  # before anything is read: what is written meanwhile is noted for the next month
    before = Closing.objects.newest()
    month = closing.period
    cut = Cut(month.first, month.end, is_opening=before is None)
    for indicator in INDICATORS.values():
        book(indicator, closing, cut)
    snapshots.take(closing, before)
    return move(
        closing,
        ClosingState.CLOSED,
        by=by or closing.begun_by,
        closed_at=now(),
        closed_by=by or closing.begun_by,
        lines=Entry.objects.filter(closing=closing).count(),
        sha256=seal(closing),
    )


def finish(closing_id) -> Closing | None:
    """Finish one that was begun. None when there is nothing to do: it is closed, or was tried too often."""
    closing = Closing.objects.unfinished().filter(pk=closing_id).first()
    return finish_closing(closing) if closing and _counted(closing, by=None) else None


@verb
def _counted(closing, *, by) -> Closing | None:
    """Say that it is tried, before it is: a worker that is killed takes nothing else with it."""
    closing = lock(closing)
    if closing.state != ClosingState.CLOSING or closing.attempts >= settings.REPORT_ATTEMPTS_MOST:
        return None
    return change(closing, by=by, action="try", attempts=closing.attempts + 1)


def sweep() -> list[int]:
    """The closings that were begun and wait for a worker (their ids): their message was lost, or their worker killed. Safe to
    run at any time, twice."""
    with transaction.atomic():
        return list(Closing.objects.left_lying().values_list("pk", flat=True))


def tidy() -> None:
    """Before the first closing there is nothing that a row could differ from: what was noted of it goes."""
    with transaction.atomic():
        chain.hold()  # nobody closes meanwhile
        if not Closing.objects.exists():
            Touched.objects.all().delete()


@verb
def try_again(closing, *, by) -> Closing:
    """Let the workers try once more what they gave up."""
    require(by, "reports.close_month", closing)
    closing = lock(closing)
    if closing.state != ClosingState.CLOSING:
        raise Refused(CLOSED_MEANWHILE)
    return change(closing, by=by, action="try_again", attempts=0)


@verb
def close_month(*, by, month: Month, reasons=None) -> Closing:
    """Begin and finish here and now."""
    return finish_closing(begin_closing(by=by, month=month, reasons=reasons), by=by)


@verb
def ask_reopening(closing, *, by, reason) -> Closing:
    """Ask that the latest closed month be opened again; somebody else decides."""
    require(by, "reports.close_month", closing)
    closing = lock(closing)
    _only_newest(closing)
    if closing.reopening_asked_by_id:
        raise Refused(ALREADY_ASKED)
    return change(
        closing,
        by=by,
        action="ask_reopening",
        reason=reason,
        reopening_reason=reason,
        reopening_asked_at=now(),
        reopening_asked_by=by,
    )


@verb
def decline_reopening(closing, *, by, reason) -> Closing:
    """It stays closed."""
    require(by, "reports.reopen_month", closing)
    if not lock(closing).reopening_asked_by_id:
        raise Refused(NOT_ASKED)
    return change(
        closing,
        by=by,
        action="decline_reopening",
        reason=reason,
        reopening_reason="",
        reopening_asked_at=None,
        reopening_asked_by=None,
    )


@verb
def reopen_month(closing, *, by) -> Closing:
    """Open it again, as somebody else asked for. Its lines stay in the ledger, in force no longer; it is closed anew later."""
    require(by, "reports.reopen_month", closing)
    closing = lock(closing)
    _only_newest(closing)
    if not closing.reopening_asked_by_id:
        raise Refused(NOT_ASKED)
    if closing.reopening_asked_by_id == by.pk:
        raise Refused(TWO_PEOPLE)
    Touched.objects.note_everything()  # what it had booked is in force no longer
    return move(
        closing,
        ClosingState.REOPENED,
        by=by,
        reason=closing.reopening_reason,
        reopened_at=now(),
        reopened_by=by,
    )


def _only_newest(closing) -> None:
    newest = Closing.objects.newest()
    if newest != closing or Closing.objects.filter(state=ClosingState.CLOSING).exists():
        raise Refused(ONLY_NEWEST)
