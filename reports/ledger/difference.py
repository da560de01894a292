"""What is counted now and what was booked: the difference is what a closing books, and what an open month tells.

A row whose value, date, place or owner changed after it was booked gives a line that takes the old back and a line with the new.
"""
# ruff: noqa: S608 (names of columns are ours; whatever a person wrote is a parameter)

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from ..enums import EntryKind
from ..indicators import Indicator
from ..models import Entry
from ..scopes import booked_in
from .counted import DIMENSIONS, SEPARATOR, Sql, lines
from .totals import NOBODY, Change, Whose

_NAMES = ", ".join(f'"{name}"' for name in DIMENSIONS)


@dataclass(frozen=True)
class Cut:
    """Until when the difference is drawn (``end``, open), which days are new (from ``first`` on), and whether anything was ever
    booked before (if not, what is older is the opening balance)."""

    first: date
    end: date
    is_opening: bool


def book(indicator: Indicator, closing, cut: Cut) -> None:
    """Put the difference into the ledger as lines of the closing."""
    if not indicator.sources:
        entries = list(computed(indicator, cut))
        for entry in entries:
            entry.closing = closing
        Entry.objects.bulk_create(entries, batch_size=1000)
        return
    found = difference(indicator, cut)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Entry._meta.db_table} (closing_id, indicator, {_NAMES}, amount, kind) "
            f"{found.text} SELECT CAST(%s AS bigint), CAST(%s AS varchar(40)), {_NAMES}, amount, kind FROM found",
            (*found.params, closing.pk, indicator.code),
        )


def difference(indicator: Indicator, cut: Cut, scope=None) -> Sql:
    """``WITH … found``: ``DIMENSIONS``, ``amount`` and ``kind`` of every line in which the registers and the ledger differ."""
    sides = lines(indicator, cut.end, scope)
    held = Sql.of(booked(indicator, scope).values(*DIMENSIONS, "amount"))
    known = Sql.of(booked(indicator).values("row", "thing", "on", "source"))
    tables = [(f"counted_{place}", side.rows) for place, side in enumerate(sides)]
    tables += [("booked", held), ("known", known)]
    both = [f"SELECT {side.columns} FROM counted_{place}" for place, side in enumerate(sides)]
    both.append(f"SELECT {_NAMES}, -amount FROM booked")
    kind = _kind(indicator, cut)
    text = (
        f"WITH {', '.join(f'{name} AS ({table.text})' for name, table in tables)}, "
        f"both_sides AS ({' UNION ALL '.join(both)}), "
        f"differing AS (SELECT {_NAMES}, CAST(SUM(amount) AS bigint) AS amount FROM both_sides "
        f"GROUP BY {_NAMES} HAVING SUM(amount) <> 0), "
        f"found AS (SELECT {_NAMES}, amount, {kind.text} AS kind FROM differing)"
    )
    params = [*(param for _, table in tables for param in table.params)]
    params += [*(param for side in sides for param in side.params), *kind.params]
    return Sql(text, tuple(params))


def ask(indicator: Indicator, cut: Cut, scope, columns, tail="") -> list[tuple]:
    """Columns of the difference."""
    found = difference(indicator, cut, scope)
    with connection.cursor() as cursor:
        cursor.execute(f"{found.text} SELECT {columns} FROM found {tail}", found.params)
        return cursor.fetchall()


def things_that_differ(indicator: Indicator, cut: Cut, scope=None) -> tuple[list[Change], list[Change]]:
    """What stood of the distinct things that the difference is about, and the difference, whosever they are."""
    changes = [
        Change(indicator.code, thing, told, NOBODY, to_day(on), kind, amount)
        for thing, told, on, kind, amount in ask(indicator, cut, scope, 'thing, told, "on", kind, amount')
    ]
    things = {change.thing for change in changes}
    stood = things_of(booked(indicator, scope)) if things else ()
    return [one._replace(whose=NOBODY) for one in stood if one.thing in things], changes


def booked(indicator: Indicator, scope=None):
    """The lines of the indicator that are in force."""
    return Entry.objects.in_force().filter(booked_in(scope), indicator=indicator.code)


def _kind(indicator, cut) -> Sql:
    """The kind of a line: by its day, and by whether the ledger has known its row."""
    first = _day(cut.first)
    if cut.is_opening:
        return Sql(f"CASE WHEN \"on\" >= %s THEN '{EntryKind.NEW}' ELSE '{EntryKind.OPENING}' END", (first,))
    same = (
        'known.thing = differing.thing AND known."on" = differing."on"'
        if indicator.is_distinct
        else 'known."row" = differing."row" AND known.source = differing.source'
    )
    return Sql(
        f"CASE WHEN \"on\" >= %s THEN '{EntryKind.NEW}' "
        f"WHEN EXISTS (SELECT 1 FROM known WHERE {same}) THEN '{EntryKind.CORRECTION}' "
        f"ELSE '{EntryKind.LATE}' END",
        (first,),
    )


def things_of(entries) -> Iterator[Change]:
    """Lines of the ledger that are about distinct things."""
    columns = ("indicator", "thing", "told", *Whose._fields, "on", "kind", "amount")
    for row in entries.filter(thing__isnull=False).values_list(*columns).iterator(chunk_size=5000):
        indicator, thing, told, division, organization, unit, program, *rest = row
        yield Change(indicator, thing, told, Whose(division, organization, unit, program), *rest)


def to_day(value) -> date:
    """A day as a database gives it to plain SQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _day(day):
    return connection.ops.adapt_datefield_value(day)


def computed(indicator: Indicator, cut: Cut, scope=None) -> Iterator[Entry]:
    """The difference of an indicator that no row of a table tells: entries without a closing."""
    found = Counter()
    for step in indicator.steps(cut.end, scope):
        told = SEPARATOR.join("" if value is None else str(value) for value in step.told)
        for category in ("", *step.categories):
            found[category, "", step.row, None, step.on, *_whose(step), told] += step.amount
    for *dimensions, amount in booked(indicator, scope).values_list(*DIMENSIONS, "amount").iterator():
        found[tuple(dimensions)] -= amount
    # Known to the ledger, in this scope or in any other: what moved here from elsewhere is a correction, and does not come late.
    known = set(booked(indicator).order_by().values_list("row", flat=True).distinct())
    for dimensions, amount in found.items():
        if amount:
            entry = Entry(
                indicator=indicator.code, amount=amount, **dict(zip(DIMENSIONS, dimensions, strict=True))
            )
            entry.kind = _kind_of(entry, cut, known)
            yield entry


def _whose(step):
    return step.division, step.organization, step.unit, None


def _kind_of(entry, cut, known) -> EntryKind:
    if entry.on >= cut.first:
        return EntryKind.NEW
    if cut.is_opening:
        return EntryKind.OPENING
    return EntryKind.CORRECTION if entry.row in known else EntryKind.LATE
