"""Each named constraint of the app, broken at the database."""

import pytest

from jinchuan.shared.clock import now
from tests import factories, factories_activities
from tests.provoking import provoke
from volunteers.enums import ActivityState
from volunteers.models import ActivityHousehold, CheckIn, UnknownPerson
from volunteers.services import checkins
from volunteers.spans import DAY


def _record():
    return factories.submitted_activity().records.get()


def _same_volunteer():
    organization = factories.approved_organization()
    people = [factories.volunteer(organization) for _ in range(2)]
    activity = factories.submitted_activity(organization, services=[factories.service(one) for one in people])
    first, second = activity.records.order_by("pk")
    return second, {"volunteer": first.volunteer}


def _same_household():
    activity = factories.submitted_activity()
    first, second = (
        ActivityHousehold.objects.create(activity=activity, household=factories.verified_household())
        for _ in range(2)
    )
    return second, {"household": first.household}


def _confirmed_twice():
    """A proposed correction confirmed past the services, beside the one it is to take the place of."""
    row = factories_activities.correction()
    return row, {"state": "confirmed", "confirmed_at": now(), "confirmed_by": factories.officer()}


def _plan():
    return factories_activities.planned_activity(capacity=2).plan


def _sign_up(activity=None):
    activity = activity or factories_activities.open_activity()
    (row,) = factories_activities.signed_up(activity, factories.volunteer(activity.organization))
    return row


def _signed_up_twice():
    first = _sign_up()
    return _sign_up(first.activity), {"volunteer": first.volunteer}


def _two_windows():
    first = factories_activities.check_in_window()
    second = factories_activities.check_in_window(
        factories_activities.open_activity(first.activity.organization)
    )
    return second, {"activity": first.activity}


def _unknown(window=None, name="王芳"):
    window = window or factories_activities.check_in_window()
    with factories_activities.at(9):
        checkins.check_in(window, name=name, tail="1234")
    return UnknownPerson.objects.get(name=name)


def _one_person_unknown_twice():
    window = factories_activities.check_in_window()
    first = _unknown(window)
    return _unknown(window, "李强"), {"typed_hash": first.typed_hash}


def _check_in():
    window = factories_activities.check_in_window()
    volunteer = factories.volunteer(window.activity.organization)
    factories_activities.checked_in(window, volunteer, (9, 0), (10, 0))
    return CheckIn.objects.get(volunteer=volunteer, number=2)


def _unknown_came_twice():
    person = _unknown()
    with factories_activities.at(10):
        checkins.check_in(person.activity.check_in_windows.get(), name="王芳", tail="1234", leaving=True)
    return person.check_ins.get(number=2)


PROVOCATIONS = {
    "check_in_of_one_person": lambda: (_check_in(), {"volunteer": None}),
    "check_in_volunteer_number_once": lambda: (_check_in(), {"number": 1}),
    "check_in_unknown_number_once": lambda: (_unknown_came_twice(), {"number": 1}),
    "check_in_number_positive": lambda: (_check_in(), {"number": 0}),
    "check_in_way_known": lambda: (_check_in(), {"way": "x"}),
    "check_in_by_hand_with_person": lambda: (_check_in(), {"way": "by_hand"}),
    "activity_state_known": lambda: (
        factories.submitted_activity(),
        {"state": "x", "submitted_at": None, "submitted_by": None},
    ),
    "activity_confirmed_at_with_by": lambda: (
        factories.submitted_activity(),
        {"state": ActivityState.CONFIRMED, "confirmed_at": now()},
    ),
    "activity_confirmed_with_date": lambda: (
        factories.submitted_activity(),
        {"state": ActivityState.CONFIRMED},
    ),
    "activity_confirmed_by_second_person": lambda: (
        (activity := factories.submitted_activity()),
        {"state": ActivityState.CONFIRMED, "confirmed_at": now(), "confirmed_by": activity.submitted_by},
    ),
    "activity_voided_at_with_by": lambda: (
        factories.confirmed_activity(),
        {"state": ActivityState.VOIDED, "voided_at": now()},
    ),
    "activity_voided_with_date": lambda: (factories.confirmed_activity(), {"state": ActivityState.VOIDED}),
    "activity_voided_by_second_person": lambda: (
        (activity := factories.confirmed_activity()),
        {"state": ActivityState.VOIDED, "voided_at": now(), "voided_by": activity.confirmed_by},
    ),
    "activity_submitted_at_with_by": lambda: (factories.submitted_activity(), {"submitted_by": None}),
    "activity_submitted_with_date": lambda: (
        factories.submitted_activity(),
        {"submitted_at": None, "submitted_by": None},
    ),
    "activity_hours_at_with_by": lambda: (factories.submitted_activity(), {"hours_confirmed_at": now()}),
    "activity_hours_after_submission": lambda: (
        factories.returned_activity(),
        {"hours_confirmed_at": now(), "hours_confirmed_by": factories.reviewer()},
    ),
    "activity_hours_by_second_person": lambda: (
        (activity := factories.submitted_activity()),
        {"hours_confirmed_at": now(), "hours_confirmed_by": activity.submitted_by},
    ),
    "activity_household_once": _same_household,
    "service_record_state_known": lambda: (_record(), {"state": "x"}),
    "service_record_waiting_once": _same_volunteer,
    "service_record_confirmed_once": _confirmed_twice,
    "service_record_times_order": lambda: ((row := _record()), {"ended_at": row.started_at}),
    "service_record_minutes_positive": lambda: (_record(), {"minutes": 0}),
    "service_record_not_too_long": lambda: (_record(), {"minutes": DAY + 1}),
    "service_record_confirmed_at_with_by": lambda: (
        _record(),
        {"state": "confirmed", "confirmed_at": now()},
    ),
    "service_record_confirmed_with_date": lambda: (_record(), {"state": "confirmed"}),
    "service_record_by_second_person": lambda: (
        (row := _record()),
        {"state": "confirmed", "confirmed_at": now(), "confirmed_by": row.recorded_by},
    ),
    "service_record_correction_with_reason": lambda: (_record(), {"reason": "写错了"}),
    "activity_plan_times_order": lambda: ((plan := _plan()), {"ends_at": plan.starts_at}),
    "activity_plan_capacity_with_places": lambda: (_plan(), {"places_left": None}),
    "activity_plan_capacity_positive": lambda: (_plan(), {"capacity": 0, "places_left": 0}),
    "activity_plan_places_within_capacity": lambda: (_plan(), {"places_left": 3}),
    "activity_plan_risk_insured": lambda: (_plan(), {"is_risky": True}),
    "sign_up_state_known": lambda: (_sign_up(), {"state": "x"}),
    "sign_up_withdrawn_with_date": lambda: (_sign_up(), {"state": "withdrawn"}),
    "sign_up_once": _signed_up_twice,
    "check_in_window_times_order": lambda: (
        (window := factories_activities.check_in_window()),
        {"closes_at": window.opens_at},
    ),
    "check_in_window_closed_at_with_by": lambda: (
        factories_activities.check_in_window(),
        {"closed_at": now()},
    ),
    "check_in_window_one_open": _two_windows,
    "unknown_person_once": _one_person_unknown_twice,
    "unknown_person_resolved_at_with_by": lambda: (
        _unknown(),
        {"resolved_at": now(), "dismissed_because": "走错了门"},
    ),
    "unknown_person_resolved_one_way": lambda: (
        _unknown(),
        {"resolved_at": now(), "resolved_by": factories.officer()},
    ),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
