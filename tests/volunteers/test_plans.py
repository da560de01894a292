"""Sessions to come: the plan, who signs up, who waits."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.services.pairings import deregister_organization
from jinchuan.shared.errors import Refused
from organizations.services.organizations import RETURN_REASON
from tests import factories, factories_activities
from tests.factories_activities import DAY, at, planned_activity, signed_up
from tests.pages import act, page, shown
from volunteers import consistency, spans
from volunteers.admin.activities import activities_waiting
from volunteers.enums import ActivityState, SignUpState
from volunteers.models import INSURE_FIRST, NOT_IN_ORGANIZATION, Activity
from volunteers.plan_forms import CHOOSE_SOMEBODY
from volunteers.services import activities, plans, signups


def _people(organization, number, **fields):
    return [factories.volunteer(organization, **fields) for _ in range(number)]


def _replan(activity, by, **fields):
    plan = activity.plan
    what = {name: getattr(activity, name) for name in plans.WHAT}
    with at(12, day=date(2026, 9, 1)):
        return plans.change_plan(
            activity,
            by=by,
            what=what,
            **({"starts_at": plan.starts_at, "ends_at": plan.ends_at, "capacity": plan.capacity} | fields),
        )


def test_a_plan_counts_in_nothing_until_it_is_held_and_confirmed(admin_a, officer):
    activity = planned_activity(by=admin_a)

    assert (activity.state, activity.held_on) == (ActivityState.PLANNED, DAY)
    assert [one.to_state for one in activity.transitions.all()] == ["planned"]
    assert not Activity.objects.logged().exists()
    assert not Activity.objects.waiting().exists()


def test_a_plan_begins_in_the_future_and_lasts_a_day_at_most(admin_a):
    with pytest.raises(Refused) as refusal:
        planned_activity(by=admin_a, day=date(2026, 8, 31))
    assert refusal.value.message_dict == {"starts_at": [plans.ALREADY_BEGUN]}

    activity = planned_activity(by=admin_a)
    with pytest.raises(Refused) as refusal:
        _replan(activity, admin_a, ends_at=spans.instant(DAY, time(9, 1), next_day=True))
    assert refusal.value.message_dict == {"ends_at": [plans.TOO_LONG_A_PLAN]}


def test_risky_work_is_insured_first(admin_a):
    with pytest.raises(ValidationError) as refusal:
        planned_activity(by=admin_a, is_risky=True)
    assert INSURE_FIRST in refusal.value.messages

    assert planned_activity(by=admin_a, is_risky=True, insurance="已投保意外险").plan.is_risky


def test_who_asks_after_the_places_are_gone_waits_in_turn(admin_a, org_a):
    activity = factories_activities.open_activity(by=admin_a, capacity=2)
    people = _people(org_a, 4)

    rows = signed_up(activity, *people, by=admin_a)

    assert [row.state for row in rows] == ["signed", "signed", "waiting", "waiting"]
    signups.withdraw(rows[0], by=admin_a)
    signups.withdraw(rows[2], by=admin_a)
    assert list(activity.sign_ups.signed().values_list("volunteer", flat=True).order_by("id")) == [
        people[1].pk,
        people[3].pk,
    ]
    activity.plan.refresh_from_db()
    assert activity.plan.places_left == 0
    assert list(consistency.places_add_up()) == []


def test_more_places_go_to_those_who_wait_and_fewer_than_taken_are_refused(admin_a, org_a):
    activity = factories_activities.open_activity(by=admin_a, capacity=1)
    signed_up(activity, *_people(org_a, 3), by=admin_a)

    activity = _replan(activity, admin_a, capacity=2)
    assert activity.sign_ups.signed().count() == 2
    with pytest.raises(Refused) as refusal:
        _replan(activity, admin_a, capacity=1)
    assert refusal.value.message_dict == {"capacity": [plans.MORE_SIGNED_UP.format(count=2)]}
    activity = _replan(activity, admin_a, capacity=None)
    assert activity.sign_ups.signed().count() == 3
    assert list(consistency.places_add_up()) == []


def test_nobody_signs_up_twice_and_only_ones_own_do(admin_a, org_a, org_b):
    activity = factories_activities.open_activity(by=admin_a)
    volunteer = factories.volunteer(org_a)
    (row,) = signed_up(activity, volunteer, by=admin_a)

    with pytest.raises(ValidationError) as refusal:
        signed_up(activity, volunteer, by=admin_a)
    assert refusal.value.messages == ["这位志愿者已经报名，不用重复报名。"]
    with pytest.raises(Refused) as refusal:
        signed_up(activity, factories.volunteer(org_b), by=admin_a)
    assert refusal.value.messages == [NOT_IN_ORGANIZATION]
    signups.withdraw(row, by=admin_a)
    assert signed_up(activity, volunteer, by=admin_a)[0].state == SignUpState.SIGNED


def test_who_is_too_young_for_the_work_is_not_signed_up(admin_a, org_a):
    activity = factories_activities.open_activity(by=admin_a, minimum_age=18)
    grown = factories.identified_volunteer(org_a, born=date(2008, 9, 12))
    young = factories.volunteer(org_a)

    assert signed_up(activity, grown, by=admin_a)[0].state == SignUpState.SIGNED
    with pytest.raises(Refused) as refusal:
        signed_up(activity, young, by=admin_a)
    assert refusal.value.messages == [signups.TOO_YOUNG.format(count=1, age=18)]


def test_what_is_called_off_keeps_the_list_of_those_to_be_told(admin_a, org_a):
    activity = factories_activities.open_activity(by=admin_a)
    window = factories_activities.check_in_window(activity, by=admin_a)
    signed_up(activity, factories.volunteer(org_a), by=admin_a)

    activity = plans.cancel_activity(activity, by=admin_a, reason=factories_activities.CANCELLED_BECAUSE)

    assert activity.state == ActivityState.CANCELLED
    assert activity.sign_ups.live().count() == 1
    window.refresh_from_db()
    assert window.closed_at is not None
    with pytest.raises(Refused):
        signed_up(activity, factories.volunteer(org_a), by=admin_a)


def test_a_session_is_not_held_before_its_day(admin_a):
    activity = factories_activities.open_activity(by=admin_a)

    with at(23, 59, day=date(2026, 9, 11)), pytest.raises(Refused) as refusal:
        activities.hold_activity(activity, by=admin_a)
    assert refusal.value.messages == [activities.NOT_YET_HELD]
    with at(0):
        assert activities.hold_activity(activity, by=admin_a).state == ActivityState.HELD


def test_the_hours_of_what_was_planned_are_submitted_like_any_other(admin_a, officer, org_a):
    activity = planned_activity(by=admin_a)
    volunteer = factories.volunteer(org_a)

    activity = activities.submit_activity(
        activity,
        by=admin_a,
        services=[factories.service(volunteer)],
        beneficiary_people=5,
        held_on=DAY,
    )

    assert (activity.state, activity.submitted_by) == (ActivityState.SUBMITTED, admin_a)
    assert [one.to_state for one in activity.transitions.all()] == ["planned", "held", "submitted"]
    activity = activities.confirm_activity(activity, by=officer)
    assert activity.records.get().state == "confirmed"


def test_what_a_deregistered_organization_had_ahead_is_called_off(reviewer, org_a, org_b):
    coming, with_people, others = (factories_activities.open_activity(one) for one in (org_a, org_a, org_b))
    volunteer = factories.volunteer(org_a)
    factories_activities.signed_up(coming, volunteer)
    window = factories_activities.check_in_window(with_people)
    factories_activities.checked_in(window, volunteer, (8, 55))
    held = factories_activities.held_activity(org_a)
    with factories_activities.at(10):
        deregister_organization(org_a, by=reviewer, reason="会员大会决定注销")
    rows = {one.pk: one for one in Activity.objects.all()}
    states = [rows[one.pk].state for one in (coming, with_people, held, others)]
    assert states == [ActivityState.CANCELLED, ActivityState.HELD, ActivityState.HELD, ActivityState.OPEN]
    last = rows[coming.pk].transitions.latest("pk")
    assert (last.by, last.reason) == (reviewer, "会员大会决定注销")
    assert not rows[with_people.pk].check_in_windows.filter(closed_at__isnull=True).exists()
    with factories_activities.at(10):
        assert list(Activity.objects.left_to_tell()) == [coming]
        assert set(Activity.objects.left_untold()) == {with_people, held}
        desk = {line.url.partition("left=")[2]: line.count for line in activities_waiting(reviewer)}
        assert (desk["untold"], desk["tell"]) == (2, 1)
    with factories_activities.at(10, day=factories_activities.DAY + timedelta(days=1)):
        assert not Activity.objects.left_to_tell().exists()


def test_hours_nobody_knows_are_given_up_by_the_bureau_once_the_organization_is_gone(
    client_for, officer, reviewer, leader, org_a
):
    held = factories_activities.held_activity(org_a)
    service = factories.service(factories.volunteer(org_a))
    close = act(held, "close_untold")
    reason = {"reason": factories_activities.UNTOLD_BECAUSE}
    assert close not in shown(client_for(officer).get(page(held)))
    client_for(officer).post(close, reason)
    assert Activity.objects.get(pk=held.pk).state == ActivityState.HELD

    deregister_organization(org_a, by=reviewer, reason="会员大会决定注销")
    assert "现场签到" in shown(client_for(officer).get(close))
    assert client_for(leader).post(close, reason).status_code == 403
    assert RETURN_REASON in shown(client_for(officer).post(close, {"reason": "没有"}))
    assert client_for(officer).post(close, reason).status_code == 302

    held.refresh_from_db()
    assert held.state == ActivityState.UNTOLD
    assert held.transitions.latest("pk").reason == factories_activities.UNTOLD_BECAUSE
    assert not Activity.objects.left_untold().exists()
    assert not Activity.objects.unlogged().exists()
    with pytest.raises(Refused):
        activities.submit_activity(held, by=officer, services=[service])


def test_a_button_that_is_refused_says_so_and_nothing_about_the_names_nobody_ticked(
    client_for, admin_a, org_a
):
    activity = factories_activities.open_activity(by=admin_a)
    (row,) = signed_up(activity, factories.volunteer(org_a), by=admin_a)
    with at(12):
        activities.hold_activity(activity, by=admin_a)
    sign_ups = reverse("volunteers:sign_ups", kwargs={"code": activity.code})

    answer = shown(client_for(admin_a).post(sign_ups, {"intent": f"withdraw:{row.pk}"}))

    assert signups.NOT_OPEN in answer
    assert CHOOSE_SOMEBODY not in answer
