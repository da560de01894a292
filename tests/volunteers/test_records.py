"""Hours that are confirmed: they stay as they are, and are put right by a row of their own."""

from datetime import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from jinchuan.shared.errors import Refused
from tests import factories, factories_activities
from tests.attempts import BUREAU, Act, attempted, expected
from tests.factories_activities import DAY, correction
from tests.guarding import ROUTES, SQLITE_ROUTES
from volunteers import consistency, spans
from volunteers.enums import RecordState
from volunteers.models import CONFIRM_OWN_HOURS, HOURS_OWN, ActivityHousehold, CheckIn, ServiceRecord
from volunteers.services import activities, records

DOORS = ROUTES | (SQLITE_ROUTES if connection.vendor == "sqlite" else {})


@pytest.fixture
def record(member_a):
    """9:00 to 11:30, confirmed by the bureau."""
    return factories.confirmed_activity(by=member_a).records.get()


def _counted(activity):
    row = type(activity).objects.with_totals().get(pk=activity.pk)
    return row.person_times, row.total_minutes


def _columns(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def _refused(door, row, column, value):
    before = _columns(row)
    with pytest.raises((Error, ProtectedError, ValidationError)), transaction.atomic():
        DOORS[door](row, column, value)
    assert _columns(row) == before


@pytest.mark.parametrize("door", DOORS)
def test_confirmed_hours_cannot_be_changed_or_removed(db, door, record):
    _refused(door, record, "minutes", 999)


@pytest.mark.parametrize("door", DOORS)
def test_who_came_cannot_be_changed_or_removed(db, door):
    window = factories_activities.check_in_window()
    factories_activities.checked_in(window, factories.volunteer(window.activity.organization), (9, 0))
    _refused(door, CheckIn.objects.get(), "number", 2)


@pytest.mark.parametrize("state", ["recorded", "declined"])
def test_confirmed_hours_are_not_taken_back_past_the_services(record, state):
    _refused("update", record, "state", state)


def test_hours_that_wait_with_their_activity_may_still_be_replaced(member_a):
    row = factories.submitted_activity(by=member_a).records.get()
    row.delete()
    assert not ServiceRecord.objects.exists()


def test_the_old_hours_count_until_a_second_person_confirms_the_new(record, member_a, admin_a):
    activity = record.activity
    new = correction(record, by=member_a)
    assert _counted(activity) == (1, 150)
    assert list(ServiceRecord.objects.confirmed()) == [record]

    new = records.confirm_correction(new, by=admin_a)

    record.refresh_from_db()
    assert (record.state, new.state) == (RecordState.CORRECTED, RecordState.CONFIRMED)
    assert (record.minutes, new.minutes) == (150, 120)
    assert _counted(activity) == (1, 120)
    assert list(ServiceRecord.objects.confirmed()) == [new]
    assert [step.to_state for step in record.transitions.all()] == ["corrected"]
    assert list(consistency.hours_follow_their_activity()) == []


def test_who_asks_for_the_correction_does_not_confirm_it(record, admin_a, officer):
    new = correction(record, by=admin_a)
    with pytest.raises(Refused) as refusal:
        records.confirm_correction(new, by=admin_a)
    assert refusal.value.messages == [CONFIRM_OWN_HOURS]
    assert records.confirm_correction(new, by=officer).confirmed_by == officer


def test_a_declined_correction_leaves_the_hours(record, member_a, admin_a):
    new = correction(record, by=member_a)
    records.decline_correction(new, by=admin_a, reason="签到表上没有错")
    assert list(ServiceRecord.objects.confirmed()) == [record]
    again = correction(record, by=member_a)
    assert records.confirm_correction(again, by=admin_a).state == RecordState.CONFIRMED


def test_a_correction_is_corrected_in_its_turn(record, member_a, admin_a):
    first = records.confirm_correction(correction(record, by=member_a), by=admin_a)
    second = correction(first, by=member_a, ended_at=spans.instant(DAY, time(10)))
    second = records.confirm_correction(second, by=admin_a)
    assert list(ServiceRecord.objects.confirmed()) == [second]
    assert list(consistency.hours_follow_their_activity()) == []


def test_one_correction_at_a_time(record, member_a, admin_a):
    correction(record, by=member_a)
    with pytest.raises(ValidationError) as refusal:
        correction(record, by=admin_a)
    assert refusal.value.messages == ["同一位志愿者在一次活动中只登记一条服务记录。"]


def test_a_correction_changes_something_and_says_why(record, member_a):
    with pytest.raises(Refused) as refusal:
        correction(record, by=member_a, ended_at=record.ended_at)
    assert refusal.value.messages == [records.NOTHING_CHANGED]
    with pytest.raises(Refused):
        records.correct_record(
            record,
            by=member_a,
            started_at=record.started_at,
            ended_at=record.ended_at,
            break_minutes=5,
            reason="错",
        )


def test_what_is_voided_is_not_put_right(record, member_a):
    activities.void_activity(record.activity, by=factories.user("reviewer"), reason=factories.REASON)
    with pytest.raises(Refused) as refusal:
        correction(record, by=member_a)
    assert refusal.value.messages == [records.NOT_CONFIRMED]


def test_another_organization_corrects_nothing(record, admin_b):
    with pytest.raises(PermissionDenied):
        correction(record, by=admin_b)


def test_nobody_serves_more_than_a_day_in_a_day(member_a, org_a, org_b):
    """Wherever it was: the same person in two organisations is one person."""
    volunteer = factories.volunteer(org_a)
    factories.enrolled(volunteer, org_b)
    elsewhere = factories.service(volunteer, time(0), time(20))
    factories.submitted_activity(org_b, services=[elsewhere])

    def log(ended_at):
        served = [factories.service(volunteer, time(10), ended_at)]
        return factories.submitted_activity(by=member_a, services=served)

    with pytest.raises(Refused) as refusal:
        log(time(14, 1))
    assert refusal.value.messages == [activities.DAY_TOO_FULL.format(day="9月12日")]
    assert log(time(14)).records.get().minutes == 240


def test_a_correction_does_not_fill_a_day_over(record, member_a):
    night = factories.service(record.volunteer, time(0), time(21, 30))
    factories.submitted_activity(by=member_a, services=[night], held_on=DAY)
    with pytest.raises(Refused):
        correction(record, by=member_a, ended_at=spans.instant(DAY, time(12)))


def test_hours_begin_on_the_day_of_the_activity(member_a, org_a):
    volunteer = factories.volunteer(org_a)
    with pytest.raises(Refused) as refusal:
        factories.submitted_activity(
            by=member_a, services=[factories.service(volunteer, on=DAY.replace(day=13))]
        )
    assert refusal.value.messages == [activities.NOT_ON_THE_DAY]


def test_the_organization_stands_for_its_hours_by_a_second_person(member_a, admin_a, officer):
    activity = factories.submitted_activity(by=member_a)
    activity = activities.confirm_hours(activity, by=admin_a)
    assert activity.hours_confirmed_by == admin_a
    with pytest.raises(Refused):
        activities.confirm_hours(activity, by=admin_a)
    returned = activities.return_activity(activity, by=officer, reason=factories.REASON)
    assert returned.hours_confirmed_at is None
    own = factories.submitted_activity(by=admin_a)
    with pytest.raises(Refused) as refusal:
        activities.confirm_hours(own, by=admin_a)
    assert refusal.value.messages == [HOURS_OWN]


def test_only_households_one_is_paired_with_are_named(member_a, pairing_a, household_b, officer):
    activity = factories.submitted_activity(by=member_a, households=[pairing_a.household])
    assert [one.household for one in activity.served.all()] == [pairing_a.household]
    with pytest.raises(Refused) as refusal:
        factories.submitted_activity(by=member_a, households=[household_b])
    assert refusal.value.messages == [activities.NOT_PAIRED]
    activities.return_activity(activity, by=officer, reason=factories.REASON)
    served = [factories.service(activity.records.get().volunteer)]
    activities.correct_activity(activity, by=member_a, services=served, households=[])
    assert not ActivityHousehold.objects.exists()


ACTS = {
    "correct": Act(
        lambda row, by: correction(row, by=by, ended_at=spans.instant(DAY, time(10, 30))),
        BUREAU | {"admin_a", "member_a"},
        {"confirmed"},
        "confirmed",
        stays={"confirmed"},
    ),
    "confirm": Act(records.confirm_correction, BUREAU | {"admin_a"}, {"proposed"}, "confirmed"),
    "decline": Act(
        lambda row, by: records.decline_correction(row, by=by, reason=factories.REASON),
        BUREAU | {"admin_a"},
        {"proposed"},
        "declined",
    ),
}


def _declined(record, by):
    row = correction(record, by=by)
    return records.decline_correction(row, by=factories.officer(), reason=factories.REASON)


def _corrected(record, by):
    factories_activities.corrected(record, by=by)
    record.refresh_from_db()
    return record


SITUATIONS = {
    "recorded": lambda record, by: factories.submitted_activity(by=by).records.get(),
    "confirmed": lambda record, by: record,
    "proposed": lambda record, by: correction(record, by=by),
    "corrected": _corrected,
    "declined": _declined,
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_may_do_what(situation, record, member_a, request):
    row = SITUATIONS[situation](record, member_a)
    assert set(RecordState) <= set(SITUATIONS)
    assert attempted(ACTS, row, request.getfixturevalue) == expected(ACTS, situation)
