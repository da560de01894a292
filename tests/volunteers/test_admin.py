from datetime import timedelta

import pytest
from django.urls import reverse

from jinchuan.shared import clock
from tests import factories
from tests.pages import act, form_values, listing, page, shown
from volunteers.enums import ActivityState, CorrectionState
from volunteers.models import Activity, CorrectionRequest, Volunteer
from volunteers.services import own_record
from volunteers.services.activities import CONFIRM_OWN

pytestmark = pytest.mark.django_db

REASON = {"reason": "服务时间写反了"}


def test_an_officer_confirms_and_a_reviewer_voids_an_activity(client_for, officer, reviewer, org_a):
    activity = factories.submitted_activity(org_a)
    text = shown(client_for(officer).get(act(activity, "confirm")))
    assert "1 人次，2.5 小时" in text
    assert client_for(officer).post(act(activity, "confirm")).url == page(activity)
    activity.refresh_from_db()
    assert activity.state == ActivityState.CONFIRMED
    assert client_for(reviewer).post(act(activity, "void"), REASON).status_code == 302
    activity.refresh_from_db()
    assert activity.state == ActivityState.VOIDED


def test_an_activity_is_returned_with_a_reason(client_for, officer, org_a):
    activity = factories.submitted_activity(org_a)
    client = client_for(officer)
    assert client.post(act(activity, "return"), {"reason": ""}).status_code == 200
    assert client.post(act(activity, "return"), REASON).status_code == 302
    activity.refresh_from_db()
    assert activity.state == ActivityState.RETURNED


def test_nobody_confirms_what_is_their_own(client_for, officer, org_a):
    activity = factories.submitted_activity(org_a, by=officer)
    assert CONFIRM_OWN in shown(client_for(officer).post(act(activity, "confirm")))


def test_a_leader_only_reads(client_for, leader, org_a):
    activity = factories.submitted_activity(org_a)
    client = client_for(leader)
    assert client.get(page(activity)).status_code == 200
    assert client.post(act(activity, "confirm")).status_code == 403


@pytest.mark.parametrize("who", ["worker_a", "clerk", "auditor", "administrator"])
def test_who_has_nothing_to_do_with_service_comes_not_in(client_for, request, who, org_a):
    activity = factories.submitted_activity(org_a)
    client = client_for(request.getfixturevalue(who))
    assert client.get(listing(Activity)).status_code == 403
    assert client.get(page(activity)).status_code in (403, 404)


def test_the_records_stand_on_the_activitys_page(client_for, officer, org_a):
    activity = factories.submitted_activity(org_a)
    volunteer = activity.records.get().volunteer
    text = shown(client_for(officer).get(page(activity)))
    assert volunteer.name in text
    assert "09:00" in text
    assert volunteer.name not in shown(client_for(officer).get(listing(Volunteer)))


def test_a_leader_reads_masked_names_of_volunteers(client_for, leader, org_a):
    activity = factories.submitted_activity(org_a)
    volunteer = activity.records.get().volunteer
    for address in (page(activity), page(volunteer), listing(Volunteer)):
        text = shown(client_for(leader).get(address))
        assert volunteer.name not in text
        assert volunteer.phone not in text


def test_a_volunteer_is_registered_and_corrected(client_for, officer, org_a):
    client = client_for(officer)
    typed = {"organization": org_a.pk, "name": "李建国", "joined_on": "2026.9.1", "phone": "13909350001"}
    typed = {**form_values(client.get(listing(Volunteer, "add"))), **typed}
    assert client.post(listing(Volunteer, "add"), typed).status_code == 302
    volunteer = Volunteer.objects.get()
    values = {**form_values(client.get(page(volunteer))), "skills": ["repair"]}
    assert client.post(page(volunteer), values).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.skills, volunteer.phone) == (["repair"], "13909350001")
    roll = {"enrollment": volunteer.enrollments.get().pk, "left_on": "2026-10-01"}
    assert client.post(act(volunteer, "leave"), roll).status_code == 302
    assert str(volunteer.enrollments.get().left_on) == "2026-10-01"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [(Activity, 5), (CorrectionRequest, 5), (Volunteer, 7)])
def test_lists_ask_the_same_number_of_questions(
    client_for, officer, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        record = factories.submitted_activity().records.get()
        own_record.ask_correction(record, by=None, text="少记了一小时")
    client = client_for(officer)
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


def test_what_organizations_leave_unanswered_is_the_bureaus_to_answer(client_for, officer, leader, member_a):
    record = factories.confirmed_activity(by=member_a).records.get()
    asked = own_record.ask_correction(record, by=None, text="少记了一小时", contact="13909350001")
    client, title = client_for(officer), "组织没有答复的更正申请"

    def waits():
        return title in [line.title for line in client.get(reverse("admin:index")).context["waiting"]]

    assert not waits()
    with clock.travel(clock.now() + timedelta(days=8)):
        client.force_login(officer)
        assert waits()
        assert str(record.activity.code) in shown(client.get(listing(asked), {"late": "late"}))
        told = shown(client.get(page(asked)))
        assert "少记了一小时" in told
        assert record.volunteer.name not in told and "13909350001" not in told
        assert client_for(leader).post(act(asked, "decline"), {"answer": "不改"}).status_code == 403
        assert client.post(act(asked, "decline"), {"answer": "签到表上是十一点半"}).status_code == 302
        assert not waits()
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (CorrectionState.DECLINED, officer)
