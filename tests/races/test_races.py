"""Several people at the same moment. Each promise has a control: without what keeps it, it must break."""

import uuid

import pytest
from django.db.models import Value

from cases.models import Member, Pairing
from cases.services import households, pairings
from donations.models import Donation
from donations.services import gifts as giving
from jinchuan.audit import chain
from jinchuan.audit import services as audit
from jinchuan.audit.models import AuditEvent
from jinchuan.intake import services as intake
from jinchuan.intake.models import Draft, Submission
from jinchuan.intake.services import Repeated, once
from jinchuan.shared.errors import Refused
from organizations.services import organizations
from tests import factories
from tests.guarding import guards_removed

ROUNDS = 3


# Confirming --------------------------------------------------------------------------------------------------


def _confirmations(donation):
    return donation.transitions.filter(to_state="confirmed").count()


def _confirm_at_once(together, people=8):
    donation = factories.submitted_donation()
    reviewer = factories.reviewer()
    outcomes = together(*[lambda: giving.confirm_donation(donation, by=reviewer)] * people)
    return donation, outcomes


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_gift_is_confirmed_once(together, number):
    donation, outcomes = _confirm_at_once(together)

    assert len(outcomes.of(Donation)) == 1
    assert len(outcomes.of(audit.Move)) == 7
    assert _confirmations(donation) == 1
    assert AuditEvent.objects.of(donation).filter(action="move:confirmed").count() == 1
    assert chain.breaks() == []


def test_control_without_locks_guards_and_book_a_gift_is_confirmed_twice(together, no_locks, monkeypatch):
    no_locks(audit, "lock", 2, after=True)
    monkeypatch.setattr(giving.lots, "open_lots", lambda donation, *, by: [])

    with guards_removed():
        donation, _ = _confirm_at_once(together, people=2)

    assert _confirmations(donation) == 2


def test_without_locks_and_guards_the_book_still_stands(together, no_locks):
    """A line has one lot."""
    no_locks(audit, "lock", 2, after=True)

    with guards_removed():
        donation, _ = _confirm_at_once(together, people=2)

    assert _confirmations(donation) == 1


def test_without_locks_the_guard_still_stands(together, no_locks):
    donation = factories.submitted_donation()
    reviewer = factories.reviewer()
    no_locks(audit, "lock", 2, after=True)

    together(*[lambda: giving.confirm_donation(donation, by=reviewer)] * 2)

    assert _confirmations(donation) == 1


# The last place ----------------------------------------------------------------------------------------------


def _activate_at_once(together):
    organization = factories.approved_organization(capacity=1)
    waiting = [factories.ready_intention(organization=organization) for _ in range(2)]
    officer = factories.officer()
    return together(*[lambda one=one: pairings.activate_pairing(one, by=officer) for one in waiting])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_place_is_given_once(together, number):
    outcomes = _activate_at_once(together)

    assert len(outcomes.of(Pairing)) == 1
    assert [refusal.message_dict for refusal in outcomes.of(Refused)] == [
        {"capacity_override": [pairings.CAPACITY_FULL.format(capacity=1, taken=1)]}
    ]
    assert Pairing.objects.active().count() == 1


def test_control_without_locks_the_last_place_is_given_twice(together, no_locks):
    no_locks(pairings, "move", 2)

    _activate_at_once(together)

    assert Pairing.objects.active().count() == 2


# One lead ----------------------------------------------------------------------------------------------------


def _lead_at_once(together):
    household = factories.verified_household()
    waiting = [
        factories.ready_intention(
            household, factories.public_body(), role="lead", liaison_name=factories.person_name()
        )
        for _ in range(2)
    ]
    officer = factories.officer()
    return together(*[lambda one=one: pairings.activate_pairing(one, by=officer) for one in waiting])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_household_gets_one_lead(together, number):
    outcomes = _lead_at_once(together)

    assert len(outcomes.of(Pairing)) == 1
    assert len(outcomes.of(Exception)) == 1
    assert outcomes.of(Exception)[0].messages == ["这一户已有结对干部，一户只能有一个；请先结束原来的结对。"]


def test_without_locks_the_database_still_allows_one_lead(together, no_locks):
    no_locks(pairings, "move", 2)

    outcomes = _lead_at_once(together)

    assert len(outcomes.of(Pairing)) == 1
    assert Pairing.objects.active().count() == 1


def test_control_without_lock_and_rule_there_are_two_leads(together, no_locks, without_rule):
    no_locks(pairings, "move", 2)

    with without_rule(Pairing, "pairing_one_lead"):
        _lead_at_once(together)
        leads = Pairing.objects.active().filter(role="lead").count()

    assert leads == 2


# Sent once ---------------------------------------------------------------------------------------------------


