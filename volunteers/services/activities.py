"""Writes on volunteer service: activities with their service records, confirmation."""

from dataclasses import dataclass
from datetime import time

from jinchuan.audit.services import change, check, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import ActivityState
from ..models import NOT_IN_ORGANIZATION, VOID_OWN, Activity, Enrollment, ServiceRecord, Volunteer

RECORDS_NEEDED = "请至少登记一位志愿者的服务时间。"
CONFIRM_OWN = "登记人不能确认自己登记的活动，请由另一位工作人员确认。"
CONFIRM_CORRECTED = "修改过这场活动的人不能确认它，请由另一位工作人员确认。"
OTHER_ORGANIZATION = "只能登记本组织的活动。"


@dataclass(frozen=True)
class Service:
    """What one volunteer served, as it comes from a form: start, end, break in minutes."""

    volunteer: Volunteer
    started_at: time
    ended_at: time
    break_minutes: int = 0
    crosses_midnight: bool = False


@verb
def log_activity(*, by, organization, services, **fields) -> Activity:
    """Log one session with the times each volunteer actually served; it waits for confirmation.

    Refuses another organisation's volunteers, a volunteer named twice, times that end before they begin, and more than
    16 hours at a stretch.
    """
    require(by, "volunteers.add_activity")
    if by and by.organization_id and by.organization_id != organization.pk:
        raise Refused(OTHER_ORGANIZATION)
    activity = create(
        Activity(
            code=next_code("HD", fields["held_on"].year),
            organization=organization,
            submitted_at=now(),
            submitted_by=by,
            **fields,
        ),
        by=by,
        action="submit",
    )
    _write_records(activity, services, by=by)
    return activity


@verb
def correct_activity(activity, *, by, services, version=None, **fields) -> Activity:
    """Send a returned activity again, put right: its records are replaced, for nothing of it has counted yet."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity, version=version)
    activity = move(
        activity, ActivityState.SUBMITTED, by=by, reason="按退回意见修改后重新提交", submitted_at=now()
    )
    activity = change(activity, by=by, action="correct", **fields)
    activity.records.all().delete()
    _write_records(activity, services, by=by)
    return activity


@verb
def confirm_activity(activity, *, by) -> Activity:
    """Confirm a session; from here on it counts. Not by the person who logged it, nor by one who put it right."""
    require(by, "volunteers.confirm_activity", activity)
    activity = lock(activity)
    if by and activity.submitted_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    if by and activity.transitions.filter(to_state=ActivityState.SUBMITTED, by=by).exists():
        raise Refused(CONFIRM_CORRECTED)
    return move(activity, ActivityState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)


@verb
def return_activity(activity, *, by, reason) -> Activity:
    require(by, "volunteers.confirm_activity", activity)
    return move(activity, ActivityState.RETURNED, by=by, reason=reason_given(reason))


@verb
def void_activity(activity, *, by, reason) -> Activity:
    """Take a confirmed session out of every figure; the row and its records stay. By somebody other than who confirmed it."""
    require(by, "volunteers.void_activity", activity)
    if by and activity.confirmed_by_id == by.pk:
        raise Refused(VOID_OWN)
    return move(
        activity, ActivityState.VOIDED, by=by, reason=reason_given(reason), voided_at=now(), voided_by=by
    )


def _write_records(activity, services, *, by) -> None:
    if not services:
        raise Refused(RECORDS_NEEDED)
    on_roll = set(
        Enrollment.objects.filter(organization=activity.organization_id)
        .on(activity.held_on)
        .values_list("volunteer", flat=True)
    )
    for service in services:
        if service.volunteer.pk not in on_roll:
            raise Refused(NOT_IN_ORGANIZATION)
        row = ServiceRecord(
            activity=activity,
            volunteer=service.volunteer,
            started_at=service.started_at,
            ended_at=service.ended_at,
            break_minutes=service.break_minutes,
            crosses_midnight=service.crosses_midnight,
        )
        check(row)
        row.save(force_insert=True)
    record("records", activity, by=by, after={"records": str(len(services))})
