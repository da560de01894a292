"""The facts of one report, gathered once and frozen as JSON; the paper is printed from nothing else."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from donations.enums import LineKind, Route
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.money import wan, yuan
from jinchuan.shared.months import Month
from organizations.enums import DivisionLevel
from organizations.models import Division, Program
from volunteers.enums import Party

from .. import breakdowns, problems, reading
from ..indicators import INDICATORS, shown
from ..scopes import code_of, name_of
from ..wording import HIDDEN, NEXT_STEPS, NO_PROBLEM, about, added, compared, hidden_below_three, money, moved
from .words import composed, parts, reworded, with_words

__all__ = [
    "TEMPLATE",
    "carried",
    "composed",
    "gather",
    "in_order",
    "of_edition",
    "parts",
    "reworded",
    "with_words",
]

TITLE = ["金川区社会组织参与“结对帮扶·爱心金川”", "工程建设工作进展情况"]
ROUNDING_NOTE = "金额按元汇总后一次折算为万元，因四舍五入，分项之和与合计可能略有出入。"
ADDING_NOTE = "上月累计＋本月新增±更正＝本月累计；户、人、家、名按对象去重，人次、场按次计。"
ORGANIZATION_NOTE = (
    "按组织编号排列，不分先后。一户由多个组织帮扶的，各组织分别计数，合计行去重；"
    "捐款捐物按登记的组织统计，工作人员代为登记的只计入合计。"
)
CHART_MONTHS = 12
TEMPLATE = 2  # counted up when the shape of the facts or the paper changes
_PEOPLE = ("户", "人", "名")


def gather(period, scope, *, serial="", number=1, verify="", as_of=None) -> dict:
    """Everything the paper of a period says about a scope.

    ``as_of`` defaults to the last day of the period, or today while it is not over. Amounts are text in 元. A paper about
    less than a county hides counts of people and households below 3.
    """
    as_of = as_of or min(period.last, today())
    figures = reading.read(period, scope, as_of=as_of)
    small = is_small(scope)
    say = _Sayer(period.closing, as_of, scope, figures, hide=small)
    name = name_of(scope)
    return {
        "template": TEMPLATE,
        "title": TITLE if not small else [f"{name}{TITLE[0].removeprefix('金川区')}", TITLE[1]],
        "subtitle": f"（{period.label}）",
        "kind": str(period.kind),
        "period": str(period),
        "as_of": as_of.isoformat(),
        "scope": {"code": code_of(scope), "name": name},
        "small": small,
        "issuer": settings.BUREAU_NAME,
        "dated": zh(today()),
        "serial": serial,
        "number": number,
        "verify": verify,
        "sections": [
            {"part": "opening", "heading": "", "paragraphs": [say.opening()], "subsections": []},
            {
                "heading": "一、工作进展情况",
                "paragraphs": [],
                "subsections": [
                    {
                        "part": "pairing",
                        "heading": "（一）结对帮扶",
                        "paragraphs": say.pairing() + say.care(),
                        "chart": None,
                    },
                    {
                        "part": "giving",
                        "heading": "（二）捐款捐物",
                        "paragraphs": say.giving(),
                        "chart": say.giving_chart(),
                    },
                    {
                        "part": "service",
                        "heading": "（三）志愿服务",
                        "paragraphs": say.service(),
                        "chart": say.service_chart(),
                    },
                ],
            },
            {
                "part": "problems",
                "heading": "二、存在的问题",
                "paragraphs": say.problems(),
                "subsections": [],
            },
            {
                "part": "next_steps",
                "heading": "三、下一步打算",
                "paragraphs": NEXT_STEPS.splitlines(),
                "subsections": [],
            },
        ],
        "annexes": [say.statistics(), say.organizations()],
        "indicators": {code: _handed_over(figure) for code, figure in figures.items()},
    }


def of_edition(edition, *, verify="") -> dict:
    """The facts of an edition as they are now."""
    return gather(
        edition.period_value,
        edition.scope,
        serial=edition.serial,
        number=edition.number,
        verify=verify,
    )


def carried(facts) -> dict:
    """The indicators as they leave the house: what the paper hides is not carried along."""
    return without_small_counts(facts["indicators"]) if facts["small"] else facts["indicators"]


def is_small(scope) -> bool:
    """Is it less than a county, so that one may tell from a count of one or two who is meant?"""
    return isinstance(scope, Division) and scope.level not in (
        DivisionLevel.COUNTY,
        DivisionLevel.PREFECTURE,
        DivisionLevel.PROVINCE,
    )


def without_small_counts(lines) -> dict:
    """The indicators as the paper of a small place prints them."""
    counts = ("previous", "month", "correction", "cumulative")
    return {
        code: {
            name: hidden_below_three(value)
            if name in counts and line["unit"] in _PEOPLE and 0 < value < 3
            else value
            for name, value in line.items()
        }
        for code, line in lines.items()
    }


def in_order(indicators) -> list[dict]:
    """The frozen lines in the order of the table; PostgreSQL keeps the keys of a JSON object in an order of its own."""
    return [indicators[code] for code in INDICATORS if code in indicators]


class _Sayer:
    """Says the figures of one month in the bureau's words."""

    def __init__(self, month, as_of, scope, figures, *, hide):
        self.month, self.as_of, self.scope, self.figures = month, as_of, scope, figures
        self.hide = hide
        self.until = f"截至{month.month}月底" if as_of == month.last else f"截至{as_of.month}月{as_of.day}日"

    def total(self, code):
        return self.figures[code].cumulative

    def new(self, code):
        return self.figures[code].month

    def last(self, code):
        return self.figures[code].month_before

    def count(self, number) -> str:
        return hidden_below_three(number) if self.hide else str(number)

    def added(self, code) -> str:
        unit = INDICATORS[code].unit
        return added(self.count(self.new(code)) if self.new(code) else 0, unit)

    def opening(self) -> str:
        gifts = self.total("donations_total")
        given = f"，企业和个人捐款捐物共计{about(gifts)}" if gifts else ""
        return (
            f"{self.month.label}，{settings.BUREAU_NAME}动员引导社会组织积极参与“结对帮扶·爱心金川”工程建设。"
            f"截至{self.as_of.month}月{self.as_of.day}日，{self._intentions('困难群众')}{given}。现将工作进展情况报告如下。"
        )

    def pairing(self) -> list[str]:
        if self.total("intention_households"):
            said = [f"{self.until}，累计{self._intentions('关爱对象')}，{self._new_intentions()}。"]
        else:
            said = [f"{self.until}，{self._intentions('关爱对象')}。"]
        if self.total("paired_households"):
            new, last = self.new("paired_households"), self.last("paired_households")
            change = "" if self.hide else f"，{moved(new, last, '户')}"
            said.append(
                f"经双方确认，累计{self.total('paired_organizations')}家社会组织与"
                f"{self.count(self.total('paired_households'))}户、{self.count(self.total('paired_people'))}人正式结对，"
                f"{self.added('paired_households')}{change}。"
            )
        else:
            said.append("目前尚无正式结对的关爱户。")
        return said

    def care(self) -> list[str]:
        """Contacts, visits and matters settled, and this month's; nothing while there is nothing to say."""
        words = {
            "contacts": "联系交流{}人次",
            "home_visits": "走访探视{}人次",
            "difficulties_solved": "帮助解决实际困难{}件",
            "deeds_done": "帮办实事{}件",
            "policies_delivered": "宣传和落实政策{}件",
        }
        total = [words[code].format(self.total(code)) for code in words if self.total(code)]
        if not total:
            return []
        new = [words[code].format(self.new(code)) for code in words if self.new(code)]
        month = f"本月{'、'.join(new)}" if new else "本月无新增"
        return [f"{self.until}，累计{'、'.join(total)}；{month}。"]

    def _intentions(self, whom) -> str:
        households = self.total("intention_households")
        if not households:
            return f"尚无社会组织与{whom}达成关爱意向"
        return (
            f"{self.total('intention_organizations')}家社会组织与{self.count(households)}户{whom}达成关爱意向"
        )

    def _new_intentions(self) -> str:
        organizations, households = self.new("intention_organizations"), self.new("intention_households")
        if organizations and households:
            return f"本月新增社会组织{organizations}家、关爱对象{self.count(households)}户"
        if organizations:
            return f"本月新增社会组织{organizations}家，关爱对象无新增"
        if households:
            return f"本月新增关爱对象{self.count(households)}户，社会组织无新增"
        return "本月均无新增"

    def giving(self) -> list[str]:
        total = self.total("donations_total")
        if not total:
            return [f"{self.until}，尚无已确认的捐款捐物。"]
        said = [
            f"{self.until}，累计捐款捐物共计{about(total)}（{yuan(total)}元），其中捐款{money(self.total('donations_cash'))}，"
            f"捐物折价{money(self.total('donations_goods'))}。{self._routes()}",
        ]
        enterprises, individuals = self.total("donor_enterprises"), self.total("donor_individuals")
        givers = [f"爱心企业{enterprises}家"] if enterprises else []
        givers += [f"爱心人士{self.count(individuals)}名"] if individuals else []
        if givers:
            said.append(f"参与捐赠的{'、'.join(givers)}。")
        new, last = self.new("donations_total"), self.last("donations_total")
        if new:
            said.append(
                f"本月新增捐款捐物{money(new)}，{compared(new, last)}，其中捐款{money(self.new('donations_cash'))}，"
                f"捐物折价{money(self.new('donations_goods'))}。"
            )
        else:
            said.append("本月无新增捐款捐物。")
        return said

    def _routes(self) -> str:
        until = self.as_of + timedelta(days=1)
        amounts = INDICATORS["donations_total"].split("donation__route", until=until, scope=self.scope)
        routes = [f"{route.label}{money(amounts[route])}" for route in Route if amounts.get(route)]
        return f"按去向分，{'，'.join(routes)}。" if routes else ""

    def service(self) -> list[str]:
        if not self.total("service_sessions"):
            return [f"{self.until}，尚无已确认的志愿服务活动。"]
        hours = shown(self.figures["service_hours"])
        said = [
            f"{self.until}，累计开展志愿服务{self.total('service_sessions')}场、"
            f"{self.total('service_person_times')}人次，服务时长{hours['cumulative']}小时。"
        ]
        new, last = self.new("service_sessions"), self.last("service_sessions")
        if new:
            said.append(
                f"本月开展{new}场、{self.new('service_person_times')}人次，服务时长{hours['month']}小时，"
                f"场次{moved(new, last, '场')}。{self._brands()}{self._five_parties()}"
            )
        else:
            said.append("本月未开展志愿服务活动。")
        return said

    def _brands(self) -> str:
        """Sessions of the month under each service brand, in the order of the brands' codes."""
        sessions = INDICATORS["service_sessions"].split(
            "program", since=self.month.first, until=self.as_of + timedelta(days=1), scope=self.scope
        )
        programs = Program.objects.filter(pk__in=[pk for pk in sessions if pk]).order_by("code")
        brands = [f"“{program.name}”{sessions[program.pk]}场" for program in programs]
        return f"社工服务品牌中，{'，'.join(brands)}。" if brands else ""

    def _five_parties(self) -> str:
        """Sessions of the month in which several of the five took part, by who they were."""
        found = self.figures["five_party_sessions"]
        if not found.month:
            return ""
        words = dict(Party.choices)
        combinations = [
            f"{'、'.join(words[one] for one in Party.values if one in together.split('+'))}{figure.month}场"
            for together, figure in found.by["parties"].items()
            if figure.month
        ]
        return f"其中五社联动活动{found.month}场：{'，'.join(combinations)}。"

    def problems(self) -> list[str]:
        said = problems.sentences(problems.counts(self.as_of, self.scope), self.count)
        return [f"{number}是{text}" for number, text in zip("一二三四五六七八九", said, strict=False)] or [
            NO_PROBLEM
        ]

    def _chart_months(self) -> list[Month]:
        months = Month.range(self.month.plus(1 - CHART_MONTHS), self.month)
        return list(months)

    def giving_chart(self):
        months = self._chart_months()
        cash = breakdowns.by_month("donations_cash", months, self.scope)
        goods = breakdowns.by_month("donations_goods", months, self.scope)
        first = _first_filled(cash, goods)
        if first is None:
            return None
        return {
            "kind": "grouped",
            "title": "各月捐款捐物",
            "unit": "万元",
            "labels": [f"{month.month}月" for month in months[first:]],
            "series": [
                [LineKind.CASH.label, [float(wan(amount)) for amount in cash[first:]]],
                ["捐物折价", [float(wan(amount)) for amount in goods[first:]]],
            ],
        }

    def service_chart(self):
        months = self._chart_months()
        people = breakdowns.by_month("service_person_times", months, self.scope)
        first = _first_filled(people)
        if first is None:
            return None
        return {
            "kind": "bars",
            "title": "各月志愿服务人次",
            "unit": "人次",
            "labels": [f"{month.month}月" for month in months[first:]],
            "series": [["人次", people[first:]]],
        }

    def statistics(self) -> dict:
        rows = []
        for number, figure in enumerate(self.figures.values(), start=1):
            line = shown(figure)
            values = [
                self._cell(line[name], line["unit"])
                for name in ("previous", "month", "correction", "cumulative")
            ]
            rows.append([str(number), line["name"], line["unit"], *values])
        return {
            "mark": "附件1",
            "title": f"{self.month.label}主要指标统计表",
            "unit": "",
            "columns": [
                {"label": "序号", "align": "center", "width": 2.5},
                {"label": "指标", "align": "left", "width": 12},
                {"label": "单位", "align": "center", "width": 3},
                {"label": "上月累计", "align": "right", "width": 6},
                {"label": "本月新增", "align": "right", "width": 6},
                {"label": "更正", "align": "right", "width": 4},
                {"label": "本月累计", "align": "right", "width": 6},
            ],
            "rows": rows,
            "notes": [ADDING_NOTE, ROUNDING_NOTE],
        }

    def _cell(self, value, unit) -> str:
        if unit == "元":
            return _amount(value)
        if self.hide and unit in _PEOPLE:
            return hidden_below_three(value)
        return str(value)

    def organizations(self) -> dict:
        rows = []
        for number, (organization, totals) in enumerate(
            breakdowns.by_organization(self.as_of, self.scope), start=1
        ):
            rows.append([str(number), organization.name, *self._organization_cells(totals)])
        sums = {code: self.total(code) for code in breakdowns.ORGANIZATION_COLUMNS}
        return {
            "mark": "附件2",
            "title": "各社会组织参与情况表",
            "unit": "",
            "columns": [
                {"label": "序号", "align": "center", "width": 2.6},
                {"label": "社会组织名称", "align": "left", "width": 15},
                {"label": "意向", "group": "累计结对（户）", "align": "right", "width": 2.8},
                {"label": "结对", "group": "累计结对（户）", "align": "right", "width": 2.8},
                {"label": "捐款", "group": "累计捐赠（元）", "align": "right", "width": 6},
                {"label": "捐物折价", "group": "累计捐赠（元）", "align": "right", "width": 6},
                {"label": "场次", "group": "志愿服务", "align": "right", "width": 2.8},
                {"label": "人次", "group": "志愿服务", "align": "right", "width": 3},
            ],
            "rows": [*rows, ["", "合计", *self._organization_cells(sums)]] if rows else [],
            "notes": [ORGANIZATION_NOTE],
        }

    def _organization_cells(self, totals) -> list[str]:
        return [
            _amount(totals[code])
            if INDICATORS[code].unit == "元"
            else self._cell(totals[code], INDICATORS[code].unit)
            for code in breakdowns.ORGANIZATION_COLUMNS
        ]


def _handed_over(figure) -> dict:
    """A figure as it goes out with the paper: in its parts, counts of people and households below 3 are hidden."""
    line = shown(figure)
    if line["unit"] in _PEOPLE:
        parts = [line.get("by_category", {}), *line.get("by", {}).values()]
        for part in (part for told in parts for part in told.values()):
            part |= {name: HIDDEN if 0 < value < 3 else value for name, value in part.items()}
    return line


def _amount(value) -> str:
    """元 with thousands separators; a dash where there is none."""
    amount = Decimal(value)
    return yuan(amount) if amount else "—"


def _first_filled(*series):
    """The first month in which any series has something, or None."""
    for index, values in enumerate(zip(*series, strict=True)):
        if any(values):
            return index
    return None
