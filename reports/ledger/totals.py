"""What the lines of the ledger come to: for every scope, every indicator, the whole and each part it is told by.

Sums add up. Distinct things are sets: a thing counts in a scope while any of its lines there stands, so what a month brings is
what joined the set, and what it takes back is what left it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ..enums import EntryKind
from ..indicators import INDICATORS
from ..indicators.definition import part_of
from .counted import SEPARATOR

WHOLE = ""
CATEGORY = "category"


@dataclass(slots=True)
class Line:
    """上月累计, 本月新增 (补报 included), 更正, in the smallest unit; and what the month before had added."""

    previous: int = 0
    month: int = 0
    late: int = 0
    correction: int = 0
    month_before: int = 0

    @property
    def cumulative(self) -> int:
        return self.previous + self.month + self.correction

    def next(self) -> "Line":
        """The line of the month after, before anything happened in it."""
        return Line(previous=self.cumulative, month_before=self.month)

    def add(self, kind, amount, *, recent=False) -> None:
        """``recent``: of an opening balance, what happened in the month before."""
        match kind:
            case EntryKind.OPENING:
                self.previous += amount
                self.month_before += amount if recent else 0
            case EntryKind.CORRECTION:
                self.correction += amount
            case EntryKind.LATE | EntryKind.NEW:
                self.month += amount
                self.late += amount if kind == EntryKind.LATE else 0

    def __bool__(self):
        return any((self.previous, self.month, self.late, self.correction, self.month_before))


class Whose(NamedTuple):
    """The columns of a line that say which scopes it belongs to."""

    division: int | None = None
    organization: int | None = None
    unit: int | None = None
    program: int | None = None


NOBODY = Whose()


class Sum(NamedTuple):
    """Lines of one kind that belong together, added up, and the scopes they belong to."""

    indicator: str
    category: str
    told: str
    kind: str
    recent: bool
    scopes: tuple[str, ...]
    amount: int


class Change(NamedTuple):
    """One line about a distinct thing."""

    indicator: str
    thing: int
    told: str
    whose: Whose
    on: date
    kind: str
    amount: int


class Step(NamedTuple):
    """A distinct thing that joins the set of a scope and part, or leaves it."""

    indicator: str
    thing: int
    scope: str
    part: str
    on: date
    kind: str
    amount: int


class Tally:
    """Lines by scope, indicator and part. ``scopes`` says to which scopes a line about a thing belongs."""

    def __init__(self, scopes: Callable[[Whose], Iterable[str]]):
        self.scopes = scopes
        self.lines: dict[str, dict[str, dict[str, Line]]] = defaultdict(lambda: defaultdict(dict))

    def line(self, scope, indicator, part) -> Line:
        return self.lines[scope][indicator].setdefault(part, Line())

    def add_sums(self, sums: Iterable[Sum]) -> None:
        for one in sums:
            for scope in one.scopes:
                for part in parts_of(one.indicator, one.told, one.category):
                    self.line(scope, one.indicator, part).add(one.kind, one.amount, recent=one.recent)

    def add_things(self, stood: Iterable[Change], changes: Iterable[Change], *, recent_from: date) -> None:
        """``stood``: the lines of the same things that were in force before."""
        for one in self.steps(stood, changes):
            line = self.line(one.scope, one.indicator, one.part)
            line.add(one.kind, one.amount, recent=one.on >= recent_from)

    def steps(self, stood: Iterable[Change], changes: Iterable[Change]) -> Iterator[Step]:
        """The things that join or leave the sets. A thing joins as its first line there says: new, late, corrected."""
        before, after, put, taken = defaultdict(int), defaultdict(int), defaultdict(list), defaultdict(list)
        for one in stood:
            before[self._what(one)] += one.amount
        after |= before
        for one in changes:
            after[self._what(one)] += one.amount
            (put if one.amount > 0 else taken)[one.indicator, one.thing].append(one)
        counted_before, counted = self._cells(before), self._cells(after)
        for thing in counted_before.keys() | counted.keys():
            was, now = counted_before.get(thing, set()), counted.get(thing, set())
            for cell in was - now:
                yield Step(*thing, *cell, min(one.on for one in taken[thing]), EntryKind.CORRECTION, -1)
            joined = now - was
            for one in sorted(put[thing], key=lambda one: one.on) if joined else ():
                for cell in joined & self._cells_of(one):
                    joined.discard(cell)
                    yield Step(*thing, *cell, one.on, one.kind, 1)

    @staticmethod
    def _what(one) -> tuple:
        return one.indicator, one.thing, one.told, one.whose

    def _cells(self, standing) -> dict[tuple, set]:
        """The scopes and parts each thing counts in."""
        cells = defaultdict(set)
        for (indicator, thing, told, whose), amount in standing.items():
            if amount > 0:
                cells[indicator, thing] |= self._cells_of(Change(indicator, thing, told, whose, None, "", 1))
        return cells

    def _cells_of(self, one) -> set:
        return {
            (scope, part) for scope in self.scopes(one.whose) for part in parts_of(one.indicator, one.told)
        }


def parts_of(indicator, told, category="") -> list[str]:
    """The lines of a figure in which a line of the ledger counts: the whole with each of its parts, or one category."""
    if category:
        return [f"{CATEGORY}:{category}"]
    splits = INDICATORS[indicator].splits
    values = told.split(SEPARATOR) if splits else ()
    return [
        WHOLE,
        *(f"{name}:{part_of(name, _value(text))}" for name, text in zip(splits, values, strict=True)),
    ]


def _value(text):
    return json.loads(text) if text.startswith("[") else text
