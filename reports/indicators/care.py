"""The care side: visits and contacts (人次), matters settled (件), needs (件), duties (项), days without a helper (天).

Each is told by hardship category too: of the members who lived in the household on the day of the event. A household with
several hardships counts under each, so the categories may add up to more than the whole.
"""

from collections import defaultdict
from datetime import date

from cases.coverage import ever_uncovered, gaps, households_uncovered
from cases.enums import CareNeedState, HardshipCategory, MatterKind, Outcome, VisitKind
from cases.models import (
    CareNeed,
    EligibilityReview,
    Hardship,
    Household,
    Matter,
    Obligation,
    Pairing,
    VisitHousehold,
)
from jinchuan.shared.months import Month

from .definition import Figure, Indicator, Step


def _visits(kind):
    return lambda: VisitHousehold.objects.counted().filter(visit__kind=kind)


def _matters(kind):
    return lambda: Matter.objects.confirmed().filter(kind=kind)


def _needs():
    return CareNeed.objects.exclude(state__in=[CareNeedState.WITHDRAWN, CareNeedState.EXPIRED])


_HARDSHIPS = "household__members__hardships"
_PLACE = "household__community"


class DaysUncovered(Indicator):
    """Counted from the gaps between pairings, each clipped to the days that are read; no row is a day."""

    def before(self, days, scope=None) -> list:
        return _days(gaps(self._households(scope)), days)

    def amounts(self, since, until, scope=None) -> dict:
        """Days of [since, until) by household, for those that have any."""
        found = defaultdict(int)
        for gap in gaps(self._households(scope)):
            found[gap.household] += gap.days(since, until)
        return {household: count for household, count in found.items() if count}

    def read_by_category(self, cuts, scope=None) -> dict[str, Figure]:
        """A gap belongs to the categories that the household had on its first day."""
        households = self._households(scope)
        categories = self._categories(households)
        of_category = defaultdict(list)
        for gap in gaps(households):
            for category in categories(gap):
                of_category[category].append(gap)
        return {
            str(category): self._figure(of_category[str(category)], cuts) for category in HardshipCategory
        }

    sources = ()
    steps_of = "pk"

    def moving(self, since):
        return [
            households_uncovered(since).values("pk"),
            EligibilityReview.objects.filter(reviewed_on__gte=since).values("household"),
            Pairing.objects.filter(ended_on__gte=since).values("household"),
        ]

    def steps(self, end, scope=None, among=None):
        """The days of each gap in each of its months, under the categories of the gap's first day."""
        households = self._households(scope)
        if among is not None:
            households = households.filter(pk__in=among)
        places = dict(households.values_list("pk", "community"))
        categories = self._categories(households)
        for gap in gaps(households):
            told = frozenset(categories(gap))
            until = min(gap.end or end, end)
            on = gap.start
            while on < until:
                upto = min(Month.of(on).end, until)
                yield Step(gap.household, on, (upto - on).days, places[gap.household], categories=told)
                on = upto

    def split(self, by, **limits):
        raise ValueError(
            "days without a helper belong to no row; read them at two days and take the difference"
        )

    def _categories(self, households):
        """A function of a gap: the categories of its household on its first day."""
        spells = defaultdict(list)
        rows = Hardship.objects.filter(member__household__in=households)
        for household, *spell in rows.values_list(
            "member__household", "category", "started_on", "ended_on", "member__joined_on", "member__left_on"
        ):
            spells[household].append(spell)
        return lambda gap: {category for category, *days in spells[gap.household] if _holds(gap.start, *days)}

    def _households(self, scope):
        return Household.objects.filter(self._within(scope))

    def _figure(self, found, cuts) -> Figure:
        return Figure(self, *_days(found, (cuts.end, cuts.month, cuts.month_before)))


def _days(found, ends) -> list[int]:
    return [sum(gap.days(gap.start, until) for gap in found) for until in ends]


def _holds(day: date, started, ended, joined, left) -> bool:
    return max(started, joined) <= day and (ended is None or ended > day) and (left is None or left > day)


CARE = (
    Indicator(
        "contacts",
        "联系交流",
        "人次",
        "已确认的电话、微信、见面等联系，联系到一户计一人次，按联系日期计；没有联系上的不计，与走访探视不重复。",
        _visits(VisitKind.CONTACT),
        "visit__visited_on",
        _PLACE,
        hardships=_HARDSHIPS,
        organization="visit__organization",
    ),
    Indicator(
        "home_visits",
        "走访探视",
        "人次",
        "已确认的上门走访，走访一户计一人次，按走访日期计；没有见到人的不计，与联系交流不重复。",
        _visits(VisitKind.HOME_VISIT),
        "visit__visited_on",
        _PLACE,
        hardships=_HARDSHIPS,
        organization="visit__organization",
    ),
    *(
        Indicator(
            code,
            kind.label,
            "件",
            f"已确认办结的“{kind.label}”事项，一事计一件，按办结日期计；待确认、退回、作废的不计。",
            _matters(kind),
            "settled_on",
            _PLACE,
            hardships=_HARDSHIPS,
            organization="organization",
        )
        for code, kind in (
            ("policies_delivered", MatterKind.POLICY_DELIVERED),
            ("difficulties_solved", MatterKind.DIFFICULTY_SOLVED),
            ("deeds_done", MatterKind.DEED_DONE),
        )
    ),
    Indicator(
        "needs_open",
        "登记的需求",
        "件",
        "关爱户提出的需求和微心愿，按提出日期计；撤回、过期的不计。减去已解决的需求，就是尚待解决的。",
        _needs,
        "raised_on",
        _PLACE,
        hardships=_HARDSHIPS,
    ),
    Indicator(
        "needs_met",
        "已解决的需求",
        "件",
        "登记的需求中已由款物、服务或办理事项解决的，按解决日期计。",
        lambda: CareNeed.objects.filter(state=CareNeedState.MET),
        "met_on",
        _PLACE,
        hardships=_HARDSHIPS,
    ),
    Indicator(
        "obligations_met",
        "按时完成的走访联系任务",
        "项",
        "按走访联系标准应做、并在期间内完成的任务，按完成它的走访日期计；逾期完成和免除的不计。",
        lambda: Obligation.objects.filter(state=Outcome.MET),
        "met_by__visited_on",
        "pairing__household__community",
        hardships=f"pairing__{_HARDSHIPS}",
    ),
    Indicator(
        "obligations_missed",
        "未完成的走访联系任务",
        "项",
        "宽限期满仍未完成的任务，按宽限期满的日期计；之后免除的不计。",
        lambda: Obligation.objects.filter(state=Outcome.MISSED),
        "grace_until",
        "pairing__household__community",
        hardships=f"pairing__{_HARDSHIPS}",
    ),
    Indicator(
        "households_uncovered",
        "有过无人帮扶时段的关爱户",
        "户",
        "核实后至少有一天没有正在进行的结对的关爱户（含等待首次结对的），按户去重，计入首次无人帮扶的月份。",
        ever_uncovered,
        "uncovered_on",
        "community",
        hardships="members__hardships",
        leans=("pairings", "reviews"),
    ),
    DaysUncovered(
        "days_uncovered",
        "无人帮扶天数",
        "天",
        "关爱户自核实至退出，没有正在进行的结对的天数之和，一户一天计一天；暂停的结对仍算有人帮扶。",
        ever_uncovered,
        "uncovered_on",
        "community",
        hardships="members__hardships",
        leans=("pairings", "reviews"),
    ),
)
