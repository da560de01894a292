"""Every indicator against an independent recount, at the edges of months, scopes and states."""

from datetime import date, time
from decimal import Decimal

import pytest

from cases.services import pairings
from donations.enums import DonorKind, ValuationBasis
from donations.models import Donor
from organizations.enums import OrganizationKind
from reports.indicators import INDICATORS, Cuts, read_all, shown
from reports.indicators.definition import Corrected
from tests import factories

pytestmark = pytest.mark.django_db

SEPTEMBER = date(2026, 9, 30)


def lines(as_of, scope=None):
    return {code: shown(figure) for code, figure in read_all(as_of, scope).items()}


def cumulative(code, as_of=SEPTEMBER, scope=None):
    return lines(as_of, scope)[code]["cumulative"]


def test_empty_district_has_all_indicators_at_zero():
    found = lines(SEPTEMBER)
    assert list(found) == list(INDICATORS)
    assert {line["cumulative"] for line in found.values()} == {0, "0.00"}


def test_every_indicator_says_how_it_counts():
    for indicator in INDICATORS.values():
        assert indicator.definition.endswith("。")


def test_every_indicator_takes_one_query(django_assert_num_queries, pairing_a):
    """And one more where corrections stand in a table of their own; the same for what it is told by."""
    cuts = Cuts.at(SEPTEMBER)
    for indicator in INDICATORS.values():
        queries = 2 if isinstance(indicator, Corrected) else 1
        with django_assert_num_queries(queries):
            indicator.read(cuts)
        with django_assert_num_queries(queries if indicator.splits else 0):
            indicator.read_by(cuts)


def test_a_month_begins_on_its_first_and_ends_on_its_last_day(org_a, admin_a):
    for day, value in [
        (date(2026, 8, 31), "1"),
        (date(2026, 9, 1), "10"),
        (date(2026, 9, 30), "100"),
        (date(2026, 10, 1), "1000"),
    ]:
        factories.confirmed_donation(by=admin_a, lines=[factories.cash(value)], received_on=day)
    line = lines(SEPTEMBER)["donations_cash"]
    assert (line["previous"], line["month"], line["cumulative"]) == ("1.00", "110.00", "111.00")


def test_leap_day_counts_in_february(admin_a):
    factories.confirmed_donation(by=admin_a, received_on=date(2024, 2, 29))
    assert lines(date(2024, 2, 29))["donations_total"]["month"] == "1000.00"
    assert lines(date(2024, 3, 31))["donations_total"]["month"] == "0.00"


@pytest.mark.parametrize(
    ("situation", "counted"),
    [
        (factories.submitted_donation, "0.00"),
        (factories.confirmed_donation, "1000.00"),
        (factories.returned_donation, "0.00"),
        (factories.voided_donation, "0.00"),
    ],
)
def test_only_confirmed_gifts_count(admin_a, situation, counted):
    situation(by=admin_a)
    assert cumulative("donations_total") == counted


def test_unvalued_goods_add_to_no_sum(admin_a):
    lines_ = [
        factories.goods(value=None, valuation_basis=ValuationBasis.UNVALUED),
        factories.goods(value="50.50"),
    ]
    factories.confirmed_donation(by=admin_a, lines=lines_)
    assert cumulative("donations_goods") == "50.50"


def test_a_donor_counts_once_in_the_month_of_the_first_gift(officer):
    donor = factories.individual_donor()
    for day in (date(2026, 8, 3), date(2026, 9, 3), date(2026, 9, 4)):
        factories.confirmed_donation(donor=donor, received_on=day)
    line = lines(SEPTEMBER)["donor_individuals"]
    assert (line["previous"], line["month"], line["cumulative"]) == (1, 0, 1)


def test_anonymous_givers_are_not_counted_as_people(officer):
    factories.confirmed_donation(donor=factories.individual_donor(kind=DonorKind.ANONYMOUS))
    assert Donor.objects.get().kind == DonorKind.ANONYMOUS
    assert cumulative("donor_individuals") == 0
    assert cumulative("donations_total") == "1000.00"


def test_enterprises_count_apart_from_organisations():
    enterprise = factories.approved_organization(kind=OrganizationKind.ENTERPRISE)
    factories.confirmed_donation(by=factories.admin_of(enterprise))
    assert (cumulative("donor_enterprises"), cumulative("donor_individuals")) == (1, 0)


