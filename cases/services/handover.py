"""Handing households over to another organisation without an uncovered day, one by one or many at once.

What speaks against a handover is judged in one place (``Target.against``): the preview says it before anything is
written, and the verb judges it again on the locked rows.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from jinchuan.audit.refusals import refusal_for
from jinchuan.audit.services import change, lock, verb
from jinchuan.shared.access import NOT_ALLOWED, require
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from organizations.enums import OrganizationKind, OrganizationState

from ..enums import RUNNING_PAIRING_STATES, PairingEndReason, PairingRole, PairingState
from ..models import Consent, Pairing
from .pairings import (
    CAPACITY_FULL,
    CONSENT_MISSING,
    LEAD_IS_PUBLIC_BODY,
    LIAISON_NEEDED,
    ORGANIZATION_NOT_APPROVED,
    activate_pairing,
    confirm_for_household,
    confirm_for_organization,
    finish,
    register_intention,
)

HANDOVER_NEEDED = "请写交接说明，让接手的组织知道这一户的情况和注意事项。"
SAME_ORGANIZATION = "这一户现在就由该组织帮扶，不用转。"
NOT_RUNNING = "这段结对现在是“{state}”，只有正在进行的结对才能转。"
BEFORE_START = "转交日期不能早于这段结对开始的 {day}。"
NOT_YET = "转交日期不能晚于今天。"
PAIRED_ALREADY = "该组织与这一户已有意向或正在结对，请先办理那一段。"
WILL_TRANSFER = "{household} 由“{old}”转到“{new}”：原结对 {day}结束，新结对当天开始，中间没有空档。"
ABOVE_CAPACITY = "接手后该组织有 {taken} 户，超出可结对的 {capacity} 户，按写明的理由办理。"
DONE_ALREADY = "{household} 已经转到“{new}”，不再重复办理。"


@dataclass(frozen=True)
class Row:
    """What becomes of one pairing of a batch: it is handed over, was so already, or is refused and why."""

    pairing: Pairing
    outcome: str
    sentences: tuple[str, ...]

    TRANSFERRED, DONE, REFUSED = "transferred", "done", "refused"


@dataclass
class Target:
    """The organisation that takes over, the day, and how many households it has by now."""

    organization: object
    day: date
    taken: int
    override: str
    liaison_name: str
    paired: set
    agreed: set

    @classmethod
    def at(cls, organization, households, *, on, capacity_override="", liaison_name="") -> "Target":
        day = on or today()
        mine = Pairing.objects.filter(organization=organization)
        agreed = Consent.objects.sharing(day).filter(organization=organization, household__in=households)
        return cls(
            organization=organization,
            day=day,
            taken=mine.running().count(),
            override=(capacity_override or "").strip(),
            liaison_name=(liaison_name or "").strip(),
            paired=set(mine.open().filter(household__in=households).values_list("household", flat=True)),
            agreed=set(agreed.values_list("household", flat=True)),
        )

    @property
    def is_full(self) -> bool:
        return self.taken >= self.organization.capacity

    def against(self, pairing) -> list[str]:
        """What speaks against handing this pairing over, one sentence each; nothing if it can be done."""
        if pairing.state not in RUNNING_PAIRING_STATES:
            return [NOT_RUNNING.format(state=pairing.get_state_display())]
        if pairing.organization_id == self.organization.pk:
            return [SAME_ORGANIZATION]
        found = []
        if self.organization.state != OrganizationState.APPROVED:
            found.append(ORGANIZATION_NOT_APPROVED)
        if pairing.household_id in self.paired:
            found.append(PAIRED_ALREADY)
        if self.day < pairing.started_on:
            found.append(BEFORE_START.format(day=zh(pairing.started_on)))
        if self.day > today():
            found.append(NOT_YET)
        if pairing.role == PairingRole.LEAD:
            if self.organization.kind != OrganizationKind.PUBLIC_BODY:
                found.append(LEAD_IS_PUBLIC_BODY)
            elif not self.liaison_name:
                found.append(LIAISON_NEEDED)
        if pairing.household_id not in self.agreed:
            found.append(CONSENT_MISSING)
        if self.is_full and not self.override:
            found.append(CAPACITY_FULL.format(capacity=self.organization.capacity, taken=self.taken))
        return found

    def take(self, pairing) -> None:
        self.taken += 1
        self.paired.add(pairing.household_id)

    def promise(self, pairing) -> list[str]:
        """What will happen, said before it does."""
        sentences = [
            WILL_TRANSFER.format(
                household=pairing.household,
                old=pairing.organization,
                new=self.organization,
                day=zh(self.day),
            )
        ]
        if self.is_full:
            capacity = self.organization.capacity
            sentences.append(ABOVE_CAPACITY.format(taken=self.taken + 1, capacity=capacity))
        return sentences


@verb
def transfer_pairing(
    pairing, *, by, organization, handover_note, on=None, capacity_override="", liaison_name=""
) -> Pairing:
    """Hand a household over to another organisation without an uncovered day: the new pairing starts on the day the old
    one ends, in one transaction. Its conditions are those of any activation, consent naming the new organisation
    included; both sides' word is noted by the bureau. A lead needs the name of the new cadre."""
    require(by, "cases.end_pairing", pairing)
    note = _note(handover_note)
    organization = lock(organization)
    household = lock(pairing.household)
    pairing = lock(pairing)
    target = Target.at(
        organization, [household], on=on, capacity_override=capacity_override, liaison_name=liaison_name
    )
    found = target.against(pairing)
    if found:
        raise Refused(found)
    new = register_intention(
        by=by,
        household=household,
        organization=organization,
        role=pairing.role,
        liaison_name=target.liaison_name,
        intended_on=target.day,
        previous=pairing,
    )
    confirm_for_household(new, by=by)
    confirm_for_organization(new, by=by)
    change(pairing, by=by, action="hand_over", handover_note=note)
    finish(
        pairing,
        by=by,
        reason=PairingEndReason.ADJUSTED,
        on=target.day,
        note=f"转由{organization.name}帮扶",
    )
    return activate_pairing(new, by=by, on=target.day, capacity_override=target.override)


