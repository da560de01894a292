"""What is told of programmes and of organisations that take part: counts that the apps above know, put side by side.

This room knows no app above it; each fills in its columns in ``AppConfig.ready()``:

    PROGRAMS.register(20, (Column("志愿服务", "场"), Column("服务时长", "小时")), read)

``read(keys)`` (of organisations also ``since`` and ``until``) gives ``{key: (value, …)}`` in a fixed number of queries; a key
that is missing has none. Pages, panels and the printed sheet ask here alone. Rows stand in the order of their codes, never
of their sums.
"""

from dataclasses import dataclass
from decimal import Decimal

from jinchuan.shared.money import yuan

HIDDEN = "不足3"
_COUNTS_OF_PEOPLE = ("户", "人", "名")


@dataclass(frozen=True)
class Column:
    name: str
    unit: str
    group: str = ""

    @property
    def head(self) -> str:
        """Over a column: the unit where the name does not say it."""
        return f"{self.name}（{self.unit}）" if self.unit in ("元", "小时", "户") else self.name

    @property
    def zero(self):
        return Decimal("0.00") if self.unit == "元" else 0

    def text(self, value) -> str:
        """As it is printed; service time comes in minutes and is rounded down to a tenth of an hour."""
        if self.unit == "元":
            return yuan(value)
        if self.unit == "小时":
            return f"{value * 10 // 60 / 10:.1f}"
        return str(value)

    def public(self, value) -> str:
        """For whoever is not of the bureau: people and households below 3 could be recognised."""
        return HIDDEN if self.unit in _COUNTS_OF_PEOPLE and 0 < value < 3 else self.text(value)


class Facts:
    """Columns of several apps over the same rows."""

    def __init__(self):
        self._sources = []

    def register(self, order, columns, read) -> None:
        self._sources.append((order, tuple(columns), read))
        self._sources.sort(key=lambda source: source[0])

    @property
    def columns(self) -> list[Column]:
        return [column for _, columns, _ in self._sources for column in columns]

    def of(self, keys, **limits) -> dict:
        """``{key: [value of each column]}`` for every key asked for."""
        keys = list(keys)
        told = {key: [] for key in keys}
        for _, columns, read in self._sources:
            found = read(keys, **limits)
            nothing = tuple(column.zero for column in columns)
            for key in keys:
                told[key] += [
                    column.zero if value is None else value
                    for column, value in zip(columns, found.get(key, nothing), strict=True)
                ]
        return told


PROGRAMS = Facts()
ORGANIZATIONS = Facts()
