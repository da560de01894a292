"""Sessions and hours through a sheet: one row a volunteer, rows with the same number are one session."""

import pytest

from jinchuan.sheets import exporting
from jinchuan.sheets.registers import named
from tests import factories, factories_activities
from tests.sheets.filling import carry_out, fill, opened, said
from volunteers.enums import ActivityState
from volunteers.models import Activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(org_a):
    return {
        "number": "1",
        "title": "重阳节上门理发",
        "organization": org_a.name,
        "held_on": "2026-09-12",
        "responsible_person": "王芳",
        "place": "社区活动室",
        "content": "为老人理发。",
        "beneficiary_people": "12",
        "parties": "社会组织、社区志愿者",
    }


def _row(volunteer, started_at="9:00", ended_at="11:30", **more):
    return {
        "number": "1",
        "volunteer": volunteer.name,
        "started_at": started_at,
        "ended_at": ended_at,
        **more,
    }


def bring_in(*rows, by):
    return carry_out("activities", fill("activities", *rows), by=by)


def exported(name, by):
    register = named(name)
    data = exporting.export(register, register.model._default_manager.all(), by=by)
    head, *rows = list(opened(data).active.values)[1:]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_session_with_its_hours_is_entered_once(officer, org_a, session):
    first, second = factories.volunteer(org_a), factories.volunteer(org_a)
    night = {"started_at": "22:00", "ended_at": "1:30", "crosses_midnight": "是", "break_minutes": "10"}
    rows = (session | _row(first), _row(second) | night)
    assert bring_in(*rows, by=officer).new == 1
    activity = Activity.objects.get()
    assert (activity.state, activity.beneficiary_people) == (ActivityState.SUBMITTED, 12)
    assert {one.volunteer: one.minutes for one in activity.records.all()} == {first: 150, second: 200}
    again = bring_in(*rows, by=officer)
    assert (again.new, again.same) == (0, 1)


def test_who_is_not_on_the_roll_or_has_a_namesake_is_told(officer, org_a, session):
    twin, other = (factories.volunteer(org_a, name="李建国") for _ in range(2))
    stranger = factories.volunteer(factories.approved_organization())
    for row in (_row(stranger), _row(twin)):
        outcome = bring_in(session | row, by=officer)
        assert outcome.problems and not Activity.objects.exists()
    assert bring_in(session | _row(twin, tail=twin.phone[-4:]), by=officer).new == 1
    assert Activity.objects.get().records.get().volunteer == twin
    assert other.records.count() == 0


def test_the_same_time_elsewhere_is_asked_about(officer, org_a, session):
    volunteer = factories.volunteer(org_a)
    factories.submitted_activity(org_a, title="义诊", services=[factories.service(volunteer)])
    ((_, name, sentence),) = said(bring_in(session | _row(volunteer), by=officer))
    assert name == "checked" and "时间重叠" in sentence
    assert bring_in(session | _row(volunteer, checked="是"), by=officer).new == 1


def test_sessions_and_hours_go_out_masked(officer, member_a):
    record = factories.confirmed_activity(by=member_a).records.get()
    new = factories_activities.corrected(record)
    (activity,) = exported("activities", officer)
    assert (activity["参加人次"], activity["时长（小时）"]) == (1, 2)
    rows = exported("service_records", officer)
    assert {(row["时长（小时）"], row["状态"]) for row in rows} == {(2.5, "已更正"), (2, "已确认")}
    assert all(new.volunteer.name not in str(row) for row in rows)
