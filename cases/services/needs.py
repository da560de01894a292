"""Writes on needs and claims: raise, claim with a quantity and a hold, release, meet, withdraw.

Locks are taken in one order: household, need, claim. What no claim holds, living or fulfilled, stands on the need
itself as ``open_quantity``.
"""

from datetime import timedelta

from django.conf import settings

from jinchuan.audit.services import Move, change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.enums import OrganizationState
from organizations.services.organizations import reason_given

from ..enums import CareNeedState, ClaimState, HouseholdState
from ..models import CareNeed, Claim

HOUSEHOLD_EXITED = "这一户已退出，不能再登记需求。"
CLAIM_TOO_MUCH = "还可认领 {left} {unit}，请减少数量。"
LEFT_MEANWHILE = "关爱户退出"
NOT_OPEN = "这条需求现在是“{state}”，不能认领。"
ONLY_ORGANIZATIONS = "需求由社会组织认领，请用组织账号办理。"
ORGANIZATION_NOT_APPROVED = "组织还没有批准，或已暂停、注销，不能认领需求。"
NOT_OFFERED = "这条需求还没有写给组织看的说明，不能认领。"
NOT_LIVE = "这条认领现在是“{state}”，不能放弃。"
NEED_IS_OVER = "这条需求现在是“{state}”，不能再修改。"
QUANTITY_BELOW_CLAIMS = "已认领 {claimed} {unit}，数量不能少于它。"


@verb
def raise_need(*, by, household, raised_on=None, **fields) -> CareNeed:
    """Note what a household needs. Organisations see it once it has public words, which must name nobody."""
    require(by, "cases.add_careneed", household)
    household = lock(household)
    if household.state == HouseholdState.EXITED:
        raise Refused({"household": HOUSEHOLD_EXITED})
    day = raised_on or today()
    need = CareNeed(
        code=next_code("XQ", day.year), household=household, raised_on=day, raised_by=by, **fields
    )
    need.open_quantity = need.quantity
    return create(need, by=by)


@verb
def update_need(need, /, *, by, version=None, **fields) -> CareNeed:
    """Correct a need. Its quantity may not fall below what is claimed."""
    require(by, "cases.change_careneed", need)
    need = lock(need, version=version)
    if need.state not in (CareNeedState.OPEN, CareNeedState.CLAIMED):
        raise Refused(NEED_IS_OVER.format(state=need.get_state_display()))
    if "quantity" not in fields:
        return change(need, by=by, **fields)
    claimed = need.quantity - need.open_quantity
    left = fields["quantity"] - claimed
    if left < 0:
        raise Refused({"quantity": QUANTITY_BELOW_CLAIMS.format(claimed=_plain(claimed), unit=need.unit)})
    if left == 0 and need.state == CareNeedState.OPEN:
        need = move(need, CareNeedState.CLAIMED, by=by, reason="已全部认领", open_quantity=0, **fields)
    elif left > 0 and need.state == CareNeedState.CLAIMED:
        need = move(need, CareNeedState.OPEN, by=by, reason="数量增加", open_quantity=left, **fields)
    return change(need, by=by, open_quantity=left, **fields)


@verb
def note_need(visit, *, by, household, need, description) -> CareNeed:
    """A need that a visit found. It has no public words yet: staff read it first and decide what organisations see."""
    require(by, "cases.add_visit", visit)
    household = lock(household)
    if household.state == HouseholdState.EXITED:
        raise Refused({"need": HOUSEHOLD_EXITED})
    return create(
        CareNeed(
            code=next_code("XQ", visit.visited_on.year),
            household=household,
            visit=visit,
            need=need,
            description=description,
            raised_on=visit.visited_on,
            raised_by=by,
            open_quantity=1,
        ),
        by=by,
    )


@verb
def claim_need(need, *, by, quantity, hold_until=None) -> Claim:
    """Take on a part of an open need for some days. Never more than is left, however many claim at once: the remainder
    stands on the need itself, is judged on the locked row, and the database keeps it from falling below zero."""
    require(by, "cases.claim_careneed", need)
    if not by.organization_id:
        raise Refused(ONLY_ORGANIZATIONS)
    if lock(by.organization).state != OrganizationState.APPROVED:
        raise Refused(ORGANIZATION_NOT_APPROVED)
    need = lock(need)
    if need.state != CareNeedState.OPEN:
        raise Refused(NOT_OPEN.format(state=need.get_state_display()))
    if not need.public_words:
        raise Refused(NOT_OFFERED)
    claim = create(
        Claim(
            code=next_code("RL", today().year),
            need=need,
            organization=by.organization,
            quantity=quantity,
            claimed_on=today(),
            hold_until=hold_until or today() + timedelta(days=settings.CLAIM_HOLD_DAYS),
            claimed_by=by,
        ),
        by=by,
        action="claim",
    )
    _take(need, quantity, by=by)
    return claim


@verb
def release_claim(claim, *, by, reason="") -> Claim:
    """Give a claim back: by the organisation itself, or by the bureau. What it held is open again."""
    require(by, "cases.claim_careneed" if by and by.is_of_organization else "cases.change_careneed", claim)
    need = lock(claim.need)
    claim = lock(claim)
    if claim.state != ClaimState.LIVE:
        raise Refused(NOT_LIVE.format(state=claim.get_state_display()))
    claim = move(claim, ClaimState.RELEASED, by=by, reason=reason)
    _give_back(need, claim.quantity, by=by)
    return claim


