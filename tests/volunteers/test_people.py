"""One person, several organisations: registering, joining, leaving, putting right."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from tests import factories
from volunteers.enums import DocumentKind
from volunteers.models import Enrollment, Volunteer
from volunteers.models.people import (
    ALREADY_ENROLLED,
    COMPANY_NEEDED,
    CONSENT_NEEDED,
    DOCUMENT_TAKEN,
    ENROLLED_TWICE_THEN,
    GUARDIAN_NEEDED,
    GUARDIAN_PHONE_NEEDED,
    ID_CONTRADICTS,
)
from volunteers.services import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(org_a, admin_a):
    """A person who showed a document to organisation A."""
    return factories.identified_volunteer(org_a, by=admin_a, phone="13909350001")


def _again(by, known, **fields):
    typed = {"name": known.name, "document_kind": known.document_kind, "joined_on": date(2025, 3, 1)}
    typed |= {"document_number": known.document_number, **fields}
    return people.register_volunteer(by=by, organization=by.organization, **typed)


def test_a_document_known_elsewhere_is_the_same_person(known, org_b, admin_b, member_a, member_b):
    same = _again(admin_b, known, document_number=known.document_number.lower(), phone="13909350002")

    assert (same, Volunteer.objects.count()) == (known, 1)
    assert {one.organization for one in same.enrollments.all()} == {member_a.organization, org_b}
    assert Volunteer.objects.get().phone == "13909350001"
    assert list(Enrollment.objects.visible_to(member_b).values_list("organization", flat=True)) == [org_b.pk]


def test_another_name_on_a_known_document_is_refused(known, admin_b, member_b):
    with pytest.raises(Refused) as refusal:
        _again(admin_b, known, name="孙桂英")

    assert refusal.value.message_dict == {"name": [people.NAME_DIFFERS]}
    assert not Volunteer.objects.visible_to(member_b).exists()


def test_nobody_stands_twice_on_one_roll(known, admin_a):
    with pytest.raises(Refused) as refusal:
        _again(admin_a, known)

    assert refusal.value.messages == [ALREADY_ENROLLED]


def test_who_left_may_come_back_but_not_before_leaving(known, org_a, admin_a, member_a):
    people.leave_organization(known.enrollments.get(), by=admin_a, left_on=date(2025, 3, 2))
    with pytest.raises(Refused) as refusal:
        people.leave_organization(known.enrollments.get(), by=admin_a, left_on=date(2025, 3, 3))
    assert refusal.value.messages == [people.LEFT_ALREADY]
    with pytest.raises(ValidationError) as early:
        _again(admin_a, known)
    assert early.value.message_dict == {"joined_on": [ENROLLED_TWICE_THEN]}

    _again(admin_a, known, joined_on=date(2025, 3, 2))

    days = [date(2025, 3, 1), date(2025, 3, 2)]
    assert [Enrollment.objects.on(day).count() for day in days] == [1, 1]
    assert list(Volunteer.objects.visible_to(member_a)) == [known]


def test_a_former_organization_still_sees_but_no_longer_changes(known, org_b, admin_a, admin_b, member_a):
    factories.enrolled(known, org_b)
    people.leave_organization(
        known.enrollments.get(organization=member_a.organization), by=admin_a, left_on=today()
    )

    assert known in Volunteer.objects.visible_to(member_a)
    with pytest.raises(Refused) as refusal:
        people.update_volunteer(known, by=admin_a, phone="13909350003")
    assert refusal.value.messages == [people.NOT_ON_ROLL]
    assert people.update_volunteer(known, by=admin_b, phone="13909350003").phone == "13909350003"


def test_name_and_document_of_who_showed_one_are_for_the_bureau(known, admin_a, officer):
    with pytest.raises(Refused) as refusal:
        people.update_volunteer(known, by=admin_a, name="孙桂英")
    assert refusal.value.messages == [people.KEPT_BY_BUREAU]

    assert people.update_volunteer(known, by=officer, name="孙桂英").name == "孙桂英"


def test_a_document_filled_in_later_may_not_be_somebody_elses(known, org_b, admin_b):
    other = factories.volunteer(org_b)

    with pytest.raises(ValidationError) as refusal:
        people.update_volunteer(
            other, by=admin_b, document_kind=known.document_kind, document_number=known.document_number
        )

    assert refusal.value.messages == [DOCUMENT_TAKEN]


def test_an_organization_neither_sees_nor_touches_the_people_of_others(known, org_b, admin_b):
    acts = (
        lambda: people.update_volunteer(known, by=admin_b, phone=""),
        lambda: people.leave_organization(known.enrollments.get(), by=admin_b, left_on=today()),
        lambda: people.enroll_volunteer(known, by=admin_b, organization=org_b, joined_on=today()),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("age", "needed"), [(17, {}), (13, {"guardian_accompanies": [COMPANY_NEEDED]}), (18, None)]
)
def test_minors_have_a_guardian_who_agreed(org_a, age, needed):
    born = today().replace(day=1, year=today().year - age)
    if needed is None:
        assert factories.identified_volunteer(org_a, born=born - timedelta(days=400)).guardian_name == ""
        return
    with pytest.raises(ValidationError) as refusal:
        factories.identified_volunteer(org_a, born=born)
    assert (
        refusal.value.message_dict
        == {
            "guardian_name": [GUARDIAN_NEEDED],
            "guardian_phone": [GUARDIAN_PHONE_NEEDED],
            "guardian_consent_on": [CONSENT_NEEDED],
        }
        | needed
    )

    guardian = {"guardian_name": "李秀珍", "guardian_phone": "13909350009", "guardian_consent_on": today()}
    child = factories.identified_volunteer(org_a, born=born, guardian_accompanies=age < 14, **guardian)
    assert child.is_minor


@pytest.mark.parametrize(
    ("kind", "number", "field"),
    [
        (DocumentKind.CITIZEN_ID, "620301197503040011", "document_number"),
        (DocumentKind.PASSPORT, "E1'; --", "document_number"),
        (DocumentKind.PASSPORT, "", None),
        (DocumentKind.NOT_GIVEN, "E12345678", None),
    ],
)
def test_numbers_that_are_none_are_refused(org_a, kind, number, field):
    with pytest.raises(ValidationError) as refusal:
        factories.volunteer(org_a, document_kind=kind, document_number=number)

    assert field is None or set(refusal.value.message_dict) == {field}
    assert not Volunteer.objects.exists()


def test_a_citizen_id_says_sex_and_birth_date(org_a, known):
    assert (known.sex, known.birth_date.year) == ("female", 1975)
    with pytest.raises(ValidationError) as refusal:
        factories.identified_volunteer(org_a, sex="female", birth_date=date(1980, 1, 1))
    assert refusal.value.message_dict == {"birth_date": [ID_CONTRADICTS]}


def test_lists_of_skills_take_only_what_is_on_offer(org_a):
    with pytest.raises(ValidationError) as refusal:
        factories.volunteer(org_a, skills=["repair", "x"], services=["y"])

    assert set(refusal.value.message_dict) == {"skills", "services"}
