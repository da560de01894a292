"""Gifts and givers, through their services."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cases.services import households
from donations.enums import DonationState, DonorKind, ReceiptStatus, Restriction, Route
from donations.models import (
    DECLARATION_NEEDED,
    EXCEPTION_REASON_NEEDED,
    EXPIRED_GOODS,
    Donation,
    DonationLine,
    Donor,
)
from donations.services import gifts as services
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from tests import factories


def _total(donation):
    return Donation.objects.with_totals().get(pk=donation.pk).total_value


# Logging -----------------------------------------------------------------------------------------------------


def test_an_organization_logs_under_its_own_name(member_a, org_a, org_b):
    donation = factories.submitted_donation(by=member_a, organization=org_b)

    assert donation.organization == org_a
    assert donation.division == org_a.division
    assert (donation.state, donation.submitted_by) == (DonationState.SUBMITTED, member_a)
    assert donation.code == "JZ2026-0001"


def test_cash_and_goods_add_up_and_the_unvalued_adds_nothing(officer):
    donation = factories.submitted_donation(
        lines=[
            factories.cash("1000.50"),
            factories.goods(value="1200.00"),
            factories.goods(item="旧衣物", value=None, valuation_basis="unvalued", category="clothing"),
        ]
    )

    assert _total(donation) == Decimal("2200.50")
    assert [line.value for line in donation.lines.all()] == [Decimal("1000.50"), Decimal("1200.00"), None]


def test_a_gift_has_lines(officer):
    with pytest.raises(Refused) as refusal:
        services.log_donation(
            by=officer,
            donor=factories.individual_donor(),
            lines=[],
            received_on=date(2026, 9, 1),
            route=Route.ASSOCIATION,
        )

    assert refusal.value.messages == [services.LINES_NEEDED]


def test_a_gift_for_a_household_counts_where_the_household_lives(member_a, household_a):
    donation = factories.submitted_donation(
        by=member_a, household=household_a, route=Route.DIRECT_TO_HOUSEHOLD
    )

    assert donation.division == household_a.community
    assert donation.receipt_status == ReceiptStatus.NOT_APPLICABLE


def test_an_organization_gives_only_to_its_own_households(member_a, household_a, household_b):
    with pytest.raises(Refused) as refusal:
        factories.submitted_donation(by=member_a, household=household_b)

    assert refusal.value.message_dict == {"household": [services.HOUSEHOLD_NOT_YOURS]}


def test_without_consent_an_organization_gives_to_nobody_by_name(member_a, household_a, officer):
    households.withdraw_consent(household_a.consents.get(), by=officer)

    with pytest.raises(Refused) as refusal:
        factories.submitted_donation(by=member_a, household=household_a)

    assert refusal.value.message_dict == {"household": [services.HOUSEHOLD_NOT_YOURS]}


def test_the_governments_route_is_the_bureaus(member_a, officer):
    with pytest.raises(Refused) as refusal:
        factories.submitted_donation(
            by=member_a, route=Route.GOVERNMENT_EXCEPTION, exception_reason="突发灾害"
        )
    assert refusal.value.message_dict == {"route": [services.ROUTE_NOT_YOURS]}

    with pytest.raises(ValidationError) as refusal:
        factories.submitted_donation(by=officer, route=Route.GOVERNMENT_EXCEPTION)
    assert refusal.value.messages == [EXCEPTION_REASON_NEEDED]


def test_designating_needs_the_declaration(officer, household_a):
    with pytest.raises(ValidationError) as refusal:
        services.log_donation(
            by=officer,
            donor=factories.individual_donor(),
            lines=[factories.cash()],
            received_on=date(2026, 9, 1),
            route=Route.ASSOCIATION,
            restriction=Restriction.HOUSEHOLD,
            household=household_a,
        )

    assert refusal.value.messages == [DECLARATION_NEEDED]


def test_expired_food_is_no_gift(officer):
    with pytest.raises(ValidationError) as refusal:
        factories.submitted_donation(lines=[factories.goods(expires_on=date(2026, 9, 9))])

    assert refusal.value.message_dict == {"expires_on": [EXPIRED_GOODS]}
    assert not Donation.objects.exists()


# Givers ------------------------------------------------------------------------------------------------------


def test_there_is_one_anonymous_giver(officer, member_a):
    first = services.register_donor(by=officer, kind=DonorKind.ANONYMOUS, name="王秀兰", phone="13909350001")
    second = services.register_donor(by=member_a, kind=DonorKind.ANONYMOUS)

    assert first == second
    assert (first.name, first.phone, first.agrees_to_be_named) == ("匿名", "", False)


def test_an_organization_is_entered_as_giver_once(member_a, org_a):
    donors = {services.donor_for_organization(org_a, by=member_a) for _ in range(2)}

    assert len(donors) == 1


def test_what_an_organization_enters_another_does_not_find(member_a, member_b):
    donor = factories.individual_donor(by=member_a)

    assert donor in Donor.objects.visible_to(member_a)
    assert donor not in Donor.objects.visible_to(member_b)
    with pytest.raises(Refused) as refusal:
        factories.submitted_donation(by=member_b, donor=donor)
    assert refusal.value.message_dict == {"donor": [services.DONOR_NOT_YOURS]}


# Confirming, returning, correcting, voiding ------------------------------------------------------------------


def test_confirming_fixes_the_lines(officer, member_a):
    donation = services.confirm_donation(factories.submitted_donation(by=member_a), by=officer)

    assert (donation.state, donation.confirmed_by) == (DonationState.CONFIRMED, officer)
    assert {line.fixed_at for line in donation.lines.all()} == {donation.confirmed_at}


def test_nobody_confirms_what_they_logged(officer):
    with pytest.raises(Refused) as refusal:
        services.confirm_donation(factories.submitted_donation(by=officer), by=officer)

    assert refusal.value.messages == [services.CONFIRM_OWN]


def test_nobody_confirms_what_they_put_right(officer, reviewer, member_a):
    donation = factories.returned_donation(by=member_a, lines=[factories.cash("100.00")])
    donation = services.correct_donation(donation, by=officer, lines=[factories.cash("90000.00")])

    with pytest.raises(Refused) as refusal:
        services.confirm_donation(donation, by=officer)

    assert refusal.value.messages == [services.CONFIRM_CORRECTED]
    assert services.confirm_donation(donation, by=reviewer).confirmed_by == reviewer


def test_nobody_voids_what_they_confirmed(reviewer):
    donation = factories.confirmed_donation()
    assert donation.confirmed_by == reviewer

    with pytest.raises(Refused) as refusal:
        services.void_donation(donation, by=reviewer, reason=factories.REASON)

    assert refusal.value.messages == [services.VOID_OWN]


@pytest.mark.parametrize("reason", ["", "不对"])
def test_returning_and_voiding_need_a_reason(officer, reviewer, member_a, reason):
    with pytest.raises(Refused):
        services.return_donation(factories.submitted_donation(by=member_a), by=officer, reason=reason)
    with pytest.raises(Refused):
        services.void_donation(factories.confirmed_donation(by=member_a), by=reviewer, reason=reason)


def test_a_returned_gift_is_sent_again_with_other_lines(member_a):
    donation = factories.returned_donation(by=member_a, lines=[factories.cash("100.00"), factories.goods()])

    donation = services.correct_donation(
        donation, by=member_a, lines=[factories.cash("900.00")], received_on=date(2026, 9, 1)
    )

    assert (donation.state, donation.received_on) == (DonationState.SUBMITTED, date(2026, 9, 1))
    assert _total(donation) == Decimal("900.00")
    assert DonationLine.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"route": Route.GOVERNMENT_EXCEPTION, "exception_reason": "突发灾害"},
            "route",
            services.ROUTE_NOT_YOURS,
        ),
        (
            {"restriction": Restriction.HOUSEHOLD, "declares_no_interest": True},
            "household",
            services.HOUSEHOLD_NOT_YOURS,
        ),
    ],
)
def test_correcting_is_held_to_the_rules_of_logging(member_a, household_b, fields, field, sentence):
    donation = factories.returned_donation(by=member_a)
    if field == "household":
        fields = {**fields, "household": household_b}

    with pytest.raises(Refused) as refusal:
        services.correct_donation(donation, by=member_a, lines=[factories.cash()], **fields)

    assert refusal.value.message_dict == {field: [sentence]}
    donation.refresh_from_db()
    assert donation.state == DonationState.RETURNED


def test_a_failed_correction_keeps_the_old_lines(member_a):
    donation = factories.returned_donation(by=member_a, lines=[factories.cash("100.00")])

    with pytest.raises(ValidationError):
        services.correct_donation(donation, by=member_a, lines=[factories.cash("-5.00")])

    donation.refresh_from_db()
    assert donation.state == DonationState.RETURNED
    assert _total(donation) == Decimal("100.00")


def test_no_service_sets_a_state_by_the_way(member_a):
    donation = factories.returned_donation(by=member_a)

    with pytest.raises(TypeError):
        services.correct_donation(donation, by=member_a, lines=[factories.cash()], state="confirmed")

    donation.refresh_from_db()
    assert donation.state == DonationState.RETURNED


def test_the_log_never_names_a_giver_in_clear(member_a):
    donor = factories.individual_donor(by=member_a)
    factories.confirmed_donation(by=member_a, donor=donor)

    logged = str(list(AuditEvent.objects.values()))

    assert donor.name not in logged
    assert donor.phone not in logged


def test_a_corrected_gift_has_the_receipt_that_fits_it(member_a, household_a):
    """Sent straight to a household after all, there is no official receipt to wait for (慈善法 §38)."""
    donation = factories.returned_donation(by=member_a)
    assert donation.receipt_status == ReceiptStatus.PENDING
    corrected = services.correct_donation(
        donation,
        by=member_a,
        lines=[factories.cash()],
        route=Route.DIRECT_TO_HOUSEHOLD,
        restriction=Restriction.HOUSEHOLD,
        household=household_a,
        declares_no_interest=True,
    )
    assert corrected.receipt_status == ReceiptStatus.NOT_APPLICABLE
