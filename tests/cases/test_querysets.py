"""Reads of households, people, consents and pairings on the days that matter: a day belongs to one spell."""

from datetime import timedelta

import pytest

from cases.enums import PairingState
from cases.models import Consent, Hardship, Household, Member, Pairing
from cases.services import households, pairings
from jinchuan.shared.clock import today
from tests import factories


def _days(number):
    return today() + timedelta(days=number)


def test_somebody_who_leaves_is_not_there_on_that_day(officer):
    household = factories.registered_household(registered_on=_days(-9))
    member = households.add_member(
        household, by=officer, name="李建国", relation="spouse", id_number=factories.citizen_id()
    )
    households.member_leaves(member, by=officer, on=_days(-2))

    there = [member in Member.objects.present(_days(day)) for day in (-10, -9, -3, -2, 0)]

    assert there == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("fields", "in_force"),
    [
        ({"given_on": 0}, True),
        ({"given_on": -5, "expires_on": 1}, True),
        ({"given_on": -5, "expires_on": 0}, False),
        ({"given_on": -5, "withdrawn_on": 0}, False),
        ({"given_on": -5, "withdrawn_on": -1}, False),
    ],
)
def test_a_consent_is_in_force_until_the_day_it_ends(pairing_a, fields, in_force):
    consent = pairing_a.household.consents.get()
    Consent.objects.filter(pk=consent.pk).update(**{name: _days(day) for name, day in fields.items()})

    assert Consent.objects.in_force().filter(pk=consent.pk).exists() is in_force
    assert Household.objects.shared_with(pairing_a.organization_id).exists() is in_force


def test_a_hardship_ends_on_its_day(db):
    hardship = factories.registered_household(registered_on=_days(-9)).members.get().hardships.get()
    Hardship.objects.filter(pk=hardship.pk).update(ended_on=_days(-1))

    assert [Hardship.objects.in_force(_days(day)).exists() for day in (-10, -9, -2, -1)] == [
        False,
        True,
        True,
        False,
    ]


def test_who_waits_for_a_helper(officer):
    waiting = factories.verified_household()
    factories.registered_household()
    factories.exited_household()
    factories.intention()
    left = factories.active_pairing()
    pairings.end_pairing(left, by=officer, reason="adjusted")

    assert set(Household.objects.unpaired()) == {waiting, left.household}


def test_an_intention_is_over_the_day_after_its_hold(db):
    factories.intention(hold_until=_days(7))

    assert [Pairing.objects.hold_over(_days(day)).exists() for day in (7, 8)] == [False, True]
    assert [Pairing.objects.hold_ending(_days(day)).exists() for day in (-1, 0, 7, 8)] == [
        False,
        True,
        True,
        False,
    ]


def test_what_came_to_nothing_is_not_counted_as_reached(officer):
    reached = {factories.intention(), factories.active_pairing(), factories.ended_pairing()}
    declined = factories.intention()
    pairings.decline_intention(declined, by=officer, reason="对方暂时没有人手")
    pairings.expire_intention(factories.intention())

    assert set(Pairing.objects.reached()) == reached
    assert {pairing.state for pairing in Pairing.objects.started()} == {
        PairingState.ACTIVE,
        PairingState.ENDED,
    }


def test_the_head_is_the_present_one(db):
    household = factories.registered_household()

    row = Household.objects.with_head().get(pk=household.pk)

    assert row.head_name == household.members.get().name
