"""Twenty organisations at one need. Each promise has a control: without what keeps it, it must break."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from cases.models import CareNeed, Claim
from cases.services import needs
from jinchuan.audit import chain
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_cases as care
from tests.guarding import guards_removed

CLIENTS = 20


def _claim_at_once(together, clients=CLIENTS, quantity=5):
    """Everybody wants two of what there is ``quantity`` of."""
    need = care.open_need(quantity=Decimal(quantity))
    people = [factories.admin_of(factories.approved_organization()) for _ in range(clients)]
    outcomes = together(*[lambda by=by: needs.claim_need(need, by=by, quantity=Decimal(2)) for by in people])
    return need, outcomes


def _claimed(need):
    return need.claims.live().aggregate(total=Sum("quantity"))["total"]


def test_twenty_claims_never_exceed_the_need(together):
    need, outcomes = _claim_at_once(together)

    assert len(outcomes.of(Claim)) == 2
    assert len(outcomes.of(Refused)) == CLIENTS - 2
    assert {str(one.messages[0]) for one in outcomes.of(Refused)} == {
        needs.CLAIM_TOO_MUCH.format(left="1", unit=need.unit)
    }
    need.refresh_from_db()
    assert (_claimed(need), need.open_quantity) == (4, 1)
    assert chain.breaks() == []


def test_control_without_locks_the_need_is_over_claimed(together, no_locks):
    no_locks(needs, "next_code", 2)

    with guards_removed():
        need, outcomes = _claim_at_once(together, clients=2, quantity=3)

    assert len(outcomes.of(Claim)) == 2
    assert _claimed(need) == 4 > need.quantity


def test_a_release_and_a_lapse_at_once_give_back_once(together):
    claim = care.claim(quantity=2)
    by = claim.claimed_by

    outcomes = together(*[lambda: needs.release_claim(claim, by=by), lambda: needs.expire_claim(claim)] * 4)

    assert len(outcomes.of(Claim)) == 1
    need = CareNeed.objects.get()
    assert need.open_quantity == need.quantity


@pytest.mark.parametrize("clients", [2, 8])
def test_one_organisation_claims_once(together, clients):
    need = care.open_need(quantity=Decimal(100))
    by = factories.admin_of(factories.approved_organization())

    outcomes = together(*[lambda: needs.claim_need(need, by=by, quantity=Decimal(1))] * clients)

    assert len(outcomes.of(Claim)) == need.claims.count() == 1
