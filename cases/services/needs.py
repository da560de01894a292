"""Writes on needs and claims: raise, claim with a quantity and a hold, release, meet, withdraw."""

from datetime import timedelta

from django.conf import settings

from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import CareNeedState, ClaimState, HouseholdState
from ..models import CareNeed, Claim

HOUSEHOLD_EXITED = "这一户已退出，不能再登记需求。"
CLAIM_TOO_MUCH = "还可认领 {left} {unit}，请减少数量。"
NOT_OPEN = "这条需求现在是“{state}”，不能认领。"
ONLY_ORGANIZATIONS = "需求由社会组织认领，请用组织账号办理。"
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
def update_need(need, *, by, version=None, **fields) -> CareNeed:
    """Correct a need. Its quantity may not fall below what is claimed."""
    require(by, "cases.change_careneed", need)
    need = lock(need)
    if "quantity" in fields:
        claimed = need.quantity - need.open_quantity
        if fields["quantity"] < claimed:
            raise Refused(
                {"quantity": QUANTITY_BELOW_CLAIMS.format(claimed=claimed.normalize(), unit=need.unit)}
            )
        fields["open_quantity"] = fields["quantity"] - claimed
    return change(need, by=by, version=version, **fields)


@verb
def claim_need(need, *, by, quantity, hold_until=None) -> Claim:
    """Take on a part of an open need for some days. Never more than is left, however many claim at once: the remainder
    stands on the need itself, is judged on the locked row, and the database keeps it from falling below zero."""
    require(by, "cases.claim_careneed", need)
    if not by.organization_id:
        raise Refused(ONLY_ORGANIZATIONS)
    need = lock(need)
    if need.state != CareNeedState.OPEN:
        raise Refused(NOT_OPEN.format(state=need.get_state_display()))
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
    """Let every claim lapse whose hold ended before the day; returns how many. Safe to run again."""
    expired = 0
    for claim in Claim.objects.hold_over(on).select_related("need").order_by("need", "pk"):
        expire_claim(claim)
        expired += 1
    return expired


@verb
def meet_need(need, *, by, met_by, on=None) -> CareNeed:
    """Note that a need is met, and by what (the code of a delivery, an activity or a settled matter)."""
    require(by, "cases.change_careneed", need)
    need = lock(need)
    for claim in need.claims.live().order_by("pk"):
        move(claim, ClaimState.FULFILLED, by=by, reason=met_by)
    return move(need, CareNeedState.MET, by=by, reason=met_by, met_on=on or today(), met_by=met_by)


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
        left = f"{need.open_quantity.normalize():f}"
        raise Refused({"quantity": CLAIM_TOO_MUCH.format(left=left, unit=need.unit)})
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