def preview_transfer(pairings, to, *, by, on=None, capacity_override="", liaison_name="") -> list[Row]:
    """What ``bulk_transfer`` would do to each of these pairings, in its order, in a fixed number of queries. Writes
    nothing."""
    rows = _in_order(pairings)
    target = Target.at(
        to,
        [row.household_id for row in rows],
        on=on,
        capacity_override=capacity_override,
        liaison_name=liaison_name,
    )
    seen = _seen(by, rows)
    done = _done(rows, to)
    return [_judge(row, target, seen, done) for row in rows]


@verb
def bulk_transfer(
    pairings, to, *, by, handover_note, on=None, capacity_override="", liaison_name=""
) -> list[Row]:
    """Hand many households over to one organisation; one ``Row`` each says what came of it.

    A row is done whole or not at all, and one that is refused does not stop the others. The organisation stays locked
    from the first to the last, so its capacity is judged over the whole batch. May be run again: what was handed over
    is left alone.
    """
    require(by, "cases.end_pairing")
    note = _note(handover_note)
    to = lock(to)
    outcome = []
    for pairing in _in_order(pairings):
        if pairing.pk in _done([pairing], to):
            outcome.append(_done_row(pairing, to))
            continue
        target = Target.at(
            to, [pairing.household_id], on=on, capacity_override=capacity_override, liaison_name=liaison_name
        )
        try:
            transfer_pairing(
                pairing,
                by=by,
                organization=to,
                handover_note=note,
                on=target.day,
                capacity_override=target.override,
                liaison_name=target.liaison_name,
            )
        except (ValidationError, PermissionDenied, IntegrityError) as error:
            outcome.append(Row(pairing, Row.REFUSED, tuple(_sentences(error))))
        else:
            outcome.append(Row(pairing, Row.TRANSFERRED, tuple(target.promise(pairing))))
    return outcome


def _note(handover_note) -> str:
    note = (handover_note or "").strip()
    if not note:
        raise Refused({"handover_note": HANDOVER_NEEDED})
    return note


def _in_order(pairings) -> list[Pairing]:
    """The pairings as they are now, each once, in the order in which their households are locked everywhere."""
    rows = Pairing.objects.filter(pk__in=[pairing.pk for pairing in pairings])
    return list(rows.select_related("household", "organization").order_by("household", "pk"))


def _seen(by, rows) -> set:
    """Those of the pairings that the caller may know of, none without the permission."""
    if by is None:
        return {row.pk for row in rows}
    if not by.has_perm("cases.end_pairing"):
        return set()
    visible = Pairing.objects.visible_to(by).filter(pk__in=[row.pk for row in rows])
    return set(visible.values_list("pk", flat=True))


def _done(rows, to) -> set:
    """Those that were handed over to this organisation already."""
    ended = [row.pk for row in rows if row.state == PairingState.ENDED]
    next_ones = Pairing.objects.running().filter(previous__in=ended, organization=to)
    return set(next_ones.values_list("previous", flat=True))


def _judge(pairing, target, seen, done) -> Row:
    if pairing.pk in done:
        return _done_row(pairing, target.organization)
    if pairing.pk not in seen:
        return Row(pairing, Row.REFUSED, (NOT_ALLOWED,))
    found = target.against(pairing)
    if found:
        return Row(pairing, Row.REFUSED, tuple(found))
    promised = tuple(target.promise(pairing))
    target.take(pairing)
    return Row(pairing, Row.TRANSFERRED, promised)


def _done_row(pairing, to) -> Row:
    return Row(pairing, Row.DONE, (DONE_ALREADY.format(household=pairing.household, new=to),))


def _sentences(error) -> list[str]:
    if isinstance(error, IntegrityError):
        error = refusal_for(error)
    return list(getattr(error, "messages", None) or [str(error)])
