"""Handovers, intentions, merges and key rotation at the same moment as others. Each promise has its control."""

import base64
import os
import uuid
from datetime import timedelta

import pytest

from cases import consistency
from cases.models import Household, Pairing
from cases.services import handover, households, merges, pairings
from jinchuan.audit import chain
from jinchuan.audit import services as audit
from jinchuan.ops import rotation
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from tests import factories

CLIENTS = 50
NOTE = "老人耳背，上门要敲响一些。"


@pytest.fixture
def codes_without_queue(monkeypatch):
    """Running numbers make clients wait for each other too, which would hide what a lock is good for."""
    monkeypatch.setattr(pairings, "next_code", lambda *args: f"JD-{uuid.uuid4().hex[:12]}")


# One open pairing of two -------------------------------------------------------------------------------------


def _intend_at_once(together, clients):
    household, organization = factories.verified_household(), factories.approved_organization()
    officer = factories.officer()

    def intend():
        return pairings.register_intention(by=officer, household=household, organization=organization)

    return together(*[intend] * clients)


def test_fifty_clients_make_one_open_pairing(together):
    outcomes = _intend_at_once(together, CLIENTS)

    assert len(outcomes.of(Pairing)) == 1
    refusals = outcomes.of(Exception)
    assert len(refusals) == CLIENTS - 1
    assert {tuple(refusal.messages) for refusal in refusals} == {
        ("这一户与这个组织已有意向或正在结对，不用重复登记。",)
    }
    assert Pairing.objects.open().count() == 1
    assert chain.breaks() == []


def test_without_locks_the_database_still_allows_one(together, no_locks):
    no_locks(pairings, "next_code", 4)

    outcomes = _intend_at_once(together, 4)

    assert len(outcomes.of(Pairing)) == 1
    assert Pairing.objects.open().count() == 1


def test_control_without_locks_and_rule_there_are_several(
    together, no_locks, without_rule, codes_without_queue
):
    no_locks(Pairing, "full_clean", 4, after=True)

    with without_rule(Pairing, "pairing_one_open"):
        _intend_at_once(together, 4)
        opened = Pairing.objects.open().count()

    assert opened > 1


# One lead, fifty clients -------------------------------------------------------------------------------------


def test_fifty_clients_make_one_lead(together):
    household = factories.verified_household()
    waiting = [
        factories.ready_intention(
            household, factories.public_body(), role="lead", liaison_name=factories.person_name()
        )
        for _ in range(CLIENTS)
    ]
    officer = factories.officer()

    outcomes = together(*[lambda one=one: pairings.activate_pairing(one, by=officer) for one in waiting])

    assert len(outcomes.of(Pairing)) == 1
    assert Pairing.objects.running().filter(household=household, role="lead").count() == 1


# Capacity over a whole batch ---------------------------------------------------------------------------------


def _batches(clients, each, capacity):
    """So many clerks, each about to hand as many households over to the same organisation."""
    to = factories.approved_organization(capacity=capacity)
    old = factories.approved_organization(capacity=clients * each)
    rows = [[factories.active_pairing(None, old) for _ in range(each)] for _ in range(clients)]
    for batch in rows:
        for pairing in batch:
            factories.sharing_consent(pairing.household, to)
    return rows, to


def _transfer_at_once(together, clients, each, capacity):
    rows, to = _batches(clients, each, capacity)
    officer = factories.officer()
    outcomes = together(
        *[
            lambda batch=batch: handover.bulk_transfer(batch, to, by=officer, handover_note=NOTE)
            for batch in rows
        ]
    )
    return to, outcomes


def test_batches_at_once_fill_an_organization_and_no_more(together):
    to, outcomes = _transfer_at_once(together, 5, 4, 7)

    assert outcomes.of(Exception) == []
    done = [row for batch in outcomes for row in batch if row.outcome == handover.Row.TRANSFERRED]
    assert len(done) == Pairing.objects.running().filter(organization=to).count() == 7
    assert Pairing.objects.running().count() == 20
    assert list(consistency.capacity_is_kept()) == []
    assert list(consistency.active_households_are_paired()) == []
    assert chain.breaks() == []


def test_batches_and_activations_share_the_places(together):
    """Half of the clients activate one intention each, the other half hand one household over each."""
    half = CLIENTS // 2
    rows, to = _batches(half, 1, 9)
    waiting = [factories.ready_intention(None, to) for _ in range(half)]
    officer = factories.officer()

    together(
        *[
            lambda batch=batch: handover.bulk_transfer(batch, to, by=officer, handover_note=NOTE)
            for batch in rows
        ],
        *[lambda one=one: pairings.activate_pairing(one, by=officer) for one in waiting],
    )

    assert Pairing.objects.running().filter(organization=to).count() == 9
    assert list(consistency.active_households_are_paired()) == []


