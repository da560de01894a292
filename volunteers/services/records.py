"""Writes on hours that are confirmed: a correction is a row of its own, and a second person decides on it."""

from jinchuan.audit.services import create, lock, move, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from .. import spans
from ..enums import ActivityState, RecordState
from ..models import CONFIRM_OWN_HOURS, ServiceRecord
from .activities import NOT_ON_THE_DAY, hold_people, refuse_overfull_days

NOT_CONFIRMED = "只有已确认活动的服务时长可以更正。还没有确认的，请退回修改。"
NOT_A_CORRECTION = "这不是一条等待确认的更正。"
NOTHING_CHANGED = "起止时间和休息与原来的一样，没有要更正的。"


@verb
def correct_record(record, *, by, started_at, ended_at, break_minutes=0, reason) -> ServiceRecord:
    """Propose other times for confirmed hours, on the volunteer's request: a new row that waits for a second person.

    The old one counts until then. Refuses what is not confirmed, what changes nothing, and a second proposal at once.
    """
    require(by, "volunteers.correct_servicerecord", record)
    record = lock(record)
    activity = record.activity
    if record.state != RecordState.CONFIRMED or activity.state != ActivityState.CONFIRMED:
        raise Refused(NOT_CONFIRMED)
    started_at, ended_at = spans.on_the_minute(started_at), spans.on_the_minute(ended_at)
    if (record.started_at, record.ended_at, record.break_minutes) == (started_at, ended_at, break_minutes):
        raise Refused(NOTHING_CHANGED)
    days = {activity.held_on, spans.on_the_minute(record.started_at).date()}
    if started_at.date() not in days:
        raise Refused({"started_at": NOT_ON_THE_DAY})
    hold_people([record.volunteer_id])
    row = create(
        ServiceRecord(
            activity=activity,
            volunteer_id=record.volunteer_id,
            started_at=started_at,
            ended_at=ended_at,
            break_minutes=break_minutes,
            recorded_at=now(),
            recorded_by=by,
            supersedes=record,
            reason=reason_given(reason),
        ),
        by=by,
        action="correct",
        reason=reason,
    )
    refuse_overfull_days([row])
    return row


@verb
def confirm_correction(record, *, by) -> ServiceRecord:
    """The new hours take the place of the old ones, which stay and count no more. Not by who proposed them."""
    require(by, "volunteers.confirm_servicerecord", record)
    record = _proposed(record)
    if by and record.recorded_by_id == by.pk:
        raise Refused(CONFIRM_OWN_HOURS)
    hold_people([record.volunteer_id])
    refuse_overfull_days([record])
    move(record.supersedes, RecordState.CORRECTED, by=by, reason=record.reason)
    return move(record, RecordState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)


@verb
def decline_correction(record, *, by, reason) -> ServiceRecord:
    """Leave the old hours as they are, and say why. Who proposed the correction may take it back so."""
    require(by, "volunteers.confirm_servicerecord", record)
    return move(_proposed(record), RecordState.DECLINED, by=by, reason=reason_given(reason))


def _proposed(record) -> ServiceRecord:
    record = lock(record)
    if record.state != RecordState.RECORDED or record.supersedes_id is None:
        raise Refused(NOT_A_CORRECTION)
    if record.activity.state != ActivityState.CONFIRMED:
        raise Refused(NOT_CONFIRMED)
    return record
