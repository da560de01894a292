"""What an indicator is: the rows it stands on, and how they are read at a day, split, and told by hardship."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from cases.enums import HardshipCategory
from jinchuan.shared.months import Month

from ..enums import ReportKind
from ..periods import Period
from ..scopes import condition


@dataclass(frozen=True)
class Cuts:
    """The days at which an indicator is read, half-open: everything before ``end`` is in the cumulative figure.

    ``month`` is the first day of the period, ``month_before`` that of the period before it; most periods are months.
    """

    end: date
    month: date
    month_before: date

    @classmethod
    def at(cls, as_of: date) -> "Cuts":
        """Up to and including ``as_of``; its month runs from the first of the month."""
        return cls.of(Period(ReportKind.MONTH, Month.of(as_of)), as_of)

    @classmethod
    def of(cls, period: Period, as_of: date) -> "Cuts":
        """A period up to and including ``as_of``."""
        return cls(end=as_of + timedelta(days=1), month=period.first, month_before=period.previous.first)


@dataclass(frozen=True)
class Figure:
    """One indicator of a period: ``previous`` + ``month`` + ``correction`` = ``cumulative``.

    ``month`` is what the period added; ``late`` that part of it whose date lies in a month closed before (补报); ``correction``
    what closed months told wrongly (更正). Counts are ``int``; 元 is ``Decimal``; service time is in minutes.
    """

    indicator: "Indicator"
    cumulative: Decimal | int
    previous: Decimal | int
    before_previous: Decimal | int
    late: Decimal | int = 0
    correction: Decimal | int = 0
    by_category: dict[str, "Figure"] = field(default_factory=dict)
    by: dict[str, dict[str, "Figure"]] = field(default_factory=dict)

    def __add__(self, other: "Figure") -> "Figure":
        """Two parts of one figure together."""
        return Figure(
            self.indicator,
            self.cumulative + other.cumulative,
            self.previous + other.previous,
            self.before_previous + other.before_previous,
            self.late + other.late,
            self.correction + other.correction,
        )

    @property
    def month(self):
        return self.cumulative - self.previous - self.correction

    @property
    def month_before(self):
        """The month before's own figure, for 环比."""
        return self.previous - self.before_previous


@dataclass(frozen=True, slots=True)
class Step:
    """So much of a computed figure on one day (``amount`` in the smallest unit), and what its row is told by."""

    row: int
    on: date
    amount: int
    division: int | None
    organization: int | None = None
    unit: int | None = None
    told: tuple = ()
    categories: frozenset = frozenset()


