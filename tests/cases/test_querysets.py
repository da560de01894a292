"""Reads of households, people, consents and pairings on the days that matter: a day belongs to one spell."""

from datetime import timedelta

import pytest

from cases.enums import PairingState
from cases.models import Consent, Hardship, Household, Member, Pairing
from cases.services import households, pairings
from jinchuan.shared import clock
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


# After a pairing -----------------------------------------------------------------------------------------------


def _shared_and_remembered(organization, days):
    day = today() + timedelta(days=days)
    with clock.travel(clock.now() + timedelta(days=days)):
        user = factories.admin_of(organization)
        whole = Household.objects.visible_to(user).exists()
        assert whole is Household.objects.shared_with(organization.pk, day).exists()
        return whole, Household.objects.remembered_by(organization.pk).exists()


def test_a_household_is_remembered_for_some_days(pairing_a, officer, settings):
    """Shared until the day of the end, remembered from that day for so many days, then gone."""
    organization = pairing_a.organization
    assert _shared_and_remembered(organization, 0) == (True, False)

    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    last = settings.GRACE_AFTER_END_DAYS - 1
    found = [_shared_and_remembered(organization, days) for days in (0, 1, last, last + 1, last + 2)]
    assert found == [(False, True), (False, True), (False, True), (False, False), (False, False)]


def test_the_days_are_a_setting(pairing_a, officer, settings):
    settings.GRACE_AFTER_END_DAYS = 10
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted", on=today())

    assert [_shared_and_remembered(pairing_a.organization, days)[1] for days in (9, 10)] == [True, False]


def test_before_the_end_nothing_is_remembered(pairing_a, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    assert not Household.objects.remembered_by(pairing_a.organization_id, _days(-1)).exists()


def test_others_remember_nothing(pairing_a, pairing_b, officer, outsider_org):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    for organization in (pairing_b.organization, outsider_org):
        assert not Household.objects.remembered_by(organization.pk).exists()


def test_who_is_paired_again_sees_it_whole(pairing_a, officer):
    household, organization = pairing_a.household, pairing_a.organization
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    factories.active_pairing(household, organization)

    assert _shared_and_remembered(organization, 0) == (True, False)


def test_a_withdrawn_consent_ends_the_memory_at_once(pairing_a, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    households.withdraw_consent(pairing_a.household.consents.get(), by=officer)

    assert _shared_and_remembered(pairing_a.organization, 0) == (False, False)


def test_what_never_began_leaves_nothing(db, officer):
    intention = factories.ready_intention()
    pairings.decline_intention(intention, by=officer, reason="对方暂时没有人手")

    assert _shared_and_remembered(intention.organization, 0) == (False, False)
