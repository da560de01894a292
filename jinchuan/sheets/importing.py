"""A read sheet → records: rehearsed first, then written whole or not at all.

The rehearsal *is* the import, taken back at its end: it asks the same forms, services and constraints, so it promises
nothing the import would not keep. Rows go by one entry after the other; what is kept of them is what a person has to read.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import islice
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

from .reading import NO_RESULT, NO_VALUE, Row, Sheet, untold
from .registers import CHANGED, NEW, NUMBER, SAME, Entry, Register, Written

NOTHING_WRITTEN = "有 {count} 行要改，没有写入任何数据。请改好标红的文件再上传。"
ALREADY_IMPORTED = "该文件 {when} 已导入，这一次没有写入任何数据。"
REPEATED_ROW = "第 {row} 行与第 {first} 行重复"
DIFFERS_FROM_FIRST = "与第 {first} 行填写的不同；{number}相同的几行，这一项要一致，或只在第一行填写"
TOO_MANY_PROBLEMS = "要改的地方太多，只检查到第 {row} 行。请先改好这些，再上传检查其余的行。"
PROBLEMS_MOST = 2_000
UPDATES_KEPT = 200
_REHEARSED_AT_ONCE = 100

AUTHOR_NEEDED = "这个名册要记录登记人，请用 --by 写明以哪个账号导入。"


@dataclass(frozen=True, slots=True)
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
    """What a sheet does or would do, counted in records. Of the updates the first ``UPDATES_KEPT`` are told."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    done: int = 0
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


def rehearse(register: Register, sheet: Sheet, *, by, tell=untold) -> Outcome:
    """Everything the import would do and refuse, ``tell(rows)`` hearing how far it is. Writes nothing.

    It lets other writers in between; rows of one file meet each other in ``_note_repetition`` already.
    """
    outcome, entries = _begin(register, sheet, by)
    whole = subject(register, sheet.sha256)
    while part := list(islice(entries, _REHEARSED_AT_ONCE)):
        with suppress(_TakenBack):
            _try(register, part, outcome, tell, by=by)
    outcome.earlier = _earlier(whole)
    return _sorted(outcome)


def carry_out(register: Register, sheet: Sheet, *, by, tell=untold) -> Outcome:
    """Write the whole sheet in one transaction; with a single problem, or a file that came before, write nothing."""
    outcome, entries = _begin(register, sheet, by)
    with suppress(_TakenBack):
        _write(register, sheet, entries, outcome, tell, by=by)
    return _sorted(outcome)


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


def _begin(register, sheet, by):
    if by is None and register.needs_author:
        raise Refused(AUTHOR_NEEDED)
    outcome = Outcome(rows=len(sheet.rows), notices=list(sheet.notices))
    return outcome, _entries(register, sheet.rows, by, outcome)


def _sorted(outcome) -> Outcome:
    outcome.problems.sort(key=lambda problem: problem.row)
    return outcome


# Cells → entries --------------------------------------------------------------------------------------------


def _entries(register, rows, by, outcome) -> Iterator[tuple[Entry, list[Row]]]:
    """The entries that can be written as far as the forms can tell, with their rows; every other row leaves its problems."""
    memory, seen = {}, {}
    forms = {form: form({}, by=by, memory=memory) for form in (register.head, register.line) if form}
    for group in _grouped(register, rows, outcome):
        before = len(outcome.problems)
        head = _clean(register, forms[register.head], group[0], outcome)
        for row in group[1:]:
            _compare_with_first(register, group[0], row, outcome)
        lines = (
            [_clean(register, forms[register.line], row, outcome) for row in group] if register.line else [{}]
        )
        for row, line in zip(group, lines, strict=True):
            _note_repetition(register, row, head, line, seen, outcome)
        if len(outcome.problems) == before:
            number = _plain(group[0].cells.get(NUMBER))
            yield Entry([row.number for row in group], head | {NUMBER: number}, lines, by, memory), group
        else:
            outcome.done += len(group)
        if len(outcome.problems) >= PROBLEMS_MOST:
            outcome.notices.append(TOO_MANY_PROBLEMS.format(row=group[-1].number))
            return


def _grouped(register, rows, outcome) -> Iterator[list[Row]]:
    """The rows that share a number, wherever they stand; one by one where a row is a record."""
    if not register.grouped:
        yield from ([row] for row in rows)
        return
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        number = _plain(row.cells.get(NUMBER))
        if number:
            places.setdefault(number, []).append(place)
        elif len(outcome.problems) < PROBLEMS_MOST:
            sentence = REQUIRED_NAMED.format(label=register.number_label)
            outcome.problems.append(_problem(register, row, NUMBER, sentence))
    for together in places.values():
        yield [rows[place] for place in together]


def _clean(register, form, row, outcome) -> dict:
    """The cleaned cells of a row, as far as they are clean."""
    names = form.base_fields
    broken = [name for name in names if row.cells.get(name) is NO_VALUE]
    form.read({name: row.cells.get(name) for name in names if name not in broken})
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
def _write(register, sheet, entries, outcome, tell, *, by):
    if by is not None:
        lock(by)
    whole = subject(register, sheet.sha256)
    outcome.earlier = _earlier(whole)
    _write_each(register, entries, outcome, tell)
    if not outcome.is_ready:
        raise _TakenBack
    counts = {"rows": outcome.rows, "new": outcome.new, "changed": outcome.changed, "same": outcome.same}
    record("import", whole, by=by, after={name: str(count) for name, count in counts.items()})
    outcome.written = True


@verb
def _try(register, part, outcome, tell, *, by):
    if by is not None:
        lock(by)
    _write_each(register, part, outcome, tell)
    raise _TakenBack


def _write_each(register, entries, outcome, tell):
    for entry, group in entries:
        try:
            with transaction.atomic(), constraints_by_database():
                written = register.write(entry)
        except (ValidationError, PermissionDenied, IntegrityError) as error:
            _note_refusal(register, group, entry, error, outcome)
        else:
            _count(entry, written, outcome)
        outcome.done += len(group)
        tell(outcome.done)


def _count(entry, written: Written, outcome):
    setattr(outcome, written.kind, getattr(outcome, written.kind) + 1)
    if written.kind == CHANGED and len(outcome.updates) < UPDATES_KEPT:
        outcome.updates.append(Update(entry.rows[0], written.label, written.changes))


def _note_refusal(register, group, entry, error, outcome):
    number = getattr(error, "sheet_row", entry.rows[0])
    row = next(row for row in group if row.number == number)
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