def test_control_without_locks_a_batch_overfills(together, no_locks, codes_without_queue):
    no_locks(handover, "finish", 2)

    to, _ = _transfer_at_once(together, 2, 1, 1)

    assert Pairing.objects.running().filter(organization=to).count() == 2


def test_the_same_batch_by_two_clerks_is_done_once(together):
    rows, to = _batches(1, 4, 10)
    officer = factories.officer()

    outcomes = together(*[lambda: handover.bulk_transfer(rows[0], to, by=officer, handover_note=NOTE)] * 2)

    told = sorted([row.outcome for row in batch] for batch in outcomes)
    assert told == [[handover.Row.DONE] * 4, [handover.Row.TRANSFERRED] * 4]
    for pairing in rows[0]:
        spells = Pairing.objects.filter(household=pairing.household_id)
        assert spells.count() == 2
        assert spells.open_on(today()).count() == 1
        assert spells.open_on(today() + timedelta(days=1)).count() == 1


# Ends that meet ----------------------------------------------------------------------------------------------


def test_two_organizations_that_share_households_are_deregistered_at_once(together):
    """They lock the same households: in one order, or they would wait for each other for ever."""
    first, second = factories.approved_organization(), factories.approved_organization()
    rows = [factories.verified_household() for _ in range(3)]
    for row in rows:
        factories.active_pairing(row, first)
    for row in reversed(rows):
        factories.active_pairing(row, second)
    reviewer = factories.reviewer()

    outcomes = together(
        *[
            lambda one=one: pairings.deregister_organization(one, by=reviewer, reason="会员大会决定注销")
            for one in (first, second)
        ]
    )

    assert outcomes.of(Exception) == []
    assert not Pairing.objects.open().exists()
    assert list(consistency.active_households_are_paired()) == []


def test_an_exit_and_a_handover_leave_no_open_pairing_behind(together):
    rows, to = _batches(1, 1, 5)
    ((pairing,),) = rows
    officer = factories.officer()

    together(
        lambda: handover.bulk_transfer([pairing], to, by=officer, handover_note=NOTE),
        lambda: households.exit_household(pairing.household, by=officer, reason="moved_away"),
    )

    assert not Pairing.objects.open().filter(household=pairing.household).exists()
    assert Household.objects.get(pk=pairing.household_id).state == "exited"


# Merging -----------------------------------------------------------------------------------------------------


def _twins():
    born = {"no_id_reason": "尚未办证", "birth_date": "1950-03-04", "id_number": "", "name": "王秀兰"}
    return [factories.verified_household(members=[factories.head(**born)]) for _ in range(2)]


@pytest.mark.parametrize("number", range(3))
def test_two_households_are_not_merged_into_each_other(together, number):
    first, second = _twins()
    officer = factories.officer()

    outcomes = together(
        lambda: merges.merge_households(first, second, by=officer),
        lambda: merges.merge_households(second, first, by=officer),
    )

    assert len(outcomes.of(Household)) == 1
    assert len(outcomes.of(Refused)) == 1
    assert Household.objects.filter(merged_into__isnull=True).count() == 1


def test_an_intention_that_comes_with_a_merge_is_not_lost(together):
    kept, duplicate = _twins()
    organization, officer = factories.approved_organization(), factories.officer()

    together(
        lambda: merges.merge_households(kept, duplicate, by=officer),
        lambda: pairings.register_intention(by=officer, household=duplicate, organization=organization),
    )

    assert not Pairing.objects.open().filter(household=duplicate).exists()


# Keys --------------------------------------------------------------------------------------------------------


def test_people_edit_while_the_keys_change(together, settings):
    rows = [factories.registered_household() for _ in range(12)]
    officer = factories.officer()
    settings.FIELD_KEYS = f"k9:{base64.b64encode(os.urandom(32)).decode()},{settings.FIELD_KEYS}"

    outcomes = together(
        rotation.rotate,
        *[
            lambda row=row: households.update_household(row, by=officer, address=f"新华里{row.pk}号")
            for row in rows
        ],
    )

    assert outcomes.of(Exception) == []
    assert rotation.rotate().left == 0
    assert {row.pk: row.address for row in Household.objects.all()} == {
        row.pk: f"新华里{row.pk}号" for row in rows
    }
    assert audit.AuditEvent.objects.filter(action="change").count() == len(rows)
