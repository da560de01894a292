"""Hours of sessions that are entered already, through a sheet: the activity's code, a volunteer, from when to when."""

from datetime import time

import pytest
from django.core.management import call_command
from django.urls import reverse

from jinchuan.sheets.registers import named
from tests import factories, factories_activities
from tests.pages import shown
from tests.sheets.filling import carry_out, fill, rehearse, said
from tests.sheets.handing_in import confirm, send
from volunteers.activity_sheets import NO_SUCH_ACTIVITY, NOT_ON_ROLL, SAY_NEXT_DAY
from volunteers.enums import ActivityState
from volunteers.forms import WHO_TWICE
from volunteers.models import BREAK_TOO_LONG, Activity, ServiceRecord
from volunteers.services.activities import DAY_TOO_FULL, LOGGED_ALREADY, NOT_YET_HELD

pytestmark = pytest.mark.django_db


def row(activity, volunteer, started_at="9:00", ended_at="11:30", **more):
    return {
        "number": activity.code,
        "volunteer": volunteer.name,
        "started_at": started_at,
        "ended_at": ended_at,
        **more,
    }


def bring_in(*rows, by):
    return carry_out("service_records", fill("service_records", *rows), by=by)


def told(activity):
    return {
        one.volunteer: (one.started_at, one.ended_at, one.break_minutes) for one in activity.records.all()
    }


@pytest.fixture
def held(org_a):
    return factories_activities.held_activity(org_a)


def test_hours_go_to_the_sessions_they_name_and_only_once(officer, org_a, held):
    first, second = (factories.volunteer(org_a, national_number=number) for number in ("", "62030100001"))
    opened = factories_activities.open_activity(org_a)
    night = row(held, second, "22:00", "1:30", crosses_midnight="是", break_minutes="10")
    night["volunteer"] = second.national_number
    rows = (row(held, first), night, row(opened, first, "13:00", "14:00"))
    assert bring_in(*rows, by=officer).new == 2
    assert set(Activity.objects.values_list("state", flat=True)) == {ActivityState.SUBMITTED}
    assert {one.volunteer: one.minutes for one in held.records.all()} == {first: 150, second: 200}
    assert opened.records.get().minutes == 60
    before = list(ServiceRecord.objects.order_by("pk").values())
    again = bring_in(*rows[1:], by=officer)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert list(ServiceRecord.objects.order_by("pk").values()) == before


def test_of_a_session_that_came_back_the_named_ones_are_put_right(officer, org_a):
    first, second = factories.volunteer(org_a), factories.volunteer(org_a)
    served = [factories.service(first), factories.service(second)]
    returned = factories.returned_activity(org_a, services=served)
    before = told(returned)
    outcome = bring_in(row(returned, second, "9:00", "10:00"), by=officer)
    returned.refresh_from_db()
    assert (outcome.changed, returned.state) == (1, ActivityState.SUBMITTED)
    assert second.name not in str(outcome.updates)
    assert told(returned)[first] == before[first]
    assert returned.records.get(volunteer=second).minutes == 60


@pytest.mark.parametrize(
    ("more", "name", "sentence"),
    [
        ({"number": "HD2020-0001"}, "number", NO_SUCH_ACTIVITY.format(code="HD2020-0001")),
        ({"volunteer": "没有的人"}, "volunteer", NOT_ON_ROLL[-20:]),
        ({"ended_at": "8:00"}, "ended_at", SAY_NEXT_DAY),
        ({"break_minutes": "150"}, "break_minutes", BREAK_TOO_LONG),
    ],
)
def test_rows_that_cannot_be_are_told_where(officer, org_a, held, more, name, sentence):
    ((_, at, found),) = said(bring_in(row(held, factories.volunteer(org_a)) | more, by=officer))
    assert at == name and sentence in found
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize(
    "situation",
    [
        factories_activities.cancelled_activity,
        factories.submitted_activity,
        factories.confirmed_activity,
        factories.voided_activity,
    ],
)
def test_what_is_told_or_called_off_takes_no_other_hours(officer, org_a, situation):
    activity = situation(org_a)
    before = told(activity)
    outcome = bring_in(row(activity, factories.volunteer(org_a)), by=officer)
    assert [(name, found) for _, name, found in said(outcome)] == [("number", LOGGED_ALREADY)]
    assert told(activity) == before


