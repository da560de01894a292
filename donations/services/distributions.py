"""Writes on hand-overs: plan a batch, send it out, tick what was signed, take back, close.

Locks are taken in one order: distribution, line, allocation, lot, holding.
"""

from decimal import ROUND_HALF_UP, Decimal

from cases.enums import CareNeedState
from cases.models import Hardship
from cases.services.needs import answer_need, unanswer_need
from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import (
    PERISHABLE,
    AllocationState,
    DeliveryState,
    DistributionKind,
    DistributionState,
    MovementKind,
    Signing,
    TargetKind,
)
from ..models import Distribution, DistributionLine, Lot
from . import allocations
from .book import plain, post

NOTHING_TO_PLAN = "请至少选择一笔已批准、还没有发放完的分配。"
NOT_APPROVED = "分配 {allocation} 现在是“{state}”，只有已批准的才能发放。"
TOO_MUCH = "分配 {allocation} 还可发放 {left} {unit}，请减少数量。"
ONLY_WHILE_PLANNED = "签收单已经发出，不能再增减。"
STILL_UNSIGNED = "还有 {count} 行没有登记结果，全部登记后才能结束。"
IN_THE_FUTURE = "签收日期不能晚于今天。"
EXPIRED = "“{item}”已过保质期，不能发放，请移出后登记损耗核销。"
STRAIGHT = "捐赠方直接送达"


@verb
def plan_distribution(*, by, held_on, venue, division, people, note="") -> Distribution:
    """Begin a batch for one day and place; its lines are added one by one until it goes out."""
    require(by, "donations.add_distribution", None)
    return _plan(by=by, held_on=held_on, venue=venue, division=division, people=people, note=note)


@verb
def update_distribution(distribution, *, by, version=None, **fields) -> Distribution:
    """Another day or place, other people; while the sheet has not gone out."""
    require(by, "donations.change_distribution", distribution)
    if lock(distribution).state != DistributionState.PLANNED:
        raise Refused(ONLY_WHILE_PLANNED)
    return change(distribution, by=by, version=version, **fields)


@verb
def add_line(distribution, *, by, allocation, amount=None, recipient="") -> DistributionLine:
    """Put an approved allocation, or a part of it, on the sheet. Refuses more than is open of it."""
    require(by, "donations.change_distribution", distribution)
    distribution = lock(distribution)
    if distribution.state != DistributionState.PLANNED:
        raise Refused(ONLY_WHILE_PLANNED)
    return _add(distribution, allocation, amount=amount, recipient=recipient, by=by)


@verb
def drop_line(line, *, by) -> DistributionLine:
    """Take a line off a sheet that has not gone out."""
    require(by, "donations.change_distribution", line.distribution)
    return move(line, DeliveryState.DROPPED, by=by)


@verb
def send_out(distribution, *, by) -> Distribution:
    """The sheet goes out, and what stands on it is on the way. Refuses an empty one and expired food or medicine (慈善法 §36)."""
    require(by, "donations.change_distribution", distribution)
    distribution = lock(distribution)
    lines = _lines_in(distribution, DeliveryState.PLANNED)
    if not lines:
        raise Refused(NOTHING_TO_PLAN)
    for line in lines:
        _load(line, by=by, on=distribution.held_on)
    return move(distribution, DistributionState.OUT, by=by)


@verb
def cancel_distribution(distribution, *, by, reason) -> Distribution:
    """Give up a batch that has not gone out; its allocations stay approved."""
    require(by, "donations.change_distribution", distribution)
    distribution = lock(distribution)
    for line in _lines_in(distribution, DeliveryState.PLANNED):
        move(line, DeliveryState.DROPPED, by=by)
    return move(distribution, DistributionState.CANCELLED, by=by, reason=reason_given(reason))


@verb
def note_delivered(
    line, *, by, delivered_on, signing, receiver_name="", relation="", note=""
) -> DistributionLine:
    """Tick a line as signed for: by whom, how, when. Its share of the lot's value is fixed here and never recomputed.

    The need it was meant for is met by it. Refuses a date that has not come.
    """
    require(by, "donations.change_distributionline", line)
    if delivered_on > today():
        raise Refused({"delivered_on": IN_THE_FUTURE})
    return _deliver(
        line,
        by=by,
        delivered_on=delivered_on,
        signing=signing,
        receiver_name=receiver_name,
        relation=relation,
        note=note,
    )


