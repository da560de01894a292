"""What must always hold of volunteer service."""

from django.db.models import Count, Exists, OuterRef, Q

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from . import certificate_consistency
from .enums import ActivityState, RecordState, SignUpState
from .models import Activity, ActivityPlan, CheckIn, Enrollment, ServiceRecord, SignUp, Volunteer


def states():
    yield from state_follows_transitions(Activity)
    yield from state_follows_transitions(SignUp)


def running_numbers():
    yield from codes_within_sequences(Activity)


def minutes_are_what_was_served():
    for row in ServiceRecord.objects.select_related("activity").order_by("pk").iterator(chunk_size=2000):
        served = row.served_minutes()
        if served != row.minutes:
            yield f"{row} 记为 {row.minutes} 分钟，按起止时间应为 {served} 分钟。"


def volunteers_served_with_their_own():
    """On its roll some time: dates of joining may be put right later than the service was recorded."""
    rolls = Enrollment.objects.filter(
        volunteer=OuterRef("volunteer"), organization=OuterRef("activity__organization")
    )
    others = ServiceRecord.objects.filter(~Exists(rolls))
    for row in others.select_related("activity"):
        yield f"{row} 的志愿者不属于这次活动的组织。"


def everybody_is_on_a_roll():
    """But for those who turned out to be somebody else: nothing of theirs may be left behind."""
    for volunteer in Volunteer.objects.one_each().filter(enrollments__isnull=True):
        yield f"{volunteer} 不在任何组织的名册里。"
    behind = Volunteer.objects.filter(merged_into__isnull=False).filter(
        Q(enrollments__isnull=False) | Q(records__isnull=False)
    )
    for volunteer in behind.distinct():
        yield f"{volunteer} 已并入另一位志愿者，却还有加入记录或服务记录。"


def activities_have_records():
    """Logged ones; before that there are none, and what was called off has none either."""
    for activity in Activity.objects.logged().filter(records__isnull=True):
        yield f"活动 {activity} 没有服务记录。"
    for activity in Activity.objects.exclude(state__in=ActivityState.logged()).filter(records__isnull=False):
        yield f"活动 {activity} 还没有登记，却有服务记录。"


def hours_follow_their_activity():
    """Hours are confirmed with their activity; of each volunteer one record stands, and a corrected one has its successor."""
    confirmed = {ActivityState.CONFIRMED, ActivityState.VOIDED}
    first = ServiceRecord.objects.filter(supersedes__isnull=True).select_related("activity")
    for row in first.filter(activity__state__in=confirmed, state=RecordState.RECORDED):
        yield f"{row} 的活动已确认，时长却没有确认。"
    for row in first.exclude(activity__state__in=confirmed).exclude(state=RecordState.RECORDED):
        yield f"{row} 的活动没有确认，时长却是 {row.state}。"
    successors = ServiceRecord.objects.filter(
        supersedes=OuterRef("pk"), state__in=[RecordState.CONFIRMED, RecordState.CORRECTED]
    )
    rows = ServiceRecord.objects.annotate(followed=Exists(successors)).select_related("activity")
    for row in rows.exclude(followed=Q(state=RecordState.CORRECTED)):
        yield f"{row} 的状态是 {row.state}，与它的更正对不上。"


def places_add_up():
    """Places left are the capacity without those who have one."""
    signed = Count("activity__sign_ups", filter=Q(activity__sign_ups__state=SignUpState.SIGNED))
    for plan in ActivityPlan.objects.filter(capacity__isnull=False).annotate(signed=signed):
        if plan.capacity - plan.signed != plan.places_left:
            yield f"{plan} 需要 {plan.capacity} 人，已报名 {plan.signed} 人，剩余名额却是 {plan.places_left}。"


def check_ins_in_turn():
    """Numbered without a gap, each later than the one before."""
    last = {}
    rows = CheckIn.objects.order_by("activity", "volunteer", "unknown", "number").select_related("activity")
    for row in rows.iterator(chunk_size=2000):
        person = (row.activity_id, row.volunteer_id, row.unknown_id)
        before = last.get(person)
        if row.number != (before.number + 1 if before else 1) or (before and row.at < before.at):
            yield f"{row} 与前一次签到接不上。"
        last[person] = row


CHECKS = [
    states,
    running_numbers,
    minutes_are_what_was_served,
    volunteers_served_with_their_own,
    everybody_is_on_a_roll,
    activities_have_records,
    hours_follow_their_activity,
    places_add_up,
    check_ins_in_turn,
    *certificate_consistency.CHECKS,
]
