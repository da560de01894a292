"""Every list of the bureau's care pages asks the same number of questions for one row and for three."""

from datetime import date

import pytest

from cases.models import (
    CareNeed,
    CarePlan,
    Household,
    Matter,
    Notice,
    Obligation,
    Pairing,
    ServiceStandard,
    Visit,
)
from jinchuan.shared.clock import now, today
from tests import factories, factories_cases, factories_duties
from tests.pages import listing, page

from .test_admin_registers import duty
from .test_merges import twins

pytestmark = pytest.mark.django_db


def notices(rows, officer):
    pairing = factories.active_pairing()
    for number in range(rows):
        Notice.objects.create(
            user=officer, key=f"duty:{number}", pairing=pairing, title="请去走访", url="/", created_at=now()
        )


def standards(rows, officer):
    for number in range(rows):
        factories_duties.standard(effective_from=date(2021 + number, 1, 1))


def per_pairing(make):
    def several(rows, officer):
        for _ in range(rows):
            make(factories.active_pairing())

    return several


def duplicates(rows, officer):
    for _ in range(rows):
        twins()


LISTS = {
    "visits": (Visit, "changelist", per_pairing(factories_cases.submitted_visit), 6),
    "matters": (Matter, "changelist", per_pairing(factories_cases.submitted_matter), 5),
    "needs": (CareNeed, "changelist", per_pairing(lambda one: factories_cases.open_need(one.household)), 5),
    "plans": (CarePlan, "changelist", per_pairing(lambda one: factories_cases.care_plan(one.household)), 6),
    "duties": (Obligation, "changelist", per_pairing(duty), 5),
    "pairings": (Pairing, "changelist", per_pairing(lambda one: one), 5),
    "standards": (ServiceStandard, "changelist", standards, 5),
    "notices": (Notice, "changelist", notices, 4),
    "households then": (Household, "as_of", per_pairing(lambda one: one), 6),
    "pairings then": (Pairing, "as_of", per_pairing(lambda one: one), 4),
    "duplicates": (Household, "duplicates", duplicates, 5),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_number_of_questions(client_for, officer, name, rows, django_assert_num_queries):
    model, view, make, queries = LISTS[name]
    make(rows, officer)
    client, typed = client_for(officer), {"on": today().isoformat()} if view == "as_of" else {}
    client.get(listing(model, view), typed)
    with django_assert_num_queries(queries):
        assert client.get(listing(model, view), typed).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_suggestions_ask_the_same_number_of_questions(
    client_for, officer, divisions, rows, django_assert_num_queries
):
    household = factories.verified_household(community=divisions.a1)
    for _ in range(rows):
        factories_cases.open_need(household)
        factories.approved_organization()
    client = client_for(officer)
    client.get(page(household))
    with django_assert_num_queries(35):
        assert client.get(page(household)).content.decode().count("登记意向</a>") == rows + 2