def _send_at_once(together, people=20):
    token = uuid.uuid4()
    organization = factories.approved_organization()
    member = factories.admin_of(organization)
    giving.donor_for_organization(organization, by=member)

    def send():
        return once(
            token,
            by=member,
            form="donations.cash",
            payload={"value": "1000.00"},
            create=lambda: factories.submitted_donation(by=member),
        )

    return together(*[send] * people)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_form_sent_twenty_times_is_one_row(together, number):
    outcomes = _send_at_once(together)

    assert {outcome.pk for outcome in outcomes.of(Donation)} == {Donation.objects.get().pk}
    assert len(outcomes.of(Donation)) == 20
    assert Submission.objects.count() == 1


def test_the_same_token_with_other_content_leads_to_the_first_row(together):
    token = uuid.uuid4()
    member = factories.admin_of(factories.approved_organization())
    giving.donor_for_organization(member.organization, by=member)

    def send(value):
        return once(
            token,
            by=member,
            form="donations.cash",
            payload={"value": value},
            create=lambda: factories.submitted_donation(by=member, lines=[factories.cash(value)]),
        )

    outcomes = together(lambda: send("1000.00"), lambda: send("2000.00"))

    assert len(outcomes.of(Donation)) == 1
    assert [refusal.target for refusal in outcomes.of(Repeated)] == outcomes.of(Donation)


def test_control_without_the_unique_token_every_sending_is_a_row(together, without_rule):
    with without_rule(Submission, "token"):
        _send_at_once(together, people=4)
        sent = Donation.objects.count()

    assert sent == 4


def _submit_at_once(together, people):
    """One draft, its button pressed by many fingers."""
    token = uuid.uuid4()
    member = factories.admin_of(factories.approved_organization())
    giving.donor_for_organization(member.organization, by=member)
    intake.save_draft(token, by=member, form="donations.cash", content={"value": "1000.00"})

    def press():
        return intake.submit_draft(
            token,
            by=member,
            form="donations.cash",
            payload="shown",
            create=lambda content: factories.submitted_donation(by=member),
        )

    return together(*[press] * people)


@pytest.fixture
def drafts_stay(monkeypatch):
    """Drafts are read, not taken away."""

    def read(draft_id, *, by, form):
        return Draft.objects.filter(pk=draft_id).annotate(has_files=Value(False))

    monkeypatch.setattr(intake, "_taken", read)


def _all_the_same(outcomes):
    return len(outcomes) == len(outcomes.of(Donation)) and set(outcomes) == {Donation.objects.get()}


def test_a_draft_sent_twenty_times_is_one_row(together):
    assert _all_the_same(_submit_at_once(together, people=20))
    assert Submission.objects.count() == 1
    assert chain.breaks() == []


def test_without_the_unique_token_the_draft_is_still_taken_once(together, without_rule):
    with without_rule(Submission, "token"):
        assert _all_the_same(_submit_at_once(together, people=4))


def test_without_taking_the_draft_the_token_is_still_unique(together, drafts_stay):
    assert _all_the_same(_submit_at_once(together, people=4))


def test_control_without_both_every_press_is_a_row(together, without_rule, drafts_stay):
    with without_rule(Submission, "token"):
        _submit_at_once(together, people=4)
        sent = Donation.objects.count()

    assert sent == 4


# One person, one household; one log --------------------------------------------------------------------------


def _add_at_once(together):
    """The same person into two households, both past every check in Python."""
    officer, number = factories.officer(), factories.citizen_id()
    rows = [factories.registered_household() for _ in range(2)]
    fields = {"name": "李建国", "relation": "spouse", "id_number": number}
    return together(*[lambda row=row: households.add_member(row, by=officer, **fields) for row in rows])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_person_is_in_one_household(together, no_locks, number):
    no_locks(Member, "full_clean", 2, after=True)

    outcomes = _add_at_once(together)

    assert len(outcomes.of(Member)) == 1
    assert [refusal.messages for refusal in outcomes.of(Refused)] == [
        ["该身份证号已登记在另一户，请先在名册中查找。"]
    ]


def test_control_without_the_rule_a_person_is_in_two_households(together, no_locks, without_rule):
    no_locks(Member, "full_clean", 2, after=True)

    with without_rule(Member, "member_id_unique_while_present"):
        outcomes = _add_at_once(together)

    assert len(outcomes.of(Member)) == 2


def _act_at_once(together, people=6):
    rows = [factories.approved_organization() for _ in range(people)]
    officer = factories.officer()
    return together(
        *[lambda row=row: organizations.update_organization(row, by=officer, capacity=9) for row in rows]
    )


def test_the_log_never_forks(together):
    _act_at_once(together)

    assert chain.breaks() == []


def test_control_without_locks_the_log_forks(together, no_locks):
    acts = 2
    rows = [factories.approved_organization() for _ in range(acts)]
    officer = factories.officer()
    no_locks(chain, "digest_of", acts)

    together(
        *[lambda row=row: organizations.update_organization(row, by=officer, capacity=9) for row in rows]
    )

    assert chain.breaks() != []
