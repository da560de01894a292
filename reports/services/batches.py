"""All reports of a period at once: asked for, followed, tried again where they failed, told of when they are done.

Each report of a batch is a row of its own that a worker claims (``building``), so a lost message, a doubled one or a killed
worker costs time alone. What is asked for twice is the same batch.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from cases.models import Notice
from jinchuan.audit.services import change, constraints_by_database, create, lock, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from organizations.enums import DivisionLevel, Role
from organizations.models import Division, Organization, Program, SupervisingUnit, User

from .. import notices, reading
from ..enums import UNDER_WAY, EditionState, ReportKind
from ..models import BatchEdition, Closing, EditionTransition, ReportBatch, ReportEdition
from ..periods import Period
from . import editions

NOT_OVER = "{period}还没有结束，结束以后再成批生成报告。"
NOTHING_FAILED = "这一批里没有未生成的报告，不用重新生成。"
REPLACED = "这一期已经再次定稿，请打开第{number}版的成批报告办理。"
NOT_FINAL = "这一批按定稿前的数据生成，不能印发。请先定稿，再印发定稿后的一批。"
NOTHING_TO_ISSUE = "这一批里没有待印发的组织统计表。"
TOLD = frozenset({Role.OFFICER, Role.REVIEWER})
"""Of the bureau: who hears that a batch is done, beside whoever asked for it."""
LEVELS = (DivisionLevel.COUNTY, DivisionLevel.SUBDISTRICT, DivisionLevel.TOWN)
SWEEP_MOST = 200
"""So many messages of batches a sweep sees to it that there are: about what a few workers make until the next."""


@dataclass(frozen=True)
class Progress:
    """How far a batch has come. ``left`` is None while nobody can tell."""

    wanted: int
    done: int
    failed: int
    under_way: int
    left: timedelta | None


@verb
def ask_batch(*, by, period: Period) -> ReportBatch:
    """All reports of a period that is over; asked for again it is the same batch, and nothing is made anew.

    Before the period is closed the reports are drafts from open figures; after it, those that are not issued are counted and
    printed again from the figures as they were closed. What is issued stays.
    """
    require(by, "reports.add_reportbatch")
    if period.end > today():
        raise Refused(NOT_OVER.format(period=period.label))
    is_final, number = reading.is_closed(period), reading.number(period)
    there = ReportBatch.objects.of_period(period).filter(number=number, is_final=is_final).first()
    if there:
        return there
    at = now()
    batch = create(
        ReportBatch(
            kind=period.kind,
            period=str(period),
            number=number,
            is_final=is_final,
            requested_at=at,
            requested_by=by,
            started_at=at,
        ),
        by=by,
        action="request",
    )
    with constraints_by_database():
        asked = [_asked(period, scope, by=by, afresh=is_final) for scope in scopes(period)]
    BatchEdition.objects.bulk_create([BatchEdition(batch=batch, edition=edition) for edition in asked])
    return batch


def _asked(period, scope, *, by, afresh) -> ReportEdition:
    """A draft that somebody asked for before is left as it is; after the closing it is made again."""
    last = ReportEdition.objects.about(period, scope).first()
    if last and last.number >= reading.number(period) and not afresh:
        return last
    return editions.request_edition(by=by, period=period, scope=scope)


def scopes(period) -> list:
    """Who has a report of a period: the district with its streets and towns, the organisations that take part, the
    supervising units of these, and the programmes that ran in it."""
    home = editions.home_division()
    organizations = list(
        Organization.objects.taking_part().filter(approved_at__date__lt=period.end).order_by("code")
    )
    units = {one.supervising_unit_id for one in organizations} - {None}
    running = Program.objects.filter(started_on__lt=period.end)
    return [
        *Division.objects.active().within(home).filter(level__in=LEVELS).order_by("code"),
        *organizations,
        *SupervisingUnit.objects.filter(pk__in=units).order_by("pk"),
        *running.filter(Q(ended_on=None) | Q(ended_on__gt=period.first)).order_by("code"),
    ]


@verb
def retry_failed(batch, *, by) -> ReportBatch:
    """Make again what failed, and only that. Refuses where nothing did, and a batch whose period was closed again since."""
    require(by, "reports.add_reportbatch", batch)
    batch = lock(batch)
    number = reading.number(batch.period_value)
    if batch.number < number:
        raise Refused(REPLACED.format(number=number))
    failed = list(ReportEdition.objects.filter(batches__batch=batch, state=EditionState.FAILED))
    if not failed:
        raise Refused(NOTHING_FAILED)
    for edition in failed:
        editions.back_in_queue(edition, by=by, reason="重新生成未生成的报告", keep_facts=False)
    return change(
        batch, by=by, action="retry_failed", round=batch.round + 1, started_at=now(), finished_at=None
    )


@verb
def issue_statements(batch, *, by) -> int:
    """Let the statements of all organisations go out that are ready; returns how many. Refuses drafts. One with words that a
    person wrote on other figures is left to be read again and issued by itself."""
    require(by, "reports.issue_reportedition")
    require(by, "reports.view_reportbatch", batch)
    batch = lock(batch)
    if not batch.is_final:
        raise Refused(NOT_FINAL)
    issued = [
        editions.issue_edition(edition, by=by)
        for edition in ready_statements(batch).order_by("pk")
        if not editions.stale_words(edition)
    ]
    if not issued:
        raise Refused(NOTHING_TO_ISSUE)
    record("issue_statements", batch, by=by, after={"editions": str(len(issued))})
    return len(issued)


def ready_statements(batch):
    """The statements of organisations that may go out."""
    return ReportEdition.objects.filter(
        batches__batch=batch, state=EditionState.READY, organization__isnull=False
    )


def ensure_due() -> list[ReportBatch]:
    """The batches that are due and were not asked for yet: of each period that ended with last month, and after a closing
    those of its final figures. Safe to run at any time, twice."""
    return [batch for period in due_periods() if (batch := _ensured(period))]


def due_periods() -> list[Period]:
    """Last month, and with it the quarter, half-year and year that ended with it; and what was closed late."""
    last = Month.of(today()).previous
    periods = [Period.of(kind, last) for kind in ReportKind]
    ended = [period for period in periods if period.closing == last]
    newest = Closing.objects.newest()
    closed = [Period.of(kind, newest.period) for kind in ReportKind] if newest else []
    late = [period for period in closed if period.closing == newest.period and period not in ended]
    return ended + late


def _ensured(period) -> ReportBatch | None:
    number, is_final = reading.number(period), reading.is_closed(period)
    if ReportBatch.objects.of_period(period).filter(number=number, is_final=is_final).exists():
        return None
    try:
        return ask_batch(by=None, period=period)
    except Refused:  # another worker was faster
        return None


def progress(batch) -> Progress:
    """How far it has come, in two queries; the time left from how long those took that were finished in this round."""
    counted = ReportBatch.objects.with_progress().get(pk=batch.pk)
    finished = EditionTransition.objects.filter(
        edition__batches__batch=batch,
        to_state__in=[EditionState.READY, EditionState.FAILED],
        at__gte=batch.started_at,
    ).count()
    left = (now() - batch.started_at) / finished * counted.under_way if finished else None
    return Progress(counted.wanted, counted.done, counted.failed, counted.under_way, left)


def failures(batch):
    """The reports of a batch that failed, each with its reason."""
    return (
        ReportEdition.objects.filter(batches__batch=batch, state=EditionState.FAILED)
        .for_list()
        .order_by("pk")
    )


def queued(batch_id) -> list[int]:
    """The reports of a batch that wait for a worker: the district's first, then in the order they were asked for."""
    waiting = ReportEdition.objects.waiting().filter(batches__batch=batch_id)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def sweep() -> list[int]:
    """Finish what is done although nobody said so, and say which reports of unfinished batches still wait for a worker."""
    for batch in ReportBatch.objects.unfinished():
        settle(batch)
    waiting = ReportEdition.objects.waiting().in_open_batch().order_by("requested_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:SWEEP_MOST])


def settle_with(edition) -> None:
    """A report came to an end: finish the batches of which it was the last. In a transaction of its own, after the one that
    ended the report, so that of two last ones at once the later sees both."""
    for batch in ReportBatch.objects.unfinished().filter(papers__edition=edition):
        settle(batch)


def settle(batch) -> bool:
    """Finish a batch none of whose reports is under way; True for the one caller who did."""
    _make_again_what_is_stale(batch)
    return _finish(batch, by=None)


def _make_again_what_is_stale(batch):
    """A draft that was being made while its period was closed holds open figures: it is made again."""
    stale = ReportEdition.objects.filter(
        batches__batch=batch, state=EditionState.READY, facts_at__lt=batch.requested_at
    )
    for edition in stale if batch.is_final else ():
        editions.request_edition(by=None, period=edition.period_value, scope=edition.scope)


@verb
def _finish(batch, *, by) -> bool:
    mine = ReportBatch.objects.unfinished().filter(pk=batch.pk, round=batch.round)
    if not mine.exclude(papers__edition__state__in=UNDER_WAY).update(finished_at=now()):
        return False
    counted = ReportBatch.objects.with_progress().get(pk=batch.pk)
    record("finish", counted, by=by, after={"done": str(counted.done), "failed": str(counted.failed)})
    Notice.objects.bulk_create(
        [notices.of_batch(counted, person) for person in _told_of(counted)], ignore_conflicts=True
    )
    return True


def _told_of(batch):
    home = Division.objects.filter(code=settings.HOME_DIVISION)
    bureau = Q(role__in=TOLD, division__in=home)
    asked = Q(pk=batch.requested_by_id) if batch.requested_by_id else Q()
    return User.objects.active().filter(bureau | asked).order_by("pk")
