"""Writes on imports: hand a file in, have it checked, confirm it, have it written.

As with reports the row decides, not the message (docs/adr/0002). Both steps of a worker may be done twice: the check
writes nothing, and the records are written in the transaction that takes the locked row to ``done``.
"""

import json
import logging
import time
import traceback
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinchuan.audit.services import Move, change, create, lock, move, verb
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused

from . import importing, keeping, marking, reading
from .enums import CHECKED_AND_OVER, ImportState
from .importing import Outcome
from .models import SheetImport
from .registers import Register, named

NEVER_FINISHED = "处理时反复中断（{attempts} 次），没有写入任何数据。请联系系统管理员查看后台任务。"
UNEXPECTED = "处理时出错，没有写入任何数据。请再上传一次；仍不成功请联系系统管理员，导入编号 {number}。"
FILE_LOST = "上传的文件不见了，没有写入任何数据。请重新上传。"
_TOLD_EVERY_SECONDS = 0.5

_logger = logging.getLogger(__name__)


class TakenOver(Exception):
    """Another worker has this import now; whatever this one found is thrown away."""


@verb
def hand_in(register: Register, name, data, *, by) -> SheetImport:
    """Keep a file for a register, to be checked by a worker. Refuses at once what is no sheet at all."""
    _may(register, by)
    reading.look_at(data)
    row = SheetImport(
        register=register.name,
        name=name[-120:],
        sha256=reading.digest(data),
        uploaded_at=now(),
        uploaded_by=by,
    )
    keeping.seal(row.pk, keeping.UPLOAD, data)
    try:
        return create(row, by=by)
    except BaseException:
        keeping.drop(row.pk)
        raise


@verb
def confirm(row, *, by) -> SheetImport:
    """Let what was checked be written."""
    _may(named(row.register), by)
    return move(row, ImportState.CONFIRMED, by=by, confirmed_at=now(), attempts=0)


def work(key) -> SheetImport | None:
    """Check or write one import here and now, whichever it waits for. None when it waits for neither."""
    row = SheetImport.objects.filter(pk=key).first()
    if row is None:
        return None
    run_id = uuid.uuid4()
    try:
        row = _claim(row, by=None, run_id=run_id)
    except Move:
        return None
    try:
        return _work(row, run_id)
    except TakenOver:
        return None
    except PermissionDenied:
        return _fail(row, by=None, run_id=run_id, failure=NOT_ALLOWED)
    except Refused as refusal:
        return _fail(row, by=None, run_id=run_id, failure="；".join(refusal.messages))
    except keeping.Lost:
        return _fail(row, by=None, run_id=run_id, failure=FILE_LOST)
    except Exception as error:
        # An error may quote what stood in the sheet: the log is told what and where, never the words.
        where = "".join(traceback.format_tb(error.__traceback__))
        _logger.error("Import %s broke off: %s\n%s", row.pk, type(error).__name__, where)
        return _fail(row, by=None, run_id=run_id, failure=UNEXPECTED.format(number=str(row.pk)[:8]))


@verb
def put_back(row, *, by=None) -> SheetImport:
    """Take an abandoned import out of a dead worker's hands: to be done again, or given up after too many tries."""
    abandoned, row = row.run_id, lock(row)
    if row.run_id != abandoned:
        raise Move(f"“{row}”已由另一个后台任务处理。")
    if row.attempts >= settings.IMPORT_ATTEMPTS_MOST:
        return _give_up(row, NEVER_FINISHED.format(attempts=row.attempts), by=by)
    before = {ImportState.CHECKING: ImportState.QUEUED, ImportState.IMPORTING: ImportState.CONFIRMED}
    to = before.get(row.state, row.state)
    return move(row, ImportState(to), by=by, reason="处理中断，重新排队", run_id=None, claimed_at=None)


def sweep() -> list[uuid.UUID]:
    """Put abandoned imports back and say which ones wait for a worker. Safe to run at any time, twice."""
    limit = now() - timedelta(seconds=settings.IMPORT_HEARTBEAT_LIMIT)
    for row in SheetImport.objects.with_a_worker():
        said = keeping.told(row.pk)
        if max(row.claimed_at, said.at if said else row.claimed_at) < limit:
            try:
                put_back(row)
            except Move:
                continue
    return list(SheetImport.objects.waiting().order_by("uploaded_at").values_list("pk", flat=True))


def tidy() -> int:
    """Throw away the files nobody came back to, and what lies there without an import. Returns how many imports."""
    count = 0
    for row in SheetImport.objects.forgotten():
        try:
            _forget(row, by=None)
        except Move:
            continue
        count += 1
    needed = set(SheetImport.objects.filter(dropped_at__isnull=True).values_list("pk", flat=True))
    limit = now() - timedelta(hours=1)
    for key, newest in keeping.everything().items():
        if key not in needed and newest < limit:  # younger ones may belong to a row that is on its way
            keeping.drop(key)
            count += 1
    return count


