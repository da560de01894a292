"""The rows behind one figure of one period, as far as a reader may see them. What is listed adds up to the figure."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Min, QuerySet, Sum

from donations.models import Lot

from .. import reading
from ..enums import EntryKind
from ..indicators import INDICATORS
from ..indicators.care import DaysUncovered
from ..indicators.definition import Corrected, Indicator
from ..indicators.using import Unallocated
from ..periods import Period
from .sources import SOURCES, Source

MEASURES = ("元", "小时", "天")


@dataclass(frozen=True)
class Behind:
    """The rows of one table: ``rows`` are those the reader may see, in a stable order; ``total`` counts all there are."""

    title: str
    source: Source
    indicator: Indicator
    rows: QuerySet
    total: int
    seen: int
    amounts: dict = field(default_factory=dict)

    is_booked = False

    @property
    def unseen(self) -> int:
        return self.total - self.seen

    @property
    def is_dated(self) -> bool:
        """Does each row stand for one event? What is left over, or days of waiting, belong to no day."""
        return "told_on" in self.rows.query.annotations

    @property
    def is_measured(self) -> bool:
        """Does each row add an amount to the figure, rather than one?"""
        return self.indicator.value is not None or bool(self.amounts)

    @property
    def key(self) -> str | None:
        """What is counted once, however many rows it has."""
        return self.indicator.key

    def amount_of(self, row):
        return self.amounts[row.pk] if self.amounts else row.told_value

    def sum(self):
        """What the listed rows come to: an amount, distinct things, or rows."""
        if self.amounts:
            mine = self.rows.values_list("pk", flat=True)
            return sum((self.amounts[key] for key in mine), self.indicator.zero)
        if self.indicator.value:
            return self.rows.order_by().aggregate(sum=Sum("told_value"))["sum"] or self.indicator.zero
        if self.key:
            return self.rows.order_by().values(self.key).distinct().count()
        return self.seen


@dataclass(frozen=True)
class Booked:
    """What the ledger says stands behind a figure: each of ``rows`` with the day, the kind and the amount that were booked, whatever
    became of it since."""

    title: str
    source: Source
    indicator: Indicator
    rows: "BookedRows"
    total: int
    is_dated = is_booked = True
    key = None

    @classmethod
    def of(cls, title, source, indicator, items, user) -> "Booked":
        mine = source.model._default_manager.visible_to(user)
        asked, seen = sorted({item.row for item in items}), set()
        for start in range(0, len(asked), 500):
            some = mine.filter(pk__in=asked[start : start + 500])
            seen |= set(some.order_by().values_list("pk", flat=True))
        rows = BookedRows(source, indicator, [item for item in items if item.row in seen])
        return cls(title, source, indicator, rows, len(items))

    @property
    def seen(self) -> int:
        return len(self.rows)

    @property
    def unseen(self) -> int:
        return self.total - self.seen

    @property
    def is_measured(self) -> bool:
        return self.indicator.unit in MEASURES or any(item.amount != 1 for item in self.rows.items)

    def amount_of(self, row):
        return row.told_value

    def sum(self):
        return self.indicator.amount(sum(item.amount for item in self.rows.items))


@dataclass(frozen=True)
class BookedRows:
    """The rows of items, fetched when a page of them is asked for."""

    source: Source
    indicator: Indicator
    items: list

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self[:])

    def __getitem__(self, some: slice) -> list:
        items = self.items[some]
        rows = self.source.model._default_manager.select_related(*self.source.related)
        found = rows.in_bulk({item.row for item in items})
        return [self._told(copy(found[item.row]), item) for item in items]

    def _told(self, row, item):
        row.told_on, row.told_kind = item.on, EntryKind(item.kind).label
        row.told_value = self.indicator.amount(item.amount)
        return row


def source_of(code, scope=None) -> Source:
    """The table an indicator counts."""
    indicator = INDICATORS[code]
    return SOURCES[Lot if isinstance(indicator, Unallocated) else indicator.queryset(scope).model]


def may_see_rows(user, code, scope=None) -> bool:
    """May the person see rows of that kind at all? To others a count of one or two is not told."""
    return user.has_perm(source_of(code, scope).permission)


def behind(code, period: Period, scope, user, *, as_of: date) -> list:
    """What stands behind the period's own part of a figure, up to and including ``as_of``: one entry for each table."""
    items, counted = reading.behind(code, period, scope, as_of=as_of)
    found = _booked(code, items, scope, user)
    for part in counted:
        title = "记录" if part == period else f"记录（{part.label}）"
        found += _counted(title, code, part, scope, user, as_of)
    return [one for one in found if one.total] or found[:1]


def _booked(code, items, scope, user) -> list[Booked]:
    """What the ledger says, by the tables that its items come from."""
    indicator = INDICATORS[code]
    of_table = {"": source_of(code, scope)}
    if indicator.is_distinct:
        of_table = {"": SOURCES[_thing(indicator, scope)]}
    elif isinstance(indicator, Corrected):
        of_table[indicator.corrections.code] = SOURCES[indicator.corrections.queryset(scope).model]
    return [
        Booked.of("记录" if not name else "更正", source, indicator, some, user)
        for name, source in of_table.items()
        if (some := [item for item in items if item.source == name]) or not name
    ]


def _thing(indicator, scope) -> type:
    """The table of the distinct things that an indicator counts."""
    model = indicator.queryset(scope).model
    for way in indicator.key.split("__") if indicator.key else ():
        model = model._meta.get_field(way).related_model
    return model


def _counted(title, code, period, scope, user, as_of) -> list[Behind]:
    """The rows of the registers as they stand."""
    indicator, until = INDICATORS[code], min(period.last, as_of) + timedelta(days=1)
    if isinstance(indicator, Unallocated | DaysUncovered):
        amounts = indicator.amounts(period.first, until, scope)
        source = source_of(code, scope)
        rows = source.model._default_manager.filter(pk__in=amounts)
        return [_seen(title, source, indicator, rows.order_by("pk"), user, amounts)]
    rows = indicator.queryset(scope).filter(**{f"{indicator.on}__gte": period.first})
    rows = _told(indicator, _new(indicator, rows, period, scope), until)
    found = [_seen(title, source_of(code, scope), indicator, rows, user)]
    if isinstance(indicator, Corrected):
        corrections = indicator.corrections
        rows = corrections.queryset(scope).filter(**{f"{corrections.on}__gte": period.first})
        found.append(_seen("更正", SOURCES[rows.model], corrections, _told(corrections, rows, until), user))
    return found


def _new(indicator, rows, period, scope) -> QuerySet:
    """Of distinct things those that are new in the period: what had its first event before counts there."""
    if not indicator.key:
        return rows
    first = indicator.queryset(scope).order_by().values(indicator.key).annotate(first_on=Min(indicator.on))
    return rows.filter(
        **{f"{indicator.key}__in": first.filter(first_on__gte=period.first).values(indicator.key)}
    )


def _told(indicator, rows, until) -> QuerySet:
    rows = rows.filter(**{f"{indicator.on}__lt": until}).annotate(told_on=F(indicator.on))
    if indicator.value:
        rows = rows.annotate(told_value=F(indicator.value))
    return rows.order_by("told_on", "pk")


def _seen(title, source, indicator, rows, user, amounts=None) -> Behind:
    mine = rows.filter(pk__in=source.model._default_manager.visible_to(user).order_by().values("pk"))
    return Behind(
        title,
        source,
        indicator,
        mine.select_related(*source.related),
        rows.order_by().count(),
        mine.order_by().count(),
        amounts or {},
    )
