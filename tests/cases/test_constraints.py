"""Each named constraint of the app, broken at the database."""

from datetime import date, timedelta

import pytest

from cases.enums import Channel, ConsentPurpose, HouseholdState, PairingEndReason, PairingState, Relation
from cases.models import Household
from cases.services import households
from jinchuan.shared.clock import now, today
from tests import factories
from tests.provoking import provoke


def _yesterday():
    return today() - timedelta(days=1)


def _review():
    return factories.verified_household().reviews.get()


def _member(**fields):
    """Somebody of a household who is not its head."""
    fields = {"name": factories.person_name(), "relation": Relation.CHILD, **fields}
    if not fields.get("no_id_reason"):
        fields.setdefault("id_number", factories.citizen_id(date(1980, 2, 3)))
    return households.add_member(factories.registered_household(), by=factories.officer(), **fields)


def _same_id():
    first, second = _member(), _member()
    return second, {"id_hash": first.id_hash}


def _second_head():
    return _member(), {"relation": Relation.HEAD}


def _hardship():
    return factories.registered_household().members.get().hardships.get()


def _same_hardship():
    first = _hardship()
    second = households.add_hardship(
        first.member, by=factories.officer(), category="living_alone", basis="社区证明", started_on=today()
    )
    return second, {"category": first.category}


def _second_open_pairing():
    first = factories.intention()
    return factories.intention(first.household), {"organization": first.organization}


def _second_lead():
    first = factories.lead_pairing()
    return factories.active_pairing(first.household), {"role": "lead"}


def _publishing():
    member = factories.verified_household().members.get()
    [consent] = households.record_publishing(
        member,
        by=factories.officer(),
        items=[ConsentPurpose.PUBLISH_STORY],
        channels=[Channel.WECHAT],
        evidence="签字同意书存于社区档案第 3 盒",
    )
    return consent


def _consent():
    pairing = factories.intention()
    return factories.sharing_consent(pairing.household, pairing.organization)


def _merged_into_itself():
    household = factories.exited_household()
    return household, {"merged_into": household, "exit_reason": "merged"}


def _proposed():
    """One for which the officer asked that it be made nameless."""
    household = factories.exited_household()
    proposed = {"deidentify_proposed_at": now(), "deidentify_proposed_by": factories.officer()}
    Household.objects.filter(pk=household.pk).update(**proposed)
    return household