@dataclass(frozen=True)
class Indicator:
    """One figure of the programme: its name, unit and 口径, and the rows it stands on.

    ``rows()`` gives a queryset; ``on`` names the event date of a row; ``key`` what is distinct (None: every row counts);
    ``value`` what is summed (None: rows are counted); ``place`` the division a row belongs to; ``hardships`` the way from a
    row to the hardships of its household, where it is told by category; ``splits`` the columns (or expressions) by which
    it is also told: the name of the breakdown → what stands in a row. A place is told by its street. ``organization`` and
    ``program`` lead from a row to whose work it is; without one the figure is not told of organisations, or programmes.
    ``leans`` are the ways from a row to those that subqueries of it look at.
    """

    code: str
    name: str
    unit: str
    definition: str
    rows: object
    on: str
    place: str
    key: str | None = None
    value: str | None = None
    hardships: str | None = None
    splits: dict = field(default_factory=dict)
    organization: str | None = None
    program: str | None = None
    leans: tuple = ()

    @property
    def zero(self) -> Decimal | int:
        return Decimal("0.00") if self.unit == "元" else 0

    def amount(self, smallest: int) -> Decimal | int:
        """So much in the smallest unit, as the figure tells it: 分 as 元."""
        return (Decimal(smallest) / 100).quantize(Decimal("0.01")) if self.unit == "元" else smallest

    @property
    def is_distinct(self) -> bool:
        """Does it count things, each once, and not what happened?"""
        return self.key is not None

    @property
    def sources(self) -> "tuple[Indicator, ...]":
        """The tables its rows come from, each as an indicator of its own; ``()`` where it is computed (``steps``)."""
        return (self,)

    def reads(self) -> list[QuerySet]:
        """What its steps are read from beside the rows themselves."""
        return []

    def steps(self, end: date, scope=None, among=None) -> "Iterator[Step]":
        """What happened before ``end``, where no row of a table says it; ``among`` some of its rows alone."""
        raise TypeError(f"the rows of {self.code} are those of its sources")

    def moving(self, since: date) -> list[QuerySet]:
        """The rows of the steps from ``since`` on, whoever writes anything or nobody."""
        raise TypeError(f"the rows of {self.code} are those of its sources")

    def queryset(self, scope=None) -> QuerySet:
        """The rows behind the figure; with ``scope`` those that are its own (see ``reports.scopes``)."""
        return self.rows().filter(self._within(scope))

    def tells(self, scope) -> bool:
        """Can the figure be told of such a scope?"""
        return self._within(scope) is not None

    def _within(self, scope):
        return condition(scope, place=self.place, organization=self.organization, program=self.program)

    def read(self, cuts: Cuts, scope=None) -> Figure:
        """The figure at the cuts, in one query."""
        return Figure(self, *self.before((cuts.end, cuts.month, cuts.month_before), scope))

    def before(self, days, scope=None) -> list:
        """What had been counted before each of the days, in one query."""
        rows = self.queryset(scope).order_by()
        on, what = self.on, Count("pk")
        if self.value:
            what = Sum(self.value)
        elif self.key:
            rows = rows.values(self.key).annotate(first_on=Min(self.on))
            on, what = "first_on", Count(self.key)
        totals = rows.aggregate(**{f"before_{n}": _up_to(what, on, day) for n, day in enumerate(days)})
        return [totals[f"before_{n}"] or self.zero for n in range(len(days))]

    def read_by_category(self, cuts: Cuts, scope=None) -> dict[str, Figure]:
        """The figure for each hardship category that a present member had on the day of the event, in one query."""
        if not self.hardships:
            return {}
        of, member, on = self.hardships, self.hardships.removesuffix("__hardships"), F(self.on)
        rows = self.queryset(scope).filter(
            Q(**{f"{of}__ended_on__isnull": True}) | Q(**{f"{of}__ended_on__gt": on}),
            Q(**{f"{member}__left_on__isnull": True}) | Q(**{f"{member}__left_on__gt": on}),
            **{f"{of}__started_on__lte": on, f"{member}__joined_on__lte": on},
        )

        def count(day):
            return Count("pk", filter=Q(**{f"{self.on}__lt": day}), distinct=True)

        totals = (
            rows.order_by()
            .values(category=F(f"{of}__category"))
            .annotate(
                cumulative=count(cuts.end),
                previous=count(cuts.month),
                before_previous=count(cuts.month_before),
            )
        )
        found = {row.pop("category"): Figure(self, **row) for row in totals}
        return {str(category): found.get(category, Figure(self, 0, 0, 0)) for category in HardshipCategory}

    def read_by(self, cuts: Cuts, scope=None) -> dict[str, dict[str, Figure]]:
        """The figure told by each of its ``splits``, in one query; what belongs nowhere stands under ``""``.

        A distinct thing counts in every part it belongs to, there in the month of its first event.
        """
        if not self.splits:
            return {}
        columns = {f"by_{name}": F(of) if isinstance(of, str) else of for name, of in self.splits.items()}
        rows = self.queryset(scope).order_by().annotate(**columns)
        if self.key:
            found = rows.values(*columns, thing=F(self.key)).annotate(first_on=Min(self.on))
            return {name: self._firsts(found, name, cuts) for name in self.splits}
        what = Sum(self.value) if self.value else Count("pk")
        found = rows.values(*columns).annotate(
            cumulative=_up_to(what, self.on, cuts.end),
            previous=_up_to(what, self.on, cuts.month),
            before_previous=_up_to(what, self.on, cuts.month_before),
        )
        return {name: self._sums(found, name) for name in self.splits}

    def _sums(self, found, name) -> dict[str, Figure]:
        parts = {}
        for row in found:
            totals = (row[cut] or self.zero for cut in ("cumulative", "previous", "before_previous"))
            part = part_of(name, row[f"by_{name}"])
            parts[part] = parts.get(part, Figure(self, self.zero, self.zero, self.zero)) + Figure(
                self, *totals
            )
        return {
            part: figure for part, figure in sorted(parts.items()) if figure.cumulative or figure.previous
        }

    def _firsts(self, found, name, cuts) -> dict[str, Figure]:
        firsts = {}
        for row in found:
            things = firsts.setdefault(part_of(name, row[f"by_{name}"]), {})
            things[row["thing"]] = min(row["first_on"], things.get(row["thing"], row["first_on"]))
        parts = {
            part: Figure(
                self,
                *(
                    sum(day < cut for day in days.values())
                    for cut in (cuts.end, cuts.month, cuts.month_before)
                ),
            )
            for part, days in sorted(firsts.items())
        }
        return {part: figure for part, figure in parts.items() if figure.cumulative}

    def split(self, by, *, until, scope=None, since=None) -> dict:
        """The figure before ``until``, one part for each value of the column ``by``; ``since`` leaves older rows out.

        Distinct things count in every part they belong to, so the parts of such a figure may exceed the whole.
        """
        rows = self.queryset(scope).order_by().filter(**{f"{self.on}__lt": until})
        if since:
            rows = rows.filter(**{f"{self.on}__gte": since})
        what = Count("pk")
        if self.value:
            what = Sum(self.value)
        elif self.key:
            what = Count(self.key, distinct=True)
        parts = rows.annotate(part=F(by)).values("part").annotate(total=what)
        return {row["part"]: row["total"] or 0 for row in parts}


