"""Who may take a visit, a matter, a need or a claim from which state to which: the whole tables, cell by cell."""

from decimal import Decimal

import pytest

from cases.enums import CareNeedState, ClaimState, VisitState
from cases.services import needs, visits
from tests import factories
from tests import factories_cases as care
from tests.attempts import BUREAU, Act, attempted, expected

STREET = BUREAU | {"worker_a"}
HELPERS = {"admin_a", "member_a"}

VISIT_ACTS = {
    "confirm": Act(visits.confirm_visit, BUREAU, {"submitted"}, "confirmed"),
    "return": Act(
        lambda row, by: visits.return_visit(row, by=by, reason=care.REASON),
        BUREAU,
        {"submitted"},
        "returned",
    ),
    "void": Act(
        lambda row, by: visits.void_visit(row, by=by, reason=care.REASON),
        {"reviewer"},
        {"confirmed"},
        "voided",
    ),
    "correct": Act(
        lambda row, by: visits.correct_visit(
            row, by=by, households=[row.visited.get().household], notes="更正了情况"
        ),
        STREET | HELPERS,
        {"returned"},
        "submitted",
    ),
}
VISITS = {
    "submitted": care.submitted_visit,
    "confirmed": care.confirmed_visit,
    "returned": care.returned_visit,
    "voided": care.voided_visit,
}
MATTER_ACTS = {
    "confirm": Act(visits.confirm_matter, BUREAU, {"submitted"}, "confirmed"),
    "return": Act(
        lambda row, by: visits.return_matter(row, by=by, reason=care.REASON),
        BUREAU,
        {"submitted"},
        "returned",
    ),
    "void": Act(
        lambda row, by: visits.void_matter(row, by=by, reason=care.REASON),
        {"reviewer"},
        {"confirmed"},
        "voided",
    ),
    "correct": Act(
        lambda row, by: visits.correct_matter(row, by=by, description="换了两扇窗户"),
        STREET | HELPERS,
        {"returned"},
        "submitted",
    ),
}
MATTERS = {
    "submitted": care.submitted_matter,
    "confirmed": care.confirmed_matter,
    "returned": care.returned_matter,
    "voided": lambda pairing: visits.void_matter(
        care.confirmed_matter(pairing), by=factories.reviewer(), reason=care.REASON
    ),
}
NEED_ACTS = {
    "update": Act(lambda row, by: needs.update_need(row, by=by, is_urgent=True), STREET, {"open", "claimed"}),
    "meet": Act(
        lambda row, by: needs.meet_need(row, by=by, met_by="SX2026-0001"), STREET, {"open", "claimed"}, "met"
    ),
    "withdraw": Act(
        lambda row, by: needs.withdraw_need(row, by=by, reason=care.REASON),
        STREET,
        {"open", "claimed"},
        "withdrawn",
    ),
}


def _claimed(organization):
    need = care.open_need()
    care.claim(need, organization, quantity=2)
    need.refresh_from_db()
    return need


NEEDS = {
    "open": lambda organization: care.open_need(),
    "claimed": _claimed,
    "met": lambda organization: needs.meet_need(
        care.open_need(), by=factories.officer(), met_by="SX2026-0001"
    ),
    "withdrawn": lambda organization: needs.withdraw_need(
        care.open_need(), by=factories.officer(), reason=care.REASON
    ),
}
CLAIM_ACTS = {"release": Act(needs.release_claim, STREET | HELPERS, {"live"}, "released")}


def _fulfilled(organization):
    claim = care.claim(organization=organization)
    needs.answer_need(claim.need, by=factories.officer(), met_by="SX2026-0001", organization=organization)
    claim.refresh_from_db()
    return claim


CLAIMS = {
    "live": lambda organization: care.claim(organization=organization),
    "fulfilled": _fulfilled,
    "released": lambda organization: needs.release_claim(
        care.claim(organization=organization), by=factories.officer()
    ),
    "expired": lambda organization: needs.expire_claim(care.claim(organization=organization)),
}


def test_every_state_is_tried():
    assert set(VISITS) == set(MATTERS) == set(VisitState)
    assert set(NEEDS) == set(CareNeedState) - {CareNeedState.EXPIRED}
    assert set(CLAIMS) == set(ClaimState)


@pytest.mark.parametrize("state", VISITS)
def test_who_may_do_what_to_a_visit(pairing_a, state, request):
    visit = VISITS[state](pairing_a)

    assert attempted(VISIT_ACTS, visit, request.getfixturevalue) == expected(VISIT_ACTS, state)


@pytest.mark.parametrize("state", MATTERS)
def test_who_may_do_what_to_a_matter(pairing_a, state, request):
    matter = MATTERS[state](pairing_a)

    assert attempted(MATTER_ACTS, matter, request.getfixturevalue) == expected(MATTER_ACTS, state)


@pytest.mark.parametrize("state", NEEDS)
def test_who_may_do_what_to_a_need(org_a, state, request):
    need = NEEDS[state](org_a)

    assert attempted(NEED_ACTS, need, request.getfixturevalue) == expected(NEED_ACTS, state)


@pytest.mark.parametrize("state", CLAIMS)
def test_who_may_do_what_to_a_claim(org_a, state, request):
    claim = CLAIMS[state](org_a)

    assert attempted(CLAIM_ACTS, claim, request.getfixturevalue) == expected(CLAIM_ACTS, state)


def test_organisations_alone_claim(db, request):
    acts = {
        "claim": Act(
            lambda row, by: needs.claim_need(row, by=by, quantity=Decimal(2)),
            {"admin_a", "member_a", "admin_b", "outsider"},
            {"open"},
            "claimed",
        )
    }
    assert attempted(acts, care.open_need(), request.getfixturevalue) == expected(acts, "open")


@pytest.mark.parametrize("table", [(VISIT_ACTS, care.submitted_visit), (MATTER_ACTS, care.submitted_matter)])
def test_nobody_confirms_their_own(pairing_a, table, request):
    acts, log = table
    row = log(pairing_a, by=factories.officer())
    acts = {"confirm": Act(acts["confirm"].call, BUREAU, {"submitted"}, "confirmed", own={"officer"})}

    assert attempted(acts, row, request.getfixturevalue) == expected(acts, "submitted")
