"""The bureau's pages on visits, matters, needs, plans, standards and duties."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.enums import CareNeedState, Outcome, VisitState
from cases.models import CareNeed, CarePlan, Matter, Obligation, ServiceStandard, Visit
from cases.services import visits
from jinchuan.shared.clock import today
from tests import factories_cases, factories_duties
from tests.pages import act, acts, agreed, form_values, listing, outcome, page, shown

from .test_admin_registers import duty

pytestmark = pytest.mark.django_db

REASON = {"reason": "见到的人与社区说的不一致"}


def visit_typed(*households, **typed):
    return {
        "households": [one.pk for one in households],
        "visited_on": today().isoformat(),
        "kind": "home_visit",
        "channel": "in_person",
        "was_made": "on",
        "condition": "good",
        "visitors": "张三",
        "notes": "屋里暖和。",
        **typed,
    }


def test_staff_log_a_visit_of_their_own_and_another_confirms_it(client_for, worker_a, officer, household_a):
    address = listing(Visit, "add") + f"?households={household_a.pk}"
    assert household_a.code in shown(client_for(worker_a).get(address))
    response = client_for(worker_a).post(listing(Visit, "add"), visit_typed(household_a))
    visit = Visit.objects.get()
    assert response.url == page(visit)
    assert (visit.state, visit.organization, visit.notes) == (VisitState.SUBMITTED, None, "屋里暖和。")
    assert "屋里暖和" in shown(client_for(worker_a).get(page(visit)))
    assert client_for(officer).post(act(visit, "confirm")).status_code == 302
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED


def test_a_visit_to_a_foreign_household_is_not_taken(client_for, worker_a, household_b):
    response = client_for(worker_a).post(listing(Visit, "add"), visit_typed(household_b))
    assert "households" in response.context["adminform"].form.errors
    assert not Visit.objects.exists()


def test_who_logged_it_does_not_confirm_it(client_for, officer, household_a):
    client = client_for(officer)
    client.post(listing(Visit, "add"), visit_typed(household_a))
    visit = Visit.objects.get()
    refused = client.post(act(visit, "confirm"))
    assert visits.CONFIRM_OWN in shown(refused)
    visit.refresh_from_db()
    assert visit.state == VisitState.SUBMITTED


def test_several_visits_are_confirmed_at_once_and_each_refusal_is_told(client_for, officer, pairing_a):
    first, second = (factories_cases.submitted_visit(pairing_a) for _ in range(2))
    returned = factories_cases.returned_visit(pairing_a)
    answer = agreed(client_for(officer), acts(Visit, "confirm"), ids=[first.pk, second.pk, returned.pk])
    assert set(outcome(answer, "done")) == {page(first), page(second)}
    assert "已退回" in outcome(answer, "refused")[page(returned)]


def test_a_visit_is_returned_with_its_matter_and_a_confirmed_one_voided(
    client_for, officer, reviewer, pairing_a
):
    client = client_for(officer)
    visit = factories_cases.submitted_visit(pairing_a, matters=[factories_cases.settled(pairing_a.household)])
    assert client.post(act(visit, "return"), {"reason": "短"}).status_code == 200
    assert client.post(act(visit, "return"), REASON).status_code == 302
    assert Matter.objects.get().state == VisitState.RETURNED
    assert Matter.objects.get().code in shown(client.get(page(visit)))
    confirmed = factories_cases.confirmed_visit(pairing_a)
    assert act(confirmed, "void") not in shown(client.get(page(confirmed)))
    assert client.post(act(confirmed, "void"), REASON).status_code == 403
    assert client_for(reviewer).post(act(confirmed, "void"), REASON).status_code == 302
    confirmed.refresh_from_db()
    assert confirmed.state == VisitState.VOIDED


def test_of_a_visit_to_two_streets_each_sees_the_own_household(
    client_for, officer, worker_a, pairing_a, pairing_b
):
    visit = factories_cases.submitted_visit(
        by=officer, households=[pairing_a.household, pairing_b.household], pairing=pairing_a
    )
    assert pairing_b.household.code in shown(client_for(officer).get(page(visit)))
    assert "等 2 户" in shown(client_for(officer).get(listing(Visit)))
    text = shown(client_for(worker_a).get(page(visit))) + shown(client_for(worker_a).get(listing(Visit)))
    assert pairing_a.household.code in text
    assert pairing_b.household.code not in text
    assert client_for(worker_a).get(page(visit, "history")).status_code == 403
    assert client_for(officer).get(page(visit, "history")).status_code == 200


def test_staff_log_a_matter_for_a_need_and_its_confirmation_meets_it(
    client_for, worker_a, officer, household_a
):
    need = factories_cases.open_need(household_a)
    typed = {
        "household": household_a.pk,
        "kind": "deed_done",
        "settled_on": today().isoformat(),
        "description": "送了两床被子。",
        "need": need.pk,
    }
    assert client_for(worker_a).post(listing(Matter, "add"), typed).status_code == 302
    assert client_for(officer).post(act(Matter.objects.get(), "confirm")).status_code == 302
    need.refresh_from_db()
    assert need.state == CareNeedState.MET


def test_a_need_is_raised_corrected_met_and_withdrawn(client_for, worker_a, household_a):
    client = client_for(worker_a)
    typed = {
        "household": household_a.pk,
        "need": "winter_warmth",
        "description": "被子太薄。",
        "public_words": "",
        "quantity": "2",
        "unit": "床",
        "raised_on": today().isoformat(),
    }
    assert client.post(listing(CareNeed, "add"), typed).status_code == 302
    need = CareNeed.objects.get()
    opened = client.get(page(need))
    assert "组织现在看不到这条需求" in shown(opened)
    assert "被子太薄。" in shown(opened)
    values = {**form_values(opened), "public_words": "一位老人需要厚棉被"}
    assert client.post(page(need), values).status_code == 302
    need.refresh_from_db()
    assert (need.public_words, need.description) == ("一位老人需要厚棉被", "被子太薄。")
    assert (
        client.post(act(need, "meet"), {"met_by": "SX2026-0001", "on": today().isoformat()}).status_code
        == 302
    )
    need.refresh_from_db()
    assert need.state == CareNeedState.MET
    assert client.post(page(need), values).status_code == 403
    other = factories_cases.open_need(household_a)
    assert client.post(act(other, "withdraw"), REASON).status_code == 302
    other.refresh_from_db()
    assert other.state == CareNeedState.WITHDRAWN


def test_public_words_that_name_somebody_are_refused(client_for, worker_a, household_a):
    need = factories_cases.open_need(household_a)
    client = client_for(worker_a)
    name = household_a.members.get().name
    values = {**form_values(client.get(page(need))), "public_words": f"{name}需要棉被"}
    assert "public_words" in client.post(page(need), values).context["adminform"].form.errors


def test_the_bureau_takes_one_claim_back(client_for, officer, pairing_a, org_b):
    need = factories_cases.open_need(pairing_a.household)
    claim = factories_cases.claim(need, org_b)
    client = client_for(officer)
    assert claim.code in shown(client.get(page(need)))
    assert client.post(act(need, "release"), {"claim": "", "reason": "组织办不了"}).status_code == 200
    assert client.post(act(need, "release"), {"claim": claim.pk, "reason": "组织办不了"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "released"


def test_a_plan_is_drawn_reviewed_and_there_is_one_a_year(client_for, worker_a, household_a):
    client = client_for(worker_a)
    typed = {
        "household": household_a.pk,
        "year": today().year,
        "goals": "平安过冬。",
        "measures": "每月走访。",
        "drawn_on": today().isoformat(),
    }
    assert client.post(listing(CarePlan, "add"), typed).status_code == 302
    assert client.post(listing(CarePlan, "add"), typed).status_code == 200
    plan = CarePlan.objects.get()
    opened = client.get(page(plan))
    assert "平安过冬。" in shown(opened)
    values = {**form_values(opened), "reviewed_on": today().isoformat(), "review": "目标达到。"}
    assert client.post(page(plan), values).status_code == 302
    plan.refresh_from_db()
    assert (plan.goals, plan.review) == ("平安过冬。", "目标达到。")


def standard_typed(**typed):
    return {
        "name": "2027年走访联系标准",
        "basis": "区民政局文件第三条",
        "effective_from": "2027-01-01",
        "kind_1": "contact",
        "window_1": "quarter",
        "times_1": "1",
        "grace_days_1": "15",
        "kind_2": "winter_check",
        "window_2": "season",
        "times_2": "1",
        "grace_days_2": "0",
        "season_2": "11-01至03-15",
        **typed,
    }


def test_a_reviewer_enters_a_standard_and_puts_it_right_before_it_is_in_effect(client_for, reviewer, officer):
    client = client_for(reviewer)
    typed = standard_typed(effective_from=(today() + timedelta(days=30)).isoformat())
    assert client_for(officer).post(listing(ServiceStandard, "add"), typed).status_code == 403
    assert client.post(listing(ServiceStandard, "add"), typed).status_code == 302
    standard = ServiceStandard.objects.get()
    winter = standard.rules.get(kind="winter_check")
    assert (winter.season_first_month, winter.season_last_day) == (11, 15)
    values = form_values(client.get(page(standard)))
    assert values["season_2"] == "11-01至03-15"
    assert client.post(page(standard), {**values, "times_1": "2"}).status_code == 302
    assert standard.rules.get(kind="contact").times == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"season_2": "冬天"}, "season_2"),
        ({"season_2": ""}, "season_2"),
        ({"season_1": "11-01至03-15"}, "season_1"),
        ({"times_1": ""}, "kind_1"),
        ({"effective_from": "2020-01-01"}, "effective_from"),
    ],
)
def test_a_rule_that_is_not_whole_is_refused(client_for, reviewer, typed, field):
    response = client_for(reviewer).post(listing(ServiceStandard, "add"), standard_typed(**typed))
    assert field in response.context["adminform"].form.errors
    assert not ServiceStandard.objects.exists()


def test_a_standard_in_effect_is_read_only(client_for, reviewer):
    standard = factories_duties.standard(effective_from=date(2025, 1, 1))
    client = client_for(reviewer)
    text = shown(client.get(page(standard)))
    assert "不能再修改" in text
    assert "联系交流" in text
    assert client.post(page(standard), standard_typed()).status_code == 403


def test_a_duty_is_waived_with_a_reason(client_for, officer, pairing_a):
    row = duty(pairing_a)
    client = client_for(officer)
    assert pairing_a.household.code in shown(client.get(page(row)))
    assert client.post(act(row, "waive"), {"reason": ""}).status_code == 200
    assert client.post(act(row, "waive"), {"reason": "住院三个月，无法上门"}).status_code == 302
    row.refresh_from_db()
    assert row.state == Outcome.WAIVED


def test_what_waits_stands_on_the_desk_and_leads_to_exactly_that(client_for, officer, pairing_a):
    factories_cases.submitted_visit(pairing_a)
    factories_cases.submitted_matter(pairing_a)
    late = duty(pairing_a)
    Obligation.objects.filter(pk=late.pk).update(
        window_start=today() - timedelta(days=9), window_end=today() - timedelta(days=1)
    )
    client = client_for(officer)
    response = client.get(reverse("admin:index"))
    lines = {line.title: line for line in response.context["waiting"]}
    assert {"待确认走访", "待确认事项", "逾期任务"} <= set(lines)
    for line in lines.values():
        assert client.get(line.url).context["cl"].result_count == line.count


def test_the_page_of_a_household_tells_its_care(client_for, officer, pairing_a):
    household = pairing_a.household
    rows = [
        factories_cases.submitted_visit(pairing_a),
        factories_cases.submitted_matter(pairing_a),
        factories_cases.open_need(household),
    ]
    factories_cases.care_plan(household)
    text = shown(client_for(officer).get(page(household)))
    for row in rows:
        assert row.code in text
    for title in ("走访（1）", "事项（1）", "需求（1）", "计划（1）", "任务（0）", "谁看过（1）"):
        assert title in text
