"""Writes on volunteer service: activities with their service records, confirmation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time

from cases.models import Household
from jinchuan.audit.services import change, check, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from .. import spans
from ..enums import ActivityState, RecordState
from ..models import (
    HOURS_OWN,
    NOT_IN_ORGANIZATION,
    VOID_OWN,
    Activity,
    ActivityHousehold,
    ServiceRecord,
    Volunteer,
)
from .checkins import close_windows

RECORDS_NEEDED = "请至少登记一位志愿者的服务时间。"
CONFIRM_OWN = "登记人不能确认自己登记的活动，请由另一位工作人员确认。"
CONFIRM_CORRECTED = "修改过这场活动的人不能确认它，请由另一位工作人员确认。"
OTHER_ORGANIZATION = "只能登记本组织的活动。"
NOT_ON_THE_DAY = "服务时间要在活动当天开始，请核对日期和时间。"
DAY_TOO_FULL = "这位志愿者{day}登记的服务合计超过 24 小时，请核对起止时间。"
LOGGED_ALREADY = "这场活动的时长已经登记，或者活动已取消，请刷新页面查看。"
NOT_YET_HELD = "还没到活动日期，不能登记为已举办。"
NOT_PAIRED = "只能选择本组织现在结对的户。"
HOURS_CHECKED = "这场活动的时长已经核对过。"
STILL_TOLD = "这个组织没有注销，时长请由组织登记。"


@dataclass(frozen=True)
class Service:
    """What one volunteer served, as it comes from a form: two instants, and the breaks in minutes."""

    volunteer: Volunteer
    started_at: datetime
    ended_at: datetime
    break_minutes: int = 0

    @property
    def minutes(self) -> int:
        return spans.served(self.started_at, self.ended_at, self.break_minutes)

    @classmethod
    def on(cls, day, volunteer, started_at: time, ended_at: time, break_minutes=0, crosses_midnight=False):
        """From times as they stand on a list of one day."""
        end = spans.instant(day, ended_at, next_day=crosses_midnight)
        return cls(volunteer, spans.instant(day, started_at), end, break_minutes)


@verb
def log_activity(*, by, organization, services, households=(), **fields) -> Activity:
    """Log one session with the times each volunteer actually served; it waits for confirmation.

    Refuses another organisation's volunteers, a volunteer named twice, times that end before they begin, more than
    24 hours of one person in one day, and households the organisation is not paired with.
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
    _write_households(activity, households, by=by)
    _write_records(activity, services, by=by)
    return activity


@verb
def hold_activity(activity, *, by) -> Activity:
    """It has been held: nobody signs up or checks in any more, and the hours are told next."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity)
    if activity.held_on > today():
        raise Refused(NOT_YET_HELD)
    activity = move(activity, ActivityState.HELD, by=by)
    close_windows(activity, by=by)
    return activity


@verb
def close_untold(activity, *, by, reason) -> Activity:
    """End a session whose organisation is gone and whose hours nobody knows: it was held, and nobody's hours count.

    Refuses it while the organisation is there to tell them. Hours found later are logged as a session of their own.
    """
    require(by, "volunteers.confirm_activity", activity)
    activity = lock(activity)
    if not activity.organization.is_deregistered:
        raise Refused(STILL_TOLD)
    return move(activity, ActivityState.UNTOLD, by=by, reason=reason_given(reason))


@verb
def submit_activity(activity, *, by, services, households=(), version=None, **fields) -> Activity:
    """The hours of a session that was planned and has been held: it waits for confirmation like one logged at once."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity, version=version)
    if activity.state in ActivityState.ahead():
        activity = hold_activity(activity, by=by)
    if activity.state != ActivityState.HELD:
        raise Refused(LOGGED_ALREADY)
    activity = change(activity, by=by, action="log", **fields)
    activity = move(activity, ActivityState.SUBMITTED, by=by, submitted_at=now(), submitted_by=by)
    _write_households(activity, households, by=by)
    _write_records(activity, services, by=by)
    return activity


@verb
def correct_activity(activity, *, by, services, households=None, version=None, **fields) -> Activity:
    """Send a returned activity again, put right: its records are replaced, for nothing of it has counted yet.

    Without ``households`` those that are named stay, and so do those the person may not see any more.
    """
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity, version=version)
    activity = move(
        activity, ActivityState.SUBMITTED, by=by, reason="按退回意见修改后重新提交", submitted_at=now()
    )
    activity = change(activity, by=by, action="correct", **fields)
    if households is not None:
        activity.served.filter(household__in=_households_seen(by)).delete()
        _write_households(activity, households, by=by)
    activity.records.all().delete()
    _write_records(activity, services, by=by)
    return activity


@verb
def confirm_hours(activity, *, by) -> Activity:
    """The organisation stands for the hours its own people served: by somebody else than who typed them."""
    require(by, "volunteers.confirm_servicerecord", activity)
    activity = lock(activity)
    if activity.state != ActivityState.SUBMITTED or activity.hours_confirmed_at:
        raise Refused(HOURS_CHECKED)
    if by and activity.records.filter(recorded_by=by).exists():
        raise Refused(HOURS_OWN)
    return change(activity, by=by, action="confirm_hours", hours_confirmed_at=now(), hours_confirmed_by=by)


