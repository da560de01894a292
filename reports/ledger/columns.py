"""What each organisation had of every scope's figures when a month was closed: the columns of the table of organisations."""

from collections import defaultdict

from django.db.models import Sum

from ..models import Closing, Entry
from .difference import things_of
from .totals import WHOLE, Tally, Whose

CODES = (
    "intention_households",
    "paired_households",
    "donations_cash",
    "donations_goods",
    "service_sessions",
    "service_person_times",
)

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
