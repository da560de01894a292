"""How the figures of a period are read: screen, sheet, paper and dashboard ask here.

Three kinds of months. A closed one is read as it was closed. The one whose turn it is tells what a closing would book now:
what is new, what came late, what closed months told wrongly. Any later one, and every one while nothing was ever closed, is
counted from the registers as they stand.
"""

from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from .enums import ClosingState, ReportKind
from .indicators import INDICATORS, Cuts, Figure, read_all
from .ledger import figures, items
from .ledger.items import Item
from .models import Closing
from .periods import Period


def read(
    period: Period,
    scope=None,
    *,
    as_of: date | None = None,
    codes=None,
    parts: bool = True,
    everything: bool = False,
) -> dict[str, Figure]:
    """Every indicator that can be told of the scope: before the period, in it, and up to its end.

    ``as_of`` (the last day that counts) defaults to the last day of the period, or today while it is not over. A day in the
    middle of a closed month is told from the registers as they stand: what is closed is whole months.
    ``codes`` asks for some indicators alone; without ``parts`` nothing is told by category, street and the like, which takes
    a third of the time. ``everything`` compares the running month with the whole ledger, as who checks does.
    """
    as_of = as_of or min(period.last, today())
    closed = Closed.now()
    if not closed.tells(period, as_of):
        return read_all(Cuts.of(period, as_of), scope, codes=codes, parts=parts)
    found = _months(_begun(period, as_of), as_of, closed, scope, codes, parts, everything)
    if period.kind == ReportKind.MONTH:
        return found[0]
    earlier = _months(period.previous.months, period.previous.last, closed, scope, codes, parts, everything)
    return {code: together([one[code] for one in found], [one[code] for one in earlier]) for code in found[0]}


class Closed:
    """Which months are closed: up to ``newest``; those before ``first`` with the opening balance of that closing."""

    def __init__(self, closings):
        self.first, self.newest = (closings[0], closings[-1]) if closings else (None, None)

    @classmethod
    def now(cls) -> "Closed":
        return cls(list(Closing.objects.in_force().order_by("month").only("month", "state")))

    def holds(self, month: Month) -> bool:
        return self.newest is not None and month <= self.newest.period

    def has(self, month: Month) -> bool:
        """Was it closed itself, and not only older than the first that was?"""
        return self.holds(month) and month >= self.first.period

    def tells(self, period: Period, as_of: date) -> bool:
        """Does the ledger tell of it, or at least of its beginning?"""
        return self.holds(period.opening.previous) and not self.cuts(as_of)

    def cuts(self, day: date) -> bool:
        """Is it a day in the middle of a closed month?"""
        return self.holds(Month.of(day)) and day != Month.of(day).last


def _begun(period, as_of) -> list[Month]:
    return [month for month in period.months if month.first <= as_of] or [period.opening]


def _months(months, as_of, closed, scope, codes, parts, everything) -> list[dict[str, Figure]]:
    """The figures of months, oldest first."""
    kept = figures.kept([month for month in months if closed.holds(month)], scope)
    found = []
    for month in months:
        if not closed.holds(month.previous):
            cuts = Cuts.of(Period(ReportKind.MONTH, month), min(month.last, as_of))
            found.append(read_all(cuts, scope, codes=codes, parts=parts))
            continue
        if not closed.holds(month):
            end = min(month.end, as_of + timedelta(days=1))
            lines = figures.running(month, end, closed.newest, scope, codes, everything)
        elif month < closed.first.period:
            lines = figures.before_the_first(month, closed.first, scope)
        else:
            lines = kept[month]
        found.append(_told(lines, scope, codes, parts))
    return found


def _told(lines, scope, codes, parts) -> dict[str, Figure]:
    return {
        code: figures.figure(indicator, lines.get(code, {}), parts=parts)
        for code, indicator in INDICATORS.items()
        if indicator.tells(scope) and (codes is None or code in codes)
    }


def together(months: list[Figure], earlier: list[Figure] = ()) -> Figure:
    """Months that follow one another as one period: begun as the first, ended as the last; ``earlier`` those of the period
    before."""
    first, last, zero = months[0], months[-1], months[0].indicator.zero
    nothing = Figure(first.indicator, zero, zero, zero)
    return Figure(
        first.indicator,
        last.cumulative,
        first.previous,
        first.previous - sum((one.month for one in earlier), zero),
        sum((one.late for one in months), zero),
        sum((one.correction for one in months), zero),
        by_category={
            name: together(
                [one.by_category[name] for one in months], [one.by_category[name] for one in earlier]
            )
            for name in last.by_category
        },
        by={
            split: {
                part: together(
                    [one.by[split].get(part, nothing) for one in months],
                    [one.by[split].get(part, nothing) for one in earlier],
                )
                for part in sorted({part for one in months for part in one.by[split]})
            }
            for split in last.by
        },
    )


def behind(code: str, period: Period, scope=None, *, as_of: date) -> tuple[list[Item], list[Period]]:
    """What stands behind a figure as ``read`` tells it: the items that the ledger knows, and the periods whose rows count as they
    stand in the registers."""
    indicator, closed = INDICATORS[code], Closed.now()
    if not closed.tells(period, as_of):
        return [], [period]
    found, counted = [], []
    for month in _begun(period, as_of):
        if not closed.holds(month.previous):
            counted.append(Period(ReportKind.MONTH, month))
        elif not closed.holds(month):
            found += items.running(indicator, month, min(month.end, as_of + timedelta(days=1)), scope)
        elif closed.has(month):
            found += items.closed(indicator, month, scope)
        else:
            found += items.opening(indicator, month, closed.first, scope)
    return found, counted


def kept(months: list[Month], scope, codes) -> dict[Month, dict[str, Figure]]:
    """The figures of those of the months that were closed, in one query: whole, without parts."""
    closed = Closed.now()
    booked = [month for month in months if closed.has(month)]
    lines = figures.kept(booked, scope) if booked else {}
    return {
        month: {code: figures.figure(INDICATORS[code], one.get(code, {}), parts=False) for code in codes}
        for month, one in lines.items()
    }


def is_closed(period: Period) -> bool:
    """Are all its months closed, so that its figures change no more?"""
    return Closed.now().holds(period.closing)


def closed_at(period: Period) -> datetime | None:
    """When the last of its months was closed, so that its figures are what they are now; None where all are older than the first
    that was."""
    newest = Closing.objects.in_force().filter(month__gte=str(period.opening), month__lte=str(period.closing))
    return newest.aggregate(at=Max("closed_at"))["at"]


def number(period: Period) -> int:
    """Which edition a report of the period is: one more for every time that one of its months was closed anew."""
    closings = Closing.objects.exclude(state=ClosingState.CLOSING).filter(
        month__gte=str(period.opening), month__lte=str(period.closing)
    )
    times = closings.order_by().values("month").annotate(times=Count("pk")).values_list("times", flat=True)
    return 1 + sum(count - 1 for count in times)
