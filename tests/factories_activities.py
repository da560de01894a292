"""Sessions that are planned, and the day they are held on."""

from contextlib import contextmanager
from datetime import date, datetime, time

from cases.services.pairings import deregister_organization
from jinchuan.shared import clock
from jinchuan.shared.clock import SHANGHAI
from tests import factories
from volunteers import spans
from volunteers.services import activities, checkins, plans, records, signups

DAY = factories.HELD_ON
CANCELLED_BECAUSE = "有大风沙尘，改期再办"
UNTOLD_BECAUSE = "负责人已失去联系，没有签到表"
CORRECTED_BECAUSE = "本人提出，签到表上是十一点离开"


@contextmanager
def at(hour, minute=0, *, day=DAY, second=0):
    """It is that moment of the day in Shanghai."""
    with clock.travel(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)):
        yield


def planned_activity(organization=None, *, by=None, starts=time(9), ends=time(11, 30), day=DAY, **plan):
    organization = organization or (by.organization if by else None) or factories.approved_organization()
    by = by or factories.admin_of(organization)
    what = {
        "title": "重阳节上门理发",
        "responsible_person": "刘红",
        "program": None,
        "community": None,
        "place": "龙集里社区活动室",
        "content": "为老人理发、打扫。",
        "parties": ["social_org", "volunteer"],
    }
    with at(10, day=date(2026, 9, 1)):
        return plans.plan_activity(
            by=by,
            organization=organization,
            starts_at=spans.instant(day, starts),
            ends_at=spans.instant(day, ends, next_day=ends <= starts),
            phone="13909350001",
            what=what | {name: plan.pop(name) for name in list(plan) if name in what},
            **plan,
        )


def open_activity(organization=None, *, by=None, **plan):
    activity = planned_activity(organization, by=by, **plan)
    by = by or factories.admin_of(activity.organization)
    with at(11, day=date(2026, 9, 1)):
        return plans.open_sign_up(activity, by=by)


def held_activity(organization=None, *, by=None, **plan):
    activity = open_activity(organization, by=by, **plan)
    with at(12):
        return activities.hold_activity(activity, by=by or factories.admin_of(activity.organization))


def untold_activity(organization=None, *, by=None, **plan):
    """Held by an organisation that was deregistered before it told the hours."""
    activity = held_activity(organization, by=by, **plan)
    reviewer = factories.reviewer()
    deregister_organization(activity.organization, by=reviewer, reason="会员大会决定注销")
    return activities.close_untold(activity, by=reviewer, reason=UNTOLD_BECAUSE)


def cancelled_activity(organization=None, *, by=None, **plan):
    activity = open_activity(organization, by=by, **plan)
    by = by or factories.admin_of(activity.organization)
    return plans.cancel_activity(activity, by=by, reason=CANCELLED_BECAUSE)


def signed_up(activity, *volunteers, by=None):
    by = by or factories.admin_of(activity.organization)
    return signups.sign_up(activity, by=by, volunteers=list(volunteers))


def check_in_window(activity=None, *, by=None):
    activity = activity or open_activity(by=by)
    with at(8, 30):
        return checkins.open_check_in(activity, by=by or factories.admin_of(activity.organization))


def checked_in(window, volunteer, *times):
    """Comes and goes by turns at these times of the day."""
    for place, (hour, minute) in enumerate(times):
        with at(hour, minute):
            checkins.check_in(
                window,
                name=volunteer.name,
                tail=volunteer.phone[-4:],
                leaving=None if place == 0 else place % 2 == 1,
            )


def correction(record=None, *, by=None, **times):
    record = record or factories.confirmed_activity().records.get()
    by = by or factories.admin_of(record.activity.organization)
    typed = {"started_at": record.started_at, "ended_at": spans.instant(DAY, time(11)), "break_minutes": 0}
    return records.correct_record(record, by=by, reason=CORRECTED_BECAUSE, **(typed | times))


def corrected(record=None, *, by=None):
    row = correction(record, by=by)
    return records.confirm_correction(row, by=factories.officer())
