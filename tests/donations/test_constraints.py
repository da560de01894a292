"""Each named constraint of the app, broken at the database. Confirmed rows are guarded besides (test_guards.py)."""

from decimal import Decimal

import pytest

from donations.enums import DonationState, ReceiptStatus, Route
from donations.models import ANONYMOUS_NAME
from jinchuan.shared.clock import now
from tests import factories
from tests.provoking import provoke


def _line(*lines):
    return factories.submitted_donation(lines=lines or [factories.cash()]).lines.get()


def _second_anonymous():
    factories.individual_donor(kind="anonymous")
    return factories.individual_donor(), {"kind": "anonymous", "name": ANONYMOUS_NAME, "phone": ""}


PROVOCATIONS = {
    "donor_one_anonymous": _second_anonymous,
    "donor_kind_known": lambda: (factories.individual_donor(), {"kind": "x"}),
    "donor_anonymous_has_no_traits": lambda: (factories.individual_donor(), {"kind": "anonymous"}),
    "donation_state_known": lambda: (factories.submitted_donation(), {"state": "x"}),
    "donation_route_known": lambda: (factories.submitted_donation(), {"route": "x"}),
    "donation_restriction_known": lambda: (
        factories.submitted_donation(),
        {"restriction": "x", "declares_no_interest": True},
    ),
    "donation_receipt_status_known": lambda: (factories.submitted_donation(), {"receipt_status": "x"}),
    "donation_exception_with_reason": lambda: (
        factories.submitted_donation(),
        {"route": Route.GOVERNMENT_EXCEPTION},
    ),
    "donation_restriction_matches": lambda: (factories.submitted_donation(), {"category": "orphan"}),
    "donation_direct_names_household": lambda: (
        factories.submitted_donation(),
        {"route": Route.DIRECT_TO_HOUSEHOLD},
    ),
    "donation_designated_with_declaration": lambda: (
        factories.submitted_donation(household=factories.verified_household()),
        {"declares_no_interest": False},
    ),
    "donation_receipt_number_when_issued": lambda: (
        factories.submitted_donation(),
        {"receipt_status": ReceiptStatus.ISSUED},
    ),
    "donation_confirmed_at_with_by": lambda: (
        factories.submitted_donation(),
        {"state": DonationState.CONFIRMED, "confirmed_at": now()},
    ),
    "donation_voided_at_with_by": lambda: (
        factories.confirmed_donation(),
        {"state": DonationState.VOIDED, "voided_at": now()},
    ),
    "donation_confirmed_with_date": lambda: (
        factories.submitted_donation(),
        {"state": DonationState.CONFIRMED},
    ),
    "donation_voided_with_date": lambda: (factories.confirmed_donation(), {"state": DonationState.VOIDED}),
    "donation_voided_by_second_person": lambda: (
        factories.confirmed_donation(),
        {"state": DonationState.VOIDED, "voided_at": now(), "voided_by": factories.reviewer()},
    ),
    "donation_confirmed_by_second_person": lambda: (
        factories.submitted_donation(),
        {"state": DonationState.CONFIRMED, "confirmed_at": now(), "confirmed_by": factories.officer()},
    ),
    "line_kind_known": lambda: (_line(), {"kind": "x"}),
    "line_value_positive": lambda: (_line(), {"value": Decimal("-0.01")}),
    "line_quantity_positive": lambda: (_line(factories.goods()), {"quantity": Decimal(0)}),
    "line_has_what_its_kind_needs": lambda: (_line(factories.goods()), {"unit": ""}),
    "line_unvalued_without_value": lambda: (
        _line(factories.goods(value=None, valuation_basis="unvalued")),
        {"value": Decimal(5)},
    ),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
