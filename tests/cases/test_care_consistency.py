"""Every check of the care side finds the breach it is there for."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cases import care_consistency as checks
from cases.enums import VisitState
from cases.models import CareNeed, Claim, Matter, Visit, VisitHousehold
from tests import factories
from tests import factories_cases as care

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    return [sentence for check in checks.CARE_CHECKS for sentence in check()]


@pytest.fixture
def whole():
    """Something of every kind, as the services made it."""
    pairing = factories.active_pairing()
    need = care.open_need(pairing.household, quantity=Decimal(5))
    care.claim(need, pairing.organization, quantity=2)
    care.claim(need, quantity=1)
    visit = care.confirmed_visit(pairing, matters=[care.settled(pairing.household, need=need)])
    care.voided_visit(pairing, matters=[care.settled(pairing.household)])
    return visit


def test_what_the_services_make_holds(whole):
    assert found() == []


def test_a_visit_moved_to_a_day_outside_its_pairing_is_found(whole):
    Visit.objects.filter(pk=whole.pk).update(visited_on=whole.visited_on - timedelta(days=1))
    assert any(whole.code in sentence and "所属结对" in sentence for sentence in found())


def test_a_visit_without_its_pairing_is_found(whole):
    VisitHousehold.objects.filter(visit=whole).update(pairing=None)
    assert [sentence for sentence in found() if "所属结对" in sentence]


def test_a_matter_that_went_another_way_is_found(whole):
    matter = Matter.objects.get(visit__state=VisitState.VOIDED)
    Matter.objects.filter(pk=matter.pk).update(state=VisitState.CONFIRMED, voided_at=None, voided_by=None)
    assert any(matter.code in sentence and "不一致" in sentence for sentence in found())


def test_a_remainder_that_does_not_add_up_is_found(whole):
    CareNeed.objects.update(open_quantity=1)
    assert any("按认领计算应为" in sentence for sentence in found())


@pytest.mark.parametrize("table", [Visit, Matter, Claim])
def test_a_state_without_its_transition_is_found(whole, table):
    row = table.objects.order_by("pk").first()
    row.transitions.all().delete()
    assert found()


def test_a_number_beyond_its_sequence_is_found(whole):
    Visit.objects.filter(pk=whole.pk).update(code=f"ZF{whole.visited_on.year}-9999")
    assert found()
