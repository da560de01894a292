"""Taking a right away works with the next request, in every open session."""

import pytest
from django.urls import reverse

from cases.services import households, pairings
from organizations.enums import Role
from organizations.services import accounts

SESSIONS = 3


@pytest.fixture
def signed_in(client_for):
    def sign_in(user):
        return [client_for(user) for _ in range(SESSIONS)]

    return sign_in


def _statuses(clients, url):
    return [client.get(url).status_code for client in clients]


def _household_page(household):
    return reverse("cases:household", args=[household.code])


def test_a_disabled_account_is_out_at_once(signed_in, member_a, admin_a, household_a):
    clients, page = signed_in(member_a), _household_page(household_a)
    assert _statuses(clients, page) == [200] * SESSIONS

    accounts.disable_account(member_a, by=admin_a)

    assert _statuses(clients, page) == [302] * SESSIONS


def test_who_changes_organization_leaves_the_households_behind(
    signed_in, member_a, administrator, household_a, org_b
):
    clients, page = signed_in(member_a), _household_page(household_a)
    assert _statuses(clients, page) == [200] * SESSIONS

    accounts.update_account(member_a, by=administrator, organization=org_b)

    assert _statuses(clients, page) == [404] * SESSIONS


def test_who_changes_role_leaves_its_rights_behind(signed_in, second_officer, administrator, household_a):
    clients = signed_in(second_officer)
    page = reverse("admin:cases_household_change", args=[household_a.pk])
    assert _statuses(clients, page) == [200] * SESSIONS

    accounts.update_account(second_officer, by=administrator, role=Role.AUDITOR)

    assert _statuses(clients, page) == [403] * SESSIONS


def test_a_worker_moved_to_another_street_sees_that_street(
    signed_in, worker_a, administrator, household_a, household_b, divisions
):
    clients = signed_in(worker_a)
    old, new = (reverse("admin:cases_household_change", args=[row.pk]) for row in (household_a, household_b))
    assert (_statuses(clients, old), _statuses(clients, new)) == ([200] * SESSIONS, [404] * SESSIONS)

    accounts.update_account(worker_a, by=administrator, division=divisions.street_b)

    assert (_statuses(clients, old), _statuses(clients, new)) == ([404] * SESSIONS, [200] * SESSIONS)


def test_a_withdrawn_consent_closes_the_page_at_once(signed_in, member_a, officer, household_a):
    clients, page = signed_in(member_a), _household_page(household_a)
    assert _statuses(clients, page) == [200] * SESSIONS

    households.withdraw_consent(household_a.consents.sharing().get(), by=officer)

    assert _statuses(clients, page) == [404] * SESSIONS


def test_an_ended_pairing_closes_the_page_at_once(signed_in, member_a, officer, pairing_a, settings):
    """For some days the code is left on it, then nothing."""
    clients, page = signed_in(member_a), _household_page(pairing_a.household)
    name = pairing_a.household.members.get().name
    assert all(name in client.get(page).content.decode() for client in clients)

    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    for client in clients:
        assert name not in client.get(page).content.decode()
    settings.GRACE_AFTER_END_DAYS = 0
    assert _statuses(clients, page) == [404] * SESSIONS
