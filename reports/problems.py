"""二、存在的问题: what is left undone at the end of a day, read from the data as it stood then."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from cases.coverage import households_uncovered
from cases.enums import OPEN_PAIRING_STATES, Outcome, PairingState
from cases.models import EligibilityReview, Household, Obligation, Pairing
from donations.enums import DeliveryState, DonationState, ValuationBasis
from donations.models import DistributionLine, Donation, DonationLine
from volunteers.enums import ActivityState
from volunteers.models import Activity

from .scopes import condition
from .wording import money


def counts(day, scope=None) -> dict[str, int]:
    """How many of each were open at the end of ``day`` (户, 个, 笔, 场, 件, 份); what cannot be told of the scope is none."""
    late = day - timedelta(days=settings.CONFIRM_WITHIN_DAYS)
    households = {"place": "community", "organization": "pairings__organization"}
    pairings = _within(
        Pairing.objects.filter(intended_on__lte=day).with_state_on(day),
        scope,
        place="household__community",
        organization="organization",
    )
    open_then = pairings.filter(state_then__in=OPEN_PAIRING_STATES)
    reviewed = EligibilityReview.objects.filter(household=OuterRef("pk"), reviewed_on__lte=day)
    paired = open_then.filter(household=OuterRef("pk"))
    there = _within(Household.objects.exclude(exited_on__lte=day), scope, place="community")
    donations = _within(
        Donation.objects.filter(submitted_at__date__lte=day).with_state_on(day),
        scope,
        place="division",
        organization="organization",
        program="program",
    )
    activities = _within(
        Activity.objects.filter(submitted_at__date__lte=day).with_state_on(day),
        scope,
        place="organization__division",
        organization="organization",
        program="program",
    )
    lines = _within(
        DonationLine.objects.filter(
            valuation_basis=ValuationBasis.UNVALUED, donation__received_on__lte=day
        ).confirmed(),
        scope,
        place="donation__division",
        organization="donation__organization",
        program="donation__program",
    )
    overdue = _within(
        _overdue(day), scope, place="pairing__household__community", organization="pairing__organization"
    )
    return {
        "uncovered_households": _within(households_uncovered(day), scope, **households).distinct().count(),
        "unpaired_households": there.filter(Exists(reviewed)).exclude(Exists(paired)).count(),
        "open_intentions": open_then.filter(state_then=PairingState.INTENTION).count(),
        "overdue_intentions": open_then.filter(state_then=PairingState.INTENTION, hold_until__lt=day).count(),
        "overdue_duties": overdue.count(),
        "late_donations": donations.filter(
            state_then=DonationState.SUBMITTED, submitted_at__date__lte=late
        ).count(),
        "returned_donations": donations.filter(state_then=DonationState.RETURNED).count(),
        "late_activities": activities.filter(
            state_then=ActivityState.SUBMITTED, submitted_at__date__lte=late
        ).count(),
        "unvalued_lines": lines.count(),
        "unsigned_lines": _within(
            _unsigned(day),
            scope,
            place="distribution__division",
            organization="allocation__holding__lot__line__donation__organization",
            program="allocation__program",
        ).count(),
    }


def _unsigned(day):
    """Goods and money that went out on sheets, of which nothing had been heard for too long by the end of the day."""
    handed = DistributionLine.objects.filter(
        distribution__held_on__lte=day - timedelta(days=settings.UNSIGNED_AFTER_DAYS)
    )
    return handed.filter(Q(state=DeliveryState.OUT) | Q(noted_at__date__gt=day))


def _overdue(day):
    """Duties whose window was over and whose grace ran, that were neither done nor let off by the end of the day."""
    return Obligation.objects.filter(
        Q(state__in=[Outcome.OPEN, Outcome.MISSED])
        | Q(state__in=[Outcome.MET, Outcome.LATE, Outcome.LAPSED], judged_on__gt=day)
        | Q(state=Outcome.WAIVED, waived_at__date__gt=day),
        window_end__lte=day,
        grace_until__gt=day,
    )


def _within(rows, scope, **ways):
    inside = condition(scope, **ways)
    return rows.none() if inside is None else rows.filter(inside)


def sentences(found, count=str, unallocated=0) -> list[str]:
    """The counts in words, one sentence each, and how much (元) is not allocated.

    ``count`` writes a number (small ones are hidden outside the bureau)."""
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
    if unallocated:
        said.append(f"尚有捐赠款物{money(unallocated)}未分配，需要尽快安排使用。")
    if found["unsigned_lines"]:
        said.append(
            f"有{found['unsigned_lines']}份款物发放超过{settings.UNSIGNED_AFTER_DAYS}天尚未交回签收单，需要催收核对。"
        )
    return said
