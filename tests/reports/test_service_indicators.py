"""What voluntary service counts: by combination of the five parties, by programme, organisation and street."""

from datetime import date

import pytest

from reports.indicators import INDICATORS
from reports.indicators.definition import Cuts
from tests import factories, factories_activities

pytestmark = pytest.mark.django_db
CUTS = Cuts.at(date(2026, 9, 30))


def _read(code):
    return INDICATORS[code].read(CUTS).cumulative


def _by(code, name):
    return {part: figure.cumulative for part, figure in INDICATORS[code].read_by(CUTS)[name].items()}


def test_several_of_the_five_make_a_linked_session(admin_a):
    for parties in (
        ["volunteer", "social_org"],
        ["social_org", "volunteer"],
        ["community", "volunteer"],
        ["volunteer"],
        [],
    ):
        factories.confirmed_activity(by=admin_a, parties=parties)

    assert _read("service_sessions") == 5
    assert _read("five_party_sessions") == 3
    assert _by("five_party_sessions", "parties") == {"community+volunteer": 1, "social_org+volunteer": 2}


def test_whom_service_reached_is_told_by_brand_organisation_and_street(admin_a, org_a):
    brand = factories.program(lead_organization=org_a)
    factories.confirmed_activity(by=admin_a, program=brand, beneficiary_people=12)
    factories.confirmed_activity(by=admin_a, beneficiary_people=3)

    assert _read("beneficiaries_person_times") == 15
    assert _by("beneficiaries_person_times", "program") == {"": 3, brand.code: 12}
    assert _by("service_hours", "organization") == {org_a.code: 300}
    assert _by("service_person_times", "street") == {factories.STREET_A: 2}


def test_hours_that_were_corrected_count_once(admin_a):
    record = factories.confirmed_activity(by=admin_a).records.get()
    factories_activities.correction(record)
    assert (_read("service_person_times"), _read("service_hours")) == (1, 150)

    other = factories.confirmed_activity(by=admin_a).records.get()
    factories_activities.corrected(other)
    assert (_read("service_person_times"), _read("service_hours")) == (2, 270)


def test_a_plan_is_no_session(admin_a):
    factories_activities.open_activity(by=admin_a)
    factories_activities.held_activity(by=admin_a)
    assert _read("service_sessions") == 0
