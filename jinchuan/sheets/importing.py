"""A read sheet → records: rehearsed first, then written whole or not at all.

The rehearsal *is* the import, taken back at its end: it asks the same forms, services and constraints, so it promises
nothing the import would not keep.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from types import SimpleNamespace

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.refusals import refusal_for
from jinchuan.audit.services import constraints_by_database, lock, record, verb
from jinchuan.shared import text
from jinchuan.shared.clock import now, today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import REQUIRED_NAMED, plain_number

from .reading import NO_RESULT, NO_VALUE, Row, Sheet
from .registers import CHANGED, NEW, NUMBER, SAME, Entry, Register, Written

NOTHING_WRITTEN = "有 {count} 行要改，没有写入任何数据。请改好标红的文件再上传。"
ALREADY_IMPORTED = "该文件 {when} 已导入，这一次没有写入任何数据。"
REPEATED_ROW = "第 {row} 行与第 {first} 行重复"
DIFFERS_FROM_FIRST = "与第 {first} 行填写的不同；{number}相同的几行，这一项要一致，或只在第一行填写"
_REHEARSED_AT_ONCE = 100

AUTHOR_NEEDED = "这个名册要记录登记人，请用 --by 写明以哪个账号导入。"


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; ``name`` is empty when it is the row as a whole. ``value`` is masked when personal."""

    row: int
    name: str
    label: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Update:
    """An existing record the sheet would change: (what, old, new), masked."""

    row: int
    label: str
    changes: tuple


