"""What an indicator counts now, line by line, as SQL: one shape for every indicator, whatever tables it stands on.

A line is (category, source, row, thing, on, division, organization, unit, program, told, amount), as in ``Entry``. A distinct
thing has one line for each place, organisation and part it counts in, on the day of its first event there.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, Func, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from jinchuan.shared.fields.exact import ExactField

from ..indicators import Indicator

SEPARATOR = "|"
DIMENSIONS = (
    "category",
    "source",
    "row",
    "thing",
    "on",
    "division_id",
    "organization_id",
    "unit_id",
    "program_id",
    "told",
)
_NOTHING = "CAST(NULL AS bigint)"
_ELSE = {"category": "''", "source": "CAST(%s AS varchar(60))", "told": "''", "amount": "1"}


@dataclass(frozen=True)
class Sql:
    """A statement, or a part of one, with its parameters."""

    text: str
    params: tuple = ()

    @classmethod
    def of(cls, rows: QuerySet) -> "Sql":
        return cls(*rows.order_by().query.sql_with_params())


@dataclass(frozen=True)
class Counted:
    """What one source counts: ``rows`` as Django asks for them, and the columns of a line as they are found there."""

    rows: Sql
    columns: str
    params: tuple


class _Joined(Func):
    """Texts one after the other, in one flat expression: SQLite's parser has no room for a deep one."""

    template = "%(expressions)s"
    arg_joiner = f" || '{SEPARATOR}' || "
    output_field = TextField()


class _Fen(Func):
    """An amount in 元 as a whole number of 分."""

    template = "CAST(ROUND(%(expressions)s * 100) AS bigint)"
    output_field = BigIntegerField()


def lines(indicator: Indicator, end: date, scope=None) -> list[Counted]:
    """What counts before ``end``: ``DIMENSIONS`` and the amount, of each source and of its categories."""
    found = []
    for source in indicator.sources:
        rows = source.queryset(scope).filter(**{f"{source.on}__lt": end})
        found += [line_of(indicator, source, told) for told in told_of(source, rows)]
    return found


def told_of(source: Indicator, rows: QuerySet) -> list[QuerySet]:
    """The rows with the columns of their lines (``c_…``), and where they are told by category, the same for those."""
    return [_told_of(source, rows), *([_told_of(source, rows, by_category=True)] if source.hardships else ())]


def line_of(indicator: Indicator, source: Indicator, told: QuerySet) -> Counted:
    """The lines of rows of a source."""
    there = {*told.query.annotations}
    shown = ", ".join(
        f'{f"c_{name}" if f"c_{name}" in there else _ELSE.get(name, _NOTHING)} AS "{name}"'
        for name in (*DIMENSIONS, "amount")
    )
    return Counted(Sql.of(told), shown, (label_of(indicator, source),))


def label_of(indicator: Indicator, source: Indicator) -> str:
    """What the source is called in the lines of the indicator."""
    return "" if source is indicator else source.code


def _told_of(source, rows, *, by_category=False) -> QuerySet:
    columns = {"c_division_id": F(source.place)}
    if source.splits:
        columns["c_told"] = _told(source)
    if source.organization:
        columns["c_organization_id"] = F(source.organization)
        columns["c_unit_id"] = F(f"{source.organization}__supervising_unit")
    if source.program:
        columns["c_program_id"] = F(source.program)
    if source.key:
        columns["c_thing"] = F(source.key)
        rows = rows.annotate(**columns).order_by().values(*columns).annotate(c_on=Min(source.on))
    else:
        columns |= {"c_row": F("pk"), "c_on": F(source.on)}
        if source.value:
            columns["c_amount"] = _smallest(rows, source.value)
        if by_category:
            rows = rows.filter(_held(source))
            columns["c_category"] = F(f"{source.hardships}__category")
        rows = rows.annotate(**columns).order_by().values(*columns)
    return rows.distinct() if by_category else rows


def _held(source) -> Q:
    """The hardship was there, and the member at home, on the day of the event."""
    of, member, on = source.hardships, source.hardships.removesuffix("__hardships"), F(source.on)
    return (
        (Q(**{f"{of}__ended_on__isnull": True}) | Q(**{f"{of}__ended_on__gt": on}))
        & (Q(**{f"{member}__left_on__isnull": True}) | Q(**{f"{member}__left_on__gt": on}))
        & Q(**{f"{of}__started_on__lte": on, f"{member}__joined_on__lte": on})
    )


def _told(source):
    """The values of the splits as one text, in the order of their names on the indicator."""
    values = (F(of) if isinstance(of, str) else of for of in source.splits.values())
    empty = Value("", output_field=TextField())
    return _Joined(*(Coalesce(Cast(value, TextField()), empty) for value in values))


def _smallest(rows, value):
    """The amount of a row in the smallest unit."""
    field = rows.annotate(c_value=F(value)).query.annotations["c_value"].output_field
    if isinstance(field, ExactField):  # its column holds 分 already
        return Cast(F(value), BigIntegerField())
    return _Fen(F(value)) if field.get_internal_type() == "DecimalField" else F(value)
