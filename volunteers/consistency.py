"""What must always hold of volunteer service."""

from django.db.models import Exists, OuterRef, Q

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from . import certificate_consistency
from .models import Activity, Enrollment, ServiceRecord, Volunteer


def states():
    yield from state_follows_transitions(Activity)


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
    for activity in Activity.objects.filter(records__isnull=True):
        yield f"活动 {activity} 没有服务记录。"


CHECKS = [
    states,
    running_numbers,
    minutes_are_what_was_served,
    volunteers_served_with_their_own,
    everybody_is_on_a_roll,
    activities_have_records,
    *certificate_consistency.CHECKS,
]
