"""The making of a queued report: the row decides, not the message.

A worker claims it, gives a heartbeat while it works, and puts the finished file in place in one step. A message that is
lost, comes twice, or whose worker is killed costs time and nothing else.
"""

import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction

from cases.models import Notice
from jinchuan.audit.services import Move, change, create, lock, move, verb
from jinchuan.printing import PrintError
from jinchuan.shared.clock import now

from .. import facts as fact
from .. import notices
from ..enums import EditionState
from ..models import EditionFile, ReportEdition
from ..models.editions import new_verify_code, path_of
from . import batches
from .papers import print_papers

NEVER_FINISHED = "生成时反复中断（{attempts} 次），请联系系统管理员查看后台任务。"
UNEXPECTED = "生成时出错，请再试一次；仍不成功请联系系统管理员，报告编号 {serial}。"


class TakenOver(Exception):
    """Another worker has this report now; whatever this one made is thrown away."""


def build(edition_id) -> ReportEdition | None:
    """Build one queued report here and now. None when there is nothing to do: it is gone, being built, or finished.

    Whoever ends the last report of a batch finishes the batch.
    """
    edition = _built(edition_id)
    if edition:
        batches.settle_with(edition)
    return edition


def _built(edition_id) -> ReportEdition | None:
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
            if edition.facts is None or edition.facts.get("template") != fact.TEMPLATE:
                _advance(edition, run_id, 10, "汇总数据")
                edition = _freeze(edition, by=None, run_id=run_id)
            _advance(edition, run_id, 50, "排版打印")
            papers = print_papers(edition)
            _advance(edition, run_id, 90, "保存文件")
            return _put_in_place(edition, run_id, papers)
    except TakenOver:
        return None
    except PrintError as error:
        return _fail(edition, by=None, run_id=run_id, failure=str(error))
    except Exception:
        _fail(edition, by=None, run_id=run_id, failure=UNEXPECTED.format(serial=edition.serial))
        raise


@verb
def put_back(edition, *, by=None) -> ReportEdition:
    """Take an abandoned report out of the dead worker's hands: back in the queue, or failed after too many tries."""
    edition = lock(edition)
    if edition.attempts >= settings.REPORT_ATTEMPTS_MOST:
        failure = NEVER_FINISHED.format(attempts=edition.attempts)
        return _told(
            move(edition, EditionState.FAILED, by=by, run_id=None, heartbeat_at=None, failure=failure)
        )
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
    """Put abandoned reports back and say which ones wait for a worker (their ids) beside those of batches, which take their
    turn (``batches.sweep``). Safe to run at any time, twice."""
    for edition in ReportEdition.objects.abandoned():
        try:
            put_back(edition)
        except Move:
            continue
    waiting = ReportEdition.objects.waiting().exclude(pk__in=ReportEdition.objects.in_open_batch())
    return list(waiting.order_by("requested_at").values_list("pk", flat=True))


def tidy() -> int:
    """Delete files of reports that belong to no report: what a worker killed between file and row left behind.

    Files younger than a day stay, for their row may be on its way. Returns how many were deleted.
    """
    storage = ReportEdition._meta.get_field("pdf").storage
    known = set(ReportEdition.objects.exclude(pdf="").values_list("pdf", flat=True))
    known |= set(EditionFile.objects.values_list("file", flat=True))
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
    code = edition.verify_code or new_verify_code()  # those asked for before there were codes have none
    frozen = fact.of_edition(edition, verify=code)
    edition = _mine(edition, run_id)
    return change(
        edition,
        by=by,
        action="freeze",
        facts=frozen,
        facts_at=now(),
        template_version=fact.TEMPLATE,
        verify_code=code,
    )


def _put_in_place(edition, run_id, papers):
    """The files are written under names of their own; they become the report's in the same step as the state."""
    storage = edition.pdf.storage
    names = {}
    try:
        for paper in papers:
            names[paper.variant] = storage.save(
                path_of(edition.period, paper.suffix), ContentFile(paper.content)
            )
        return _finish(edition, by=None, run_id=run_id, papers=papers, names=names)
    except BaseException:
        for name in names.values():
            storage.delete(name)
        raise


@verb
def _finish(edition, *, by, run_id, papers, names):
    edition = _mine(edition, run_id)
    storage = edition.pdf.storage
    there = {file.variant: file for file in edition.files.all()}
    old = [edition.pdf.name, *(file.file.name for file in there.values())]
    transaction.on_commit(lambda: [storage.delete(name) for name in old if name])
    main, *others = papers
    for paper in others:
        columns = {"file": names[paper.variant], "sha256": paper.sha256, "pages": paper.pages}
        if paper.variant in there:
            change(there[paper.variant], by=by, **columns)
        else:
            create(EditionFile(edition=edition, variant=paper.variant, **columns), by=by)
    edition = move(
        edition,
        EditionState.READY,
        by=by,
        pdf=names[main.variant],
        sha256=main.sha256,
        pages=main.pages,
        progress=100,
        step="完成",
        run_id=None,
        heartbeat_at=None,
        attempts=0,
    )
    return _told(edition)


@verb
def _fail(edition, *, by, run_id, failure):
    edition = _mine(edition, run_id)
    edition = move(
        edition, EditionState.FAILED, by=by, run_id=None, heartbeat_at=None, failure=failure, step=""
    )
    return _told(edition)


def _told(edition):
    """Whoever asked for this one report hears of its end, once, in the same transaction; of a batch they hear as a whole."""
    asker = edition.requested_by
    if asker and asker.is_active and not edition.batches.filter(batch__finished_at=None).exists():
        Notice.objects.bulk_create([notices.of_edition(edition, asker)], ignore_conflicts=True)
    return edition


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
