"""Volunteers and their service, through their services."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jinchuan.shared.errors import Refused
from tests import factories
from volunteers.enums import ActivityState
from volunteers.models import BREAK_TOO_LONG, END_BEFORE_START, NOT_IN_ORGANIZATION, TOO_LONG, Activity
from volunteers.services import activities, people


@pytest.fixture
def volunteer_a(org_a, admin_a):
    return factories.volunteer(org_a, by=admin_a)


def _log(by, *served, **fields):
    return factories.submitted_activity(by=by, services=list(served), **fields)


@pytest.mark.parametrize(
    ("started_at", "ended_at", "fields", "minutes"),
    [
        (time(9), time(11, 30), {}, 150),
        (time(9), time(17), {"break_minutes": 90}, 390),
        (time(22), time(6), {"crosses_midnight": True}, 480),
        (time(8), time(0), {"crosses_midnight": True}, 960),
        (time(8), time(8), {"crosses_midnight": True}, 1440),
    ],
)
def test_minutes_actually_served(member_a, volunteer_a, started_at, ended_at, fields, minutes):
    activity = _log(member_a, factories.service(volunteer_a, started_at, ended_at, **fields))

    assert activity.records.get().minutes == minutes


@pytest.mark.parametrize(
    ("started_at", "ended_at", "fields", "refused"),
    [
        (time(9), time(8), {}, {"ended_at": [END_BEFORE_START]}),
        (time(9), time(9), {}, {"ended_at": [END_BEFORE_START]}),
        (time(9), time(10), {"break_minutes": 60}, {"break_minutes": [BREAK_TOO_LONG]}),
        (time(8), time(8, 1), {"crosses_midnight": True}, {"ended_at": [TOO_LONG]}),
    ],
)
def test_times_that_cannot_be(member_a, volunteer_a, started_at, ended_at, fields, refused):
    with pytest.raises(ValidationError) as refusal:
        _log(member_a, factories.service(volunteer_a, started_at, ended_at, **fields))

    assert refusal.value.message_dict == refused
    assert not Activity.objects.exists()


def test_an_activity_has_somebody_who_served(member_a, org_a):
    with pytest.raises(Refused) as refusal:
        activities.log_activity(
            by=member_a,
            organization=org_a,
            services=[],
            title="理发",
            responsible_person="李建国",
            place="社区",
            held_on=date(2026, 9, 1),
            content="理发",
        )

    assert refusal.value.messages == [activities.RECORDS_NEEDED]


def test_a_volunteer_serves_once_in_an_activity(member_a, volunteer_a):
    with pytest.raises(ValidationError) as refusal:
        _log(member_a, factories.service(volunteer_a), factories.service(volunteer_a, time(14), time(15)))

    assert refusal.value.messages == ["同一位志愿者在一次活动中只登记一条服务记录。"]


def test_another_organizations_volunteer_does_not_serve_here(member_a, org_b):
    with pytest.raises(Refused) as refusal:
        _log(member_a, factories.service(factories.volunteer(org_b)))

    assert refusal.value.messages == [NOT_IN_ORGANIZATION]


def test_who_left_before_the_day_did_not_serve(member_a, volunteer_a):
    volunteer = volunteer_a
    people.leave_organization(volunteer.enrollments.get(), by=member_a, left_on=date(2026, 9, 12))

    with pytest.raises(Refused) as refusal:
        _log(member_a, factories.service(volunteer), held_on=date(2026, 9, 12))
    assert refusal.value.messages == [NOT_IN_ORGANIZATION]

    assert (
        _log(
            member_a, factories.service(volunteer, on=date(2026, 9, 11)), held_on=date(2026, 9, 11)
        ).records.count()
        == 1
    )


def test_an_organization_logs_its_own_activities(member_a, org_b):
    with pytest.raises(Refused) as refusal:
        factories.submitted_activity(org_b, by=member_a)

    assert refusal.value.messages == [activities.OTHER_ORGANIZATION]


def test_an_organization_enters_its_own_volunteers(member_a, org_b):
    with pytest.raises(PermissionDenied):
        factories.volunteer(org_b, by=member_a)


def test_nobody_confirms_what_they_logged(officer, org_a):
    activity = factories.submitted_activity(org_a, by=officer)

    with pytest.raises(Refused) as refusal:
        activities.confirm_activity(activity, by=officer)

    assert refusal.value.messages == [activities.CONFIRM_OWN]


def test_nobody_voids_what_they_confirmed(reviewer, org_a):
    activity = activities.confirm_activity(factories.submitted_activity(org_a), by=reviewer)

    with pytest.raises(Refused) as refusal:
        activities.void_activity(activity, by=reviewer, reason=factories.REASON)

    assert refusal.value.messages == [activities.VOID_OWN]
    other = factories.user("reviewer")
    assert activities.void_activity(activity, by=other, reason=factories.REASON).voided_by == other


def test_nobody_confirms_what_they_put_right(officer, reviewer, member_a, volunteer_a):
    activity = factories.returned_activity(by=member_a, services=[factories.service(volunteer_a)])
    served = [factories.service(volunteer_a, time(0), time(15))]
    activity = activities.correct_activity(activity, by=officer, services=served)

    with pytest.raises(Refused) as refusal:
        activities.confirm_activity(activity, by=officer)

    assert refusal.value.messages == [activities.CONFIRM_CORRECTED]
    assert activities.confirm_activity(activity, by=reviewer).confirmed_by == reviewer


def test_a_returned_activity_is_sent_again_with_other_times(member_a, volunteer_a):
    activity = factories.returned_activity(by=member_a, services=[factories.service(volunteer_a)])

    activity = activities.correct_activity(
        activity,
        by=member_a,
        services=[factories.service(volunteer_a, time(9), time(10))],
        beneficiary_people=7,
    )

    assert (activity.state, activity.beneficiary_people) == (ActivityState.SUBMITTED, 7)
    assert [record.minutes for record in activity.records.all()] == [60]
