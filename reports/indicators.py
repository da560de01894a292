"""What is counted, and how. Screen, sheet, chart and PDF all ask here; a figure is written down nowhere else.

An ``Indicator`` knows the rows behind it. It counts up to a day: distinct things in the month of their first event, so
that 上月累计 + 本月新增 = 本月累计 holds on every line. Leads and public bodies are not counted among the social
organisations that take part (``model.md``, Pairing).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest

from cases.models import Member, Pairing
from donations.enums import DonorKind, LineKind
from donations.models import Donation, DonationLine
from jinchuan.shared.months import Month
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from volunteers.models import Activity, ServiceRecord


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
    ``value`` what is summed (None: rows are counted); ``place`` the division a row belongs to.
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


def _intentions():
    return Pairing.objects.auxiliary().reached().filter(organization__kind__in=SOCIAL_ORGANIZATION_KINDS)


def _pairings():
    return Pairing.objects.auxiliary().started().filter(organization__kind__in=SOCIAL_ORGANIZATION_KINDS)


def _paired_people():
    """Members who lived in a household when it was first paired, or joined it while it was in the programme."""
    first = (
        _pairings()
        .filter(household=OuterRef("household"))
        .order_by()
        .values("household")
        .annotate(day=Min("started_on"))
        .values("day")
    )
    people = Member.objects.annotate(paired_on=Subquery(first)).filter(paired_on__isnull=False)
    return people.annotate(counted_on=Greatest("paired_on", "joined_on")).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=F("counted_on"))
    )


def _lines(*kinds):
    return lambda: DonationLine.objects.confirmed().valued().filter(kind__in=kinds)


def _gifts_of(kind):
    return lambda: Donation.objects.confirmed().filter(donor__kind=kind)


_HOUSEHOLD = "household__community"
_GIFT = "donation__division"

INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            "intention_organizations",
            "达成关爱意向的社会组织",
            "家",
            "与至少一户关爱对象达成辅助结对意向（含已结对、已结束的）的社会组织，按家去重，计入首次达成意向的月份；谢绝、过期、撤销的意向不计。",
            _intentions,
            "intended_on",
            _HOUSEHOLD,
            key="organization",
        ),
        Indicator(
            "intention_households",
            "达成关爱意向的关爱对象",
            "户",
            "与至少一家社会组织达成辅助结对意向的关爱户，按户去重，计入首次达成意向的月份；谢绝、过期、撤销的意向不计。",
            _intentions,
            "intended_on",
            _HOUSEHOLD,
            key="household",
        ),
        Indicator(
            "paired_organizations",
            "参与结对的社会组织",
            "家",
            "意向经双方确认并正式结对（含已结束的）的社会组织，按家去重，计入首次结对的月份；机关事业单位的结对帮扶不计。",
            _pairings,
            "started_on",
            _HOUSEHOLD,
            key="organization",
        ),
        Indicator(
            "paired_households",
            "结对的关爱对象",
            "户",
            "与社会组织正式结对（含已结束的）的关爱户，按户去重，计入首次结对的月份。",
            _pairings,
            "started_on",
            _HOUSEHOLD,
            key="household",
        ),
        Indicator(
            "paired_people",
            "结对户家庭成员",
            "人",
            "结对户中共同生活的家庭成员，按人计；计入该户首次结对的月份，之后加入的计入加入的月份。",
            _paired_people,
            "counted_on",
            _HOUSEHOLD,
        ),
        Indicator(
            "donations_cash",
            "捐款",
            "元",
            "已确认的捐款，按收到日期计；认捐未到账、待确认、退回、作废的不计。",
            _lines(LineKind.CASH),
            "donation__received_on",
            _GIFT,
            value="value",
        ),
        Indicator(
            "donations_goods",
            "捐物折价",
            "元",
            "已确认捐物的折价，按收到日期计；不计价的物资只列数量，不折算金额。",
            _lines(LineKind.GOODS),
            "donation__received_on",
            _GIFT,
            value="value",
        ),
        Indicator(
            "donations_total",
            "捐款捐物合计",
            "元",
            "捐款与捐物折价之和，含交慈善组织、公益金的和直接送到关爱户的。",
            _lines(LineKind.CASH, LineKind.GOODS),
            "donation__received_on",
            _GIFT,
            value="value",
        ),
        Indicator(
            "donor_enterprises",
            "爱心企业",
            "家",
            "有已确认捐赠的企业，按家去重，计入首次捐赠的月份。",
            _gifts_of(DonorKind.ENTERPRISE),
            "received_on",
            "division",
            key="donor",
        ),
        Indicator(
            "donor_individuals",
            "爱心人士",
            "名",
            "有已确认捐赠的个人，按人去重，计入首次捐赠的月份；匿名捐赠无法分辨人数，不计。",
            _gifts_of(DonorKind.INDIVIDUAL),
            "received_on",
            "division",
            key="donor",
        ),
        Indicator(
            "service_sessions",
            "志愿服务",
            "场",
            "已确认的志愿服务活动，一次活动计一场。",
            lambda: Activity.objects.confirmed(),
            "held_on",
            "organization__division",
        ),
        Indicator(
            "service_person_times",
            "志愿服务参加",
            "人次",
            "已确认活动中的服务记录，一人参加一次计一人次。",
            lambda: ServiceRecord.objects.confirmed(),
            "activity__held_on",
            "activity__organization__division",
        ),
        Indicator(
            "service_hours",
            "志愿服务时长",
            "小时",
            "已确认服务记录的实际服务时间之和，往返路途和休息不计；按分钟累加，保留一位小数（只舍不入）。",
            lambda: ServiceRecord.objects.confirmed(),
            "activity__held_on",
            "activity__organization__division",
            value="minutes",
        ),
    )
}


def read_all(as_of: date, scope=None) -> dict[str, Figure]:
    """Every indicator as of a day; one query each, whatever the size of the district."""
    cuts = Cuts.at(as_of)
    return {code: indicator.read(cuts, scope) for code, indicator in INDICATORS.items()}


def shown(figure: Figure) -> dict:
    """A figure as it is printed and handed over: 元 as text with two places, the rest as numbers.

    Hours are rounded down from the cumulative minutes and the month is the difference, so that the line adds up.
    """
    indicator = figure.indicator
    cumulative, previous = figure.cumulative, figure.previous
    if indicator.unit == "小时":
        tenths, tenths_before = cumulative * 10 // 60, previous * 10 // 60
        values = [n / 10 for n in (tenths - tenths_before, tenths_before, 0, tenths)]
    elif indicator.unit == "元":
        values = [f"{amount:.2f}" for amount in (figure.month, previous, Decimal(0), cumulative)]
    else:
        values = [figure.month, previous, 0, cumulative]
    month, before, correction, now = values
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "month": month,
        "previous": before,
        "correction": correction,
        "cumulative": now,
        "definition": indicator.definition,
    }
