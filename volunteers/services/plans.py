"""Writes on sessions to come: the plan, opening it for sign-up, calling it off, and that it was held."""

from datetime import timedelta

from django.db.models import F

from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import day_of, now, today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import ActivityState, SignUpState
from ..models import Activity, ActivityPlan
from .activities import OTHER_ORGANIZATION, hold_activity
from .checkins import close_windows

ALREADY_BEGUN = "计划的开始时间已经过了。已经举办的活动，请直接“记志愿服务”。"
TOO_LONG_A_PLAN = "一场活动不超过 24 小时，跨几天的请按天分开做计划。"
MORE_SIGNED_UP = "已经报名 {count} 人，人数不能少于这个数。"
PLAN_CLOSED = "这场活动已经举办或取消，计划不能再改。"
LONGEST = timedelta(hours=24)

WHAT = ("title", "program", "responsible_person", "community", "place", "content", "parties")


@verb
def plan_activity(*, by, organization, starts_at, ends_at, capacity=None, what, **plan) -> Activity:
    """Enter a session to come. ``what`` are the fields of the activity, ``plan`` those of its plan.

    Refuses a beginning in the past, and a session of more than a day.
    """
    require(by, "volunteers.add_activity")
    if by and by.organization_id and by.organization_id != organization.pk:
        raise Refused(OTHER_ORGANIZATION)
    _judge(starts_at, ends_at)
    held_on = day_of(starts_at)
    activity = create(
        Activity(
            code=next_code("HD", held_on.year),
            organization=organization,
            held_on=held_on,
            state=ActivityState.PLANNED,
            **what,
        ),
        by=by,
        action="plan",
    )
    activity.transitions.create(from_state="", to_state=ActivityState.PLANNED, by=by, at=now())
    create(
        ActivityPlan(
            activity=activity,
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=capacity,
            places_left=capacity,
            planned_at=now(),
            planned_by=by,
            **plan,
        ),
        by=by,
    )
    return activity


@verb
def change_plan(activity, *, by, starts_at, ends_at, capacity=None, what, version=None, **plan) -> Activity:
    """Put another time, place or number. Refuses fewer places than are taken; more places go to the waiting list."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity, version=version)
    if activity.state not in ActivityState.ahead():
        raise Refused(PLAN_CLOSED)
    row = lock(activity.plan)
    if starts_at != row.starts_at:
        _judge(starts_at, ends_at)
    elif ends_at - starts_at > LONGEST:
        raise Refused({"ends_at": TOO_LONG_A_PLAN})
    signed = activity.sign_ups.signed().count()
    if capacity is not None and capacity < signed:
        raise Refused({"capacity": MORE_SIGNED_UP.format(count=signed)})
    activity = change(activity, by=by, held_on=day_of(starts_at), **what)
    places = None if capacity is None else capacity - signed
    change(
        row,
        by=by,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        places_left=places,
        **plan,
    )
    fill_places(activity, by=by)
    return activity


@verb
def open_sign_up(activity, *, by) -> Activity:
    require(by, "volunteers.change_activity", activity)
    return move(activity, ActivityState.OPEN, by=by)


@verb
def cancel_activity(activity, *, by, reason) -> Activity:
    """Call a session off. Who signed up stays on the list, to be told; the check-in is shut."""
    require(by, "volunteers.change_activity", activity)
    activity = move(activity, ActivityState.CANCELLED, by=by, reason=reason_given(reason))
    close_windows(activity, by=by)
    return activity


def leave_activities(organization, *, by, reason) -> None:
    """Nobody is left to hold what a deregistered organisation had planned: it is called off. Where people have checked in
    it was held; its hours are for the bureau to tell."""
    ahead = Activity.objects.filter(organization=organization, state__in=ActivityState.ahead())
    for activity in ahead.order_by("pk"):
        if activity.held_on <= today() and activity.check_ins.exists():
            hold_activity(activity, by=by)
        else:
            cancel_activity(activity, by=by, reason=reason)


def fill_places(activity, *, by) -> None:
    """Give what places there are to who has waited longest."""
    for one in activity.sign_ups.waiting():
        if not take_place(activity):
            return
        move(one, SignUpState.SIGNED, by=by, reason="有了名额，按候补顺序补上")


def take_place(activity) -> bool:
    """One place less, if there is one: the database decides. Without a limit there always is."""
    plans = ActivityPlan.objects.filter(activity=activity)
    if plans.filter(capacity__isnull=True).exists():
        return True
    return plans.filter(places_left__gt=0).update(places_left=F("places_left") - 1) == 1


def give_back_place(activity) -> None:
    plans = ActivityPlan.objects.filter(activity=activity, capacity__isnull=False)
    plans.update(places_left=F("places_left") + 1)


def _judge(starts_at, ends_at) -> None:
    if starts_at < now():
        raise Refused({"starts_at": ALREADY_BEGUN})
    if ends_at - starts_at > LONGEST:
        raise Refused({"ends_at": TOO_LONG_A_PLAN})
