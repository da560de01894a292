"""Writes on organisations and what describes them: register, approve, suspend; programmes; divisions.

Deregistering ends pairings too, so it is a verb of ``cases`` (``cases.services.pairings.deregister_organization``).
"""

from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake.models import Invitation
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from .. import leaving
from ..enums import OrganizationState
from ..models import Division, Organization, Program, ProgramPartner, SupervisingUnit

OWN_APPROVAL = "登记人不能批准自己登记的组织，请由另一位审核人员批准。"
RESUME_INSTEAD = "这个组织已经批准过，现在是暂停，请用“恢复”办理。"
RETURN_REASON = "请写明退回的原因（至少 5 个字），方便对方修改。"
REASON_LEAST = 5
PARTNER_LEFT = "这个组织已经不再参与这个项目。"
IN_USE = "这个区划下还有在册的关爱户或下级区划，请先转到其他区划再停用。"


def reason_given(reason) -> str:
    """A reason a person can act on: at least five characters."""
    reason = (reason or "").strip()
    if len(reason) < REASON_LEAST:
        raise Refused({"reason": RETURN_REASON})
    return reason


@verb
def register_organization(*, by, **fields) -> Organization:
    """Enter an organisation and hand it in for approval. Refuses a credit code that is registered already."""
    require(by, "organizations.add_organization")
    organization = create(Organization(code=next_code("ZZ"), created_by=by, **fields), by=by)
    return move(organization, OrganizationState.SUBMITTED, by=by)


@verb
def update_organization(organization, *, by, version=None, **fields) -> Organization:
    """Correct an organisation's particulars; a stale save is refused with what changed meanwhile (``Conflict``)."""
    require(by, "organizations.change_organization", organization)
    return change(organization, by=by, version=version, **fields)


@verb
def update_contact(organization, *, by, contact_name, contact_phone) -> Organization:
    """Keep the contact current: the one thing of its entry that an organisation's administrator changes itself."""
    require(by, "organizations.change_contact", organization)
    return change(
        organization, by=by, action="contact", contact_name=contact_name, contact_phone=contact_phone
    )


@verb
def approve_organization(organization, *, by) -> Organization:
    """Let the organisation take part. Not by the person who registered it."""
    require(by, "organizations.approve_organization", organization)
    if by and organization.created_by_id == by.pk:
        raise Refused(OWN_APPROVAL)
    if lock(organization).state == OrganizationState.SUSPENDED:
        raise Refused(RESUME_INSTEAD)
    return move(organization, OrganizationState.APPROVED, by=by, approved_at=now(), approved_by=by)


@verb
def return_organization(organization, *, by, reason) -> Organization:
    require(by, "organizations.approve_organization", organization)
    return move(organization, OrganizationState.RETURNED, by=by, reason=reason_given(reason))


@verb
def resubmit_organization(organization, *, by) -> Organization:
    require(by, "organizations.change_organization", organization)
    return move(organization, OrganizationState.SUBMITTED, by=by)


@verb
def suspend_organization(organization, *, by, reason) -> Organization:
    """Stop new pairings for a while; those that are open go on."""
    require(by, "organizations.approve_organization", organization)
    return move(organization, OrganizationState.SUSPENDED, by=by, reason=reason_given(reason))


@verb
def resume_organization(organization, *, by) -> Organization:
    require(by, "organizations.approve_organization", organization)
    return move(organization, OrganizationState.APPROVED, by=by)


@verb
def close_organization(organization, *, by, reason) -> Organization:
    """The organisation's own part of deregistering: its state; its accounts and open slips are shut at once, and what
    apps above have under way of it comes to its end (``organizations.leaving``).

    Call ``cases.services.pairings.deregister_organization``, which ends its pairings in the same transaction.
    """
    require(by, "organizations.deregister_organization", organization)
    organization = move(organization, OrganizationState.DEREGISTERED, by=by, reason=reason_given(reason))
    Invitation.objects.usable().filter(user__organization=organization).update(revoked_at=now())
    for user in organization.users.active().order_by("pk"):
        change(user, by=by, action="disable", is_active=False)
    for act in leaving.acts():
        act(organization, by=by, reason=reason)
    return organization


@verb
def register_program(*, by, **fields) -> Program:
    require(by, "organizations.add_program")
    return create(Program(code=next_code("XM"), **fields), by=by)


@verb
def update_program(program, *, by, version=None, **fields) -> Program:
    require(by, "organizations.change_program", program)
    return change(program, by=by, version=version, **fields)


@verb
def add_partner(program, *, by, organization, started_on=None) -> ProgramPartner:
    """Let an organisation take part in a programme from a day on; refuses one that does already."""
    require(by, "organizations.change_program", program)
    partner = ProgramPartner(program=program, organization=organization, started_on=started_on or today())
    return create(partner, by=by)


@verb
def end_partner(partner, *, by, on=None) -> ProgramPartner:
    """The organisation takes part no longer; that it did stays."""
    require(by, "organizations.change_program", partner.program)
    if lock(partner).ended_on:
        raise Refused(PARTNER_LEFT)
    return change(partner, by=by, action="end", ended_on=on or today())


@verb
def register_supervising_unit(*, by, **fields) -> SupervisingUnit:
    require(by, "organizations.add_supervisingunit")
    return create(SupervisingUnit(**fields), by=by)


@verb
def update_supervising_unit(unit, *, by, version=None, **fields) -> SupervisingUnit:
    require(by, "organizations.change_supervisingunit", unit)
    return change(unit, by=by, **fields)


@verb
def add_division(*, by, **fields) -> Division:
    require(by, "organizations.add_division")
    return create(Division(**fields), by=by)


@verb
def update_division(division, *, by, version=None, **fields) -> Division:
    require(by, "organizations.change_division", division)
    return change(division, by=by, version=version, **fields)


@verb
def retire_division(division, *, by, on=None) -> Division:
    """Take a merged or abolished division out of use from a day on. Its history stays; refuses while it is in use."""
    require(by, "organizations.change_division", division)
    if division.children.active().exists() or division.households.filter(exited_on__isnull=True).exists():
        raise Refused(IN_USE)
    return change(division, by=by, action="retire", is_active=False, valid_to=on or today())


@verb
def load_divisions(rows, *, by) -> int:
    """Enter divisions that are not there yet from rows of code12, name, level, parent_code12, parents first.

    Idempotent; returns how many were new.
    """
    known = {division.code: division for division in Division.objects.all()}
    new = 0
    for row in rows:
        if row["code12"] in known:
            continue
        known[row["code12"]] = create(
            Division(
                code=row["code12"],
                name=row["name"],
                level=row["level"],
                parent=known.get(row["parent_code12"]),
            ),
            by=by,
        )
        new += 1
    return new