@verb
def confirm_activity(activity, *, by) -> Activity:
    """Confirm a session and the hours of it; from here on they count. Not by who logged it, nor by one who put it right."""
    require(by, "volunteers.confirm_activity", activity)
    activity = lock(activity)
    if by and activity.submitted_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    if by and activity.transitions.filter(to_state=ActivityState.SUBMITTED, by=by).exists():
        raise Refused(CONFIRM_CORRECTED)
    activity = move(activity, ActivityState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)
    # One statement for all of them: the activity's transition is theirs.
    activity.records.filter(state=RecordState.RECORDED).update(
        state=RecordState.CONFIRMED, confirmed_at=activity.confirmed_at, confirmed_by=by
    )
    return activity


@verb
def return_activity(activity, *, by, reason) -> Activity:
    require(by, "volunteers.confirm_activity", activity)
    return move(
        activity,
        ActivityState.RETURNED,
        by=by,
        reason=reason_given(reason),
        hours_confirmed_at=None,
        hours_confirmed_by=None,
    )


@verb
def void_activity(activity, *, by, reason) -> Activity:
    """Take a confirmed session out of every figure; the row and its records stay. By somebody other than who confirmed it."""
    require(by, "volunteers.void_activity", activity)
    if by and activity.confirmed_by_id == by.pk:
        raise Refused(VOID_OWN)
    return move(
        activity, ActivityState.VOIDED, by=by, reason=reason_given(reason), voided_at=now(), voided_by=by
    )


def _households_seen(by):
    return Household.objects.all() if by is None else Household.objects.visible_to(by)


def _write_households(activity, households, *, by) -> None:
    """An organisation sees, and so names, those it is paired with now and that agreed; the bureau any of its own."""
    households = list(dict.fromkeys(households))
    if not households:
        return
    seen = _households_seen(by).filter(pk__in=[one.pk for one in households])
    if seen.count() != len(households):
        raise Refused(NOT_PAIRED)
    for household in households:
        row = ActivityHousehold(activity=activity, household=household)
        check(row)
        row.save(force_insert=True)
    record("households", activity, by=by, after={"households": "、".join(map(str, households))})


def _write_records(activity, services, *, by) -> None:
    if not services:
        raise Refused(RECORDS_NEEDED)
    _all_on_roll(activity, services)
    at = now()
    for service in services:
        if spans.on_the_minute(service.started_at).date() not in _days_of(activity):
            raise Refused(NOT_ON_THE_DAY)
        row = ServiceRecord(
            activity=activity,
            volunteer=service.volunteer,
            started_at=spans.on_the_minute(service.started_at),
            ended_at=spans.on_the_minute(service.ended_at),
            break_minutes=service.break_minutes,
            recorded_at=at,
            recorded_by=by,
        )
        check(row)
        row.save(force_insert=True)
    refuse_overfull_days(activity.records.all())
    record("records", activity, by=by, after={"records": str(len(services))})


def _days_of(activity):
    """The day it was held, and the next where the plan goes past midnight."""
    plan = getattr(activity, "plan", None)
    return {activity.held_on} | ({spans.on_the_minute(plan.ends_at).date()} if plan else set())


def hold_people(ids) -> list[Volunteer]:
    """Held until the end, so that two who log hours of one person at once see each other's. Rows that merely point to the
    person are not kept waiting: at their commit they have the head of the log in hand."""
    people = Volunteer.objects.select_for_update(of=("self",), no_key=True)
    return list(people.filter(pk__in=ids).order_by("pk"))


def _all_on_roll(activity, services) -> None:
    named = {service.volunteer.pk for service in services}
    on_roll = Volunteer.objects.filter(pk__in=named).on_roll_of(activity.organization, activity.held_on)
    held = hold_people(named)
    if len(held) != len(named) or on_roll.distinct().count() != len(named):
        raise Refused(NOT_IN_ORGANIZATION)


def refuse_overfull_days(records) -> None:
    """Nobody serves more than 24 hours in one day, wherever it was: a sum over all organisations, told as no more than that."""
    records = list(records)
    if not records:
        return
    people = {one.volunteer_id for one in records}
    since = spans.instant(spans.on_the_minute(min(one.started_at for one in records)).date(), time())
    until = spans.instant(
        spans.on_the_minute(max(one.ended_at for one in records)).date(), time(), next_day=True
    )
    touched = {(one.volunteer_id, day) for one in records for day in _shares(one)}
    replaced = {one.supersedes_id for one in records}
    others = ServiceRecord.objects.within(since, until).filter(volunteer__in=people)
    totals = defaultdict(int)
    for one in [*others.exclude(pk__in=[*(one.pk for one in records), *replaced - {None}]), *records]:
        for day, minutes in _shares(one).items():
            totals[one.volunteer_id, day] += minutes
    for person, day in sorted(touched):
        if totals[person, day] > spans.DAY:
            raise Refused(DAY_TOO_FULL.format(day=f"{day.month}月{day.day}日"))


def _shares(one):
    return spans.by_day(one.started_at, one.ended_at, one.minutes)
