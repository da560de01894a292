"""A household changes hands without a day on which nobody is there for it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import consistency
from cases.enums import HouseholdState, PairingRole, PairingState
from cases.models import Pairing
from cases.services import handover, households, pairings
from cases.services.handover import Row, Target, bulk_transfer, preview_transfer, transfer_pairing
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import Move
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.services import organizations
from tests import factories

NOTE = "老人耳背，上门要敲响一些。"
START = date(2026, 9, 1)


def paired(organization=None, *, agreed=(), on=START, **fields):
    """A pairing that began on the first of September, whose household also agreed to these organisations."""
    fields = {"intended_on": on, **fields}
    pairing = factories.active_pairing(None, organization, on=on, **fields)
    for other in agreed:
        factories.sharing_consent(pairing.household, other, given_on=on)
    return pairing


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def transfer(pairing, organization, **fields):
    fields = {"handover_note": NOTE, **fields}
    return transfer_pairing(pairing, by=factories.officer(), organization=organization, **fields)


def bulk(rows, organization, **fields):
    fields = {"handover_note": NOTE, **fields}
    return bulk_transfer(rows, organization, by=factories.officer(), **fields)


def preview(rows, organization, *, by=None, **fields):
    return preview_transfer(rows, organization, by=by or factories.officer(), **fields)


# The life of one pairing -------------------------------------------------------------------------------------


def test_a_suspended_pairing_is_not_begun_again(pairing_a, officer):
    """Activating it would overwrite the day it began."""
    pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")

    with pytest.raises(Move):
        pairings.activate_pairing(pairing_a, by=officer)

    assert fresh(pairing_a).started_on == pairing_a.started_on


def test_a_suspended_pairing_goes_on_from_where_it_was(pairing_a, officer):
    pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")
    resumed = pairings.resume_pairing(pairing_a, by=officer)

    assert (resumed.state, resumed.started_on) == (PairingState.ACTIVE, pairing_a.started_on)
    assert fresh(pairing_a.household).state == HouseholdState.ACTIVE


def test_nothing_is_resumed_without_consent(pairing_a, officer):
    pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")
    households.withdraw_consent(pairing_a.household.consents.get(), by=officer)

    with pytest.raises(Refused) as refusal:
        pairings.resume_pairing(pairing_a, by=officer)

    assert refusal.value.messages == [pairings.CONSENT_MISSING]


def test_an_intention_is_not_resumed(officer):
    """It would be a pairing that met no condition at all."""
    with pytest.raises(Move):
        pairings.resume_pairing(factories.intention(), by=officer)


@pytest.mark.parametrize("waits", ["suspended", "ending"])
def test_a_household_keeps_its_state_while_its_pairing_waits(pairing_a, officer, waits):
    if waits == "suspended":
        pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")
    else:
        pairings.begin_ending(pairing_a, by=officer, closeout_waiver="对象已迁往外省")

    assert fresh(pairing_a.household).state == HouseholdState.ACTIVE
    assert list(consistency.active_households_are_paired()) == []
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    assert fresh(pairing_a.household).state == HouseholdState.VERIFIED
    assert list(consistency.active_households_are_paired()) == []


def test_blanks_are_no_close_out(pairing_a, officer):
    with pytest.raises(Refused) as refusal:
        pairings.begin_ending(
            pairing_a, by=officer, last_contact_on=today(), goods_outstanding="  ", handover_note=" "
        )

    assert refusal.value.messages == [pairings.CLOSEOUT_NEEDED]


def test_an_organization_that_is_gone_gets_no_intention(officer, reviewer):
    """It is judged as it is now, not as the form was opened."""
    organization = factories.approved_organization()
    pairings.deregister_organization(organization, by=reviewer, reason="会员大会决定注销")

    with pytest.raises(Refused) as refusal:
        pairings.register_intention(
            by=officer, household=factories.verified_household(), organization=organization
        )

    assert refusal.value.message_dict == {"organization": [pairings.ORGANIZATION_NOT_APPROVED]}


# One handover ------------------------------------------------------------------------------------------------


def test_a_handover_leaves_no_gap(db):
    other = factories.approved_organization()
    old = paired(agreed=[other])

    new = transfer(old, other, on=date(2026, 10, 1))

    old = fresh(old)
    assert (old.state, old.ended_on, old.handover_note) == (PairingState.ENDED, date(2026, 10, 1), NOTE)
    assert (new.state, new.started_on, new.previous) == (PairingState.ACTIVE, old.ended_on, old)
    assert fresh(old.household).state == HouseholdState.ACTIVE


def test_the_household_is_never_said_to_wait(db):
    other = factories.approved_organization()
    old = paired(agreed=[other])
    before = old.household.transitions.count()

    transfer(old, other)

    assert old.household.transitions.count() == before


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 20), min_size=1, max_size=3))
def test_over_any_number_of_handovers_every_day_is_covered_once(db, days):
    pairing = paired()
    day, last = START, None
    for step in days:
        day += timedelta(days=step)
        other = factories.approved_organization()
        factories.sharing_consent(pairing.household, other, given_on=START)
        pairing = last = transfer(last or pairing, other, on=day)

    household = pairing.household_id
    for offset in range((today() - START).days + 1):
        on = START + timedelta(days=offset)
        assert Pairing.objects.filter(household=household).open_on(on).count() == 1


def test_a_lead_is_handed_to_a_body_with_a_cadre_of_its_own(db):
    """The old body's cadre does not move with the household."""
    body = factories.public_body()
    lead = paired(
        factories.public_body(), agreed=[body], role=PairingRole.LEAD, liaison_name=factories.person_name()
    )

    with pytest.raises(Refused) as refusal:
        transfer(lead, body)
    new = transfer(lead, body, liaison_name="周国强")

    assert refusal.value.messages == [pairings.LIAISON_NEEDED]
    assert (new.role, new.liaison_name) == (PairingRole.LEAD, "周国强")


