"""The rows behind one figure of one period, as far as a reader may see them. What is listed adds up to the figure."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Min, QuerySet, Sum

from donations.models import Lot

from .. import reading
from ..indicators import INDICATORS
from ..indicators.care import DaysUncovered
from ..indicators.definition import Corrected, Indicator
from ..indicators.using import Unallocated
from ..periods import Period
from .sources import SOURCES, Source


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


def source_of(code, scope=None) -> Source:
    """The table an indicator counts."""
    indicator = INDICATORS[code]
    return SOURCES[Lot if isinstance(indicator, Unallocated) else indicator.queryset(scope).model]


def may_see_rows(user, code, scope=None) -> bool:
    """May the person see rows of that kind at all? To others a count of one or two is not told."""
    return user.has_perm(source_of(code, scope).permission)


def behind(code, period: Period, scope, user, *, as_of: date) -> list[Behind]:
    """What stands behind the period's own part of a figure, up to and including ``as_of``: one entry for each table."""
    indicator, until = INDICATORS[code], as_of + timedelta(days=1)
    if isinstance(indicator, Unallocated | DaysUncovered):
        amounts = indicator.amounts(period.first, until, scope)
        source = source_of(code, scope)
        rows = source.model._default_manager.filter(pk__in=amounts)
        return [_seen("记录", source, indicator, rows.order_by("pk"), user, amounts)]
    rows = _told(indicator, _new(indicator, reading.rows(code, period, scope), period, scope), until)
    found = [_seen("记录", source_of(code, scope), indicator, rows, user)]
    if isinstance(indicator, Corrected):
        corrections = indicator.corrections
        rows = corrections.queryset(scope).filter(**{f"{corrections.on}__gte": period.first})
        found.append(_seen("更正", SOURCES[rows.model], corrections, _told(corrections, rows, until), user))
    return [one for one in found if one.total] or found[:1]


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
