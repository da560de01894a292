"""Two that turn out to be one: the households a session served, and the volunteers who signed up and came."""

from datetime import timedelta

import pytest

from cases.merging import Merge
from jinchuan.shared.clock import today
from tests import factories, factories_activities
from volunteers import following
from volunteers.attendance import roll_of
from volunteers.models import ActivityHousehold
from volunteers.services import merges

pytestmark = pytest.mark.django_db


def test_a_household_served_under_two_names_was_served_once():
    kept, duplicate = factories.verified_household(), factories.verified_household()
    both, one = factories.submitted_activity(), factories.submitted_activity()
    for activity, household in ((both, kept), (both, duplicate), (one, duplicate)):
        ActivityHousehold.objects.create(activity=activity, household=household)
    merge = Merge(kept, duplicate, None, today())

    following.follow(merge)

    assert set(ActivityHousehold.objects.values_list("activity", "household")) == {
        (both.pk, kept.pk),
        (one.pk, kept.pk),
    }
    assert merge.dropped == {following.PLACE: 1}


def test_a_volunteer_of_two_names_has_one_place_and_was_there_once(org_a, admin_a, officer):
    kept, duplicate, third = (factories.volunteer(org_a) for _ in range(3))
    ahead = factories_activities.open_activity(by=admin_a, day=today() + timedelta(days=3), capacity=2)
    factories_activities.signed_up(ahead, kept, duplicate, third, by=admin_a)
    window = factories_activities.check_in_window(by=admin_a)
    factories_activities.checked_in(window, duplicate, (9, 0), (10, 0))

    merges.merge_volunteers(kept, duplicate, by=officer)

    assert {one.volunteer for one in ahead.sign_ups.signed()} == {kept, third}
    (came,) = roll_of(window.activity).known
    assert (came.person, came.words) == (kept, "09:00–10:00")
