"""Each named constraint on people and rolls, broken at the database."""

from datetime import date

import pytest

from jinchuan.shared import crypto
from jinchuan.shared.clock import now
from tests import factories
from tests.provoking import provoke
from volunteers.enums import DocumentKind
from volunteers.models import Commendation, Evaluation, Training, Volunteer
from volunteers.services import growth, own_record


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


def _request():
    record = factories.confirmed_activity().records.get()
    return own_record.ask_correction(record, by=None, text="少记了一小时")


def _asked_twice():
    declined = _request()
    own_record.decline_correction(declined, by=factories.officer(), answer="已经核对，没有错")
    own_record.ask_correction(declined.record, by=None, text="还是不对")
    return declined, {"state": "open", "decided_at": None, "decided_by": None, "answer": ""}


def _two_codes(by):
    organization = factories.approved_organization()
    one, other = (factories.volunteer(organization) for _ in range(2))
    user = factories.admin_of(organization) if by == "organization" else factories.officer()
    own_record.issue_code(one, by=user)
    own_record.issue_code(other, by=user)
    return other.codes.get(), {"volunteer": one}


def _row(model, **fields):
    organization = factories.approved_organization()
    one = factories.volunteer(organization)
    if model is Training:
        return factories.training(one, organization)
    by = factories.admin_of(organization)
    return growth.record_growth(model, one, by=by, organization=organization, **fields)


def _evaluation():
    return _row(Evaluation, quality="good", evaluated_by="社区", evaluated_on=date(2026, 9, 1))


def _commendation():
    return _row(Commendation, name="优秀志愿者", granted_by="区民政局", granted_on=date(2026, 3, 5))


def _voided_provocations(name, make):
    return {
        f"{name}_voided_at_with_by": lambda: (make(), {"voided_at": now(), "void_reason": "重复登记"}),
        f"{name}_voided_with_reason": lambda: (
            (row := make()),
            {"voided_at": now(), "voided_by": row.recorded_by},
        ),
    }


PROVOCATIONS = {
    **_voided_provocations("training", lambda: _row(Training)),
    **_voided_provocations("commendation", _commendation),
    **_voided_provocations("evaluation", _evaluation),
    "training_hours_positive": lambda: (_row(Training), {"class_hours": 0}),
    "evaluation_quality_known": lambda: (_evaluation(), {"quality": "x"}),
    "query_code_one_of_an_organization": lambda: _two_codes("organization"),
    "query_code_one_of_the_bureau": lambda: _two_codes("bureau"),
    "correction_request_state_known": lambda: (
        own_record.decline_correction(_request(), by=factories.officer(), answer="已经核对"),
        {"state": "x", "decided_at": None, "decided_by": None},
    ),
    "correction_request_decided_at_with_by": lambda: (
        _request(),
        {"state": "accepted", "decided_at": now(), "answer": "已改"},
    ),
    "correction_request_decided_with_date": lambda: (_request(), {"state": "accepted", "answer": "已改"}),
    "correction_request_decided_with_answer": lambda: (
        _request(),
        {"state": "accepted", "decided_at": now(), "decided_by": factories.officer()},
    ),
    "correction_request_one_open": _asked_twice,
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
