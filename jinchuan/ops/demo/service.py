"""Volunteer service of the demo district: sessions under the four brands, with the minutes each volunteer served."""

from datetime import date, datetime, time, timedelta

from jinchuan.shared.clock import SHANGHAI, today
from jinchuan.shared.months import Month
from volunteers.services import activities, plans, signups
from volunteers.services.activities import Service

from .sessions import SESSIONS
from .timeline import workday

_FROM = Month(2023, 7)
_RETURNS = (
    "服务时间与签到表不符，请核对后重新提交。",
    "请补充服务内容，写明服务了哪些人、做了什么。",
)


def plan(district):
    for month in Month.range(_FROM, Month.of(district.until)):
        district.timeline.on(month.first, _plan_month, district, month, at="00:20")
    district.timeline.on(district.until - timedelta(days=3), _plan_ahead, district, at="16:40")


def _plan_month(district, month):
    """About ten sessions a month, more in winter and before the school year, fewer in the first summer."""
    rng = district.rng(f"service:{month}")
    number = 9 + rng.randint(0, 3) + (month.month in (1, 8, 12)) * 2
    number = number - 3 if month < Month(2023, 10) else number
    sessions = [session for session in SESSIONS if month.month in session.months]
    for place in range(number):
        day = month.first if place == 0 else month.first + timedelta(days=rng.randrange(month.last.day))
        held = max(day, date(2023, 7, 3))
        logged = held + timedelta(days=rng.choice((0, 0, 1, 1, 2, 4)))
        hour = 19 if logged == held else rng.randint(9, 20)
        at = f"{hour:02d}:{rng.randint(0, 59):02d}"
        district.timeline.on(logged, _session, district, rng.choice(sessions), held, rng, place, at=at)


def _session(district, session, held, rng, place):
    activity = log_session(district, session, _organizer(district, session, rng), held, rng)
    _plan_confirmation(district, activity, rng, place)


def log_session(district, session, organization, held, rng):
    """Somebody of the organisation logs a session of the kind, held with five to nine of its volunteers."""
    by = rng.choice(district.organization_users[organization.name])
    community = organization.division if organization.division.level in ("community", "village") else None
    community = community or rng.choice(list(district.communities.values()))
    team = district.volunteers[organization.name]
    present = rng.sample(team, min(len(team), rng.randint(5, 9)))
    minute = rng.choice((510, 540, 570, 840, 870, 900))
    start = datetime.combine(held, time(), SHANGHAI) + timedelta(minutes=minute)
    length = rng.randrange(*session.minutes, 10)
    return activities.log_activity(
        by=by,
        organization=organization,
        services=[_service(volunteer, start, length, rng) for volunteer in present],
        title=session.title,
        program=district.programs[session.program] if session.program else None,
        responsible_person=present[0].name,
        community=community,
        place=f"{community.short_name}{session.place}"[:60],
        held_on=held,
        content=session.content,
        beneficiary_households=rng.randint(*session.households),
        beneficiary_people=rng.randint(*session.people),
        parties=[str(party) for party in session.parties],
    )


def _organizer(district, session, rng):
    """An organisation that is good at it; most often the one that leads the brand."""
    if session.program and rng.random() < 0.35:
        lead = district.programs[session.program].lead_organization
        return district.organizations[lead.name]
    able = [
        organization
        for organization in district.social_organizations()
        if set(organization.strengths) & set(session.strengths)
    ]
    return district.one_of(able, rng)


def _service(volunteer, start, length, rng):
    """From start to end; some come later or leave earlier, long sessions have a break."""
    late = rng.choice((0, 0, 0, 0, 10, 20))
    early = rng.choice((0, 0, 0, 15))
    return Service(
        volunteer=volunteer,
        started_at=start + timedelta(minutes=late),
        ended_at=start + timedelta(minutes=length - early),
        break_minutes=20 if length >= 200 else 0,
    )


def _plan_confirmation(district, activity, rng, place):
    on, day = district.timeline.on, workday(today() + timedelta(days=rng.choice((1, 2, 3))))
    if rng.random() < 0.05:
        on(day, send_back, district, activity, rng.choice(_RETURNS), at="11:30")
        on(workday(day + timedelta(days=2)), _send_again, district, activity, at="18:10")
    else:
        on(day, confirm, district, activity, at=f"{9 + place % 8:02d}:50")


def confirm(district, activity):
    activities.confirm_activity(activity, by=district.staff["officer"])


def send_back(district, activity, reason):
    activities.return_activity(activity, by=district.staff["officer"], reason=reason)


def _send_again(district, activity):
    services = [
        Service(row.volunteer, row.started_at, row.ended_at, row.break_minutes)
        for row in activity.records.select_related("volunteer")
    ]
    activities.correct_activity(activity, by=activity.submitted_by, services=services)
    district.timeline.on(workday(today() + timedelta(days=1)), confirm, district, activity, at="09:10")


# What is still to come ---------------------------------------------------------------------------------------------

# Days after the demo's last, people wanted, how many sign up, and what has become of it.
_AHEAD = (
    (2, 6, 8, "open"),
    (5, None, 4, "open"),
    (9, 12, 0, "planned"),
    (4, 8, 3, "cancelled"),
)
_CANCELLED = "气象台预报有大风沙尘，改到下月再办"


def _plan_ahead(district):
    """Sessions of the coming days: two one may sign up for, one with a waiting list, one only planned, one called off."""
    rng = district.rng("service:ahead")
    for days, capacity, people, state in _AHEAD:
        session = rng.choice(SESSIONS)
        organization = _organizer(district, session, rng)
        _plan_one(district, session, organization, days, capacity, people, state)


def _plan_one(district, session, organization, days, capacity, people, state):
    by = district.organization_users[organization.name][0]
    team = district.volunteers[organization.name]
    start = datetime.combine(district.until + timedelta(days=days), time(9), SHANGHAI)
    activity = plans.plan_activity(
        by=by,
        organization=organization,
        starts_at=start,
        ends_at=start + timedelta(minutes=session.minutes[0]),
        capacity=capacity,
        to_bring="水杯",
        phone=team[0].phone,
        what={
            "title": session.title,
            "program": district.programs[session.program] if session.program else None,
            "responsible_person": team[0].name,
            "community": None,
            "place": session.place[:60],
            "content": session.content,
            "parties": [str(party) for party in session.parties],
        },
    )
    if state == "planned":
        return
    plans.open_sign_up(activity, by=by)
    if people:
        signups.sign_up(activity, by=by, volunteers=team[:people])
    if state == "cancelled":
        plans.cancel_activity(activity, by=by, reason=_CANCELLED)