def test_intentions_count_distinct_organisations_and_households(org_a, org_b):
    first, second = factories.verified_household(), factories.verified_household()
    on = {"intended_on": date(2026, 9, 5)}
    for household, organization in [(first, org_a), (second, org_a), (first, org_b)]:
        factories.intention(household, organization, **on)
    found = lines(SEPTEMBER)
    assert found["intention_organizations"]["cumulative"] == 2
    assert found["intention_households"]["cumulative"] == 2
    assert found["paired_households"]["cumulative"] == 0


def test_an_intention_that_came_to_nothing_is_not_counted(officer, org_a):
    on = {"intended_on": date(2026, 9, 5), "organization": org_a}
    pairings.decline_intention(factories.intention(**on), by=officer, reason="对方暂不需要")
    pairings.cancel_intention(factories.intention(**on), by=officer, reason="登记有误，撤销")
    pairings.expire_intention(factories.intention(**on))
    assert cumulative("intention_households") == 0


def test_an_ended_pairing_still_counts_where_it_began(org_a):
    day = date(2026, 9, 5)
    pairing = factories.active_pairing(
        organization=org_a, intended_on=day, on=day, hold_until=date(2026, 12, 31)
    )
    before = lines(SEPTEMBER)["paired_households"]
    pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted")
    assert lines(SEPTEMBER)["paired_households"] == before
    assert before["cumulative"] == 1


def test_a_lead_of_a_public_body_is_no_social_organisation():
    day = date(2026, 9, 5)
    factories.lead_pairing(intended_on=day, on=day, hold_until=date(2026, 12, 31))
    found = lines(SEPTEMBER)
    assert found["paired_organizations"]["cumulative"] == found["paired_households"]["cumulative"] == 0


def test_paired_people_are_the_members_of_paired_households(org_a):
    from cases.services import households

    day = date(2026, 9, 5)
    pairing = factories.active_pairing(
        factories.verified_household(registered_on=date(2026, 9, 1)),
        org_a,
        intended_on=day,
        on=day,
        hold_until=date(2026, 12, 31),
    )
    households.add_member(
        pairing.household,
        by=factories.officer(),
        name=factories.person_name(),
        relation="spouse",
        id_number=factories.citizen_id(),
        joined_on=date(2026, 10, 2),
    )
    assert cumulative("paired_people") == 1
    assert lines(date(2026, 10, 31))["paired_people"]["month"] == 1


def test_service_time_is_rounded_down_and_still_adds_up(org_a, admin_a):
    volunteer = factories.volunteer(org_a)
    for day in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 9, 2)):
        service = factories.service(volunteer, time(9), time(9, 50), on=day)
        factories.confirmed_activity(org_a, services=[service], held_on=day)
    line = lines(SEPTEMBER)["service_hours"]
    assert (line["previous"], line["month"], line["cumulative"]) == (0.8, 1.7, 2.5)
    found = lines(SEPTEMBER)
    assert found["service_sessions"]["cumulative"] == found["service_person_times"]["cumulative"] == 3


@pytest.mark.parametrize(
    "situation", [factories.submitted_activity, factories.returned_activity, factories.voided_activity]
)
def test_only_confirmed_activities_count(org_a, situation):
    situation(org_a)
    assert cumulative("service_sessions") == 0


def test_a_street_counts_what_belongs_to_it(divisions, household_a, household_b, admin_a, admin_b):
    factories.confirmed_donation(by=admin_a, household=household_a)
    factories.confirmed_donation(by=admin_b, household=household_b, lines=[factories.cash("7")])
    today = date(2026, 11, 30)
    assert cumulative("donations_total", scope=divisions.street_a) == "1000.00"
    assert cumulative("donations_total", scope=divisions.street_b) == "7.00"
    assert cumulative("donations_total", scope=divisions.home) == "1007.00"
    assert cumulative("intention_households", today, divisions.street_a) == 1
    assert cumulative("intention_households", today, divisions.home) == 2


def test_every_line_adds_up_in_every_month(org_a, admin_a):
    """上月累计 + 本月新增 = 本月累计, and this month's cumulative is next month's previous."""
    for month in range(1, 13):
        factories.confirmed_donation(by=admin_a, received_on=date(2025, month, 28))
        if month % 3 == 0:
            factories.confirmed_activity(org_a, held_on=date(2025, month, 15))
    before = None
    for month in range(1, 13):
        found = lines(date(2025, month, 28))
        for code, line in found.items():
            total = (
                Decimal(str(line["previous"]))
                + Decimal(str(line["month"]))
                + Decimal(str(line["correction"]))
            )
            assert total == Decimal(str(line["cumulative"])), code
            if before:
                assert line["previous"] == before[code]["cumulative"], code
        before = found
