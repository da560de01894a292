"""The figures of every scope at a closing: those of the closing before, and what this one booked."""

from datetime import date

from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When

from organizations.models import Division

from ..indicators import INDICATORS
from ..models import ClosedFigures, Closing, Entry
from . import columns
from .difference import things_of
from .totals import WHOLE, Line, Sum, Tally, Whose

_WHOSE = ("division", "organization", "unit", "program")


def take(closing: Closing, before: Closing | None) -> None:
    """Add up what the closing booked, onto the figures of the one before it, and keep that."""
    places = Places()
    tally = Tally(places.scopes_of)
    if before:
        for kept in before.figures.iterator(chunk_size=200):
            for indicator, parts in lines_of(kept).items():
                for part, line in parts.items():
                    tally.lines[kept.scope][indicator][part] = line.next()
    recent_from = closing.period.previous.first
    tally.add_sums(_sums(closing, places, recent_from))
    stood = list(_stood(closing))
    tally.add_things(stood, _changes(closing), recent_from=recent_from)
    of_organizations = columns.add_up(closing, before, places.scopes_of, stood)
    ClosedFigures.objects.bulk_create(
        (
            figures_row(closing, scope, indicators, of_organizations.get(scope, {}))
            for scope, indicators in tally.lines.items()
        ),
        batch_size=500,
    )


def figures_row(closing, scope, indicators, organizations) -> ClosedFigures:
    whole, parts = {}, {}
    for code in sorted(indicators):
        told = {part: packed(line) for part, line in sorted(indicators[code].items()) if line}
        if WHOLE in told:
            whole[code] = told.pop(WHOLE)
        if told:
            parts[code] = told
    return ClosedFigures(closing=closing, scope=scope, whole=whole, parts=parts, organizations=organizations)


def packed(line: Line) -> list[int]:
    return [line.previous, line.month, line.late, line.correction, line.month_before]


def lines_of(kept: ClosedFigures) -> dict[str, dict[str, Line]]:
    """indicator → part → line, as they were kept."""
    lines = {code: {WHOLE: Line(*values)} for code, values in kept.whole.items()}
    for code, parts in kept.parts.items():
        lines.setdefault(code, {}).update({part: Line(*values) for part, values in parts.items()})
    return lines


class Places:
    """Every scope that a line belongs to: all, its division with those above it, its organisation, unit, programme."""

    def __init__(self):
        parents = dict(Division.objects.values_list("pk", "parent"))
        self.above = {None: ()} | {pk: tuple(_upwards(pk, parents)) for pk in parents}

    def scopes_of(self, whose: Whose) -> tuple[str, ...]:
        own = [
            f"{name}:{pk}"
            for name, pk in zip(_WHOSE[1:], (whose.organization, whose.unit, whose.program), strict=True)
            if pk
        ]
        return ("", *self.above[whose.division], *own)


def _upwards(pk, parents):
    while pk:
        yield f"division:{pk}"
        pk = parents[pk]


def distinct() -> list[str]:
    """The indicators that count things, each once."""
    return [code for code, indicator in INDICATORS.items() if indicator.is_distinct]


def sums_of(rows, recent_from: date, *whose):
    """The lines of what is summed, in groups; ``whose`` names the columns they are to be kept apart by."""
    recent = Case(
        When(on__gte=recent_from, then=Value(True)), default=Value(False), output_field=models.BooleanField()
    )
    rows = rows.exclude(indicator__in=distinct()).order_by()
    return (
        rows.values("indicator", "category", "told", "kind", *whose, recent=recent)
        .annotate(total=models.Sum("amount"))
        .iterator(chunk_size=5000)
    )


def _sums(closing, places, recent_from):
    for name in _WHOSE:
        rows = Entry.objects.filter(closing=closing)
        if name != "division":
            rows = rows.filter(**{f"{name}__isnull": False})
        for row in sums_of(rows, recent_from, name):
            scopes = ("", *places.above[row[name]]) if name == "division" else (f"{name}:{row[name]}",)
            yield Sum(
                row["indicator"],
                row["category"],
                row["told"],
                row["kind"],
                row["recent"],
                scopes,
                row["total"],
            )


def _changes(closing):
    return things_of(Entry.objects.filter(closing=closing))


def _stood(closing):
    """What the ledger said before of the things that the closing writes about."""
    about = Entry.objects.filter(
        closing=closing, indicator=OuterRef("indicator"), row__isnull=True, thing=OuterRef("thing")
    )
    return things_of(Entry.objects.in_force().filter(Exists(about)))