@verb
def note_undelivered(line, *, by, state, note) -> DistributionLine:
    """Refused, or nobody was found (``state``): it goes back to stock, and its allocation can be handed out again."""
    require(by, "donations.change_distributionline", line)
    line = move(line, state, by=by, reason=reason_given(note), note=note, noted_at=now(), noted_by=by)
    allocation = lock(line.allocation)
    change(allocation, by=by, action="unload", loaded=allocation.loaded - line.amount)
    _post(MovementKind.UNLOAD, line, by=by, on=today())
    return line


@verb
def take_back(line, *, by, reason) -> DistributionLine:
    """Undo a delivery that was ticked by mistake or did not arrive: it is promised again, and no figure counts it."""
    require(by, "donations.take_back_distributionline", line)
    return _take_back(line, by=by, reason=reason_given(reason))


@verb
def close_distribution(distribution, *, by) -> Distribution:
    """Every line has an outcome. Refuses while one is unsigned."""
    require(by, "donations.change_distribution", distribution)
    distribution = lock(distribution)
    unsigned = distribution.lines.unsigned().count()
    if unsigned:
        raise Refused(STILL_UNSIGNED.format(count=unsigned))
    return move(distribution, DistributionState.CLOSED, by=by)


@verb
def hand_over(
    allocation, *, by, delivered_on, signing, venue, people, receiver_name="", relation="", recipient=""
) -> DistributionLine:
    """Deliver all that is open of an approved allocation at once, without a sheet: a programme's spending, one visit."""
    require(by, "donations.add_distribution", allocation)
    if delivered_on > today():
        raise Refused({"delivered_on": IN_THE_FUTURE})
    return _hand_over(
        allocation,
        by=by,
        planned_by=by,
        delivered_on=delivered_on,
        venue=venue,
        people=people,
        signing=signing,
        receiver_name=receiver_name,
        relation=relation,
        recipient=recipient,
    )


@verb
def hand_over_gift(donation, lots, *, by) -> None:
    """Allocation and delivery of a gift that went straight to its household: proposed by who logged it, approved by who
    confirmed it."""
    for lot in lots:
        allocation = allocations.reserve(
            lot.holdings.get(),
            by=donation.submitted_by,
            amount=lot.amount,
            household=donation.household,
            on=donation.received_on,
        )
        allocation = move(allocation, AllocationState.APPROVED, by=by, approved_at=now(), approved_by=by)
        _hand_over(
            allocation,
            by=by,
            planned_by=donation.submitted_by,
            delivered_on=donation.received_on,
            venue=donation.household.community.name,
            people=STRAIGHT,
            signing=Signing.DIRECT,
        )


@verb
def take_back_gift(donation, *, by) -> None:
    """Undo ``hand_over_gift``: the gift is being voided."""
    reason = f"捐赠 {donation} 作废"
    lines = DistributionLine.objects.delivered().filter(allocation__holding__lot__line__donation=donation)
    for line in lines.order_by("pk"):
        _take_back(line, by=by, reason=reason)
        allocations.cancel_allocation(line.allocation, by=None, reason=reason)


def _plan(*, by, held_on, **fields) -> Distribution:
    return create(
        Distribution(
            code=next_code("FF", held_on.year), held_on=held_on, planned_at=now(), planned_by=by, **fields
        ),
        by=by,
    )


def _add(distribution, allocation, *, by, amount=None, recipient="") -> DistributionLine:
    allocation = lock(allocation)
    if allocation.state != AllocationState.APPROVED:
        raise Refused(
            {"allocation": NOT_APPROVED.format(allocation=allocation, state=allocation.get_state_display())}
        )
    planned = sum(line.amount for line in allocation.deliveries.filter(state=DeliveryState.PLANNED))
    left = allocation.open_amount - planned
    amount = left if amount is None else amount
    if amount > left or left <= 0:
        unit = allocation.holding.lot.unit
        raise Refused({"amount": TOO_MUCH.format(allocation=allocation, left=plain(left), unit=unit)})
    last = distribution.lines.order_by("number").last()
    return create(
        DistributionLine(
            distribution=distribution,
            number=last.number + 1 if last else 1,
            allocation=allocation,
            household=allocation.household,
            recipient=recipient if allocation.target == TargetKind.PROGRAM else "",
            amount=amount,
            snapshot=_snapshot(allocation.household),
        ),
        by=by,
    )


