"""What must always hold of volunteer service."""

from django.db.models import F

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from .models import Activity, ServiceRecord


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
    others = ServiceRecord.objects.exclude(volunteer__organization=F("activity__organization"))
    for row in others.select_related("activity"):
        yield f"{row} 的志愿者不属于这次活动的组织。"


def activities_have_records():
    for activity in Activity.objects.filter(records__isnull=True):
        yield f"活动 {activity} 没有服务记录。"


CHECKS = [
    states,
    running_numbers,
    minutes_are_what_was_served,
    volunteers_served_with_their_own,
    activities_have_records,
]
