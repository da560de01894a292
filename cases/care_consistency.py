"""What must always hold of visits, matters, needs and claims."""

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from .enums import CareNeedState, ClaimState, VisitState
from .models import CareNeed, Claim, ClaimTransition, Matter, Visit, VisitHousehold

TABLES = (Visit, Matter, CareNeed, Claim)


def care_states():
    for table in TABLES:
        yield from state_follows_transitions(table)


def care_running_numbers():
    for table in TABLES:
        yield from codes_within_sequences(table)


def visits_belong_to_the_pairing_of_their_day():
    """Of an organisation's visit: the pairing of that household with that organisation, open on that day."""
    right = Q(
        pairing__household=F("household"),
        pairing__organization=F("visit__organization"),
        pairing__started_on__lte=F("visit__visited_on"),
    ) & (Q(pairing__ended_on__isnull=True) | Q(pairing__ended_on__gt=F("visit__visited_on")))
    visited = VisitHousehold.objects.filter(visit__organization__isnull=False).exclude(
        pk__in=VisitHousehold.objects.filter(right).values("pk")
    )
    for row in visited.select_related("visit", "household"):
        yield f"走访 {row.visit} 到关爱户 {row.household}，所属结对与走访当天不符。"


def matters_go_their_visits_way():
    waiting = Q(visit__state__in=[VisitState.SUBMITTED, VisitState.RETURNED], state=VisitState.CONFIRMED)
    voided = Q(visit__state=VisitState.VOIDED, state__in=[VisitState.SUBMITTED, VisitState.CONFIRMED])
    for matter in Matter.objects.filter(waiting | voided).select_related("visit"):
        yield f"办理事项 {matter} 的状态是{matter.get_state_display()}，与走访 {matter.visit} 不一致。"


def needs_know_what_is_left():
    """What is open of a need, and what is claimed or done of it, add up to the whole."""
    taken = Sum("claims__quantity", filter=Q(claims__state__in=[ClaimState.LIVE, ClaimState.FULFILLED]))
    needs = CareNeed.objects.filter(state__in=[CareNeedState.OPEN, CareNeedState.CLAIMED])
    needs = needs.annotate(taken=taken).annotate(
        left=F("quantity") - Coalesce(F("taken"), 0, output_field=CareNeed._meta.get_field("quantity"))
    )
    for need in needs.exclude(left=F("open_quantity")):
        yield f"需求 {need} 尚未认领的数量是 {need.open_quantity}，按认领计算应为 {need.left:.2f}。"


def visits_reach_somebody():
    for visit in Visit.objects.filter(visited__isnull=True).order_by("pk"):
        yield f"走访 {visit} 没有写明走访了哪一户。"


def visits_of_staff_belong_to_no_pairing():
    rows = VisitHousehold.objects.filter(visit__organization__isnull=True, pairing__isnull=False)
    for row in rows.select_related("visit", "pairing").order_by("pk"):
        yield f"走访 {row.visit} 是工作人员自己的，却写了结对 {row.pairing}。"


def matters_are_of_households_that_were_visited():
    """Those that still can count."""
    visited = VisitHousehold.objects.filter(visit=OuterRef("visit"), household=OuterRef("household"))
    counting = [VisitState.SUBMITTED, VisitState.CONFIRMED]
    matters = Matter.objects.filter(~Exists(visited), visit__isnull=False, state__in=counting)
    for matter in matters.select_related("visit", "household").order_by("pk"):
        yield f"办理事项 {matter} 的 {matter.household} 不在走访 {matter.visit} 走访的户里。"


def needs_of_matters_are_their_households():
    for matter in (
        Matter.objects.filter(need__isnull=False).exclude(household=F("need__household")).order_by("pk")
    ):
        yield f"办理事项 {matter} 所选的需求是另一户的。"


def claims_live_on_open_needs():
    over = [CareNeedState.MET, CareNeedState.WITHDRAWN, CareNeedState.EXPIRED]
    claims = (
        Claim.objects.live().filter(need__state__in=over).select_related("need").defer("need__description")
    )
    for claim in claims.order_by("pk"):
        yield f"需求 {claim.need} {claim.need.get_state_display()}，认领 {claim} 却还没有结束。"


def needs_are_met_by_something_that_counts():
    """Where a settled matter met a need, it is a confirmed one."""
    counted = Matter.objects.confirmed().filter(code=OuterRef("met_by"), household=OuterRef("household"))
    met = CareNeed.objects.filter(~Exists(counted), state=CareNeedState.MET, met_by__startswith="SX")
    for need in met.defer("description").order_by("pk"):
        yield f"需求 {need} 记为由 {need.met_by} 解决，却没有这一户的这件已确认事项。"


def holds_are_kept():
    """No claim lapses before its hold is over."""
    early = ClaimTransition.objects.filter(to_state=ClaimState.EXPIRED, at__date__lte=F("claim__hold_until"))
    for step in early.select_related("claim").order_by("pk"):
        yield f"认领 {step.claim} 保留至 {step.claim.hold_until.isoformat()}，却提前失效。"


CARE_CHECKS = [
    care_states,
    care_running_numbers,
    visits_belong_to_the_pairing_of_their_day,
    matters_go_their_visits_way,
    needs_know_what_is_left,
    visits_reach_somebody,
    visits_of_staff_belong_to_no_pairing,
    matters_are_of_households_that_were_visited,
    needs_of_matters_are_their_households,
    claims_live_on_open_needs,
    needs_are_met_by_something_that_counts,
    holds_are_kept,
]
