"""The same document at the same moment is one person, whoever enters it."""

from datetime import date

import pytest
from django.db import IntegrityError

from jinchuan.audit import chain
from jinchuan.audit.services import constraints_by_database
from jinchuan.shared.errors import Refused
from tests import factories
from volunteers.enums import DocumentKind
from volunteers.models import Enrollment, Volunteer
from volunteers.services import people


def _register(organization, by, number):
    def call():
        # Only the database judges: the look beforehand would often hide what it is for.
        with constraints_by_database():
            return people.register_volunteer(
                by=by,
                organization=organization,
                name="刘桂英",
                joined_on=date(2026, 9, 1),
                document_kind=DocumentKind.CITIZEN_ID,
                document_number=number,
            )

    return call


def _people_of(organizations):
    return [(one, factories.admin_of(one)) for one in organizations]


@pytest.mark.parametrize("number", range(2))
def test_twenty_at_once_register_one_person(together, number):
    rolls = _people_of([factories.approved_organization() for _ in range(2)])
    document = factories.citizen_id()

    outcomes = together(*[_register(*rolls[n % 2], document) for n in range(20)])

    assert Volunteer.objects.count() == 1
    assert Enrollment.objects.count() == 2
    assert len(outcomes.of(Volunteer)) == 2
    assert len(outcomes.of(Refused)) == 18
    assert chain.breaks() == []


def test_control_without_the_rule_there_are_two(together, no_locks, without_rule):
    rolls = _people_of([factories.approved_organization() for _ in range(2)])
    document = factories.citizen_id()
    no_locks(people, "_known", 2, after=True)

    with without_rule(Volunteer, "volunteer_document_unique"):
        outcomes = together(*[_register(*roll, document) for roll in rolls])

        assert outcomes.of(IntegrityError) == []
        assert Volunteer.objects.count() == 2
