"""What is counted now and what was booked: the difference is what a closing books, and what an open month tells.

A row whose value, date, place or owner changed after it was booked gives a line that takes the old back and a line with the new.
"""
# ruff: noqa: S608 (names of columns are ours; whatever a person wrote is a parameter)

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Q, Sum

from organizations.models import Organization, Program

from ..enums import EntryKind
from ..indicators import Indicator
from ..models import Closing, Entry, Touched
from ..scopes import booked_in
from . import touched
from .counted import DIMENSIONS, SEPARATOR, Sql, label_of, line_of, lines, told_of
from .totals import NOBODY, Change, Whose

_NAMES = ", ".join(f'"{name}"' for name in DIMENSIONS)
_AT_ONCE = 5_000
_FIRST_OF_CELL = f"{_NAMES}, 1".replace('"on"', 'MIN("on") AS "on"')


@dataclass(frozen=True)
class Cut:
    """Until when the difference is drawn (``end``, open), which days are new (from ``first`` on), whether anything was ever
    booked before (if not, what is older is the opening balance), and whether it is enough to look at the days that are new and
    at what was written since (``ledger.touched``), as who reads does. Who books looks at everything."""

    first: date
    end: date
    is_opening: bool
    written_alone: bool = False

    @classmethod
    def running(cls, first: date, end: date, scope, *, everything=False) -> "Cut":
        """Of a month that runs, for reading. What is short is looked through faster than what was written is found: a young
        ledger, and what an organisation or a programme has in any."""
        alone = not (everything or isinstance(scope, Organization | Program) or cls._is_short())
        return cls(first, end, is_opening=False, written_alone=alone and Touched.objects.tell_everything())

    @staticmethod
    def _is_short() -> bool:
        lines = Closing.objects.in_force().aggregate(lines=Sum("lines"))["lines"] or 0
        return lines < settings.LEDGER_LOOKED_THROUGH


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
    if not cut.written_alone:
        sides = [Side(lines(indicator, cut.end, scope), _held(indicator, scope))]
    else:
        side = _of_things_written if indicator.is_distinct else _of_rows_written
        sides = [side(indicator, source, cut, scope, str(n)) for n, source in enumerate(indicator.sources)]
    known = Sql.of(booked(indicator).values("row", "thing", "on", "source"))
    tables, both = [("known", known)], []
    for n, side in enumerate(sides):
        tables += [(f"counted_{n}_{place}", one.rows) for place, one in enumerate(side.counted)]
        tables += [*side.tables, (f"booked_{n}", side.booked)]
        both += [
            Sql(f"SELECT {one.columns} FROM counted_{n}_{place}", one.params)
            for place, one in enumerate(side.counted)
        ]
        both += [*side.more, Sql(f"SELECT {_NAMES}, -amount FROM booked_{n}")]
    kind = _kind(indicator, cut)
    text = (
        f"WITH {', '.join(f'{name} AS ({table.text})' for name, table in tables)}, "
        f"both_sides AS ({' UNION ALL '.join(one.text for one in both)}), "
        f"differing AS (SELECT {_NAMES}, CAST(SUM(amount) AS bigint) AS amount FROM both_sides "
        f"GROUP BY {_NAMES} HAVING SUM(amount) <> 0), "
        f"found AS (SELECT {_NAMES}, amount, {kind.text} AS kind FROM differing)"
    )
    params = [*(param for _, table in tables for param in table.params)]
    params += [*(param for one in both for param in one.params), *kind.params]
    return Sql(text, tuple(params))


@dataclass(frozen=True)
class Side:
    """What is compared: lines that are counted, with ``more`` that stand on further ``tables``, and lines that were booked."""

    counted: list
    booked: Sql
    tables: tuple = ()
    more: tuple = ()


def _held(indicator, scope, **filters) -> Sql:
    return Sql.of(booked(indicator, scope).filter(**filters).values(*DIMENSIONS, "amount"))


