"""Households and pairings, through their services."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.enums import ConsentPurpose, HouseholdState, PairingRole, PairingState
from cases.models import Consent, Household, Pairing
from cases.models.households import GUARDIAN_NEEDED, NO_ID_REASON
from cases.services import households, pairings
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import now, today, travel
from jinchuan.shared.errors import Refused
from organizations.services.organizations import suspend_organization
from tests import factories


def _yesterday():
    return today() - timedelta(days=1)


# Registering -------------------------------------------------------------------------------------------------


def test_a_household_comes_with_its_people_and_their_hardships(officer):
    household = factories.registered_household(by=officer)

    head = household.members.get()
    assert (household.code, household.state) == ("HJ-0001", HouseholdState.REGISTERED)
    assert (head.sex, head.age_on(date(2026, 9, 1)) >= 78) == ("female", True)
    assert [hardship.category for hardship in head.hardships.all()] == ["destitute_person"]


def test_a_household_needs_a_head(officer):
    with pytest.raises(Refused) as refusal:
        factories.registered_household(members=[factories.head(relation="child")])

    assert refusal.value.messages == [households.HEAD_NEEDED]
    assert not Household.objects.exists()


def test_a_worker_registers_only_in_the_own_street(worker_a, divisions):
    with pytest.raises(Refused) as refusal:
        factories.registered_household(by=worker_a, community=divisions.b1)

    assert refusal.value.message_dict == {"community": [households.OUTSIDE_DIVISION]}
    assert factories.registered_household(by=worker_a, community=divisions.a2).registered_by == worker_a


def test_a_household_does_not_move_out_of_the_workers_street(worker_a, divisions):
    household = factories.registered_household(by=worker_a, community=divisions.a1)

    with pytest.raises(Refused) as refusal:
        households.update_household(household, by=worker_a, community=divisions.b1)

    assert refusal.value.message_dict == {"community": [households.OUTSIDE_DIVISION]}


def test_a_minor_needs_a_guardian(officer):
    child = {"name": "王小英", "relation": "child", "id_number": factories.citizen_id(date(2018, 3, 1))}

    with pytest.raises(ValidationError) as refusal:
        factories.registered_household(members=[factories.head(), child])

    assert refusal.value.message_dict == {"guardian_name": [GUARDIAN_NEEDED]}


def test_without_an_id_number_the_reason_is_written_down(officer):
    with pytest.raises(ValidationError) as refusal:
        factories.registered_household(members=[factories.head(id_number="")])

    assert refusal.value.message_dict == {"no_id_reason": [NO_ID_REASON]}


# One person, one household -----------------------------------------------------------------------------------


def _again(by, household, community):
    number = household.members.get().id_number
    return factories.registered_household(
        by=by, community=community, members=[factories.head(id_number=number)]
    )


def test_a_duplicate_is_named_to_who_may_see_it(officer, household_a, divisions):
    with pytest.raises(Refused) as refusal:
        _again(officer, household_a, divisions.b1)

    assert refusal.value.message_dict == {
        "id_number": [households.ALREADY_REGISTERED.format(household=household_a.code)]
    }


def test_a_duplicate_is_not_named_to_who_may_not(worker_b, household_a, divisions):
    with pytest.raises(Refused) as refusal:
        _again(worker_b, household_a, divisions.b1)

    assert refusal.value.message_dict == {"id_number": [households.REGISTERED_ELSEWHERE]}
    assert household_a.code not in str(refusal.value)
    assert household_a.members.get().name not in str(refusal.value)


def test_an_id_number_is_the_same_however_it_is_typed(officer, household_a, divisions):
    number = household_a.members.get().id_number
    spaced = f" {number[:6]} {number[6:14].translate(str.maketrans('0123456789', '０１２３４５６７８９'))} {number[14:].lower()}"

    with pytest.raises(Refused):
        factories.registered_household(members=[factories.head(id_number=spaced)])


def test_a_corrected_number_may_stay_ones_own(officer):
    member = factories.registered_household().members.get()

    assert (
        households.update_member(member, by=officer, id_number=member.id_number).id_number == member.id_number
    )


def test_a_corrected_number_may_not_be_anothers(officer, household_a):
    member = factories.registered_household().members.get()

    with pytest.raises(Refused) as refusal:
        households.update_member(member, by=officer, id_number=household_a.members.get().id_number)

    assert "id_number" in refusal.value.message_dict


def test_the_head_stays_until_there_is_another(officer):
    member = factories.registered_household().members.get()

    with pytest.raises(Refused) as refusal:
        households.member_leaves(member, by=officer)

    assert refusal.value.messages == [households.HEAD_STAYS]


def test_somebody_leaves_once(officer):
    household = factories.registered_household()
    member = households.add_member(
        household, by=officer, name="李建国", relation="spouse", id_number=factories.citizen_id()
    )
    member = households.member_leaves(member, by=officer)
    assert member.left_on == today()

    with pytest.raises(Refused) as refusal:
        households.member_leaves(member, by=officer)

    assert refusal.value.messages == [households.ALREADY_LEFT]


# Verifying, consent, exit ------------------------------------------------------------------------------------


def test_who_registered_does_not_verify(officer):
    household = factories.registered_household(by=officer)

    with pytest.raises(ValidationError) as refusal:
        households.verify_household(household, by=officer, method="home_visit", evidence="入户看过")

    assert refusal.value.messages == ["登记人不能核实自己登记的户，请由另一位工作人员核实。"]
    household.refresh_from_db()
    assert household.state == HouseholdState.REGISTERED
    assert not household.reviews.exists()


def test_a_later_review_stands_beside_the_first(reviewer, pairing_a):
    household = households.verify_household(
        pairing_a.household, by=reviewer, method="neighbours", evidence="年度复核，困难仍在。"
    )

    assert household.state == HouseholdState.ACTIVE
    assert household.reviews.count() == 2


def test_sharing_names_the_organization(officer):
    with pytest.raises(ValidationError) as refusal:
        households.record_consent(
            by=officer,
            household=factories.registered_household(),
            purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION,
            evidence="签字同意书",
        )

    assert refusal.value.messages == ["向组织提供信息的同意要写明是哪一个组织。"]


def test_withdrawing_consent_closes_the_household_at_once(worker_a, admin_a, household_a):
    assert list(Household.objects.visible_to(admin_a)) == [household_a]
    consent = household_a.consents.sharing().get()

    consent = households.withdraw_consent(consent, by=worker_a)

    assert consent.withdrawn_on == today()
    assert list(Household.objects.visible_to(admin_a)) == []


def test_consent_is_withdrawn_once(officer, household_a):
    consent = households.withdraw_consent(household_a.consents.get(), by=officer)

    with pytest.raises(Refused) as refusal:
        households.withdraw_consent(consent, by=officer)

    assert refusal.value.messages == [households.ALREADY_WITHDRAWN]


def test_exit_ends_what_is_open(officer, pairing_a):
    household = pairing_a.household
    other = factories.intention(household)

    household = households.exit_household(household, by=officer, reason="deceased", note="老人去世")

    pairing_a.refresh_from_db()
    other.refresh_from_db()
    assert (household.state, household.exit_reason, household.exited_on) == ("exited", "deceased", today())
    assert (pairing_a.state, pairing_a.end_reason, pairing_a.ended_on) == ("ended", "deceased", today())
    assert other.state == PairingState.CANCELLED


# Intention and activation -----------------------------------------------------------------------------------


def test_an_intention_holds_for_some_days(officer, settings):
    pairing = factories.intention()

    assert pairing.state == PairingState.INTENTION
    assert pairing.hold_until == today() + timedelta(days=settings.INTENTION_HOLD_DAYS)
    assert pairing.code.startswith(f"JD{today().year}-")


@pytest.mark.parametrize(
    ("household", "organization", "sentence"),
    [
        (factories.exited_household, factories.approved_organization, pairings.HOUSEHOLD_EXITED),
        (factories.verified_household, factories.submitted_organization, pairings.ORGANIZATION_NOT_APPROVED),
        (factories.verified_household, factories.suspended_organization, pairings.ORGANIZATION_NOT_APPROVED),
    ],
)
def test_an_intention_needs_both_to_be_there(db, household, organization, sentence):
    with pytest.raises(Refused) as refusal:
        factories.intention(household(), organization())

    assert refusal.value.messages == [sentence]


def test_two_have_one_open_pairing(pairing_a):
    with pytest.raises(ValidationError) as refusal:
        factories.intention(pairing_a.household, pairing_a.organization)

    assert refusal.value.messages == ["这一户与这个组织已有意向或正在结对，不用重复登记。"]


def test_after_the_end_a_new_spell_is_a_new_row(pairing_a, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    again = factories.active_pairing(pairing_a.household, pairing_a.organization, previous=pairing_a)

    assert (again.pk != pairing_a.pk, again.previous) == (True, pairing_a)


def test_only_a_public_body_leads(db):
    with pytest.raises(Refused) as refusal:
        factories.intention(role=PairingRole.LEAD, liaison_name="李建国")
    assert refusal.value.message_dict == {"role": [pairings.LEAD_IS_PUBLIC_BODY]}

    with pytest.raises(Refused) as refusal:
        factories.intention(organization=factories.public_body(), role=PairingRole.LEAD)
    assert refusal.value.message_dict == {"liaison_name": [pairings.LIAISON_NEEDED]}


def test_one_household_has_one_lead(db):
    lead = factories.lead_pairing()

    with pytest.raises(ValidationError) as refusal:
        factories.lead_pairing(lead.household)

    assert refusal.value.messages == ["这一户已有结对干部，一户只能有一个；请先结束原来的结对。"]


def _unverified(pairing):
    Household.objects.filter(pk=pairing.household_id).update(state=HouseholdState.REGISTERED)


def _suspended(pairing):
    suspend_organization(pairing.organization, by=factories.reviewer(), reason="年检没有按时办理")


def _consent_withdrawn(pairing):
    households.withdraw_consent(pairing.household.consents.get(), by=factories.officer())


def _consent_expired(pairing):
    Consent.objects.filter(household=pairing.household).update(given_on=_yesterday(), expires_on=today())


def _consent_for_another(pairing):
    Consent.objects.filter(household=pairing.household).update(organization=factories.approved_organization())


def _organization_silent(pairing):
    Pairing.objects.filter(pk=pairing.pk).update(
        organization_confirmed_at=None, organization_confirmed_by=None
    )


def _household_silent(pairing):
    Pairing.objects.filter(pk=pairing.pk).update(household_confirmed_at=None, household_confirmed_by=None)


def _hold_over(pairing):
    Pairing.objects.filter(pk=pairing.pk).update(intended_on=_yesterday(), hold_until=_yesterday())


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_unverified, pairings.HOUSEHOLD_NOT_VERIFIED),
        (_suspended, pairings.ORGANIZATION_NOT_APPROVED),
        (_consent_withdrawn, pairings.CONSENT_MISSING),
        (_consent_expired, pairings.CONSENT_MISSING),
        (_consent_for_another, pairings.CONSENT_MISSING),
        (_organization_silent, pairings.ORGANIZATION_UNCONFIRMED),
        (_household_silent, pairings.HOUSEHOLD_UNCONFIRMED),
        (_hold_over, pairings.HOLD_OVER),
    ],
)
def test_activation_asks_for_each_condition(officer, spoil, sentence):
    pairing = factories.ready_intention()
    spoil(pairing)
    pairing = Pairing.objects.get(pk=pairing.pk)

    assert pairings.obstacles(pairing) == [sentence]
    with pytest.raises(Refused) as refusal:
        pairings.activate_pairing(pairing, by=officer)

    assert refusal.value.messages == [sentence]
    pairing.refresh_from_db()
    assert pairing.state == PairingState.INTENTION


def test_activation_starts_the_pairing_and_the_household(officer):
    pairing = pairings.activate_pairing(factories.ready_intention(), by=officer)

    pairing.household.refresh_from_db()
    assert (pairing.state, pairing.started_on, pairing.household.state) == ("active", today(), "active")
    assert pairing.capacity_override == ""


def test_a_full_organization_takes_no_more_without_a_reason(officer):
    organization = factories.approved_organization(capacity=1)
    factories.active_pairing(organization=organization)
    second = factories.ready_intention(organization=organization)

    with pytest.raises(Refused) as refusal:
        pairings.activate_pairing(second, by=officer, capacity_override="  ")
    assert refusal.value.message_dict == {
        "capacity_override": [pairings.CAPACITY_FULL.format(capacity=1, taken=1)]
    }

    second = pairings.activate_pairing(second, by=officer, capacity_override="同一栋楼，顺路照看")
    assert second.capacity_override == "同一栋楼，顺路照看"


def test_an_ended_pairing_frees_its_place(officer):
    organization = factories.approved_organization(capacity=1)
    factories.ended_pairing(organization=organization)

    assert factories.active_pairing(organization=organization).state == PairingState.ACTIVE


def test_a_reason_is_kept_only_where_it_was_needed(officer):
    pairing = pairings.activate_pairing(factories.ready_intention(), by=officer, capacity_override="以防万一")

    assert pairing.capacity_override == ""


def test_the_last_pairings_end_leaves_the_household_waiting(officer, pairing_a):
    second = factories.active_pairing(pairing_a.household)

    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    pairing_a.household.refresh_from_db()
    assert pairing_a.household.state == HouseholdState.ACTIVE

    pairings.end_pairing(second, by=officer, reason="adjusted")
    pairing_a.household.refresh_from_db()
    assert pairing_a.household.state == HouseholdState.VERIFIED
    assert pairing_a.household in Household.objects.unpaired()


def test_an_organization_answers_for_itself_alone(admin_a, admin_b, member_a, org_a):
    pairing = factories.intention(organization=org_a)

    for stranger in (admin_b, member_a):
        with pytest.raises(PermissionDenied):
            pairings.confirm_for_organization(pairing, by=stranger)

    assert pairings.confirm_for_organization(pairing, by=admin_a).organization_confirmed_by == admin_a


def test_intentions_lapse_the_day_after_their_hold(officer):
    lapsed = factories.intention()
    held = factories.intention(hold_until=today() + timedelta(days=60))

    with travel(now() + timedelta(days=30)):
        assert pairings.expire_intentions() == 0
    with travel(now() + timedelta(days=31)):
        assert pairings.expire_intentions() == 1
        assert pairings.expire_intentions() == 0

    lapsed.refresh_from_db()
    held.refresh_from_db()
    assert (lapsed.state, held.state) == (PairingState.EXPIRED, PairingState.INTENTION)


# What the log keeps ------------------------------------------------------------------------------------------


def test_the_log_never_holds_personal_data_in_clear(household_a, officer):
    member = household_a.members.get()
    households.update_member(member, by=officer, name="李建国")
    households.update_household(household_a, by=officer, phone="13909359999", address="龙集里9栋1单元101室")

    logged = str(list(AuditEvent.objects.values()))

    for secret in (member.name, member.id_number, household_a.phone, "13909359999", "李建国", "1单元101室"):
        assert secret not in logged


def test_letting_an_intention_lapse_by_hand_is_for_the_bureau(leader):
    pairing = factories.intention()
    with pytest.raises(PermissionDenied):
        pairings.expire_intention(pairing, by=leader)