@dataclass
class Outcome:
    """What a sheet does or would do, counted in records."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    earlier: str = ""
    written: bool = False

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})

    @property
    def is_ready(self) -> bool:
        """Is there something to write, and nothing in the way?"""
        return not self.problems and not self.earlier and bool(self.new or self.changed)

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, held):
        return cls(
            **held
            | {
                "problems": [Problem(**one) for one in held["problems"]],
                "updates": [Update(**one) for one in held["updates"]],
            }
        )


class _TakenBack(Exception):
    """Ends the transaction of a rehearsal, or of an import with a problem."""


def rehearse(register: Register, sheet: Sheet, *, by) -> Outcome:
    """Everything the import would do and refuse. Writes nothing."""
    return _run(register, sheet, by=by, keep=False)


def carry_out(register: Register, sheet: Sheet, *, by) -> Outcome:
    """Write the whole sheet in one transaction; with a single problem, or a file that came before, write nothing."""
    return _run(register, sheet, by=by, keep=True)


def subject(register, key):
    """What an event about a sheet is about: the register and a key (a file's hash, or the register itself)."""
    return SubjectOfEvent(register, key)


class SubjectOfEvent:
    def __init__(self, register, key):
        self._meta = SimpleNamespace(label=f"sheets.{register.name}")
        self.pk = key[:60]
        self.title = register.title

    def __str__(self):
        return self.title


def _run(register, sheet, *, by, keep) -> Outcome:
    if by is None and register.needs_author:
        raise Refused(AUTHOR_NEEDED)
    outcome = Outcome(rows=len(sheet.rows), notices=list(sheet.notices))
    entries = _parse(register, sheet.rows, by, outcome)
    for part in [entries] if keep else _parts(entries):
        with suppress(_TakenBack):
            _write(register, sheet, part, outcome, keep, by=by)
    outcome.problems.sort(key=lambda problem: problem.row)
    return outcome


def _parts(entries) -> list[list[Entry]]:
    """A rehearsal lets other writers in between; rows of one file meet each other in ``_note_repetition`` already."""
    return [
        entries[start : start + _REHEARSED_AT_ONCE] for start in range(0, len(entries), _REHEARSED_AT_ONCE)
    ] or [[]]


# Cells → entries --------------------------------------------------------------------------------------------


def _parse(register, rows, by, outcome) -> list[Entry]:
    """The entries that can be written as far as the forms can tell; every other row has left its problems."""
    memory, seen, entries = {}, {}, []
    known_by = {"by": by, "memory": memory}
    for group in _grouped(register, rows, outcome):
        before = len(outcome.problems)
        head = _clean(register, register.head, group[0], known_by, outcome)
        for row in group[1:]:
            _compare_with_first(register, group[0], row, outcome)
        lines = (
            [_clean(register, register.line, row, known_by, outcome) for row in group]
            if register.line
            else [{}]
        )
        for row, line in zip(group, lines, strict=True):
            _note_repetition(register, row, head, line, seen, outcome)
        if len(outcome.problems) == before:
            number = _plain(group[0].cells.get(NUMBER))
            entries.append(Entry([row.number for row in group], head | {NUMBER: number}, lines, by, memory))
    return entries


def _grouped(register, rows, outcome) -> list[list[Row]]:
    if not register.grouped:
        return [[row] for row in rows]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        number = _plain(row.cells.get(NUMBER))
        if not number:
            sentence = REQUIRED_NAMED.format(label=register.number_label)
            outcome.problems.append(_problem(register, row, NUMBER, sentence))
            continue
        groups.setdefault(number, []).append(row)
    return list(groups.values())


def _clean(register, form_class, row, known_by, outcome) -> dict:
    """The cleaned cells of a row, as far as they are clean."""
    names = form_class.base_fields
    broken = [name for name in names if row.cells.get(name) is NO_VALUE]
    form = form_class({name: row.cells.get(name) for name in names if name not in broken}, **known_by)
    form.is_valid()
    for name in broken:
        outcome.problems.append(_problem(register, row, name, NO_RESULT))
    for name, messages in form.errors.items():
        if name not in broken:
            outcome.problems.append(_problem(register, row, name, messages[0]))
    return form.cleaned_data


def _compare_with_first(register, first, row, outcome):
    for name in register.head.base_fields:
        value = _plain(row.cells.get(name))
        if value and value != _plain(first.cells.get(name)):
            sentence = DIFFERS_FROM_FIRST.format(first=first.number, number=register.number_label)
            outcome.problems.append(_problem(register, row, name, sentence))


def _note_repetition(register, row, head, line, seen, outcome):
    found = register.key(head, line)
    if not found:
        return
    name, key = found
    first = seen.setdefault(key, row.number)
    if first != row.number:
        sentence = REPEATED_ROW.format(row=row.number, first=first)
        outcome.problems.append(_problem(register, row, name, sentence))


def _plain(value) -> str:
    return "" if value in (None, NO_VALUE) else text.clean(plain_number(value))


def _problem(register, row, name, sentence) -> Problem:
    name = name if name in register.labels else ""
    value = _plain(row.cells.get(name)) if name else ""
    mask = register.personal.get(name)
    return Problem(
        row.number,
        name,
        register.labels.get(name, ""),
        mask(value) if mask and value else value[:40],
        sentence,
    )


# Entries → records ------------------------------------------------------------------------------------------


@verb
def _write(register, sheet, entries, outcome, keep, *, by):
    if by is not None:
        lock(by)
    whole = subject(register, sheet.sha256)
    outcome.earlier = _earlier(whole)
    rows = {row.number: row for row in sheet.rows}
    for entry in entries:
        try:
            with transaction.atomic(), constraints_by_database():
                written = register.write(entry)
        except (ValidationError, PermissionDenied, IntegrityError) as error:
            _note_refusal(register, rows, entry, error, outcome)
        else:
            _count(entry, written, outcome)
    if not keep or not outcome.is_ready:
        raise _TakenBack
    counts = {"rows": outcome.rows, "new": outcome.new, "changed": outcome.changed, "same": outcome.same}
    record("import", whole, by=by, after={name: str(count) for name, count in counts.items()})
    outcome.written = True


def _count(entry, written: Written, outcome):
    setattr(outcome, written.kind, getattr(outcome, written.kind) + 1)
    if written.kind == CHANGED:
        outcome.updates.append(Update(entry.rows[0], written.label, written.changes))


def _note_refusal(register, rows, entry, error, outcome):
    row = rows[getattr(error, "sheet_row", entry.rows[0])]
    if isinstance(error, IntegrityError):
        error = refusal_for(error)
    if isinstance(error, PermissionDenied):
        error = ValidationError(str(error))
    if not isinstance(error, ValidationError):
        raise error
    sentences = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, messages in sentences.items():
        outcome.problems.append(_problem(register, row, name, messages[0]))


def _earlier(whole) -> str:
    event = AuditEvent.objects.of(whole).filter(action="import").order_by("-id").first()
    if event is None:
        return ""
    at = event.at.astimezone(now().tzinfo)
    when = f"{at:%H:%M}" if at.date() == today() else f"{zh(at.date())} {at:%H:%M}"
    return ALREADY_IMPORTED.format(when=when)


__all__ = ["CHANGED", "NEW", "SAME", "Outcome", "Problem", "carry_out", "rehearse", "subject"]
