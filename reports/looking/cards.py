"""The indicators as cards: how far it has come, what the month added, how that stands to the month before, and a year of
months as a small trend. The same figures and words as on paper."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.safestring import SafeString

from jinchuan.printing import charts
from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.dates import zh
from jinchuan.shared.money import WAN, in_wan, wan, yuan
from jinchuan.shared.months import Month

from .. import reading
from ..enums import ReportKind
from ..facts.annexes import words_of
from ..indicators import INDICATORS, Figure, shown
from ..periods import Period
from ..scopes import is_small
from ..wording import added, compared, hidden_below_three, money, moved
from .behind import may_see_rows

TREND_MONTHS = 12
PEOPLE = ("户", "人", "名")
# What is left on a day, told as its changes (docs/adr/0009): its trend is the level at the end of each month.
STOCKS = ("unallocated_total",)
GROUPS = (
    (
        "结对帮扶",
        (
            "intention_organizations",
            "intention_households",
            "paired_organizations",
            "paired_households",
            "paired_people",
            "households_uncovered",
            "days_uncovered",
        ),
    ),
    (
        "走访与需求",
        (
            "contacts",
            "home_visits",
            "obligations_met",
            "obligations_missed",
            "needs_open",
            "needs_met",
            "difficulties_solved",
            "deeds_done",
            "policies_delivered",
        ),
    ),
    (
        "捐款捐物",
        (
            "donations_total",
            "donations_cash",
            "donations_goods",
            "donations_confirmed_count",
            "donations_pledged",
            "donor_enterprises",
            "donor_individuals",
        ),
    ),
    (
        "款物去向",
        ("allocated_total", "delivered_total", "unallocated_total", "aid_value", "households_aided"),
    ),
    (
        "志愿服务",
        (
            "service_sessions",
            "service_person_times",
            "service_hours",
            "beneficiaries_person_times",
            "five_party_sessions",
            "volunteers_active",
        ),
    ),
    (
        "宣传动员",
        (
            "mobilization_meetings",
            "organizations_engaged",
            "programs_active",
            "stories_released",
            "publications",
        ),
    ),
)
NOT_OVER = "实时数据：随登记变化，月份结束并定稿后不再变动。"
CUT = "这一天在已定稿的月份中间，数据按现在的登记统计。"
CLOSED = "已定稿：以后的登记不会改变这些数据。"
KEY = ("paired_households", "home_visits", "donations_total", "delivered_total", "service_hours")


@dataclass(frozen=True)
class Card:
    code: str
    name: str
    total: str
    unit: str
    month: str
    change: str
    trend: SafeString


def cards(period: Period, scope, user, *, as_of: date, codes=None, drawn=True) -> dict[str, Card]:
    """A card for each indicator that the scope has, by code; one query each and one for its trend (unless not ``drawn``)."""
    figures = reading.read(period, scope, as_of=as_of, codes=codes, parts=False)
    asked = {code: figures[code] for code in codes or INDICATORS if code in figures}
    months = trend_months(period)
    drawings = trends(asked, period, scope, as_of=as_of) if drawn else {}
    return {
        code: card(
            figure,
            drawings.get(code),
            months,
            hide=hides(user, code, scope),
            is_over=as_of >= period.last,
        )
        for code, figure in asked.items()
    }


def grouped(found) -> list[tuple[str, list[Card]]]:
    """The cards by what they are about, groups without any left out."""
    groups = [(words, [found[code] for code in codes if code in found]) for words, codes in GROUPS]
    return [(words, some) for words, some in groups if some]


def hides(user, code, scope) -> bool:
    """Is a count of one or two kept from the person? As on the paper of a small place, for whoever may not read the rows."""
    return is_small(scope) and INDICATORS[code].unit in PEOPLE and not may_see_rows(user, code, scope)


def trend_months(period) -> list[Month]:
    return list(Month.range(period.closing.plus(1 - TREND_MONTHS), period.closing))


def trends(figures: dict[str, Figure], period, scope, *, as_of) -> dict[str, list]:
    """By code what each of the months up to the end of the period added, 补报 included; of a stock, its level at the end of each.
    Closed months as they were kept, a month's own bar as its figure, the others from the registers."""
    months = trend_months(period)
    kept = reading.kept([month for month in months if month.last <= as_of], scope, figures)
    found = {}
    for code, figure in figures.items():
        told = {month: one[code] for month, one in kept.items()}
        if period.kind == ReportKind.MONTH:
            told[period.closing] = figure
        counted = _counted(figure.indicator, [month for month in months if month not in told], scope, as_of)
        part = "cumulative" if code in STOCKS else "month"
        found[code] = [getattr(told[month], part) if month in told else counted[month] for month in months]
    return found


