"""Meetings, organisations that take part, brands at work: against what was done, at the edges of months and scopes."""

from datetime import date

import pytest

from donations.enums import Signing
from donations.services import distributions
from jinchuan.shared.clock import today
from organizations.enums import OrganizationKind
from organizations.models import Mobilization
from reports.indicators import INDICATORS, Cuts, shown
from tests import factories, factories_book
from tests import factories_mobilizing as moving

pytestmark = pytest.mark.django_db

SEPTEMBER = date(2026, 9, 30)
AUGUST_LAST, SEPTEMBER_FIRST = date(2026, 8, 31), date(2026, 9, 1)


def line(code, scope=None, as_of=SEPTEMBER):
    told = shown(INDICATORS[code].read(Cuts.at(as_of), scope))
    return told["previous"], told["month"], told["cumulative"]


def test_meetings_that_were_held_count_on_their_day(divisions):
    for day in (AUGUST_LAST, SEPTEMBER_FIRST, SEPTEMBER, date(2026, 10, 1)):
        moving.held_meeting(held_on=day)
    moving.closed_meeting(held_on=SEPTEMBER)
    for situation in (moving.planned_meeting, moving.cancelled_meeting, moving.appeal):
        situation(held_on=SEPTEMBER)
    assert line("mobilization_meetings") == (1, 3, 4)
    assert line("mobilization_meetings", divisions.home) == (1, 3, 4)
    assert line("mobilization_meetings", divisions.street_a) == (0, 0, 0)


def test_an_organisation_counts_once_from_its_first_intention_gift_or_service(org_a, admin_a):
    factories.confirmed_activity(org_a, by=admin_a, held_on=SEPTEMBER_FIRST)
    assert line("organizations_engaged") == (0, 1, 1)
    factories.confirmed_donation(by=admin_a, received_on=AUGUST_LAST)
    assert line("organizations_engaged") == (1, 0, 1)
    factories.intention(organization=org_a, intended_on=date(2026, 7, 31))
    assert line("organizations_engaged") == (1, 0, 1)
    assert line("organizations_engaged", as_of=AUGUST_LAST) == (1, 0, 1)


@pytest.mark.parametrize(
    "situation",
    [
        lambda one: factories.intention(organization=one, intended_on=SEPTEMBER_FIRST),
        lambda one: factories.confirmed_donation(by=factories.admin_of(one)),
        lambda one: factories.confirmed_activity(one),
    ],
    ids=["intention", "gift", "service"],
)
def test_each_of_the_three_ways_is_taking_part(situation):
    situation(factories.approved_organization())
    assert line("organizations_engaged") == (0, 1, 1)


@pytest.mark.parametrize(
    "situation",
    [
        lambda one: moving.answered(moving.invitation(organization=one)),
        lambda one: factories.submitted_donation(by=factories.admin_of(one)),
        lambda one: factories.voided_donation(by=factories.admin_of(one)),
        lambda one: factories.submitted_activity(one),
        lambda one: factories.voided_activity(one),
    ],
    ids=["invited", "gift submitted", "gift voided", "service submitted", "service voided"],
)
def test_what_is_not_confirmed_is_not_taking_part(situation):
    situation(factories.approved_organization())
    assert line("organizations_engaged") == (0, 0, 0)


def test_enterprises_and_public_bodies_are_not_social_organisations():
    enterprise = factories.approved_organization(kind=OrganizationKind.ENTERPRISE)
    factories.confirmed_donation(by=factories.admin_of(enterprise))
    factories.lead_pairing()
    assert line("organizations_engaged") == (0, 0, 0)


def test_an_organisation_takes_part_in_a_street_by_what_happened_there(divisions, org_a):
    household = factories.verified_household(community=divisions.b1)
    factories.intention(household, org_a, intended_on=SEPTEMBER_FIRST)
    assert line("organizations_engaged", divisions.street_a) == (0, 0, 0)
    assert line("organizations_engaged", divisions.street_b) == (0, 1, 1)


def test_the_kinds_add_up_to_the_whole(org_a):
    for kind in ("social_association", "social_service_org", "social_service_org"):
        factories.confirmed_activity(factories.approved_organization(kind=kind))
    indicator, cuts = INDICATORS["organizations_engaged"], Cuts.at(SEPTEMBER)
    parts = indicator.read_by(cuts)["kind"]
    assert {kind: part.cumulative for kind, part in parts.items()} == {
        "social_association": 1,
        "social_service_org": 2,
    }
    assert sum(part.cumulative for part in parts.values()) == indicator.read(cuts).cumulative


def test_a_brand_is_active_from_its_first_service_or_delivery(org_a):
    served, fed, idle = (factories.program() for _ in range(3))
    for day in (AUGUST_LAST, SEPTEMBER):
        factories.confirmed_activity(org_a, program=served, held_on=day)
    factories.submitted_activity(org_a, program=idle)
    assert line("programs_active") == (1, 0, 1)
    allocation = factories_book.approved(factories_book.holding("500"), "300", program=fed)
    assert line("programs_active") == (1, 0, 1)

    _spend(allocation)

    assert line("programs_active", as_of=date(2026, 12, 31))[2] == 2
    assert set(INDICATORS["programs_active"].queryset()) == {served, fed}


def _spend(allocation):
    return distributions.hand_over(
        allocation,
        by=factories.officer(),
        delivered_on=today(),
        signing=Signing.SELF,
        venue="手工坊",
        people="经办人",
        receiver_name=factories.person_name(),
        recipient="手工坊学员 12 人",
    )


def test_the_rows_behind_a_meeting_figure_are_the_meetings():
    meeting = moving.held_meeting()
    assert list(INDICATORS["mobilization_meetings"].queryset()) == [Mobilization.objects.get(pk=meeting.pk)]
