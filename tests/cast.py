"""The cast: who plays in the tests. Only those a test names are made.

Two streets with two communities each; the bureau; worker A of street A and worker B of street B; organisation A with
household A in street A, organisation B with household B in street B; an outsider that is paired with nobody.
"""

from types import SimpleNamespace

import pytest
from django.test import Client

from organizations.enums import Role
from tests import factories

__all__ = [
    "admin_a",
    "admin_b",
    "administrator",
    "auditor",
    "clerk",
    "client_for",
    "divisions",
    "household_a",
    "household_b",
    "leader",
    "member_a",
    "member_b",
    "officer",
    "org_a",
    "org_b",
    "outsider",
    "outsider_org",
    "pairing_a",
    "pairing_b",
    "reviewer",
    "second_officer",
    "worker_a",
    "worker_b",
]


@pytest.fixture
def client_for():
    """``client_for(user)``: a test client signed in as that person."""

    def sign_in(user, **options):
        client = Client(**options)
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def divisions(db):
    """``home`` (the district), ``street_a`` with ``a1`` and ``a2``, ``street_b`` with ``b1`` and ``b2``."""
    return SimpleNamespace(
        home=factories.home(),
        street_a=factories.division(factories.STREET_A),
        a1=factories.division(factories.COMMUNITY_A1),
        a2=factories.division(factories.COMMUNITY_A2),
        street_b=factories.division(factories.STREET_B),
        b1=factories.division(factories.COMMUNITY_B1),
        b2=factories.division(factories.COMMUNITY_B2),
    )


# The bureau and its surroundings ----------------------------------------------------------------------------


@pytest.fixture
def officer(db):
    return factories.officer()


@pytest.fixture
def second_officer(db):
    return factories.user(Role.OFFICER, username="second_officer")


@pytest.fixture
def reviewer(db):
    return factories.reviewer()


@pytest.fixture
def leader(db):
    return factories.user(Role.LEADER, username="leader")


@pytest.fixture
def worker_a(divisions):
    return factories.user(Role.DIVISION_WORKER, username="worker_a", division=divisions.street_a)


@pytest.fixture
def worker_b(divisions):
    return factories.user(Role.DIVISION_WORKER, username="worker_b", division=divisions.street_b)


@pytest.fixture
def clerk(db):
    return factories.user(Role.ASSOCIATION_CLERK, username="clerk")


@pytest.fixture
def auditor(db):
    return factories.user(Role.AUDITOR, username="auditor")


@pytest.fixture
def administrator(db):
    return factories.user(Role.ADMINISTRATOR, username="administrator")


# Organisations ----------------------------------------------------------------------------------------------


@pytest.fixture
def org_a(divisions):
    return factories.approved_organization(name="金川区甲爱心协会", division=divisions.street_a)


@pytest.fixture
def admin_a(org_a):
    return factories.user(Role.ORG_ADMIN, username="admin_a", organization=org_a)


@pytest.fixture
def member_a(org_a):
    return factories.user(Role.ORG_MEMBER, username="member_a", organization=org_a)


@pytest.fixture
def org_b(divisions):
    return factories.approved_organization(name="金川区乙志愿服务队", division=divisions.street_b)


@pytest.fixture
def admin_b(org_b):
    return factories.user(Role.ORG_ADMIN, username="admin_b", organization=org_b)


@pytest.fixture
def member_b(org_b):
    return factories.user(Role.ORG_MEMBER, username="member_b", organization=org_b)


@pytest.fixture
def outsider_org(db):
    """An approved organisation that is paired with nobody and has logged nothing."""
    return factories.approved_organization(name="金川区丙读书会")


@pytest.fixture
def outsider(outsider_org):
    return factories.user(Role.ORG_ADMIN, username="outsider", organization=outsider_org)


# Households --------------------------------------------------------------------------------------------------


@pytest.fixture
def pairing_a(divisions, org_a, admin_a):
    """Organisation A and household A, active, with the household's consent to sharing."""
    return factories.active_pairing(factories.verified_household(community=divisions.a1), org_a)


@pytest.fixture
def household_a(pairing_a):
    return pairing_a.household


@pytest.fixture
def pairing_b(divisions, org_b, admin_b):
    """Organisation B and household B, active, with the household's consent to sharing."""
    return factories.active_pairing(factories.verified_household(community=divisions.b1), org_b)


@pytest.fixture
def household_b(pairing_b):
    return pairing_b.household