@verb
def expire_claim(claim, *, by=None) -> Claim:
    """The hold is over and nothing came of it."""
    need = lock(claim.need)
    claim = move(claim, ClaimState.EXPIRED, by=by, reason="认领保留期已过")
    _give_back(need, claim.quantity, by=by)
    return claim


def expire_claims(on=None) -> int:
    """Let every claim lapse whose hold ended before the day; returns how many. Safe to run again, and beside people:
    a claim that was released or fulfilled meanwhile is left as it is."""
    expired = 0
    for claim in Claim.objects.hold_over(on).select_related("need").order_by("need", "pk"):
        try:
            expire_claim(claim)
        except Move:
            continue
        expired += 1
    return expired


@verb
def release_claims_of(organization, *, by, reason) -> int:
    """Give back everything an organisation has claimed and not done; it is going. Returns how many claims."""
    require(by, "cases.change_careneed")
    claims = (
        Claim.objects.live().filter(organization=organization).select_related("need").order_by("need", "pk")
    )
    released = 0
    for claim in claims:
        release_claim(claim, by=by, reason=reason)
        released += 1
    return released


@verb
def meet_need(need, *, by, met_by, on=None) -> CareNeed:
    """Note that a need is met, and by what (the code of a delivery, an activity or a settled matter)."""
    require(by, "cases.change_careneed", need)
    need = lock(need)
    for claim in need.claims.live().order_by("pk"):
        move(claim, ClaimState.FULFILLED, by=by, reason=met_by)
    return move(need, CareNeedState.MET, by=by, reason=met_by, met_on=on or today(), met_by=met_by)


@verb
def answer_need(need, *, by, met_by, organization=None, on=None) -> CareNeed:
    """Something was done for a need, known by its code (``met_by``).

    Where the organisation that did it holds a claim, this claim is fulfilled, and the need is met once nothing of it is
    open or claimed any more. Help without a claim meets the need as a whole. A need that is over stays as it is.
    """
    require(by, "cases.change_careneed", need)
    need = lock(need)
    if need.state not in (CareNeedState.OPEN, CareNeedState.CLAIMED):
        return need
    claim = need.claims.live().filter(organization=organization).first() if organization else None
    if claim:
        move(claim, ClaimState.FULFILLED, by=by, reason=met_by)
        if need.open_quantity or need.claims.live().exists():
            return need
    return meet_need(need, by=by, met_by=met_by, on=on)


@verb
def unanswer_need(need, *, by, met_by, reason) -> CareNeed:
    """What answered a need was voided: the claims it fulfilled are released, and the need is open again; the need of a
    household that has left meanwhile is withdrawn, as leaving would have done."""
    require(by, "cases.change_careneed", need)
    need = lock(need)
    back = 0
    for claim in need.claims.fulfilled_by(met_by).order_by("pk"):
        move(claim, ClaimState.RELEASED, by=by, reason=reason)
        back += claim.quantity
    if need.state == CareNeedState.MET and need.met_by == met_by:
        left = need.open_quantity + back
        move(need, CareNeedState.OPEN, by=by, reason=reason, open_quantity=left, met_on=None, met_by="")
    elif back:
        _give_back(need, back, by=by)
    need = lock(need)
    if (
        need.state in (CareNeedState.OPEN, CareNeedState.CLAIMED)
        and need.household.state == HouseholdState.EXITED
    ):
        return withdraw_need(need, by=by, reason=LEFT_MEANWHILE)
    return need


@verb
def withdraw_need(need, *, by, reason) -> CareNeed:
    """Take a need back; claims on it are released."""
    require(by, "cases.change_careneed", need)
    reason = reason_given(reason)
    need = lock(need)
    for claim in need.claims.live().order_by("pk"):
        move(claim, ClaimState.RELEASED, by=by, reason=reason)
    return move(need, CareNeedState.WITHDRAWN, by=by, reason=reason)


def _take(need, quantity, *, by) -> None:
    """Lower the remainder as the last write. With the last part of it the need is claimed."""
    if quantity > need.open_quantity:
        raise Refused({"quantity": CLAIM_TOO_MUCH.format(left=_plain(need.open_quantity), unit=need.unit)})
    left = need.open_quantity - quantity
    if left == 0:
        move(need, CareNeedState.CLAIMED, by=by, reason="已全部认领", open_quantity=left)
    else:
        change(need, by=by, action="claimed", open_quantity=left)


def _give_back(need, quantity, *, by) -> None:
    left = need.open_quantity + quantity
    if need.state == CareNeedState.CLAIMED:
        move(need, CareNeedState.OPEN, by=by, reason="认领退回", open_quantity=left)
    elif need.state == CareNeedState.OPEN:
        change(need, by=by, action="unclaimed", open_quantity=left)


def _plain(amount) -> str:
    """``10``, ``2.5``: a quantity as people write it."""
    return f"{amount.normalize():f}"