def _load(line, *, by, on) -> DistributionLine:
    lot = line.allocation.holding.lot
    if lot.expires_on and lot.expires_on < on and lot.line.category in PERISHABLE:
        raise Refused(EXPIRED.format(item=lot.item))
    line = move(line, DeliveryState.OUT, by=by)
    allocation = lock(line.allocation)
    change(allocation, by=by, action="load", loaded=allocation.loaded + line.amount)
    _post(MovementKind.LOAD, line, by=by, on=on)
    return line


def _deliver(line, *, by, delivered_on, **told) -> DistributionLine:
    line = lock(line)
    allocation = lock(line.allocation)
    lot = Lot.objects.select_for_update(no_key=True).get(pk=allocation.holding.lot_id)
    value = _share(lot, line.amount)
    line = move(
        line,
        DeliveryState.DELIVERED,
        by=by,
        delivered_on=delivered_on,
        value=value,
        noted_at=now(),
        noted_by=by,
        **told,
    )
    Lot.objects.filter(pk=lot.pk).update(
        delivered=lot.delivered + line.amount, delivered_value=lot.delivered_value + (value or 0)
    )
    counts = {"loaded": allocation.loaded - line.amount, "delivered": allocation.delivered + line.amount}
    if counts["delivered"] + allocation.released == allocation.amount:
        move(allocation, AllocationState.SETTLED, by=by, **counts)
    else:
        change(allocation, by=by, action="deliver", **counts)
    _post(MovementKind.DELIVER, line, by=by, on=delivered_on)
    if allocation.need and allocation.need.state in (CareNeedState.OPEN, CareNeedState.CLAIMED):
        giver = lot.line.donation.organization
        answer_need(allocation.need, by=None, met_by=str(line), organization=giver, on=delivered_on)
    return line


def _take_back(line, *, by, reason) -> DistributionLine:
    line = move(line, DeliveryState.TAKEN_BACK, by=by, reason=reason)
    allocation = lock(line.allocation)
    lot = Lot.objects.select_for_update(no_key=True).get(pk=allocation.holding.lot_id)
    Lot.objects.filter(pk=lot.pk).update(
        delivered=lot.delivered - line.amount, delivered_value=lot.delivered_value - (line.value or 0)
    )
    delivered = allocation.delivered - line.amount
    if allocation.state == AllocationState.SETTLED:
        move(allocation, AllocationState.APPROVED, by=by, reason=reason, delivered=delivered)
    else:
        change(allocation, by=by, action="take_back", delivered=delivered)
    _post(MovementKind.TAKE_BACK, line, by=by, on=today())
    if allocation.need:
        unanswer_need(allocation.need, by=None, met_by=str(line), reason=reason)
    return line


def _hand_over(
    allocation, *, by, planned_by, delivered_on, venue, people, recipient="", **told
) -> DistributionLine:
    place = allocation.household.community if allocation.household else allocation.holding.fund.division
    distribution = _plan(
        by=planned_by,
        kind=DistributionKind.SINGLE,
        held_on=delivered_on,
        venue=venue,
        division=place,
        people=people,
    )
    line = _add(distribution, allocation, by=planned_by, recipient=recipient)
    line = _load(line, by=by, on=delivered_on)
    distribution = move(distribution, DistributionState.OUT, by=by)
    line = _deliver(line, by=by, delivered_on=delivered_on, **told)
    move(distribution, DistributionState.CLOSED, by=by)
    return line


def _share(lot, amount) -> Decimal | None:
    """The part of the lot's value that goes with ``amount``: of what is left, in proportion, so that nothing is lost to
    rounding and the last part closes the lot to the 分."""
    if lot.worth is None:
        return None
    left_value = lot.worth - lot.delivered_value
    left = lot.amount + lot.amount_adjusted - lot.delivered
    if amount >= left:
        return left_value
    return (left_value * amount / left).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _lines_in(distribution, state) -> list[DistributionLine]:
    return list(distribution.lines.filter(state=state).order_by("number"))


def _post(kind, line, *, by, on) -> None:
    post(
        kind,
        line.allocation.holding,
        line.amount,
        by=by,
        on=on,
        cause=line,
        allocation=line.allocation,
        delivery=line,
    )


def _snapshot(household) -> dict:
    """Codes and counts of the household on the day; no names (model.md § donations)."""
    if household is None:
        return {}
    hardships = Hardship.objects.in_force().filter(member__in=household.members.present())
    return {
        "code": household.code,
        "community": household.community.code,
        "members": household.members.present().count(),
        "categories": sorted(set(hardships.values_list("category", flat=True))),
    }