def _of_rows_written(indicator, source, cut, scope, n) -> Side:
    """The rows of the days that are new, and those that were written since."""
    written, on = touched.rows_written(source), source.on
    rows = source.queryset(scope)
    pieces = (
        rows.filter(**{f"{on}__gte": cut.first, f"{on}__lt": cut.end}),
        rows.filter(**{f"{on}__lt": min(cut.first, cut.end)}, pk__in=written),
    )
    counted = [line_of(indicator, source, told) for piece in pieces for told in told_of(source, piece)]
    return Side(counted, _held(indicator, scope, source=label_of(indicator, source), row__in=written))


def _of_things_written(indicator, source, cut, scope, n) -> Side:
    """Things of which a row changed are counted anew. To the others something may have been added alone: of what was booked
    and what is new the first day counts."""
    again, on = Q(**{f"{source.key}__in": touched.things_written(source)}), source.on
    rows, label = source.queryset(scope), label_of(indicator, source)
    before = rows.filter(**{f"{on}__lt": min(cut.first, cut.end)})
    pieces = (
        rows.filter(again, **{f"{on}__lt": cut.end}),
        rows.filter(~again, **{f"{on}__gte": cut.first, f"{on}__lt": cut.end}),
        before.filter(~again, pk__in=touched.rows_written(source, new=True)),
    )
    counted = [line_of(indicator, source, told) for piece in pieces for told in told_of(source, piece)]
    again, *added = counted
    things = f"(SELECT thing FROM added_{n})"
    held = _held(indicator, scope, source=label)
    cell = ", ".join(f'"{name}"' for name in DIMENSIONS if name != "on")
    return Side(
        [again],
        Sql(
            f"SELECT * FROM held_{n} WHERE thing IN {things} OR thing IN ({touched.things_written(source).sql})",
            touched.things_written(source).params,
        ),
        tables=(
            *((f"new_{n}_{place}", one.rows) for place, one in enumerate(added)),
            (
                f"added_{n}",
                Sql(
                    " UNION ALL ".join(
                        f"SELECT {one.columns} FROM new_{n}_{place}" for place, one in enumerate(added)
                    ),
                    sum((one.params for one in added), ()),
                ),
            ),
            (f"held_{n}", held),
            (
                f"standing_{n}",
                Sql(
                    f"SELECT {_NAMES} FROM held_{n} WHERE thing IN {things} GROUP BY {_NAMES} HAVING SUM(amount) > 0"
                ),
            ),
        ),
        more=(
            Sql(
                f"SELECT {_FIRST_OF_CELL} FROM (SELECT {_NAMES} FROM added_{n} UNION ALL SELECT {_NAMES} FROM standing_{n}) "
                f"AS every_{n} GROUP BY {cell}"
            ),
        ),
    )


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
    stood = standing(indicator, {change.thing for change in changes}, scope)
    return [one._replace(whose=NOBODY) for one in stood], changes


def standing(indicator: Indicator, things: set[int], scope=None) -> Iterator[Change]:
    """What was booked of distinct things."""
    numbers = sorted(things)
    for start in range(0, len(numbers), _AT_ONCE):
        yield from things_of(booked(indicator, scope).filter(thing__in=numbers[start : start + _AT_ONCE]))


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
    found, among, held = Counter(), None, booked(indicator)
    if cut.written_alone:
        among = touched.steps_written(indicator, cut.first)
        held = held.filter(row__in=among)
    for step in indicator.steps(cut.end, scope, among):
        told = SEPARATOR.join("" if value is None else str(value) for value in step.told)
        for category in ("", *step.categories):
            found[category, "", step.row, None, step.on, *_whose(step), told] += step.amount
    for *dimensions, amount in held.filter(booked_in(scope)).values_list(*DIMENSIONS, "amount").iterator():
        found[tuple(dimensions)] -= amount
    # Known to the ledger, in this scope or in any other: what moved here from elsewhere is a correction, and does not come late.
    known = set(held.order_by().values_list("row", flat=True).distinct())
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
