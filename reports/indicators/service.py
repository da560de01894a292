"""Voluntary service that is confirmed."""

from volunteers.models import Activity, ServiceRecord

from .definition import Indicator

SERVICE = (
    Indicator(
        "service_sessions",
        "志愿服务",
        "场",
        "已确认的志愿服务活动，一次活动计一场。",
        lambda: Activity.objects.confirmed(),
        "held_on",
        "organization__division",
    ),
    Indicator(
        "service_person_times",
        "志愿服务参加",
        "人次",
        "已确认活动中的服务记录，一人参加一次计一人次。",
        lambda: ServiceRecord.objects.confirmed(),
        "activity__held_on",
        "activity__organization__division",
    ),
    Indicator(
        "service_hours",
        "志愿服务时长",
        "小时",
        "已确认服务记录的实际服务时间之和，往返路途和休息不计；按分钟累加，保留一位小数（只舍不入）。",
        lambda: ServiceRecord.objects.confirmed(),
        "activity__held_on",
        "activity__organization__division",
        value="minutes",
    ),
    Indicator(
        "volunteers_active",
        "参加服务的志愿者",
        "人",
        "有至少一条已确认服务记录的志愿者，同一个人参加几次、参加几个组织只计一人。",
        lambda: ServiceRecord.objects.confirmed(),
        "activity__held_on",
        "activity__organization__division",
        key="volunteer",
        splits={
            "organization": "activity__organization__code",
            "program": "activity__program__code",
            "street": "activity__organization__division__code",
        },
    ),
)