def _counted(indicator, months, scope, as_of) -> dict:
    """The months as the registers tell them, each up to and including ``as_of``, in one query."""
    if not months:
        return {}
    until = as_of + timedelta(days=1)
    days = sorted({day for month in months for day in (month.first, min(month.end, until))})
    levels = dict(zip(days, indicator.before(days, scope), strict=True))
    ends = {month: levels[min(month.end, until)] for month in months}
    if indicator.code in STOCKS:
        return ends
    return {month: end - levels[month.first] for month, end in ends.items()}


def card(figure: Figure, values, months, *, hide, is_over) -> Card:
    indicator = figure.indicator
    total, unit = told(figure, "cumulative", hide)
    return Card(
        indicator.code,
        indicator.name,
        total,
        unit,
        month_words(figure, hide),
        "" if hide else change_words(figure, is_over),
        small_trend(indicator, values, months, hide) if values else SafeString(),
    )


def told(figure: Figure, part, hide=False) -> tuple[str, str]:
    """A part of a figure as a leader reads it, and its unit: 万元 where it is an amount of some size."""
    unit, value = figure.indicator.unit, shown(figure)[part]
    if unit == "元":
        amount = Decimal(value)
        return (wan(amount), "万元") if abs(amount) >= WAN else (yuan(amount), "元")
    return (hidden_below_three(value) if hide else f"{value:,}"), unit


def line(figure: Figure, period: Period, hide=False) -> list[tuple[str, str]]:
    """上月累计 + 本月新增 (其中补报) ± 更正 = 本月累计, to the 分."""
    values = shown(figure)
    return [
        (head, exact(values[name], figure.indicator.unit, hide))
        for name, head in words_of(period).items()
        if name != "late" or figure.late
    ]


def exact(value, unit, hide=False) -> str:
    """A value of ``shown`` in full."""
    if unit == "元":
        return yuan(Decimal(value))
    return hidden_below_three(value) if hide else f"{value:,}"


def month_words(figure: Figure, hide=False) -> str:
    """What the month added: 本月新增×户, 本月无新增; of a stock, how it moved."""
    unit, value = figure.indicator.unit, figure.month
    if figure.indicator.code in STOCKS:
        return f"较上月末{'增加' if value > 0 else '减少'}{money(abs(value))}" if value else "与上月末持平"
    if value < 0:
        return f"本月减少{_amount(-value, unit)}"
    if unit == "元":
        return f"本月新增{money(value)}" if value else added(0, unit)
    count = shown(figure)["month"]
    return added(hidden_below_three(count) if hide and count else count, unit)


def change_words(figure: Figure, is_over=True) -> str:
    """How the month stands to the month before, in the bureau's words; a month that is not over is not measured against a
    whole one, which is told beside it."""
    this, last, unit = figure.month, figure.month_before, figure.indicator.unit
    if figure.indicator.code in STOCKS or min(this, last) < 0:
        return ""
    if not is_over and last:
        return f"上月共{_amount(last, unit)}"
    return compared(this, last) if unit in ("元", "小时") else moved(this, last, unit)


def small_trend(indicator, values, months, hide) -> SafeString:
    return charts.spark(
        _labels(months),
        to_draw(indicator, values, hide),
        unit=_unit(indicator),
        title=f"{indicator.name}近12个月",
    )


def large_trend(indicator, values, months, hide) -> SafeString:
    return charts.bars(
        _labels(months),
        to_draw(indicator, values, hide),
        unit=_unit(indicator),
        title=f"{indicator.name}近12个月",
    )


def to_draw(indicator, values, hide=False) -> list:
    """Values as the charts draw them: 万元, hours; what must not be told is a gap."""
    if indicator.unit == "元":
        return [float(in_wan(value)) for value in values]
    if indicator.unit == "小时":
        return [value * 10 // 60 / 10 for value in values]
    return [None if hide and 0 < value < 3 else value for value in values]


def _amount(value, unit) -> str:
    if unit == "元":
        return money(value)
    return f"{value * 10 // 60 / 10 if unit == '小时' else value}{unit}"


def _unit(indicator) -> str:
    return "万元" if indicator.unit == "元" else indicator.unit


def _labels(months) -> list[str]:
    return [f"{month.month}月" for month in months]


def state(period: Period, as_of: date) -> str:
    """May the figures still change?"""
    if not reading.is_closed(period):
        return NOT_OVER
    if as_of < period.last:
        return CUT
    at = reading.closed_at(period)
    return f"已于{zh(at.astimezone(SHANGHAI).date())}定稿：以后的登记不会改变这些数据。" if at else CLOSED


def month_of(day: date) -> Period:
    return Period(ReportKind.MONTH, Month.of(day))