def _suspended(pairing, other):
    organizations.suspend_organization(other, by=factories.reviewer(), reason="年检没有按时办理")


def _disagreed(pairing, other):
    households.withdraw_consent(
        pairing.household.consents.get(organization=other), by=factories.officer(), on=today()
    )


def _paired_too(pairing, other):
    factories.active_pairing(pairing.household, other)


def _full(pairing, other):
    organizations.update_organization(other, by=factories.officer(), capacity=1)
    factories.active_pairing(None, other)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_suspended, pairings.ORGANIZATION_NOT_APPROVED),
        (_disagreed, pairings.CONSENT_MISSING),
        (_paired_too, handover.PAIRED_ALREADY),
        (_full, pairings.CAPACITY_FULL.format(capacity=1, taken=1)),
    ],
)
def test_a_handover_asks_for_what_an_activation_asks_for(db, spoil, sentence):
    other = factories.approved_organization()
    pairing = paired(agreed=[other])
    spoil(pairing, other)
    other = fresh(other)

    (row,) = preview([pairing], other)
    with pytest.raises(Refused) as refusal:
        transfer(pairing, other)

    assert refusal.value.messages == list(row.sentences) == [sentence]
    assert fresh(pairing).state == PairingState.ACTIVE


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (START - timedelta(days=1), handover.BEFORE_START.format(day="2026年9月1日")),
        (today() + timedelta(days=1), handover.NOT_YET),
    ],
)
def test_a_handover_happens_while_the_pairing_runs(db, on, sentence):
    other = factories.approved_organization()
    pairing = paired()
    factories.sharing_consent(pairing.household, other, given_on=date(2026, 8, 1))

    with pytest.raises(Refused) as refusal:
        transfer(pairing, other, on=on)

    assert refusal.value.messages == [sentence]


def test_a_handover_needs_its_note(pairing_a, org_b):
    with pytest.raises(Refused) as refusal:
        transfer(pairing_a, org_b, handover_note="  ")

    assert refusal.value.message_dict == {"handover_note": [handover.HANDOVER_NEEDED]}


