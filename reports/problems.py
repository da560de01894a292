"""二、存在的问题: what is left undone at the end of a day, read from the data as it stood then."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from cases.coverage import households_uncovered
from cases.enums import OPEN_PAIRING_STATES, Outcome, PairingState
from cases.models import EligibilityReview, Household, Obligation, Pairing
from donations.enums import DonationState, ValuationBasis
from donations.models import Donation, DonationLine
from volunteers.enums import ActivityState
from volunteers.models import Activity


def counts(day, scope=None) -> dict[str, int]:
    """How many of each were open at the end of ``day`` (户, 个, 笔, 场, 件)."""
    late = day - timedelta(days=settings.CONFIRM_WITHIN_DAYS)
    pairings = _within(
        Pairing.objects.filter(intended_on__lte=day).with_state_on(day), "household__community", scope
    )
    open_then = pairings.filter(state_then__in=OPEN_PAIRING_STATES)
    reviewed = EligibilityReview.objects.filter(household=OuterRef("pk"), reviewed_on__lte=day)
    paired = open_then.filter(household=OuterRef("pk"))
    households = _within(Household.objects.exclude(exited_on__lte=day), "community", scope)
    donations = _within(
        Donation.objects.filter(submitted_at__date__lte=day).with_state_on(day), "division", scope
    )
    activities = _within(
        Activity.objects.filter(submitted_at__date__lte=day).with_state_on(day),
        "organization__division",
        scope,
    )
    lines = DonationLine.objects.filter(
        valuation_basis=ValuationBasis.UNVALUED, donation__received_on__lte=day
    )
    return {
        "uncovered_households": _within(households_uncovered(day), "community", scope).count(),
        "unpaired_households": households.filter(Exists(reviewed)).exclude(Exists(paired)).count(),
        "open_intentions": open_then.filter(state_then=PairingState.INTENTION).count(),
        "overdue_intentions": open_then.filter(state_then=PairingState.INTENTION, hold_until__lt=day).count(),
        "overdue_duties": _within(_overdue(day), "pairing__household__community", scope).count(),
        "late_donations": donations.filter(
            state_then=DonationState.SUBMITTED, submitted_at__date__lte=late
        ).count(),
        "returned_donations": donations.filter(state_then=DonationState.RETURNED).count(),
        "late_activities": activities.filter(
            state_then=ActivityState.SUBMITTED, submitted_at__date__lte=late
        ).count(),
        "unvalued_lines": _within(lines.confirmed(), "donation__division", scope).count(),
    }


def _overdue(day):
    """Duties whose window was over and whose grace ran, that were neither done nor let off by the end of the day."""
    return Obligation.objects.filter(
        Q(state__in=[Outcome.OPEN, Outcome.MISSED])
        | Q(state__in=[Outcome.MET, Outcome.LATE, Outcome.LAPSED], judged_on__gt=day)
        | Q(state=Outcome.WAIVED, waived_at__date__gt=day),
        window_end__lte=day,
        grace_until__gt=day,
    )


def _within(rows, place, scope):
    return rows if scope is None else rows.filter(**{f"{place}__path__startswith": scope.path})


def sentences(found, count=str) -> list[str]:
    """The counts in words, one sentence each; ``count`` writes a number (small ones are hidden outside the bureau)."""
    said = []
    if found["unpaired_households"]:
        said.append(
            f"有{count(found['unpaired_households'])}户已核实的关爱户尚未达成意向或结对，需要继续动员社会组织对接。"
        )
    if found["uncovered_households"] > found["unpaired_households"]:
        said.append(
            f"共有{count(found['uncovered_households'])}户已核实的关爱户暂无正在进行的结对帮扶，需要抓紧落实帮扶力量，防止断档。"
        )
    if found["open_intentions"]:
        overdue = found["overdue_intentions"]
        tail = f"，其中{overdue}个已过保留期" if overdue else ""
        said.append(
            f"有{found['open_intentions']}个关爱意向尚未转为正式结对{tail}，双方确认和知情同意需要抓紧落实。"
        )
    if found["overdue_duties"]:
        said.append(f"有{found['overdue_duties']}项走访联系任务已到期尚未完成，需要督促在宽限期内补上。")
    if found["late_donations"]:
        said.append(
            f"有{found['late_donations']}笔捐赠提交后超过{settings.CONFIRM_WITHIN_DAYS}天未确认，未计入本期数据。"
        )
    if found["returned_donations"]:
        said.append(f"有{found['returned_donations']}笔捐赠退回后尚未改好，需要提醒登记的组织补正。")
    if found["late_activities"]:
        said.append(
            f"有{found['late_activities']}场志愿服务提交后超过{settings.CONFIRM_WITHIN_DAYS}天未确认，未计入本期数据。"
        )
    if found["unvalued_lines"]:
        said.append(f"累计有{found['unvalued_lines']}件捐赠物资没有计价依据，只登记了数量，未折算金额。")
    return said
