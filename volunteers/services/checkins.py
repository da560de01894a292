"""Writes on the day itself: the check-in is opened, people come and go, and who was not known is told apart afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField
from django.db.models.functions import Cast

from cases.retaining import NAMELESS
from jinchuan.audit.services import change, check, create, lock, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from .. import merging
from ..enums import ActivityState, CheckInWay
from ..models import (
    NOT_IN_ORGANIZATION,
    Activity,
    CheckIn,
    CheckInWindow,
    UnknownPerson,
    Volunteer,
    new_code,
    typed_hash,
)
from . import people

BEFORE, AFTER = timedelta(hours=2), timedelta(hours=6)
"""The window around the planned times: early birds, and sessions that run over."""
UNKNOWN_MOST = 600
NO_CHECK_IN = "只有计划中或报名中的活动可以打开签到。"
TOO_EARLY = "活动开始前 2 小时才能打开签到，现在还早。"
TOO_LATE = "活动结束已经超过 6 小时，不能再打开签到，请直接登记时长。"
CHECK_IN_CLOSED = "签到没有开放，请找现场的工作人员登记。"
TOO_MANY_UNKNOWN = "这里登记的人太多了，请找现场的工作人员登记。"
RESOLVED = "这个人已经核对过了。"
SAY_WHY = "请写明不计入的原因。"


@dataclass(frozen=True)
class Presence:
    """What the page tells the person who typed: since when here, or since when gone; ``is_new`` when it was noted just now."""

    is_here: bool
    at: datetime
    is_new: bool


@verb
def open_check_in(activity, *, by) -> CheckInWindow:
    """Open the check-in for the day under a new random code. Refuses days away from the plan, and a second open one."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity)
    plan = getattr(activity, "plan", None)
    if activity.state not in ActivityState.ahead() or plan is None:
        raise Refused(NO_CHECK_IN)
    at = now()
    if at < plan.starts_at - BEFORE:
        raise Refused(TOO_EARLY)
    if at >= plan.ends_at + AFTER:
        raise Refused(TOO_LATE)
    # One that has run out makes room for the new one.
    for window in activity.check_in_windows.filter(closed_at__isnull=True, closes_at__lte=at):
        change(window, by=by, action="close", closed_at=at, closed_by=by)
    window = CheckInWindow(
        activity=activity, code=new_code(), opens_at=at, closes_at=plan.ends_at + AFTER, opened_by=by
    )
    return create(window, by=by, action="open")


@verb
def close_check_in(activity, *, by) -> None:
    require(by, "volunteers.change_activity", activity)
    close_windows(lock(activity), by=by)


def close_windows(activity, *, by) -> None:
    for window in activity.check_in_windows.filter(closed_at__isnull=True):
        change(window, by=by, action="close", closed_at=now(), closed_by=by)


@verb
def check_in(window, *, by=None, name, tail, leaving=None) -> Presence:
    """Somebody typed a name and four characters on their own phone.

    Who comes is noted at once. Who is here already is asked first: ``leaving=True`` notes that they go, ``False`` that
    they are back; without it, only what is known of them is told. Known or not, the answer is the same.
    """
    # One after the other, each for some milliseconds, and in one order with the organiser's acts: whoever writes under
    # the activity without holding it could wait for it at the commit, with the head of the log in hand.
    activity = lock(window.activity)
    window = CheckInWindow.objects.get(pk=window.pk)
    if not window.is_open(now()):
        raise Refused(CHECK_IN_CLOSED)
    person = _who(activity, name, tail, by=by)
    last = CheckIn.objects.filter(activity=activity).of_person(person).last()
    is_here = last is not None and last.is_arrival
    nothing_to_note = last is not None and (leaving is None or leaving != is_here)
    if nothing_to_note:
        return Presence(is_here, last.at, is_new=False)
    row = _note(activity, person, last, by=by)
    return Presence(row.is_arrival, row.at, is_new=True)


@verb
def check_by_hand(activity, *, by, volunteer) -> CheckIn:
    """Note that somebody without a phone came, or went, just now. A member of the organisation does so at the door."""
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity)
    if activity.state not in ActivityState.ahead():
        raise Refused(CHECK_IN_CLOSED)
    on_roll = Volunteer.objects.filter(pk=volunteer.pk).on_roll_of(activity.organization, activity.held_on)
    if not on_roll.exists():
        raise Refused(NOT_IN_ORGANIZATION)
    last = CheckIn.objects.filter(activity=activity).of_person(volunteer).last()
    return _note(activity, volunteer, last, by=by, way=CheckInWay.BY_HAND)


