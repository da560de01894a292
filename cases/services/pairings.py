"""Writes on pairings: intention, both sides' word, activation on its conditions, end. A pairing is never overwritten.

Locks are taken in one order everywhere: organisation, household, pairing.
"""

from datetime import timedelta

from django.conf import settings

from jinchuan.audit.services import Move, change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.enums import OrganizationKind, OrganizationState
from organizations.services.organizations import close_organization, reason_given

from ..enums import RUNNING_PAIRING_STATES, HouseholdState, PairingEndReason, PairingRole, PairingState
from ..models import Consent, Pairing
from .needs import release_claims_of

HOUSEHOLD_EXITED = "这一户已退出，不能再登记意向。"
ORGANIZATION_NOT_APPROVED = "组织还没有批准，或已暂停、注销。"
HOUSEHOLD_NOT_VERIFIED = "这一户还没有由第二人核实。"
CONSENT_MISSING = "没有这一户同意向该组织提供信息的有效同意书。"
ORGANIZATION_UNCONFIRMED = "组织还没有确认。"
HOUSEHOLD_UNCONFIRMED = "关爱户还没有确认。"
HOLD_OVER = "意向保留期已过。"
CAPACITY_FULL = "该组织可结对 {capacity} 户，已结对 {taken} 户。确需超出的，请写明理由。"
LEAD_IS_PUBLIC_BODY = "结对帮扶由机关事业单位的结对干部承担，社会组织请选“辅助结对”。"
CLOSEOUT_NEEDED = "请写明最后一次联系日期、尚未交接的款物和交接说明；确实办不了的，写明免办交接的理由。"
LIAISON_NEEDED = "结对帮扶要填写结对干部姓名。"
RESUME_INSTEAD = "“{pairing}”现在是“{state}”，已经结对，请用“恢复结对”办理。"
NOT_SUSPENDED = "“{pairing}”现在是“{state}”，只有已暂停的结对才能恢复。"


@verb
def register_intention(
    *, by, household, organization, role=PairingRole.AUXILIARY, intended_on=None, hold_until=None, **fields
) -> Pairing:
    """Note that an organisation and a household mean to pair. The intention holds until a date, then lapses by itself.

    Refuses a household that has left, an organisation that is not approved, a second open pairing of the two.
    """
    require(by, "cases.add_pairing", household)
    organization = lock(organization)
    household = lock(household)
    if household.state == HouseholdState.EXITED:
        raise Refused({"household": HOUSEHOLD_EXITED})
    if organization.state != OrganizationState.APPROVED:
        raise Refused({"organization": ORGANIZATION_NOT_APPROVED})
    if role == PairingRole.LEAD:
        if organization.kind != OrganizationKind.PUBLIC_BODY:
            raise Refused({"role": LEAD_IS_PUBLIC_BODY})
        if not fields.get("liaison_name"):
            raise Refused({"liaison_name": LIAISON_NEEDED})
    day = intended_on or today()
    return create(
        Pairing(
            code=next_code("JD", day.year),
            household=household,
            organization=organization,
            role=role,
            intended_on=day,
            hold_until=hold_until or day + timedelta(days=settings.INTENTION_HOLD_DAYS),
            created_by=by,
            **fields,
        ),
        by=by,
        action="intend",
    )


@verb
def update_intention(pairing, *, by, version=None, **fields) -> Pairing:
    """Correct the liaison person or extend the hold, while it is an intention or goes on."""
    require(by, "cases.change_pairing", pairing)
    return change(pairing, by=by, version=version, **fields)


@verb
def confirm_for_organization(pairing, *, by) -> Pairing:
    """The organisation's word: by its own administrator, or noted by the bureau."""
    require(by, "cases.answer_pairing" if by and by.is_of_organization else "cases.change_pairing", pairing)
    pairing = _still_intention(pairing)
    if pairing.organization_confirmed_at:
        return pairing
    return change(
        pairing,
        by=by,
        action="organization_confirms",
        organization_confirmed_at=now(),
        organization_confirmed_by=by,
    )