def test_what_is_over_is_not_handed_over(pairing_a, org_b, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    with pytest.raises(Refused) as refusal:
        transfer(pairing_a, org_b)

    assert refusal.value.messages == [handover.NOT_RUNNING.format(state="已结束")]


# Many at once ------------------------------------------------------------------------------------------------


def _batch(other, *, agreed, refused=0):
    old = factories.approved_organization(capacity=20)
    rows = [paired(old, agreed=[other]) for _ in range(agreed)]
    return rows + [paired(old) for _ in range(refused)]


def _outcomes(rows):
    return [(row.pairing.pk, row.outcome, row.sentences) for row in rows]


def test_the_preview_is_what_happens(db):
    other = factories.approved_organization(capacity=2)
    rows = _batch(other, agreed=3, refused=1)

    promised = preview(rows, other)
    done = bulk(rows, other)

    assert _outcomes(done) == _outcomes(promised)
    assert [row.outcome for row in done] == [Row.TRANSFERRED, Row.TRANSFERRED, Row.REFUSED, Row.REFUSED]
    assert done[2].sentences == (pairings.CAPACITY_FULL.format(capacity=2, taken=2),)
    assert done[3].sentences == (
        pairings.CONSENT_MISSING,
        pairings.CAPACITY_FULL.format(capacity=2, taken=2),
    )
    assert Pairing.objects.running().filter(organization=other).count() == 2


def test_a_preview_writes_nothing(db, django_assert_num_queries):
    other = factories.approved_organization()
    rows, officer = _batch(other, agreed=4), factories.officer()
    before = (Pairing.objects.count(), AuditEvent.objects.count())

    with django_assert_num_queries(6):
        preview(rows, other, by=officer)

    assert (Pairing.objects.count(), AuditEvent.objects.count()) == before


def test_run_again_it_does_the_rest_only(db):
    other = factories.approved_organization(capacity=2)
    rows = _batch(other, agreed=3)
    bulk(rows, other)
    other = organizations.update_organization(other, by=factories.officer(), capacity=3)

    again = preview(rows, other)
    done = bulk(rows, other)

    assert [row.outcome for row in again] == [Row.DONE, Row.DONE, Row.TRANSFERRED]
    assert _outcomes(done) == _outcomes(again)
    assert Pairing.objects.running().filter(organization=other).count() == 3


def test_above_capacity_with_a_reason_only_and_it_is_said(db):
    other = factories.approved_organization(capacity=1)
    rows = _batch(other, agreed=2)

    done = bulk(rows, other, capacity_override="原组织注销，临时多接一户")

    assert [len(row.sentences) for row in done] == [1, 2]
    assert done[1].sentences[1] == handover.ABOVE_CAPACITY.format(taken=2, capacity=1)
    assert list(consistency.capacity_is_kept()) == []


def test_a_household_twice_in_one_batch_is_handed_over_once(db):
    other = factories.approved_organization()
    first = paired(agreed=[other])
    second = factories.active_pairing(first.household, factories.approved_organization())

    promised = preview([first, second], other)
    done = bulk([first, second], other)

    assert _outcomes(done) == _outcomes(promised)
    assert [row.outcome for row in done] == [Row.TRANSFERRED, Row.REFUSED]
    assert fresh(second).state == PairingState.ACTIVE


def test_who_may_not_end_pairings_hands_nothing_over(worker_a, pairing_a, org_b):
    assert [row.outcome for row in preview([pairing_a], org_b, by=worker_a)] == [Row.REFUSED]
    with pytest.raises(PermissionDenied):
        bulk_transfer([pairing_a], org_b, by=worker_a, handover_note=NOTE)


def test_one_row_fails_whole(db, monkeypatch):
    """Whatever goes wrong half-way, the old pairing goes on."""
    other = factories.approved_organization()
    rows = _batch(other, agreed=2)
    original, broken = handover.activate_pairing, rows[0].household_id

    def activate(pairing, **kwargs):
        if pairing.household_id == broken:
            raise Refused("办不了")
        return original(pairing, **kwargs)

    monkeypatch.setattr(handover, "activate_pairing", activate)
    done = bulk(rows, other)

    assert [row.outcome for row in done] == [Row.REFUSED, Row.TRANSFERRED]
    assert fresh(rows[0]).state == PairingState.ACTIVE
    assert not AuditEvent.objects.of(rows[0]).filter(action="hand_over").exists()


def test_the_judge_counts_what_it_gave(db):
    other = factories.approved_organization(capacity=1)
    pairing = paired(agreed=[other])
    target = Target.at(other, [pairing.household], on=today())

    assert target.against(pairing) == []
    target.take(pairing)
    assert target.is_full
