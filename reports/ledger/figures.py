"""Lines of the ledger as figures, and the lines of any month for one scope: of a closed month as they were kept, of the month
whose turn it is as they would be booked if it were closed now."""

from datetime import date

from django.db.models import Min

from cases.enums import HardshipCategory
from jinchuan.shared.months import Month

from ..enums import EntryKind
from ..indicators import INDICATORS, Figure, Indicator
from ..models import ClosedFigures, Closing, Entry
from ..scopes import booked_in, key_of
from . import snapshots
from .difference import Cut, ask, computed, things_that_differ
from .totals import CATEGORY, NOBODY, WHOLE, Change, Line, Sum, Tally

Lines = dict[str, dict[str, Line]]
"""indicator → part → line"""


def kept(months: list[Month], scope=None) -> dict[Month, Lines]:
    """The lines of closed months, in one query."""
    rows = ClosedFigures.objects.of(key_of(scope)).filter(
        closing__in=Closing.objects.in_force().filter(month__in=[str(month) for month in months])
    )
    found = {
        Month.parse(row.closing.month): snapshots.lines_of(row) for row in rows.select_related("closing")
    }
    return {month: found.get(month, {}) for month in months}


def before_the_first(month: Month, first: Closing, scope=None) -> Lines:
    """The lines of a month older than the first closing, from the opening balance that was booked then."""
    tally = Tally(lambda whose: (WHOLE,))
    rows = Entry.objects.filter(booked_in(scope), closing=first, kind=EntryKind.OPENING, on__lt=month.end)
    recent_from = month.previous.first
    sums = rows.filter(thing__isnull=True)
    for since, until, kind in (
        (None, month.first, EntryKind.OPENING),
        (month.first, month.end, EntryKind.NEW),
    ):
        some = sums.filter(on__lt=until)
        some = some.filter(on__gte=since) if since else some
        tally.add_sums(
            Sum(row["indicator"], row["category"], row["told"], kind, row["recent"], (WHOLE,), row["total"])
            for row in snapshots.sums_of(some, recent_from)
        )
    things = rows.filter(thing__isnull=False).order_by().values_list("indicator", "thing", "told")
    tally.add_things(
        (),
        (
            Change(
                code, thing, told, NOBODY, on, EntryKind.NEW if on >= month.first else EntryKind.OPENING, 1
            )
            for code, thing, told, on in things.annotate(first=Min("on"))
        ),
        recent_from=recent_from,
    )
    return tally.lines[WHOLE]


def running(
    month: Month, as_of_end: date, newest: Closing, scope=None, codes=None, everything=False
) -> Lines:
    """The lines of the month after the newest closed one, up to a day, as a closing would book them now."""
    key = key_of(scope)
    tally = Tally(lambda whose: (key,))
    for code, parts in kept([newest.period], scope)[newest.period].items():
        for part, line in parts.items():
            tally.lines[key][code][part] = line.next()
    cut = Cut.running(month.first, as_of_end, scope, everything=everything)
    for indicator in INDICATORS.values():
        if indicator.tells(scope) and (codes is None or indicator.code in codes):
            _add(tally, indicator, cut, scope)
    return tally.lines[key]


def _add(tally, indicator: Indicator, cut: Cut, scope) -> None:
    key = key_of(scope)
    if not indicator.sources:
        tally.add_sums(
            Sum(one.indicator, one.category, one.told, one.kind, False, (key,), one.amount)
            for one in computed(indicator, cut, scope)
        )
    elif indicator.is_distinct:
        tally.add_things(*things_that_differ(indicator, cut, scope), recent_from=cut.first)
    else:
        tally.add_sums(
            Sum(indicator.code, category, told, kind, False, (key,), int(amount))
            for category, told, kind, amount in ask(
                indicator, cut, scope, "category, told, kind, SUM(amount)", "GROUP BY category, told, kind"
            )
        )


def figure(indicator: Indicator, lines: dict[str, Line], *, parts=True) -> Figure:
    """The figure of an indicator, with its categories and parts."""
    whole = lines.get(WHOLE, Line())
    if not parts:
        return one(indicator, whole)
    told: dict[str, dict[str, Figure]] = {name: {} for name in indicator.splits}
    categories = {}
    for part, line in sorted(lines.items()):
        name, _, value = part.partition(":")
        if name == CATEGORY:
            categories[value] = one(indicator, line)
        elif name in told and (line.cumulative or line.previous):
            told[name][value] = one(indicator, line)
    nothing = Line()
    if indicator.hardships:
        categories = {
            str(category): categories.get(category) or one(indicator, nothing)
            for category in HardshipCategory
        }
    return one(indicator, whole, by_category=categories, by=told)


def one(indicator, line: Line, **told) -> Figure:
    """A line as the indicator tells it: 分 as 元."""
    values = (line.cumulative, line.previous, line.previous - line.month_before, line.late, line.correction)
    return Figure(indicator, *map(indicator.amount, values), **told)