@verb
def confirm_for_household(pairing, *, by) -> Pairing:
    """The household's word, noted by the staff who heard it."""
    require(by, "cases.change_pairing", pairing)
    pairing = _still_intention(pairing)
    if pairing.household_confirmed_at:
        return pairing
    return change(
        pairing, by=by, action="household_confirms", household_confirmed_at=now(), household_confirmed_by=by
    )


def obstacles(pairing, on=None) -> list[str]:
    """What still stands between an intention and its activation, one sentence each; capacity is judged apart."""
    day = on or today()
    found = []
    if pairing.household.state not in (HouseholdState.VERIFIED, HouseholdState.ACTIVE):
        found.append(HOUSEHOLD_NOT_VERIFIED)
    if pairing.organization.state != OrganizationState.APPROVED:
        found.append(ORGANIZATION_NOT_APPROVED)
    if not consents_to(pairing.household_id, pairing.organization_id, day):
        found.append(CONSENT_MISSING)
    if not pairing.organization_confirmed_at:
        found.append(ORGANIZATION_UNCONFIRMED)
    if not pairing.household_confirmed_at:
        found.append(HOUSEHOLD_UNCONFIRMED)
    if pairing.hold_until < day:
        found.append(HOLD_OVER)
    return found


def consents_to(household_id, organization_id, on=None) -> bool:
    """Does the household agree, on the day, that this organisation learns who it is?"""
    agreed = Consent.objects.sharing(on).filter(household=household_id, organization=organization_id)
    return agreed.exists()


@verb
def activate_pairing(pairing, *, by, on=None, capacity_override="") -> Pairing:
    """Make the intention a pairing, once every condition holds (``obstacles``) and the organisation has room.

    The organisation's row is locked while its pairings are counted, so two activations cannot both take the last
    place. Above its capacity a reason is needed.
    """
    require(by, "cases.activate_pairing", pairing)
    organization = lock(pairing.organization)
    household = lock(pairing.household)
    pairing = lock(pairing)
    pairing.organization, pairing.household = organization, household
    if pairing.state == PairingState.SUSPENDED:
        raise Move(RESUME_INSTEAD.format(pairing=pairing, state=pairing.get_state_display()))
    if pairing.state == PairingState.INTENTION:
        found = obstacles(pairing, on)
        if found:
            raise Refused(found)
    taken = Pairing.objects.running().filter(organization=organization).count()
    override = (capacity_override or "").strip()
    if taken >= organization.capacity and not override:
        raise Refused(
            {"capacity_override": CAPACITY_FULL.format(capacity=organization.capacity, taken=taken)}
        )
    pairing = move(
        pairing,
        PairingState.ACTIVE,
        by=by,
        started_on=on or today(),
        capacity_override=override if taken >= organization.capacity else "",
    )
    if household.state == HouseholdState.VERIFIED:
        move(household, HouseholdState.ACTIVE, by=by)
    return pairing


@verb
def decline_intention(pairing, *, by, reason) -> Pairing:
    """One side says no. The organisation may decline for itself."""
    require(by, "cases.answer_pairing" if by and by.is_of_organization else "cases.change_pairing", pairing)
    return move(pairing, PairingState.DECLINED, by=by, reason=reason_given(reason))


@verb
def cancel_intention(pairing, *, by, reason) -> Pairing:
    """The bureau takes the intention back (entered by mistake, household left)."""
    require(by, "cases.change_pairing", pairing)
    return move(pairing, PairingState.CANCELLED, by=by, reason=reason_given(reason))


@verb
def expire_intention(pairing, *, by=None) -> Pairing:
    """The hold is over and nothing came of it."""
    require(by, "cases.change_pairing", pairing)
    return move(pairing, PairingState.EXPIRED, by=by, reason="意向保留期已过")


