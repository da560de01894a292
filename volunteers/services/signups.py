"""Writes on sign-ups: an organisation signs its own volunteers up; when all places are taken they wait in turn."""

from jinchuan.audit.services import create, lock, move, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused

from .. import merging
from ..enums import ActivityState, SignUpState
from ..models import NOT_IN_ORGANIZATION, SignUp, Volunteer
from .plans import fill_places, give_back_place, take_place

NOT_OPEN = "这场活动没有在报名，不能报名。"
TOO_YOUNG = "{count} 位志愿者不到这场活动要求的 {age} 周岁，或没有登记出生日期，请核对。"


@verb
def sign_up(activity, *, by, volunteers) -> list[SignUp]:
    """Sign volunteers up, in the order given: a place each while there are any, the waiting list after that.

    Refuses who is not on the organisation's roll, who is younger than the plan asks, and who is signed up already.
    """
    require(by, "volunteers.change_activity", activity)
    activity = lock(activity)
    if activity.state != ActivityState.OPEN:
        raise Refused(NOT_OPEN)
    volunteers = list(dict.fromkeys(volunteers))
    on_roll = Volunteer.objects.filter(pk__in=[one.pk for one in volunteers])
    on_roll = on_roll.on_roll_of(activity.organization, activity.held_on)
    if on_roll.distinct().count() != len(volunteers):
        raise Refused(NOT_IN_ORGANIZATION)
    _old_enough(activity, volunteers)
    rows = []
    for volunteer in volunteers:
        row = SignUp(activity=activity, volunteer=volunteer, asked_at=now(), asked_by=by)
        rows.append(create(row, by=by, action="sign_up"))
    for place, row in enumerate(rows):
        if not take_place(activity):
            break
        rows[place] = move(row, SignUpState.SIGNED, by=by)
    return rows


@verb
def withdraw(one, *, by) -> SignUp:
    """Take a sign-up back; the place goes to who has waited longest."""
    require(by, "volunteers.change_activity", one.activity)
    activity = lock(one.activity)
    if activity.state not in ActivityState.ahead():
        raise Refused(NOT_OPEN)
    had_place = lock(one).state == SignUpState.SIGNED
    one = move(one, SignUpState.WITHDRAWN, by=by, withdrawn_at=now())
    if had_place:
        give_back_place(activity)
        fill_places(activity, by=by)
    return one


def _old_enough(activity, volunteers) -> None:
    least = activity.plan.minimum_age
    if not least:
        return
    ages = [one.age_on(activity.held_on) for one in volunteers]
    young = sum(age is None or age < least for age in ages)
    if young:
        raise Refused(TOO_YOUNG.format(count=young, age=least))


def _follow(kept, duplicate, *, by) -> None:
    """Signed up under both names for one session is signed up once; the duplicate's place goes to who waits."""
    both = set(kept.sign_ups.live().values_list("activity", flat=True))
    for one in duplicate.sign_ups.live().filter(activity__in=both, activity__state__in=ActivityState.ahead()):
        withdraw(one, by=by)
    duplicate.sign_ups.exclude(pk__in=duplicate.sign_ups.live().filter(activity__in=both)).update(
        volunteer=kept
    )


merging.moves("volunteers.SignUp.volunteer", _follow)
