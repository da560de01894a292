"""Writes on reports: ask for one, build it, put words to it, issue it.

The row decides, not the message: a worker claims it, gives a heartbeat while it works, and puts the finished file in
place in one step. A message that is lost, comes twice, or whose worker is killed costs time and nothing else.
"""

import json
import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction

from jinchuan.audit.services import Move, change, create, lock, move, record, verb
from jinchuan.printing import Attachment, PrintError, render_pdf
from jinchuan.shared.access import require
from jinchuan.shared.clock import SHANGHAI, now, today
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from organizations.models import Division

from .. import facts as fact
from .. import reading
from ..enums import EditionState, ReportKind
from ..models import ReportEdition, pdf_path
from ..periods import Period
from ..wording import NEXT_STEPS

MONTH_NOT_BEGUN = "{month}还没有开始，不能生成月报。"
NOT_CLOSED = "这一期的月份还没有定稿，报告不能印发。请先在“月度定稿”里定稿，再重新汇总这份报告。"
BEING_BUILT = "报告正在生成，请等它完成后再改“下一步打算”。"
NEVER_FINISHED = "生成时反复中断（{attempts} 次），请联系系统管理员查看后台任务。"
UNEXPECTED = "生成时出错，请再试一次；仍不成功请联系系统管理员，报告编号 {serial}。"


class TakenOver(Exception):
    """Another worker has this report now; whatever this one made is thrown away."""


def home_division() -> Division:
    return Division.objects.get(code=settings.HOME_DIVISION)


@verb
def request_edition(*, by, month: Month, scope=None) -> ReportEdition:
    """The report of a month for a division; asked for twice it is the same row. Building it is the worker's business.

    A report that is there but not issued yet is put back in the queue with fresh figures; an issued one stays.
    """
    require(by, "reports.add_reportedition")
    if month.first > today():
        raise Refused(MONTH_NOT_BEGUN.format(month=month.label))
    scope = scope or home_division()
    edition = ReportEdition.objects.filter(
        kind=ReportKind.MONTH, period=str(month), scope=scope, number=1
    ).first()
    if edition is None:
        return create(
            ReportEdition(
                period=str(month),
                scope=scope,
                serial=f"YB{month.year}{month.month:02d}-{scope.code}-1",
                next_steps=NEXT_STEPS,
                requested_at=now(),
                requested_by=by,
            ),
            by=by,
            action="request",
        )
    if edition.state in (EditionState.READY, EditionState.FAILED):
        return _back_in_queue(edition, by=by, reason="重新汇总数据", keep_facts=False)
    return edition


@verb
def write_next_steps(edition, *, by, text, version=None) -> ReportEdition:
    """Change “下一步打算”; the paper is printed again from the figures as they were frozen."""
    require(by, "reports.change_reportedition", edition)
    if lock(edition).state == EditionState.BUILDING:
        raise Refused(BEING_BUILT)
    edition = change(edition, by=by, version=version, action="write_next_steps", next_steps=text)
    if edition.state == EditionState.READY:
        edition = _back_in_queue(edition, by=by, reason="修改下一步打算", keep_facts=True)
    return edition


@verb
def issue_edition(edition, *, by) -> ReportEdition:
    """Let the report go out. From here on neither its figures nor its file change, by any door.

    Refuses a report of months that are not closed.
    """
    require(by, "reports.issue_reportedition", edition)
    if not reading.is_closed(Period.parse(edition.kind, edition.period)):
        raise Refused(NOT_CLOSED)
    return move(edition, EditionState.ISSUED, by=by, issued_at=now(), issued_by=by)


@verb
def note_opened(edition, *, by) -> None:
    """Somebody opened the file."""
    record("open_file", edition, by=by)


def build(edition_id) -> ReportEdition | None:
    """Build one queued report here and now. None when there is nothing to do: it is gone, being built, or finished."""
    edition = ReportEdition.objects.filter(pk=edition_id).first()
    if edition is None:
        return None
    run_id = uuid.uuid4()
    try:
        edition = _claim(edition, by=None, run_id=run_id)
    except Move:
        return None
    try:
        with _heartbeat(edition.pk, run_id):
            if edition.facts is None:
                _advance(edition, run_id, 10, "汇总数据")
                edition = _freeze(edition, by=None, run_id=run_id)
            _advance(edition, run_id, 50, "排版打印")
            rendering = print_edition(edition)
            _advance(edition, run_id, 90, "保存文件")
            return _put_in_place(edition, run_id, rendering)
    except TakenOver:
        return None
    except PrintError as error:
        return _fail(edition, by=None, run_id=run_id, failure=str(error))
    except Exception:
        _fail(edition, by=None, run_id=run_id, failure=UNEXPECTED.format(serial=edition.serial))
        raise


def print_edition(edition):
    """The paper of an edition, from its frozen facts alone, with the figures attached as JSON: what the paper hides, it
    does not carry along either."""
    facts = fact.with_next_steps(edition.facts, edition.next_steps)
    carried = facts
    if fact.is_small(edition.scope):
        carried = {**facts, "indicators": fact.without_small_counts(facts["indicators"])}
    return render_pdf(
        "print/monthly_report.html",
        {"facts": facts},
        title="".join(facts["title"]) + facts["subtitle"],
        created=edition.facts_at.astimezone(SHANGHAI),
        attachments=[
            Attachment(
                name="figures.json",
                data=figures_json(carried),
                description="本报告的统计数据",
                mime="application/json",
            )
        ],
    )


