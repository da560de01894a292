"""Sheets → records: counts, identity, all or nothing."""

import pytest

from cases.models import Hardship, Household, Member, Pairing
from donations.models import Donation, DonationLine, Donor
from jinchuan.audit.models import AuditEvent
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import GIFT, HEAD, ORGANIZATION, carry_out, fill, rehearse, said

pytestmark = pytest.mark.django_db

COUNTED = (Organization, Household, Member, Hardship, Pairing, Donation, DonationLine, Donor, AuditEvent)


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def test_organizations_go_in(officer):
    data = fill("organizations", ORGANIZATION)
    before = counts()
    rehearsed = rehearse("organizations", data, by=officer)
    assert (rehearsed.new, rehearsed.changed, rehearsed.same, rehearsed.problems) == (1, 0, 0, [])
    assert counts() == before
    outcome = carry_out("organizations", data, by=officer)
    assert outcome.written
    organization = Organization.objects.get()
    assert (organization.uscc, organization.state, organization.created_by) == (
        ORGANIZATION["uscc"],
        "submitted",
        officer,
    )


def test_households_go_in_with_their_people(officer, divisions):
    child = {
        "number": "1",
        "relation": "孙子女",
        "name": "张小明",
        "id_number": "620301201812250101",
        "guardian_name": "李桂英",
    }
    data = fill(
        "households", HEAD, child, HEAD | {"number": "2", "name": "王建国", "id_number": "620301194103150017"}
    )
    outcome = carry_out("households", data, by=officer)
    assert said(outcome) == []
    assert (outcome.new, outcome.rows, outcome.written) == (2, 3, True)
    household = Household.objects.order_by("pk").first()
    assert [m.name for m in household.members.order_by("pk")] == ["李桂英", "张小明"]
    assert household.address == HEAD["address"]
    assert Hardship.objects.count() == 2


def test_pairings_become_intentions(officer, divisions):
    household, organization = factories.verified_household(), factories.approved_organization()
    row = {
        "household": household.code,
        "organization": organization.uscc,
        "intended_on": "2026年9月1日",
        "liaison_name": "李四",
    }
    outcome = carry_out("pairings", fill("pairings", row), by=officer)
    assert said(outcome) == []
    pairing = Pairing.objects.get()
    assert (pairing.state, str(pairing.intended_on), pairing.household) == (
        "intention",
        "2026-09-01",
        household,
    )


def test_gifts_go_in_line_by_line(officer, divisions):
    rice = {
        "number": "1",
        "kind": "捐物",
        "item": "大米",
        "goods_category": "米面粮油等食品",
        "quantity": 20,
        "unit": "袋",
        "value": "1，200元",
        "valuation_basis": "发票",
    }
    outcome = carry_out("donations", fill("donations", GIFT, rice), by=officer)
    assert said(outcome) == []
    donation = Donation.objects.get()
    assert [str(line.value) for line in donation.lines.order_by("pk")] == ["1000.00", "1200.00"]
    assert donation.donor.name == GIFT["donor_name"]
