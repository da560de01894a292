"""The paragraphs of a paper, composed from figures in the bureau's own phrases, one method a part."""

from datetime import timedelta

from django.conf import settings

from donations.enums import Route
from jinchuan.shared.money import WAN, yuan
from organizations.models import Division, Organization, Program, SupervisingUnit
from volunteers.enums import Party

from .. import problems
from ..enums import ReportKind
from ..indicators import INDICATORS, shown
from ..scopes import name_of
from ..wording import (
    NO_PROBLEM,
    SAME_MONTHS,
    about,
    added,
    apart,
    compared,
    hidden_below_three,
    hours_of,
    money,
    moved,
)

PEOPLE = ("户", "人", "名")
MEASURED = ("paired_households", "donations_total", "service_sessions")
CARE = {
    "contacts": "联系交流{}人次",
    "home_visits": "走访探视{}人次",
    "difficulties_solved": "帮助解决实际困难{}件",
    "deeds_done": "帮办实事{}件",
    "policies_delivered": "宣传和落实政策{}件",
}
MOBILIZING = {
    "mobilization_meetings": "召开动员会{}场",
    "stories_released": "送出好故事{}篇",
    "publications": "宣传报道{}篇次",
}


class Sayer:
    """Says the figures of one period about one scope. ``hide``: counts of people and households below 3 are not told.
    ``year_before`` are those figures of the same months of the year before that this period is measured against."""

    def __init__(self, period, as_of, scope, figures, *, hide, year_before=None):
        self.period, self.as_of, self.scope, self.figures, self.hide = period, as_of, scope, figures, hide
        self.year_before = year_before or {}
        self.is_over = as_of == period.last
        self.now, self.before = period.this, period.last_one
        if self.is_over and period.kind == ReportKind.YEAR:
            self.now = "全年"
        self.until = f"截至{as_of.month}月底" if self.is_over else f"截至{as_of.month}月{as_of.day}日"
        self.numbers = {code: number for number, code in enumerate(figures, start=1)}

    def tells(self, *codes) -> bool:
        """Can any of these figures be told of the scope?"""
        return any(code in self.figures for code in codes)

    def total(self, code):
        return self.figures[code].cumulative if code in self.figures else 0

    def new(self, code):
        return self.figures[code].month if code in self.figures else 0

    def against(self, code, say) -> str:
        """How what is new stands to the period before and to the same months of the year before. One that is not over is not
        measured against whole ones; what the last one came to is told beside it. ``say`` is ``compared`` or ``moved``."""
        new, lasts = self.new(code), {self.before: self.figures[code].month_before}
        if self.is_over and code in self.year_before:
            lasts[SAME_MONTHS] = self.year_before[code].month
        return "，".join(self._against(code, say, new, last, before) for before, last in lasts.items())

    def _against(self, code, say, new, last, before) -> str:
        if last < 0:
            return f"{before}净减少{self._amount(code, -last)}"
        if last and not self.is_over:
            return f"{before}共{self._amount(code, last)}"
        return say(new, last, before)

    def _amount(self, code, number) -> str:
        unit = INDICATORS[code].unit
        return money(number) if unit == "元" else f"{number}{unit}"

    def count(self, number) -> str:
        return hidden_below_three(number) if self.hide else str(number)

    def marks(self, *codes) -> str:
        """The marks that lead to the definitions of the figures of a clause: 〔3,4〕."""
        numbers = map(str, sorted(self.numbers[code] for code in codes if code in self.numbers))
        told = ",".join(numbers)
        return f"〔{told}〕" if told else ""

    def apart(self, code) -> str:
        """What of the new figure was late, and what was put right; not told of people where they could be recognised."""
        figure = self.figures[code]
        if self.hide and INDICATORS[code].unit in PEOPLE:
            return ""
        return apart(figure.late, figure.correction, lambda number: self._amount(code, number))

    def added(self, code) -> str:
        new = self.count(self.new(code)) if self.new(code) else 0
        return added(new, INDICATORS[code].unit, self.now) + self.apart(code)

    # The parts, in the order of the paper ------------------------------------------------------------------------

    def opening(self) -> list[str]:
        day = f"截至{self.as_of.month}月{self.as_of.day}日"
        told = "，".join(
            part for part in (self._intentions("困难群众"), self._gifts(), self._sessions()) if part
        )
        return [f"{self.period.label}，{self._who()}{day}，{told}。现将工作进展情况报告如下。"]

    def _who(self) -> str:
        name = name_of(self.scope)
        match self.scope:
            case Organization():
                return f"{name}参与“结对帮扶·爱心金川”工程建设。"
            case Program():
                return f"服务品牌“{name}”在“结对帮扶·爱心金川”工程建设中开展工作。"
            case SupervisingUnit():
                return f"{name}主管的社会组织参与“结对帮扶·爱心金川”工程建设。"
        return f"{settings.BUREAU_NAME}动员引导社会组织积极参与“结对帮扶·爱心金川”工程建设。"

    def _gifts(self) -> str:
        gifts = self.total("donations_total")
        givers = "企业和个人" if isinstance(self.scope, Division) else "登记"
        return f"{givers}捐款捐物共计{about(gifts)}" if gifts else ""

    def _sessions(self) -> str:
        """Whoever has no pairings to tell of begins with its service."""
        if isinstance(self.scope, Division | SupervisingUnit):
            return ""
        sessions = self.total("service_sessions")
        return f"累计开展志愿服务{sessions}场" if sessions else "尚未开展志愿服务"

    def _intentions(self, whom) -> str:
        """How many have found each other; an organisation speaks of its own households."""
        if "intention_households" not in self.figures:
            return ""
        households = self.total("intention_households")
        if isinstance(self.scope, Organization):
            return (
                f"与{self.count(households)}户{whom}达成关爱意向"
                if households
                else f"尚未与{whom}达成关爱意向"
            )
        if not households:
            return f"尚无社会组织与{whom}达成关爱意向"
        organizations = self.total("intention_organizations")
        return f"{organizations}家社会组织与{self.count(households)}户{whom}达成关爱意向"

    def pairing(self) -> list[str]:
        mark = self.marks("intention_organizations", "intention_households")
        if self.total("intention_households"):
            said = [f"{self.until}，累计{self._intentions('关爱对象')}{mark}，{self._new_intentions()}。"]
        else:
            said = [f"{self.until}，{self._intentions('关爱对象')}{mark}。"]
        return [*said, self._paired(), *self._care()]

    def _new_intentions(self) -> str:
        organizations, households = self.new("intention_organizations"), self.new("intention_households")
        told = self.apart("intention_households")
        if isinstance(self.scope, Organization):
            return self.added("intention_households")
        if organizations and households:
            return f"{self.now}新增社会组织{organizations}家、关爱对象{self.count(households)}户{told}"
        if organizations:
            return f"{self.now}新增社会组织{organizations}家，关爱对象无新增{told}"
        if households:
            return f"{self.now}新增关爱对象{self.count(households)}户{told}，社会组织无新增"
        return f"{self.now}均无新增{told}"

    def _paired(self) -> str:
        households = self.total("paired_households")
        if not households:
            return "目前尚无正式结对的关爱户。"
        change = self.against("paired_households", lambda new, last, before: moved(new, last, "户", before))
        who = (
            "与"
            if isinstance(self.scope, Organization)
            else f"累计{self.total('paired_organizations')}家社会组织与"
        )
        people = f"、{self.count(self.total('paired_people'))}人" if self.total("paired_people") else ""
        return (
            f"经双方确认，{who}{self.count(households)}户{people}正式结对"
            f"{self.marks('paired_organizations', 'paired_households', 'paired_people')}，"
            f"{self.added('paired_households')}{'' if self.hide else f'，{change}'}。"
        )

    def _care(self) -> list[str]:
        return self._matters(CARE)

    def _matters(self, words) -> list[str]:
        """Several kinds of matters in one sentence, and the period's; nothing while there is nothing to say."""
        there = [code for code in words if self.total(code)]
        if not there:
            return []
        total = "、".join(words[code].format(self.total(code)) for code in there)
        new = [words[code].format(self.new(code)) + self.apart(code) for code in there if self.new(code)]
        told = f"{self.now}{'、'.join(new)}" if new else f"{self.now}无新增"
        return [f"{self.until}，累计{total}{self.marks(*there)}；{told}。"]

    def giving(self) -> list[str]:
        total = self.total("donations_total")
        if not total:
            told = self.apart("donations_total")
            return [f"{self.until}，尚无已确认的捐款捐物{told}{self.marks('donations_total')}。"]
        exact = f"（{yuan(total)}元）" if total >= WAN else ""
        said = [
            f"{self.until}，累计捐款捐物共计{about(total)}{exact}，{self._kinds(self.total)}"
            f"{self.marks('donations_total', 'donations_cash', 'donations_goods')}。{self._routes()}",
        ]
        enterprises, individuals = self.total("donor_enterprises"), self.total("donor_individuals")
        givers = [f"爱心企业{enterprises}家"] if enterprises else []
        givers += [f"爱心人士{self.count(individuals)}名"] if individuals else []
        if givers:
            said.append(
                f"参与捐赠的{'、'.join(givers)}{self.marks('donor_enterprises', 'donor_individuals')}。"
            )
        new, told = self.new("donations_total"), self.apart("donations_total")
        if new > 0:
            said.append(
                f"{self.now}新增捐款捐物{money(new)}{told}，{self._kinds(self.new)}，"
                f"{self.against('donations_total', compared)}。"
            )
        elif new < 0:
            said.append(f"{self.now}新增与更正相抵，捐款捐物净减少{money(-new)}{told}。")
        else:
            said.append(f"{self.now}无新增捐款捐物{told}。")
        return said

    def _kinds(self, part) -> str:
        """What of it was money and what goods."""
        cash, goods = part("donations_cash"), part("donations_goods")
        if cash and goods:
            return f"其中捐款{money(cash)}，捐物折价{money(goods)}"
        return "均为捐款" if cash else "均为捐物折价"

    def _routes(self) -> str:
        until = self.as_of + timedelta(days=1)
        amounts = INDICATORS["donations_total"].split("donation__route", until=until, scope=self.scope)
        there = [route for route in Route if amounts.get(route)]
        if len(there) == 1:
            return f"全部{there[0].label}。"
        routes = [f"{route.label}{money(amounts[route])}" for route in there]
        return f"按去向分，{'，'.join(routes)}。" if routes else ""

    def service(self) -> list[str]:
        if not self.total("service_sessions"):
            told = self.apart("service_sessions")
            return [f"{self.until}，尚无已确认的志愿服务活动{told}{self.marks('service_sessions')}。"]
        hours = shown(self.figures["service_hours"])
        said = [
            f"{self.until}，累计开展志愿服务{self.total('service_sessions')}场、"
            f"{self.total('service_person_times')}人次，服务时长{hours_of(hours['cumulative'])}"
            f"{self.marks('service_sessions', 'service_person_times', 'service_hours')}。"
        ]
        new, told = self.new("service_sessions"), self.apart("service_sessions")
        if new:
            change = self.against(
                "service_sessions", lambda new, last, before: moved(new, last, "场", before)
            )
            said.append(
                f"{self.now}开展{new}场{told}、{self.new('service_person_times')}人次，服务时长{hours_of(hours['month'])}，"
                f"{'场次' if change.startswith(('较', '与')) else ''}{change}。{self._brands()}{self._five_parties()}"
            )
        else:
            said.append(f"{self.now}未开展志愿服务活动{told}。")
        return said

    def _brands(self) -> str:
        """Sessions of the period under each service brand, in the order of the brands' codes."""
        if isinstance(self.scope, Program):
            return ""
        sessions = INDICATORS["service_sessions"].split(
            "program", since=self.period.first, until=self.as_of + timedelta(days=1), scope=self.scope
        )
        programs = Program.objects.filter(pk__in=[pk for pk in sessions if pk]).order_by("code")
        brands = [f"“{program.name}”{sessions[program.pk]}场" for program in programs]
        return f"社工服务品牌中，{'，'.join(brands)}。" if brands else ""

    def _five_parties(self) -> str:
        """Sessions of the period in which several of the five took part, by who they were."""
        found = self.figures["five_party_sessions"]
        if not found.month:
            return ""
        words = dict(Party.choices)
        combinations = [
            f"{'、'.join(words[one] for one in Party.values if one in together.split('+'))}{figure.month}场"
            for together, figure in found.by["parties"].items()
            if figure.month
        ]
        return (
            f"其中五社联动活动{found.month}场{self.marks('five_party_sessions')}：{'，'.join(combinations)}。"
        )

    def mobilizing(self) -> list[str]:
        told = [code for code in MOBILIZING if code in self.figures]
        return self._matters(MOBILIZING) or [f"{self.until}，{self._none_of(told)}{self.marks(*told)}。"]

    def _none_of(self, codes) -> str:
        words = {
            "mobilization_meetings": "召开动员会",
            "stories_released": "送出好故事",
            "publications": "登记宣传报道",
        }
        return f"尚未{'、'.join(words[code] for code in codes)}"

    def problems(self) -> list[str]:
        found = problems.counts(self.as_of, self.scope)
        said = problems.sentences(found, self.count, self.total("unallocated_total"))
        if len(said) < 2:
            return said or [NO_PROBLEM]
        return [f"{number}是{text}" for number, text in zip("一二三四五六七八九十", said, strict=False)]