PROVOCATIONS = {
    "consent_purpose_known": lambda: (
        households.record_consent(
            by=factories.officer(),
            household=factories.registered_household(),
            purpose=ConsentPurpose.RECORD,
            evidence="签字同意书",
        ),
        {"purpose": "x"},
    ),
    "consent_sharing_names_organization": lambda: (_consent(), {"organization": None}),
    "consent_publishing_names_channel": lambda: (_publishing(), {"channel": ""}),
    "consent_channel_known": lambda: (_publishing(), {"channel": "radio"}),
    "consent_publishing_names_person": lambda: (_publishing(), {"member": None}),
    "consent_guardian_named": lambda: (_consent(), {"given_by": "guardian"}),
    "consent_dates_order": lambda: (_consent(), {"expires_on": _yesterday()}),
    "consent_withdrawal_order": lambda: (_consent(), {"withdrawn_on": _yesterday()}),
    "household_state_known": lambda: (factories.registered_household(), {"state": "x"}),
    "household_need_level_known": lambda: (factories.registered_household(), {"need_level": "x"}),
    "household_exit_date_with_reason": lambda: (factories.exited_household(), {"exit_reason": ""}),
    "household_exited_with_date": lambda: (
        factories.registered_household(),
        {"exited_on": today(), "exit_reason": "deceased"},
    ),
    "household_dates_order": lambda: (
        factories.registered_household(),
        {"state": HouseholdState.EXITED, "exited_on": _yesterday(), "exit_reason": "deceased"},
    ),
    "household_merged_with_reason": lambda: (factories.exited_household(), {"exit_reason": "merged"}),
    "household_not_merged_into_itself": _merged_into_itself,
    "household_deidentify_proposed_at_with_by": lambda: (
        factories.exited_household(),
        {"deidentify_proposed_at": now()},
    ),
    "household_deidentified_at_with_by": lambda: (_proposed(), {"deidentified_at": now()}),
    "household_deidentified_after_exit_and_proposal": lambda: (
        factories.exited_household(),
        {"deidentified_at": now(), "deidentified_by": factories.reviewer()},
    ),
    "household_deidentified_by_second_person": lambda: (
        _proposed(),
        {"deidentified_at": now(), "deidentified_by": factories.officer()},
    ),
    "household_nameless_without_particulars": lambda: (
        _proposed(),
        {"deidentified_at": now(), "deidentified_by": factories.reviewer()},
    ),
    "review_by_second_person": lambda: (_review(), {"reviewed_by": factories.officer()}),
    "review_dates_order": lambda: (_review(), {"valid_until": _yesterday()}),
    "member_relation_known": lambda: (_member(), {"relation": "x"}),
    "member_sex_known": lambda: (_member(), {"sex": "x"}),
    "member_id_unique_while_present": _same_id,
    "member_one_head": _second_head,
    "member_dates_order": lambda: (_member(), {"left_on": _yesterday()}),
    "hardship_category_known": lambda: (_hardship(), {"category": "x"}),
    "hardship_dates_order": lambda: (_hardship(), {"ended_on": _yesterday()}),
    "hardship_once_at_a_time": _same_hardship,
    "pairing_state_known": lambda: (factories.intention(), {"state": "x"}),
    "pairing_role_known": lambda: (factories.intention(), {"role": "x"}),
    "pairing_one_open": _second_open_pairing,
    "pairing_one_lead": _second_lead,
    "pairing_organization_confirmed_at_with_by": lambda: (
        factories.intention(),
        {"organization_confirmed_at": now()},
    ),
    "pairing_household_confirmed_at_with_by": lambda: (
        factories.intention(),
        {"household_confirmed_by": factories.officer()},
    ),
    "pairing_end_date_with_reason": lambda: (factories.ended_pairing(), {"end_reason": ""}),
    "pairing_ended_with_date": lambda: (
        factories.active_pairing(),
        {"ended_on": today(), "end_reason": PairingEndReason.ADJUSTED},
    ),
    "pairing_started_with_date": lambda: (factories.intention(), {"started_on": today()}),
    "pairing_start_order": lambda: (factories.active_pairing(), {"started_on": _yesterday()}),
    "pairing_end_order": lambda: (
        factories.active_pairing(),
        {
            "intended_on": today() - timedelta(days=3),
            "state": PairingState.ENDED,
            "ended_on": _yesterday(),
            "end_reason": PairingEndReason.ADJUSTED,
        },
    ),
    "pairing_ending_with_closeout": lambda: (factories.active_pairing(), {"state": PairingState.ENDING}),
    "pairing_hold_order": lambda: (factories.intention(), {"hold_until": _yesterday()}),
    "pairing_active_organization_confirmed": lambda: (
        factories.active_pairing(),
        {"organization_confirmed_at": None, "organization_confirmed_by": None},
    ),
    "pairing_active_household_confirmed": lambda: (
        factories.active_pairing(),
        {"household_confirmed_at": None, "household_confirmed_by": None},
    ),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_people_without_id_number_are_not_taken_for_one(db):
    first = _member(no_id_reason="户口簿儿童，尚未办证")
    second = _member(no_id_reason="户口簿儿童，尚未办证")

    assert (first.id_hash, second.id_hash) == (None, None)


def test_who_left_may_be_registered_elsewhere(db):
    member = households.member_leaves(_member(), by=factories.officer())

    again = _member(id_number=member.id_number)

    assert again.id_hash == member.id_hash


def test_a_new_leads_intention_may_overlap_the_old_lead(db):
    lead = factories.lead_pairing()

    next_lead = factories.intention(
        lead.household, factories.public_body(), role="lead", liaison_name="李建国", previous=lead
    )

    assert next_lead.state == PairingState.INTENTION
