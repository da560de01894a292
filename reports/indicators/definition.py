"""What an indicator is: the rows it stands on, and how they are read at a day, split, and told by hardship."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from cases.enums import HardshipCategory
from jinchuan.shared.months import Month


@dataclass(frozen=True)
class Cuts:
    """The days at which an indicator is read, half-open: everything before ``end`` is in the cumulative figure."""

    end: date
    month: date
    month_before: date

    @classmethod
    def at(cls, as_of: date) -> "Cuts":
        """Up to and including ``as_of``; its month runs from the first of the month."""
        month = Month.of(as_of)
        return cls(end=as_of + timedelta(days=1), month=month.first, month_before=month.previous.first)


@dataclass(frozen=True)
class Figure:
    """One indicator, read at three cuts. Counts are ``int``; 元 is ``Decimal``; service time is in minutes."""

    indicator: "Indicator"
    cumulative: Decimal | int
    previous: Decimal | int
    before_previous: Decimal | int
    by_category: dict[str, "Figure"] = field(default_factory=dict)

    @property
    def month(self):
        return self.cumulative - self.previous

    @property
    def month_before(self):
        """The month before's own figure, for 环比."""
        return self.previous - self.before_previous


@dataclass(frozen=True)
class Indicator:
    """One figure of the programme: its name, unit and 口径, and the rows it stands on.

    ``rows()`` gives a queryset; ``on`` names the event date of a row; ``key`` what is distinct (None: every row counts);
    ``value`` what is summed (None: rows are counted); ``place`` the division a row belongs to; ``hardships`` the way from a
    row to the hardships of its household, where it is told by category.
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

    def queryset(self, scope=None) -> QuerySet:
        """The rows behind the figure; with ``scope`` those of a division and below."""
        rows = self.rows()
        return rows if scope is None else rows.filter(**{f"{self.place}__path__startswith": scope.path})

    def read(self, cuts: Cuts, scope=None) -> Figure:
        """The figure at the cuts, in one query."""
        rows = self.queryset(scope).order_by()
        on, what = self.on, Count("pk")
        if self.value:
            what = Sum(self.value)
        elif self.key:
            rows = rows.values(self.key).annotate(first_on=Min(self.on))
            on, what = "first_on", Count(self.key)
        totals = rows.aggregate(
            cumulative=_up_to(what, on, cuts.end),
            previous=_up_to(what, on, cuts.month),
            before_previous=_up_to(what, on, cuts.month_before),
        )
        zero = Decimal("0.00") if self.unit == "元" else 0
        return Figure(self, **{name: total or zero for name, total in totals.items()})

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


def _up_to(what, on, day):
    return type(what)(what.source_expressions[0], filter=Q(**{f"{on}__lt": day}))
