"""Reads of activities and service."""

from datetime import time

from tests import factories
from volunteers.models import Activity, ServiceRecord


def test_totals_count_people_and_minutes_served(member_a, org_a):
    people = [factories.volunteer(org_a) for _ in range(3)]
    served = [factories.service(one, time(9), time(9, 40)) for one in people]
    activity = factories.submitted_activity(by=member_a, services=served)

    row = Activity.objects.with_totals().get(pk=activity.pk)

    assert (row.person_times, row.total_minutes) == (3, 120)


def test_only_confirmed_activities_count(member_a):
    confirmed = factories.confirmed_activity(by=member_a)
    factories.submitted_activity(by=member_a)
    factories.returned_activity(by=member_a)
    factories.voided_activity(by=member_a)

    assert list(Activity.objects.confirmed()) == [confirmed]
    assert {record.activity for record in ServiceRecord.objects.confirmed()} == {confirmed}


def test_records_are_seen_with_their_activity(member_a, member_b):
    record = factories.submitted_activity(by=member_a).records.get()

    assert list(ServiceRecord.objects.visible_to(member_a)) == [record]
    assert list(ServiceRecord.objects.visible_to(member_b)) == []