def findings(row) -> Outcome:
    """What the check found."""
    return Outcome.from_dict(json.loads(keeping.unseal(row.pk, keeping.FINDINGS)))


def marked(row) -> bytes:
    """Their own file with what is wrong in red."""
    return keeping.unseal(row.pk, keeping.MARKED)


@verb
def _claim(row, *, by, run_id):
    row = lock(row)
    to = {ImportState.QUEUED: ImportState.CHECKING, ImportState.CONFIRMED: ImportState.IMPORTING}
    if row.state not in to:
        raise Move(f"“{row}”现在是“{row.get_state_display()}”，没有要处理的。")
    return move(row, to[row.state], by=by, run_id=run_id, claimed_at=now(), attempts=row.attempts + 1)


def _work(row, run_id):
    register, by = named(row.register), row.uploaded_by
    _may(register, by)
    listener = _Listener(row.pk)
    listener.begin(0)
    sheet = reading.read(keeping.unseal(row.pk, keeping.UPLOAD), row.name, register, tell=listener.read)
    listener.begin(len(sheet.rows))
    if row.state == ImportState.CHECKING:
        outcome = importing.rehearse(register, sheet, by=by, tell=listener.done)
    else:
        row, outcome = _write(row, run_id, register, sheet, listener, by=by)
    if outcome.written:
        return row
    return _settle(row, run_id, register, sheet, outcome)


@verb
def _write(row, run_id, register, sheet, listener, *, by):
    """The records and the end of the import, together or not at all; a worker that was given up on writes nothing."""
    row = _mine(row, run_id)
    outcome = importing.carry_out(register, sheet, by=by, tell=listener.done)
    if outcome.written:
        transaction.on_commit(lambda: keeping.drop(row.pk))
        row = move(
            row,
            ImportState.DONE,
            by=by,
            finished_at=now(),
            dropped_at=now(),
            run_id=None,
            claimed_at=None,
            **_counts(outcome),
        )
    return row, outcome


def _settle(row, run_id, register, sheet, outcome):
    """Keep what was found and say what is to be done about it."""
    if outcome.problems:
        keeping.seal(row.pk, keeping.MARKED, marking.marked(register, sheet, outcome.problems))
    found = json.dumps(outcome.as_dict(), ensure_ascii=False)
    keeping.seal(row.pk, keeping.FINDINGS, found.encode())
    unwritten = ImportState.READY if outcome.is_ready else ImportState.NOTHING
    to = ImportState.WRONG if outcome.problems else unwritten
    return _settled(row, to, by=None, run_id=run_id, counts=_counts(outcome))


@verb
def _settled(row, to, *, by, run_id, counts):
    row = _mine(row, run_id)
    return move(row, to, by=by, run_id=None, claimed_at=None, attempts=0, **counts)


@verb
def _fail(row, *, by, run_id, failure):
    return _give_up(_mine(row, run_id), failure, by=by)


def _give_up(row, failure, *, by):
    transaction.on_commit(lambda: keeping.drop(row.pk))
    return move(
        row, ImportState.FAILED, by=by, run_id=None, claimed_at=None, dropped_at=now(), failure=failure
    )


@verb
def _forget(row, *, by):
    row = lock(row)
    transaction.on_commit(lambda: keeping.drop(row.pk))
    if row.state in CHECKED_AND_OVER:
        return change(row, by=by, action="forget", dropped_at=now())
    return move(row, ImportState.LAPSED, by=by, dropped_at=now())


def _mine(row, run_id):
    row = lock(row)
    if row.run_id != run_id:
        raise TakenOver
    return row


def _may(register, by) -> None:
    if not by.is_active or not register.may_import(by):
        raise PermissionDenied(NOT_ALLOWED)


def _counts(outcome) -> dict:
    return {name: getattr(outcome, name) for name in ("rows", "new", "changed", "same")}


class _Listener:
    """Passes on how far it is, not more often than a person looks."""

    def __init__(self, key):
        self.key, self.total, self.last = key, 0, 0.0

    def read(self, rows) -> None:
        self._tell(0)

    def begin(self, total) -> None:
        self.total, self.last = total, 0.0
        self._tell(0)

    def done(self, rows) -> None:
        self._tell(rows)

    def _tell(self, rows):
        if time.monotonic() - self.last >= _TOLD_EVERY_SECONDS:
            self.last = time.monotonic()
            keeping.tell(self.key, rows, self.total)
