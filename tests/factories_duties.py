"""Standards, duties and the visits that meet them, made through the services."""

from datetime import date, datetime, time

from cases.enums import MatterKind, ObligationKind, VisitChannel, VisitCondition, VisitKind, WindowKind
from cases.models import Obligation
from cases.services import needs, obligations, standards, visits
from jinchuan.shared.clock import SHANGHAI, travel
from tests import factories
from tests.situations import judged_by_the_database


def at(day, hour=9):
    """``with at(day):`` it is nine o'clock of that day."""
    return travel(datetime.combine(day, time(hour), SHANGHAI))


def rule(kind=ObligationKind.CONTACT, window=WindowKind.YEAR, times=1, grace_days=15, season=None) -> dict:
    """The fields of a rule; ``season`` as ((month, day), (month, day))."""
    fields = {"kind": kind, "window": window, "times": times, "grace_days": grace_days}
    if season:
        (fields["season_first_month"], fields["season_first_day"]) = season[0]
        (fields["season_last_month"], fields["season_last_day"]) = season[1]
        fields["window"] = WindowKind.SEASON
    return fields


def standard(*rules, effective_from=date(2025, 1, 1), entered_on=None, name="走访联系标准"):
    """A standard that was known before any of its windows began, unless a day is given."""
    with at(entered_on or effective_from):
        return standards.add_standard(
            by=None,
            name=f"{name}（{effective_from.isoformat()}起）",
            basis="测试文件第一条",
            effective_from=effective_from,
            rules=list(rules or [rule()]),
        )


def pairing(started_on=date(2024, 6, 1), **fields):
    """An active pairing that began on the day, of a household verified the same day."""
    with at(started_on):
        return factories.active_pairing(**fields)


def submitted_visit(pairing, day, kind=VisitKind.CONTACT, **fields):
    made = fields.get("was_made", True)
    fields = {
        "channel": VisitChannel.PHONE if kind == VisitKind.CONTACT else VisitChannel.IN_PERSON,
        "condition": VisitCondition.GOOD if made else "",
        "visitors": "测试走访员",
        **fields,
    }
    with at(day):
        return visits.log_visit(
            by=factories.admin_of(pairing.organization),
            households=[pairing.household],
            visited_on=day,
            kind=kind,
            **fields,
        )


def confirmed_visit(pairing, day, kind=VisitKind.CONTACT, *, on=None, **fields):
    """A visit of the day, confirmed the same day or ``on`` another."""
    visit = submitted_visit(pairing, day, kind, **fields)
    with at(on or day, hour=15):
        return visits.confirm_visit(visit, by=factories.officer())


def confirmed_matter(household, day, kind=MatterKind.DEED_DONE):
    with at(day):
        matter = visits.log_matter(
            by=factories.officer(), household=household, settled_on=day, kind=kind, description="换了灯泡。"
        )
        return visits.confirm_matter(matter, by=factories.reviewer())


def need(household, day, **fields):
    with at(day):
        return needs.raise_need(
            by=factories.officer(),
            household=household,
            **{"need": "living_supplies", "quantity": 1, **fields},
        )


def night(day):
    """The night's work of a day; what it did."""
    with at(day, hour=1):
        return obligations.run_night()


def nights(first, last):
    """Every night from the first day to the last."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        night(date.fromordinal(number))


def obligation() -> Obligation:
    """One open duty of a fresh pairing: a contact in 2025."""
    standard()
    pairing()
    night(date(2025, 1, 1))
    return Obligation.objects.get()


judged_by_the_database(globals())
