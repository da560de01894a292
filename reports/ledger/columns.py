"""What each organisation had of every scope's figures when a month was closed: the columns of the table of organisations."""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Sum

from jinchuan.shared.months import Month

from ..indicators import INDICATORS
from ..models import ClosedFigures, Closing, Entry
from ..scopes import key_of
from .difference import Cut, ask, standing, things_of
from .totals import WHOLE, Tally, Whose

CODES = (
    "intention_households",
    "paired_households",
    "donations_cash",
    "donations_goods",
    "service_sessions",
    "service_person_times",
)

_OF_ONE = "WHERE category = '' AND organization_id IS NOT NULL GROUP BY organization_id"
_BY_ORGANIZATION = ("organization_id, CAST(SUM(amount) AS bigint)", _OF_ONE)
_BY_THING = ("thing, organization_id, CAST(SUM(amount) AS bigint)", f"{_OF_ONE}, thing")

Columns = dict[str, dict[str, dict[str, int]]]
"""scope → indicator → organisation → cumulative, in the smallest unit"""


def add_up(closing: Closing, before: Closing | None, scopes_of, stood) -> Columns:
    """The columns of the closing before, and what this one booked. ``stood``: what the ledger said of its things before."""
    columns: Columns = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for scope, kept in before.figures.values_list("scope", "organizations") if before else ():
        for code, totals in (kept or {}).items():
            columns[scope][code] |= totals
    for code, (scope, organization), amount in _steps(closing, scopes_of, stood):
        columns[scope][code][str(organization)] += amount
    return columns


def running(month: Month, end: date, scope=None) -> dict[str, dict[int, int]] | None:
    """The columns of the month that runs, up to a day: what was kept last, and what differs from it. None where nothing was."""
    before = kept(month.previous, scope)
    if before is None:
        return None
    cut, found = Cut.running(month.first, end, scope), {}
    for code in CODES:
        if INDICATORS[code].tells(scope):
            found[code] = Counter(before.get(code, {}))
            found[code].update(_changes(INDICATORS[code], cut, scope))
    return found


def kept(month: Month, scope=None) -> dict[str, dict[int, int]] | None:
    """As they were kept when the month was closed; None in a closing that kept none."""
    rows = ClosedFigures.objects.of(key_of(scope)).filter(
        closing__in=Closing.objects.in_force().filter(month=str(month))
    )
    for told in rows.values_list("organizations", flat=True):
        return told and {code: {int(pk): total for pk, total in one.items()} for code, one in told.items()}
    return {}


def _changes(indicator, cut, scope) -> dict[int, int]:
    """organisation → by how much its figure differs from what was booked."""
    if not indicator.is_distinct:
        return dict(ask(indicator, cut, scope, *_BY_ORGANIZATION))
    changes = {
        (thing, organization): amount
        for thing, organization, amount in ask(indicator, cut, scope, *_BY_THING)
    }
    stood, totals = Counter(), Counter()
    for one in standing(indicator, {thing for thing, _ in changes}, scope):
        stood[one.thing, one.whose.organization] += one.amount
    for cell, amount in changes.items():
        totals[cell[1]] += (stood[cell] + amount > 0) - (stood[cell] > 0)
    return totals


def _steps(closing, scopes_of, stood):
    lines = Entry.objects.filter(closing=closing, indicator__in=CODES, organization__isnull=False).whole()

    def cells(whose):
        return [(scope, whose.organization) for scope in scopes_of(whose)] if whose.organization else ()

    sums = lines.filter(thing__isnull=True).order_by().values_list("indicator", *Whose._fields)
    for code, *whose, total in sums.annotate(total=Sum("amount")).iterator(chunk_size=5000):
        for cell in cells(Whose(*whose)):
            yield code, cell, total
    for step in Tally(cells).steps((one for one in stood if one.indicator in CODES), things_of(lines)):
        if step.part == WHOLE:
            yield step.indicator, step.scope, step.amount
