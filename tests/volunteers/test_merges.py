"""Two volunteers that are one person become one, with all that hangs on either."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from jinchuan.ops import consistency
from jinchuan.shared.errors import Refused
from tests import factories
from volunteers import merging
from volunteers.models import Enrollment, Volunteer
from volunteers.services import merges

pytestmark = pytest.mark.django_db


def test_every_table_that_names_a_volunteer_has_a_rule():
    assert merging.without_rule() == []
    assert set(merging.rules()) <= merging.places()


def test_everything_of_the_one_becomes_the_others(officer, org_a, org_b, member_a):
    kept = factories.volunteer(org_a, skills=["repair"])
    duplicate = factories.identified_volunteer(
        org_b, name=kept.name, skills=["arts"], national_number="620302000009"
    )
    number = duplicate.document_number
    activity = factories.confirmed_activity(org_b, services=[factories.service(duplicate)])
    factories.training(duplicate, org_b)

    merged = merges.merge_volunteers(kept, duplicate, by=officer)

    assert (merged.document_number, merged.national_number) == (number, "620302000009")
    assert merged.skills == ["repair", "arts"]
    assert {one.organization for one in merged.enrollments.all()} == {org_a, org_b}
    assert activity.records.get().volunteer == merged
    assert merged.trainings.count() == 1
    duplicate.refresh_from_db()
    assert duplicate.merged_into == merged
    assert list(Volunteer.objects.visible_to(officer).one_each()) == [merged]
    assert merged in Volunteer.objects.visible_to(member_a)
    assert list(consistency.findings()) == []


def test_two_stays_with_one_organization_become_one(officer, org_a):
    kept, duplicate = factories.volunteer(org_a, joined_on=date(2024, 5, 1)), factories.volunteer(org_a)

    merges.merge_volunteers(kept, duplicate, by=officer)

    stay = Enrollment.objects.get()
    assert (stay.volunteer, stay.joined_on, stay.left_on) == (kept, date(2023, 6, 1), None)


def test_hours_in_one_activity_are_settled_by_people_first(officer, org_a):
    kept, duplicate = factories.volunteer(org_a), factories.volunteer(org_a)
    activity = factories.submitted_activity(
        org_a, services=[factories.service(kept), factories.service(duplicate)]
    )

    with pytest.raises(Refused) as refusal:
        merges.merge_volunteers(kept, duplicate, by=officer)

    assert refusal.value.messages == [merges.SERVED_TWICE.format(activities=activity.code)]
    assert Volunteer.objects.one_each().count() == 2


def test_two_numbers_of_one_kind_are_two_people(officer, org_a):
    kept, duplicate = factories.identified_volunteer(org_a), factories.identified_volunteer(org_a)

    with pytest.raises(Refused) as refusal:
        merges.merge_volunteers(kept, duplicate, by=officer)

    assert refusal.value.messages == [merges.TWO_DOCUMENTS.format(kind="居民身份证")]


def test_who_may_merge_and_what(officer, org_a, admin_a):
    kept, duplicate, third = (factories.volunteer(org_a) for _ in range(3))
    with pytest.raises(PermissionDenied):
        merges.merge_volunteers(kept, duplicate, by=admin_a)
    with pytest.raises(Refused) as itself:
        merges.merge_volunteers(kept, kept, by=officer)
    assert itself.value.messages == [merges.NOT_ITSELF]
    merges.merge_volunteers(kept, duplicate, by=officer)
    with pytest.raises(Refused) as again:
        merges.merge_volunteers(third, duplicate, by=officer)
    assert again.value.messages == [merges.MERGED_ALREADY.format(volunteer=duplicate)]
    # Of three that are one, the first merged follows to the last kept.
    merges.merge_volunteers(third, kept, by=officer)
    duplicate.refresh_from_db()
    assert duplicate.merged_into == third
