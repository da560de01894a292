"""Writes: none without the form's token, none to somebody else's rows, none by those who may only read."""

import pytest
from django.test import Client

from .addresses import KEPT_BY_CODE, addresses
from .crawling import fingerprint

# What the account itself does, not the business.
OF_THE_ACCOUNT = ("account_", "mfa_", "usersessions_", "admin:logout", "admin:login", "admin:password_change")
# Enough for any confirmation page to be satisfied, and a little more.
GENEROUS = {
    "reason": "试一试能不能办成",
    "end_reason": "adjusted",
    "exit_reason": "moved_away",
    "evidence": "入户看过",
    "method": "home_visit",
    "why": "visit",
    "note": "试一试能不能办成",
    "status": "waived",
    "intent": "submit",
    "username": "xinren",
    "name": "李秀英",
    "role": "org_admin",
    "state": "confirmed",
}


def _business():
    return [address for address in addresses() if not address.name.startswith(OF_THE_ACCOUNT)]


@pytest.mark.parametrize("actor", ["officer", "member_a"])
def test_nothing_is_taken_without_the_forms_token(world, actor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[actor])
    before = fingerprint()

    taken = {
        address.name: status
        for address in addresses()
        if (status := client.post(address.url(world.a), GENEROUS).status_code) != 403
    }

    assert taken == {}
    assert fingerprint() == before


@pytest.mark.parametrize("actor", ["leader", "auditor"])
def test_who_may_only_read_writes_nothing(world, actor):
    client = Client()
    client.force_login(world.people[actor])
    before = fingerprint()

    for address in _business():
        ids = {"ids": [world.a.rows[address.row].pk]} if address.row else {}
        client.post(address.url(world.a), GENEROUS | ids)

    assert fingerprint() == before


@pytest.mark.parametrize("actor", ["admin_a", "member_a", "outsider", "worker_a"])
def test_nobody_writes_to_somebody_elses_rows(world, actor):
    client = Client()
    client.force_login(world.people[actor])
    before = fingerprint()
    answered = {}

    for address in _business():
        if address.row and address.name not in KEPT_BY_CODE:
            response = client.post(address.url(world.b), GENEROUS | {"ids": [world.b.rows[address.row].pk]})
            answered[address.name] = response.status_code

    assert {name: status for name, status in answered.items() if status not in (302, 403, 404, 405)} == {}
    assert fingerprint() == before


def test_bulk_acts_leave_out_rows_that_are_not_ones_own(world):
    """A worker's list action with the row of another street among its numbers."""
    client = Client()
    client.force_login(world.people["worker_a"])
    before = fingerprint()

    for address in _business():
        if "_verbs[" in address.name:
            label = address.view.removeprefix("admin:").removesuffix("_verbs").replace("_", ".", 1)
            row = world.b.rows[label]
            client.post(address.url(None), GENEROUS | {"ids": [row.pk]})

    assert fingerprint() == before


def test_control_the_same_posts_do_a_lot_for_who_may(world):
    """Otherwise the tests above would prove nothing."""
    client = Client()
    client.force_login(world.people["reviewer"])
    before = fingerprint()

    for address in _business():
        if "_verb[" in address.name:
            client.post(address.url(world.b), GENEROUS)

    after = fingerprint()
    assert {table for table in before if before[table] != after[table]} >= {
        "cases.Household",
        "cases.Pairing",
        "donations.Donation",
        "organizations.Organization",
        "volunteers.Activity",
    }
