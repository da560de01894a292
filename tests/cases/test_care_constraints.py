"""Each named constraint of visits, matters, needs, claims and care plans, broken at the database."""

from datetime import timedelta

import pytest

from cases import models
from cases.enums import CareNeedState, VisitState
from cases.services import needs
from jinchuan.shared.clock import now, today
from tests import factories
from tests import factories_cases as care
from tests.provoking import provoke


def _yesterday():
    return today() - timedelta(days=1)


def _second_household_of_a_visit():
    pairing = factories.active_pairing()
    other = factories.active_pairing(organization=pairing.organization)
    visit = care.submitted_visit(pairing, households=[pairing.household, other.household])
    return visit.visited.get(household=other.household), {"household": pairing.household}


def _met_need():
    return needs.meet_need(care.open_need(), by=factories.officer(), met_by="SX2026-0001")


def _second_live_claim():
    first = care.claim()
    second = care.claim(first.need)
    return second, {"organization": first.organization}


def _second_plan():
    first = care.care_plan(by=None)
    second = care.care_plan(first.household, by=None, year=first.year - 1)
    return second, {"year": first.year}


def _recorded(prefix, submitted, confirmed) -> dict:
    """The rules that visits and matters share, each under the name of its table."""
    return {
        f"{prefix}_state_known": lambda: (submitted(), {"state": "x"}),
        f"{prefix}_confirmed_at_with_by": lambda: (confirmed(), {"confirmed_by": None}),
        f"{prefix}_confirmed_with_date": lambda: (submitted(), {"state": VisitState.CONFIRMED}),
        f"{prefix}_confirmed_by_second_person": lambda: (
            confirmed(),
            {"submitted_by": factories.officer()},
        ),
        f"{prefix}_voided_at_with_by": lambda: (
            confirmed(),
            {"state": VisitState.VOIDED, "voided_at": now()},
        ),
        f"{prefix}_voided_with_date": lambda: (confirmed(), {"state": VisitState.VOIDED}),
        f"{prefix}_voided_by_second_person": lambda: (
            confirmed(),
            {"state": VisitState.VOIDED, "voided_at": now(), "voided_by": factories.officer()},
        ),
    }


PROVOCATIONS = {
    **_recorded("visit", care.submitted_visit, care.confirmed_visit),
    "visit_kind_known": lambda: (care.contact(), {"kind": "x"}),
    "visit_channel_known": lambda: (care.contact(), {"channel": "x"}),
    "visit_home_in_person": lambda: (care.submitted_visit(), {"channel": "phone"}),
    "visit_condition_when_made": lambda: (care.submitted_visit(), {"condition": ""}),
    "visit_next_order": lambda: (care.submitted_visit(), {"next_on": _yesterday()}),
    "visit_household_once": _second_household_of_a_visit,
    **_recorded("matter", care.submitted_matter, care.confirmed_matter),
    "matter_kind_known": lambda: (care.submitted_matter(), {"kind": "x"}),
    "care_need_kind_known": lambda: (care.open_need(), {"need": "x"}),
    "care_need_state_known": lambda: (care.open_need(), {"state": "x"}),
    "care_need_quantity_positive": lambda: (
        needs.withdraw_need(care.open_need(), by=factories.officer(), reason=care.REASON),
        {"quantity": 0, "open_quantity": 0},
    ),
    "care_need_not_over_claimed": lambda: (care.open_need(), {"open_quantity": 3}),
    "care_need_open_has_open_quantity": lambda: (care.open_need(), {"open_quantity": 0}),
    "care_need_met_on_with_by": lambda: (_met_need(), {"met_by": ""}),
    "care_need_met_with_date": lambda: (care.open_need(), {"state": CareNeedState.MET}),
    "care_need_dates_order": lambda: (care.open_need(), {"due_on": _yesterday()}),
    "claim_state_known": lambda: (care.claim(), {"state": "x"}),
    "claim_quantity_positive": lambda: (care.claim(), {"quantity": 0}),
    "claim_one_live": _second_live_claim,
    "claim_hold_order": lambda: (care.claim(), {"hold_until": _yesterday()}),
    "care_plan_one_a_year": _second_plan,
    "care_plan_year_real": lambda: (care.care_plan(by=None), {"year": 2022}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_every_rule_of_these_tables_is_broken_here():
    tables = (
        models.Visit,
        models.VisitHousehold,
        models.Matter,
        models.CareNeed,
        models.Claim,
        models.CarePlan,
    )
    assert {one.name for table in tables for one in table._meta.constraints} == set(PROVOCATIONS)