def test_nobody_serves_before_the_day(officer, org_a):
    activity = factories_activities.open_activity(org_a)
    volunteer = factories.volunteer(org_a)
    with factories_activities.at(9, day=activity.held_on.replace(day=2)):
        outcome = bring_in(row(activity, volunteer), by=officer)
    assert NOT_YET_HELD in str(outcome.problems)


def test_nobody_is_named_twice_in_one_session(officer, org_a, held):
    volunteer = factories.volunteer(org_a)
    outcome = bring_in(row(held, volunteer), row(held, volunteer, "13:00", "14:00"), by=officer)
    assert [found for _, _, found in said(outcome)] == [WHO_TWICE]
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize(
    ("elsewhere", "here"),
    [((time(10), time(12)), ("9:00", "11:30")), ((time(0), time(8)), ("9:00", "18:00"))],
    ids=["at the same time", "more than sixteen hours"],
)
def test_what_the_page_asks_the_sheet_asks(officer, org_a, held, elsewhere, here):
    volunteer = factories.volunteer(org_a)
    factories.submitted_activity(org_a, services=[factories.service(volunteer, *elsewhere)])
    ((_, name, found),) = said(bring_in(row(held, volunteer, *here), by=officer))
    assert name == "checked" and volunteer.name not in found
    assert bring_in(row(held, volunteer, *here, checked="是"), by=officer).new == 1


def test_no_answer_helps_a_day_of_more_than_24_hours(officer, org_a, held):
    volunteer = factories.volunteer(org_a)
    factories.submitted_activity(org_a, services=[factories.service(volunteer, time(0), time(12))])
    outcome = bring_in(row(held, volunteer, "9:00", "22:00", checked="是"), by=officer)
    day = f"{held.held_on.month}月{held.held_on.day}日"
    assert [found for _, _, found in said(outcome)] == [DAY_TOO_FULL.format(day=day)]


def test_an_organization_reaches_its_own_sessions_alone(org_a, member_a, member_b, held):
    volunteer = factories.volunteer(org_a)
    data = fill("service_records", row(held, volunteer))
    foreign = rehearse("service_records", data, by=member_b)
    assert said(foreign) == [(3, "number", NO_SUCH_ACTIVITY.format(code=held.code))]
    assert rehearse("service_records", data, by=member_a).new == 1


def test_who_may_change_activities_may_bring_hours_in(officer, leader, worker_a, clerk):
    register = named("service_records")
    assert register.may_import(officer)
    assert not any(register.may_import(other) for other in (leader, worker_a, clerk))


def test_the_commands_take_it(officer, org_a, held, tmp_path):
    template, filled = tmp_path / "blank.xlsx", tmp_path / "hours.xlsx"
    call_command("sheet_template", "service_records", output=str(template))
    assert template.stat().st_size
    filled.write_bytes(fill("service_records", row(held, factories.volunteer(org_a))))
    call_command("import_sheet", "service_records", str(filled), by=officer.username)
    assert held.records.count() == 1


def test_an_organization_brings_its_hours_in_on_its_own_page(client_for, org_a, member_a, member_b, held):
    first, second = factories.volunteer(org_a), factories.volunteer(org_a)
    client = client_for(member_a)
    page = reverse("sheets:import", args=["service_records"])
    assert page in shown(client.get(reverse("volunteers:activities")))
    assert "下载模板" in shown(client.get(page))
    assert client.get(reverse("sheets:template", args=["service_records"])).status_code == 200
    wrong = send(client, "service_records", fill("service_records", row(held, first, ended_at="8:00")))
    assert SAY_NEXT_DAY in shown(client.get(wrong)) and first.name not in shown(client.get(wrong))
    address = send(client, "service_records", fill("service_records", row(held, first), row(held, second)))
    assert "新增 1 场活动" in shown(client.get(address))
    assert client_for(member_b).get(address).status_code == 404
    assert "已导入" in shown(confirm(client, address))
    assert {one.recorded_by for one in held.records.all()} == {member_a}


@pytest.mark.parametrize("register", ["households", "activities", "donations", "volunteers"])
def test_organizations_bring_in_nothing_else(client_for, admin_a, register):
    assert not named(register).may_import(admin_a)
    assert client_for(admin_a).get(reverse("sheets:import", args=[register])).status_code == 403
    assert client_for(admin_a).get(reverse("sheets:index")).status_code == 403
