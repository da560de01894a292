"""Voluntary service that is confirmed."""

from volunteers.models import Activity, ServiceRecord

from .definition import Indicator

_OF_ACTIVITY = {
    "program": "program__code",
    "organization": "organization__code",
    "street": "organization__division__code",
}
_OF_RECORD = {name: f"activity__{column}" for name, column in _OF_ACTIVITY.items()}


def _of_several_parties():
    """Where at least two of the five took part: the second of the list is there."""
    return Activity.objects.confirmed().filter(parties__1__isnull=False)


SERVICE = (
    Indicator(
        "service_sessions",
        "志愿服务",
        "场",
        "已确认的志愿服务活动，一次活动计一场。",
        lambda: Activity.objects.confirmed(),
        "held_on",
        "organization__division",
        splits=_OF_ACTIVITY,
        organization="organization",
        program="program",
    ),
    Indicator(
        "service_person_times",
        "志愿服务参加",
        "人次",
        "已确认活动中的服务记录，一人参加一次计一人次；更正过的只计更正后的一条。",
        lambda: ServiceRecord.objects.confirmed(),
        "activity__held_on",
        "activity__organization__division",
        splits=_OF_RECORD,
        organization="activity__organization",
        program="activity__program",
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
        splits=_OF_RECORD,
        organization="activity__organization",
        program="activity__program",
    ),
    Indicator(
        "beneficiaries_person_times",
        "志愿服务惠及",
        "人次",
        "已确认的志愿服务活动中登记的惠及人次之和，同一人受益几次计几次。",
        lambda: Activity.objects.confirmed(),
        "held_on",
        "organization__division",
        value="beneficiary_people",
        splits=_OF_ACTIVITY,
        organization="organization",
        program="program",
    ),
    Indicator(
        "five_party_sessions",
        "五社联动活动",
        "场",
        "已确认的志愿服务活动中，社区、社会组织、社会工作者、社区志愿者、社会慈善资源有两方以上参加的。",
        _of_several_parties,
        "held_on",
        "organization__division",
        splits=_OF_ACTIVITY | {"parties": "parties"},
        organization="organization",
        program="program",
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
        organization="activity__organization",
        program="activity__program",
    ),
)
