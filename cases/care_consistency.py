"""What must always hold of visits, matters, needs and claims."""

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from .enums import CareNeedState, ClaimState, VisitState
from .models import CareNeed, Claim, Matter, Visit, VisitHousehold

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
        yield f"需求 {need} 尚未认领的数量是 {need.open_quantity}，按认领计算应为 {need.left}。"


CARE_CHECKS = [
    care_states,
    care_running_numbers,
    visits_belong_to_the_pairing_of_their_day,
    matters_go_their_visits_way,
    needs_know_what_is_left,
]