@dataclass(frozen=True)
class Corrected(Indicator):
    """An indicator whose rows stay as they were while corrections stand in a table of their own, each on its own date.

    ``corrections`` reads that table; ``way`` leads from one of its rows to the columns of a corrected row.
    """

    corrections: Indicator | None = None
    way: str = ""

    @property
    def sources(self):
        return (self, self.corrections)

    def before(self, days, scope=None) -> list:
        corrected = self.corrections.before(days, scope)
        return [sum(both) for both in zip(super().before(days, scope), corrected, strict=True)]

    def read_by(self, cuts, scope=None) -> dict[str, dict[str, Figure]]:
        told, corrected = super().read_by(cuts, scope), self.corrections.read_by(cuts, scope)
        return {name: _together(told[name], corrected[name]) for name in told}

    def split(self, by, *, until, scope=None, since=None) -> dict:
        limits = {"until": until, "scope": scope, "since": since}
        parts = super().split(by, **limits)
        way = self.corrections.on if by == self.on else f"{self.way}{by}"
        for part, total in self.corrections.split(way, **limits).items():
            parts[part] = parts.get(part, self.zero) + total
        return parts


def part_of(name, value) -> str:
    """The part of a breakdown that a row's value belongs to: for a place its street, for several words their combination
    (``social_org+volunteer``), ``""`` for what has none."""
    if isinstance(value, list):
        return "+".join(sorted(value))
    if name == "street" and value:
        return "" if value[6:9] == "000" else f"{value[:9]}000"
    return str(value or "")


def _together(told, more) -> dict[str, Figure]:
    for part, figure in more.items():
        told[part] = told[part] + figure if part in told else figure
    return dict(sorted(told.items()))


def _up_to(what, on, day):
    return type(what)(what.source_expressions[0], filter=Q(**{f"{on}__lt": day}))
