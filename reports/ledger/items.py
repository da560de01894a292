"""What stands behind one figure of one month: its rows, or its distinct things, each with what it added or took back. They add
up to 本月新增 and 更正."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Min

from jinchuan.shared.months import Month

from ..enums import EntryKind
from ..indicators import Indicator
from ..models import Closing
from .difference import Cut, ask, booked, computed, things_of, things_that_differ, to_day
from .totals import Tally


class Item(NamedTuple):
    """A row of a table (of which, says ``source``), or a distinct thing; ``amount`` in the smallest unit."""

    source: str
    row: int
    on: date
    kind: str
    amount: int


def closed(indicator: Indicator, month: Month, scope=None) -> list[Item]:
    """As it was booked, whatever became of the rows since."""
    lines = booked(indicator, scope).whole()
    of_month = lines.filter(closing__month=str(month))
    if indicator.is_distinct:
        stood = lines.filter(closing__month__lt=str(month), thing__in=of_month.values("thing"))
        return _of_things(things_of(stood), things_of(of_month))
    found = of_month.exclude(kind=EntryKind.OPENING)
    return _of_rows(found.values_list("source", "row", "on", "kind", "amount").iterator(chunk_size=5000))


def opening(indicator: Indicator, month: Month, first: Closing, scope=None) -> list[Item]:
    """Of a month older than the first closing, from the opening balance."""
    lines = booked(indicator, scope).whole().filter(closing=first, kind=EntryKind.OPENING)
    if indicator.is_distinct:
        things = lines.order_by().values("thing").annotate(first=Min("on"))
        things = things.filter(first__gte=month.first, first__lt=month.end)
        return _of_rows(("", one["thing"], one["first"], EntryKind.NEW, 1) for one in things)
    rows = lines.filter(on__gte=month.first, on__lt=month.end).values_list("source", "row", "on", "amount")
    return _of_rows((source, row, on, EntryKind.NEW, amount) for source, row, on, amount in rows)


def running(indicator: Indicator, month: Month, end: date, scope=None) -> list[Item]:
    """As it would be booked if the month were closed now."""
    cut = Cut.running(month.first, end, scope)
    if not indicator.sources:
        entries = (entry for entry in computed(indicator, cut, scope) if not entry.category)
        return _of_rows((entry.source, entry.row, entry.on, entry.kind, entry.amount) for entry in entries)
    if indicator.is_distinct:
        return _of_things(*things_that_differ(indicator, cut, scope))
    found = ask(indicator, cut, scope, 'source, "row", "on", kind, amount', "WHERE category = ''")
    return _of_rows((source, row, to_day(on), kind, int(amount)) for source, row, on, kind, amount in found)


def _of_rows(lines) -> list[Item]:
    """One for each row, day and kind: what moved within the scope is taken back there and put down again."""
    totals = Counter()
    for *what, amount in lines:
        totals[tuple(what)] += amount
    return sorted(
        (Item(*what, amount) for what, amount in totals.items() if amount), key=lambda one: (one.on, one.row)
    )


def _of_things(stood, changes) -> list[Item]:
    """The things that joined the set or left it; not those of the opening balance."""
    steps = Tally(lambda whose: ("",)).steps(stood, changes)
    return _of_rows(
        ("", one.thing, one.on, one.kind, one.amount)
        for one in steps
        if not one.part and one.kind != EntryKind.OPENING
    )
