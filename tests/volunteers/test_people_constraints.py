"""Each named constraint on people and rolls, broken at the database."""

from datetime import date

import pytest

from jinchuan.shared import crypto
from tests import factories
from tests.provoking import provoke
from volunteers.enums import DocumentKind
from volunteers.models import Volunteer


def _person(**fields):
    return factories.volunteer(factories.approved_organization(), **fields)


def _identified():
    return factories.identified_volunteer(factories.approved_organization())


def _same_document():
    first, second = _identified(), _identified()
    return second, {"document_hash": Volunteer.objects.get(pk=first.pk).document_hash}


def _same_number():
    _person(national_number="620302000001")
    return _person(), {"national_number": "620302000001"}


def _open_twice():
    organization = factories.approved_organization()
    one = factories.volunteer(organization)
    factories.enrolled(one, other := factories.approved_organization())
    return one.enrollments.get(organization=other), {"organization": organization}


def _itself():
    one = _person()
    return one, {"merged_into": one}


PROVOCATIONS = {
    "volunteer_kind_known": lambda: (_person(), {"kind": "x"}),
    "volunteer_document_kind_known": lambda: (_identified(), {"document_kind": "x"}),
    "volunteer_sex_known": lambda: (_person(), {"sex": "x"}),
    "volunteer_document_with_kind": lambda: (_person(), {"document_kind": DocumentKind.PASSPORT}),
    "volunteer_document_unique": _same_document,
    "volunteer_national_number_unique": _same_number,
    "volunteer_certificate_of_social_worker": lambda: (_person(), {"worker_certificate": "2022-1"}),
    "volunteer_worker_level_known": lambda: (_person(kind="social_worker"), {"worker_level": "x"}),
    "volunteer_consent_of_a_guardian": lambda: (_person(), {"guardian_consent_on": date(2026, 1, 1)}),
    "volunteer_not_merged_into_itself": _itself,
    "enrollment_one_open": _open_twice,
    "enrollment_dates_order": lambda: (_person().enrollments.get(), {"left_on": date(2020, 1, 1)}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_a_document_is_stored_sealed_and_found_however_it_is_typed(db):
    one = _identified()
    stored = Volunteer.objects.filter(pk=one.pk).values_list("document_hash", flat=True).get()

    assert stored == crypto.keyed_hash(one.document_number, purpose="volunteer_document")
    typed = f" {one.document_number[:6]} {one.document_number[6:].lower()}"
    assert Volunteer.objects.with_document(DocumentKind.CITIZEN_ID, typed).get() == one
    assert not Volunteer.objects.with_document(DocumentKind.PASSPORT, typed).exists()