def figures_json(facts) -> bytes:
    """The figures of a report as the JSON that is handed over with it."""
    keep = ("period", "as_of", "scope", "serial", "indicators")
    return json.dumps(
        {key: facts[key] for key in keep}, ensure_ascii=False, indent=2, sort_keys=True
    ).encode()


@verb
def put_back(edition, *, by=None) -> ReportEdition:
    """Take an abandoned report out of the dead worker's hands: back in the queue, or failed after too many tries."""
    edition = lock(edition)
    if edition.attempts >= settings.REPORT_ATTEMPTS_MOST:
        failure = NEVER_FINISHED.format(attempts=edition.attempts)
        return move(edition, EditionState.FAILED, by=by, run_id=None, heartbeat_at=None, failure=failure)
    return move(
        edition,
        EditionState.QUEUED,
        by=by,
        reason="生成中断，重新排队",
        run_id=None,
        heartbeat_at=None,
        progress=0,
    )


def sweep() -> list[int]:
    """Put abandoned reports back and say which ones wait for a worker (their ids). Safe to run at any time, twice."""
    for edition in ReportEdition.objects.abandoned():
        try:
            put_back(edition)
        except Move:
            continue
    return list(ReportEdition.objects.waiting().order_by("requested_at").values_list("pk", flat=True))


def ensure_last_month() -> ReportEdition:
    """The report of the month before exists from the first night of a month on, however often this runs."""
    month = Month.of(today()).previous
    edition = ReportEdition.objects.filter(
        kind=ReportKind.MONTH, period=str(month), scope=home_division(), number=1
    ).first()
    if edition:
        return edition
    try:
        return request_edition(by=None, month=month)
    except Refused:  # another worker was faster
        return ReportEdition.objects.get(
            kind=ReportKind.MONTH, period=str(month), scope=home_division(), number=1
        )


def tidy() -> int:
    """Delete files of reports that belong to no report: what a worker killed between file and row left behind.

    Files younger than a day stay, for their row may be on its way. Returns how many were deleted.
    """
    storage = ReportEdition._meta.get_field("pdf").storage
    known = set(ReportEdition.objects.exclude(pdf="").values_list("pdf", flat=True))
    limit, deleted = now() - timedelta(days=1), 0
    for folder in storage.listdir("reports")[0] if storage.exists("reports") else ():
        for file in storage.listdir(f"reports/{folder}")[1]:
            name = f"reports/{folder}/{file}"
            if name not in known and storage.get_modified_time(name) < limit:
                storage.delete(name)
                deleted += 1
    return deleted


@verb
def _claim(edition, *, by, run_id):
    return move(
        edition,
        EditionState.BUILDING,
        by=by,
        run_id=run_id,
        attempts=edition.attempts + 1,
        heartbeat_at=now(),
        progress=5,
        step="开始",
        failure="",
    )


@verb
def _freeze(edition, *, by, run_id):
    frozen = fact.gather(edition.month, edition.scope, serial=edition.serial, next_steps=edition.next_steps)
    edition = _mine(edition, run_id)
    return change(edition, by=by, action="freeze", facts=frozen, facts_at=now())


def _put_in_place(edition, run_id, rendering):
    """The file is written under a name of its own; it becomes the report's in the same step as the state."""
    storage = edition.pdf.storage
    name = storage.save(pdf_path(edition), ContentFile(rendering.pdf))
    try:
        return _finish(
            edition, by=None, run_id=run_id, name=name, sha256=rendering.sha256, pages=rendering.pages
        )
    except BaseException:
        storage.delete(name)
        raise


@verb
def _finish(edition, *, by, run_id, name, sha256, pages):
    edition = _mine(edition, run_id)
    old, storage = edition.pdf.name, edition.pdf.storage
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    return move(
        edition,
        EditionState.READY,
        by=by,
        pdf=name,
        sha256=sha256,
        pages=pages,
        progress=100,
        step="完成",
        run_id=None,
        heartbeat_at=None,
        attempts=0,
    )


@verb
def _fail(edition, *, by, run_id, failure):
    edition = _mine(edition, run_id)
    return move(edition, EditionState.FAILED, by=by, run_id=None, heartbeat_at=None, failure=failure, step="")


def _back_in_queue(edition, *, by, reason, keep_facts):
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


def _mine(edition, run_id):
    edition = lock(edition)
    if edition.run_id != run_id or edition.state != EditionState.BUILDING:
        raise TakenOver
    return edition


def _advance(edition, run_id, progress, step) -> None:
    """Say how far it is, and learn whether it is still ours. Progress is no event: it goes past the log."""
    mine = ReportEdition.objects.filter(pk=edition.pk, run_id=run_id, state=EditionState.BUILDING)
    if not mine.update(progress=progress, step=step, heartbeat_at=now()):
        raise TakenOver


@contextmanager
def _heartbeat(edition_id, run_id):
    """A sign of life every few seconds while a long step runs."""
    done = threading.Event()

    def beat():
        try:
            while not done.wait(settings.REPORT_HEARTBEAT_LIMIT / 6):
                mine = ReportEdition.objects.filter(pk=edition_id, run_id=run_id, state=EditionState.BUILDING)
                if not mine.update(heartbeat_at=now()):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{edition_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