def expire_intentions(on=None) -> int:
    """Let every intention lapse whose hold ended before the day; returns how many. Safe to run again."""
    expired = 0
    for pairing in Pairing.objects.hold_over(on).order_by("pk"):
        expire_intention(pairing)
        expired += 1
    return expired


@verb
def suspend_pairing(pairing, *, by, reason) -> Pairing:
    """Pause a pairing (the helper is away, the household in hospital); the household keeps its helper."""
    require(by, "cases.end_pairing", pairing)
    return move(pairing, PairingState.SUSPENDED, by=by, reason=reason_given(reason))


@verb
def resume_pairing(pairing, *, by) -> Pairing:
    """Take a suspended pairing up again. Its place was kept meanwhile; its consent is asked for anew, for what was agreed
    may have been withdrawn."""
    require(by, "cases.end_pairing", pairing)
    lock(pairing.household)
    pairing = lock(pairing)
    if pairing.state != PairingState.SUSPENDED:
        raise Move(NOT_SUSPENDED.format(pairing=pairing, state=pairing.get_state_display()))
    if not consents_to(pairing.household_id, pairing.organization_id):
        raise Refused(CONSENT_MISSING)
    return move(pairing, PairingState.ACTIVE, by=by)


@verb
def begin_ending(
    pairing, *, by, last_contact_on=None, goods_outstanding="", handover_note="", closeout_waiver=""
) -> Pairing:
    """Wind a pairing up: the last contact, what is not yet handed over, a note for whoever comes next, or a reason why
    none of that can be had (a waiver)."""
    require(by, "cases.end_pairing", pairing)
    waiver, goods, note = (
        (text or "").strip() for text in (closeout_waiver, goods_outstanding, handover_note)
    )
    if not waiver and not (last_contact_on and goods and note):
        raise Refused(CLOSEOUT_NEEDED)
    return move(
        pairing,
        PairingState.ENDING,
        by=by,
        reason=waiver,
        last_contact_on=last_contact_on,
        goods_outstanding=goods,
        handover_note=note,
        closeout_waiver=waiver,
    )


@verb
def end_pairing(pairing, *, by, reason, on=None, note="") -> Pairing:
    """End a pairing from a day on, with its reason. A household without another pairing waits for a helper again."""
    require(by, "cases.end_pairing", pairing)
    household = lock(pairing.household)
    pairing = finish(pairing, by=by, reason=reason, on=on, note=note)
    if household.state == HouseholdState.ACTIVE and not household.pairings.running().exists():
        move(household, HouseholdState.VERIFIED, by=by, reason="结对结束，待重新结对")
    return pairing


def finish(pairing, *, by, reason, on=None, note="") -> Pairing:
    """The pairing's own part of an end; what becomes of the household is for the verb to say that calls this."""
    return move(
        pairing,
        PairingState.ENDED,
        by=by,
        reason=note or PairingEndReason(reason).label,
        ended_on=on or today(),
        end_reason=PairingEndReason(reason),
        end_note=note,
    )


@verb
def deregister_organization(organization, *, by, reason, on=None):
    """Take an organisation out for good: its open pairings end and its claims are given back in the same
    transaction, its accounts are shut.

    The households it leaves show up at once as waiting for a helper (``HouseholdQuerySet.unpaired``).
    """
    require(by, "organizations.deregister_organization", organization)
    organization = lock(organization)
    for pairing in Pairing.objects.open().filter(organization=organization).order_by("household", "pk"):
        if pairing.state in RUNNING_PAIRING_STATES:
            end_pairing(pairing, by=by, reason=PairingEndReason.ORGANIZATION_CLOSED, on=on, note=reason)
        else:
            cancel_intention(pairing, by=by, reason=reason)
    release_claims_of(organization, by=by, reason=reason)
    return close_organization(organization, by=by, reason=reason)


def _still_intention(pairing) -> Pairing:
    pairing = lock(pairing)
    if pairing.state != PairingState.INTENTION:
        raise Refused(f"“{pairing}”现在是“{pairing.get_state_display()}”，不用再确认。")
    return pairing