@verb
def resolve_unknown(person, *, by, volunteer) -> UnknownPerson:
    """Say which volunteer of the organisation it was."""
    require(by, "volunteers.change_activity", person.activity)
    lock(person.activity)
    person = lock(person)
    if person.resolved_at:
        raise Refused(RESOLVED)
    activity = person.activity
    on_roll = Volunteer.objects.filter(pk=volunteer.pk).on_roll_of(activity.organization, activity.held_on)
    if not on_roll.exists():
        raise Refused(NOT_IN_ORGANIZATION)
    return change(person, by=by, action="resolve", volunteer=volunteer, resolved_at=now(), resolved_by=by)


@verb
def register_unknown(person, *, by) -> UnknownPerson:
    """Somebody new who came along: entered as a volunteer under the name they typed, from that day on."""
    activity = person.activity
    volunteer = people.register_volunteer(
        by=by, organization=activity.organization, name=person.name, joined_on=activity.held_on
    )
    return resolve_unknown(person, by=by, volunteer=volunteer)


@verb
def dismiss_unknown(person, *, by, reason) -> UnknownPerson:
    """It was nobody who served: a slip of the finger, a passer-by."""
    require(by, "volunteers.change_activity", person.activity)
    lock(person.activity)
    person = lock(person)
    if person.resolved_at:
        raise Refused(RESOLVED)
    reason = reason.strip()
    if not reason:
        raise Refused({"reason": SAY_WHY})
    return change(
        person, by=by, action="dismiss", dismissed_because=reason, resolved_at=now(), resolved_by=by
    )


@verb
def forget_unknown(*, by) -> int:
    """Take the names away that people typed at the door ``UNKNOWN_PEOPLE_DAYS`` ago and more; returns how many.

    That somebody came, when, and what was said of it stays, so no figure changes: hours are told by volunteers' own names.
    """
    limit = today() - timedelta(days=settings.UNKNOWN_PEOPLE_DAYS)
    over = UnknownPerson.objects.filter(activity__held_on__lt=limit).exclude(name=NAMELESS)
    activities = Activity.objects.filter(unknown_people__in=over).distinct().order_by("pk")
    forgotten = 0
    for activity in activities:
        gone = over.filter(activity=activity).update(
            name=NAMELESS, tail="", typed_hash=Cast("pk", CharField())
        )
        record("forget_unknown", activity, by=by, after={"people": str(gone)})
        forgotten += gone
    return forgotten


def _note(activity, person, last, *, by, way=CheckInWay.SCAN) -> CheckIn:
    is_unknown = isinstance(person, UnknownPerson)
    row = CheckIn(
        activity=activity,
        volunteer=None if is_unknown else person,
        unknown=person if is_unknown else None,
        number=last.number + 1 if last else 1,
        at=now(),
        way=way,
        noted_by=by if way == CheckInWay.BY_HAND else None,
    )
    check(row)
    row.save(force_insert=True)
    record("check_in" if row.is_arrival else "check_out", row, by=by)
    return row


def _who(activity, name, tail, *, by):
    """The one volunteer on the roll of that name whose phone or document ends so; whoever else typed it stays unknown."""
    named = Volunteer.objects.filter(name=name).on_roll_of(activity.organization, activity.held_on).distinct()
    fitting = [one for one in named if tail in one.tails]
    if len(fitting) == 1:
        return fitting[0]
    digest = typed_hash(name, tail)
    known = UnknownPerson.objects.filter(activity=activity, typed_hash=digest).first()
    if known:
        return known
    if UnknownPerson.objects.filter(activity=activity).count() >= UNKNOWN_MOST:
        raise Refused(TOO_MANY_UNKNOWN)
    return create(
        UnknownPerson(activity=activity, name=name, tail=tail, typed_hash=digest), by=by, action="unknown"
    )


def _stay(kept, duplicate, *, by) -> None:
    """Who came is never changed: ``attendance`` reads the check-ins of a merged volunteer as the other's."""


merging.moves("volunteers.CheckIn.volunteer", _stay)
merging.moves("volunteers.UnknownPerson.volunteer", merging.simply("volunteers.UnknownPerson"))
