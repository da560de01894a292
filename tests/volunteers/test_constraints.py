"""Each named constraint of the app, broken at the database."""

import pytest

from jinchuan.shared.clock import now
from tests import factories
from tests.provoking import provoke
from volunteers.enums import ActivityState
from volunteers.models import LONGEST_SERVICE


def _record():
    return factories.submitted_activity().records.get()


def _same_volunteer():
    organization = factories.approved_organization()
    people = [factories.volunteer(organization) for _ in range(2)]
    activity = factories.submitted_activity(organization, services=[factories.service(one) for one in people])
    first, second = activity.records.order_by("pk")
    return second, {"volunteer": first.volunteer}


PROVOCATIONS = {
    "activity_state_known": lambda: (factories.submitted_activity(), {"state": "x"}),
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
    "service_record_once": _same_volunteer,
    "service_record_minutes_positive": lambda: (_record(), {"minutes": 0}),
    "service_record_not_too_long": lambda: (_record(), {"minutes": LONGEST_SERVICE + 1}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_sixteen_hours_are_the_most(db):
    record = _record()

    type(record).objects.filter(pk=record.pk).update(minutes=LONGEST_SERVICE)

    record.refresh_from_db()
    assert record.minutes == 16 * 60
