"""Writes on reports: ask for one, put words to it, issue it. How a queued one is made: ``building``; what is printed: ``papers``."""

from django.conf import settings

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.models import Division

from .. import facts as fact
from .. import reading
from ..enums import EditionState, ReportKind
from ..models import ReportEdition
from ..periods import Period
from ..querysets.editions import of_scope
from ..scopes import Scope, code_of

NOT_BEGUN = "{period}还没有开始，不能生成报告。"
NOT_CLOSED = "这一期的月份还没有定稿，报告不能印发。请先在“月度定稿”里定稿，再重新汇总这份报告。"
COUNTED_BEFORE = "这份报告的数据是定稿以前汇总的。请先“重新汇总”，核对以后再印发。"
BEING_BUILT = "报告正在生成，请等它完成后再改文字。"
STALE = "{parts}是在数据重新汇总以前写的，系统现在写的已经不同。请先到“改文字”核对；核对过仍照写的印发，请在印发时勾选确认。"
REPLACED = "这一期已经有第 {number} 版，第 {old} 版不再印发。请打开第 {number} 版办理。"

_LETTERS = {
    ReportKind.MONTH: "YB",
    ReportKind.QUARTER: "JB",
    ReportKind.HALF_YEAR: "BB",
    ReportKind.YEAR: "NB",
}


def home_division() -> Division:
    return Division.objects.get(code=settings.HOME_DIVISION)


@verb
def request_edition(*, by, period: Period, scope: Scope | None = None) -> ReportEdition:
    """The report of a period about a scope (the home district if left out), in the edition that is due now.

    Asked for twice it is the same row; asked for after the period was closed again it is the next edition, which
    supersedes the last. One that is there but not issued yet is put back in the queue with fresh figures; an issued one
    stays. Refuses a period that has not begun.
    """
    require(by, "reports.add_reportedition")
    if period.first > today():
        raise Refused(NOT_BEGUN.format(period=period.label))
    scope = scope or home_division()
    number = reading.number(period)
    last = ReportEdition.objects.about(period, scope).first()
    if last is None or last.number < number:
        return create(
            ReportEdition(
                kind=period.kind,
                period=str(period),
                **of_scope(scope),
                number=number,
                supersedes=last,
                serial=serial_of(period, scope, number),
                requested_at=now(),
                requested_by=by,
            ),
            by=by,
            action="request",
        )
    if last.state in (EditionState.READY, EditionState.FAILED):
        return back_in_queue(last, by=by, reason="重新汇总数据", keep_facts=False)
    return last


def serial_of(period, scope, number) -> str:
    """YB202609-620302000000-1: what kind, which period, about whom, which edition."""
    return f"{_LETTERS[period.kind]}{str(period).replace('-', '')}-{code_of(scope)}-{number}"


@verb
def write_words(edition, *, by, words: dict[str, str], version=None) -> ReportEdition:
    """Put other words to some parts of the paper (part → text); it is printed again from the figures as they were frozen.

    A text that is empty or the composed one is no change any more. Who wrote a part, and when, stays with it. Refuses
    while the paper is being made.
    """
    require(by, "reports.change_reportedition", edition)
    locked = lock(edition)
    if locked.state == EditionState.BUILDING:
        raise Refused(BEING_BUILT)
    edition = change(
        edition,
        by=by,
        version=version,
        action="write_words",
        words=fact.reworded(locked.facts, locked.words, words, by=by, at=now()),
    )
    if edition.state in (EditionState.READY, EditionState.FAILED):
        edition = back_in_queue(edition, by=by, reason="修改文字", keep_facts=True)
    return edition


@verb
def issue_edition(edition, *, by, stale_words_read=False) -> ReportEdition:
    """Let the report go out. From here on neither its figures nor its files change, by any door.

    Refuses an edition that a later one has replaced, one of months that are not closed, and one
    whose figures were gathered before they were; also one with words that a person wrote on other figures, unless somebody
    read those again (``stale_words_read``).
    """
    require(by, "reports.issue_reportedition", edition)
    edition = lock(edition)
    if not reading.is_closed(edition.period_value):
        raise Refused(NOT_CLOSED)
    closed_at = reading.closed_at(edition.period_value)
    if edition.facts_at and closed_at and edition.facts_at < closed_at:
        raise Refused(COUNTED_BEFORE)
    last = ReportEdition.objects.about(edition.period_value, edition.scope).first()
    if last.number > edition.number:
        raise Refused(REPLACED.format(number=last.number, old=edition.number))
    stale = stale_words(edition)
    if stale and not stale_words_read:
        raise Refused(STALE.format(parts="、".join(stale)))
    reason = f"核对过数据更新以前写的{'、'.join(stale)}，仍照印" if stale else ""
    return move(edition, EditionState.ISSUED, by=by, reason=reason, issued_at=now(), issued_by=by)


def stale_words(edition) -> list[str]:
    """The parts of it, as they are called (“捐款捐物”), that a person wrote before the figures were counted anew."""
    return [f"“{fact.PARTS[part]}”" for part in fact.stale(edition.facts, edition.words)]


@verb
def note_opened(edition, *, by) -> None:
    """Somebody opened a file of it."""
    record("open_file", edition, by=by)


def back_in_queue(edition, *, by, reason, keep_facts) -> ReportEdition:
    """Have it made again: with fresh figures, or from those that were frozen."""
    kept = {} if keep_facts else {"facts": None, "facts_at": None}
    return move(
        edition,
        EditionState.QUEUED,
        by=by,
        reason=reason,
        requested_at=now(),
        requested_by=by,
        progress=0,
        step="",
        failure="",
        attempts=0,
        **kept,
    )
