"""Writes on allocations: propose, approve (one or two others), cancel. What is proposed is reserved at once.

Locks are taken in one order: allocation, lot, holding; the holding by the conditional update of ``book.post`` alone.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from django.conf import settings

from cases.enums import HouseholdState
from jinchuan.audit.services import change, constraints_by_database, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import PERISHABLE, AllocationState, FundKind, MovementKind, TargetKind
from ..models import Allocation
from ..models.allocations import APPROVE_OWN, SECOND_IS_FIRST
from . import purposes
from .book import holding_of, post, refuse_shortage

AUTHORITY_NEEDED = "动用村（社区）公益金，请写明议事决定的会议和编号。"
HOUSEHOLD_EXITED = "这一户已退出，不能再分配款物。"
NEED_OF_ANOTHER = "这条需求不是这一户的，请重新选择。"
EXPIRED = "这批物资已过保质期，不能分配，请登记损耗核销。"
SAME_FUND = "款物已经在这个基金里，请选择别的对象。"
ONLY_MONEY_TO_FUND = "只有款项可以拨付到基金，物资请分配给关爱户或项目。"
NOTHING_OPEN = "这笔分配没有可以取消的数量：其余的已经交付，或正在发放途中。"


@verb
def propose_allocation(
    holding,
    *,
    by,
    amount,
    household=None,
    need=None,
    fund=None,
    program=None,
    authority_document="",
    note="",
    on=None,
) -> Allocation:
    """Reserve a part of what a fund holds for a household, a need of it, another fund or a programme.

    Refuses more than is free, what leaves the donor's purpose (慈善法 §56), expired food and medicine (§36), and spending of
    a 公益金 without the committee's decision. From ``settings.SECOND_APPROVAL_FROM`` 元 on, two others must approve.
    """
    require(by, "donations.add_allocation", holding)
    return reserve(
        holding,
        by=by,
        amount=amount,
        household=household or (need.household if need else None),
        need=need,
        fund=fund,
        program=program,
        authority_document=authority_document,
        note=note,
        on=on or today(),
    )


@constraints_by_database()
def reserve(
    holding, *, by, amount, on, household, need=None, fund=None, program=None, **fields
) -> Allocation:
    """The allocation and its movement, for a verb that has asked whether ``by`` may.

    The running number is everybody's: from there on others wait, so what can be judged is judged before it, and the
    constraints are left to the database.
    """
    lot = holding.lot
    target = _target(household, need, fund, program)
    _refuse(holding, household=household, need=need, fund=fund, on=on, **fields)
    purposes.obey(
        purposes.purpose_of(lot.line.donation),
        target=target,
        household=household,
        fund=fund,
        program=program,
    )
    refuse_shortage(holding, "free", amount)
    worth = worth_of(lot, amount)
    allocation = create(
        Allocation(
            holding=holding,
            target=target,
            household=household,
            need=need,
            fund=fund,
            program=program,
            amount=amount,
            worth=worth,
            needs_second=_needs_second(holding, worth),
            proposed_on=on,
            proposed_at=now(),
            proposed_by=by,
            **fields,
        ),
        by=by,
        action="propose",
        number=partial(next_code, "FP", on.year),
    )
    post(MovementKind.ALLOCATE, holding, amount, by=by, on=on, cause=allocation, allocation=allocation)
    return allocation


@verb
def approve_allocation(allocation, *, by) -> Allocation:
    """Approve what somebody else proposed; above the limit the first approval waits for a second person.

    Money for another fund moves there at once and keeps its lot, so that it can still be followed to its donor.
    """
    require(by, "donations.approve_allocation", allocation)
    allocation = lock(allocation)
    if by and allocation.proposed_by_id == by.pk:
        raise Refused(APPROVE_OWN)
    if allocation.needs_second and not allocation.approved_at:
        return change(allocation, by=by, action="approve_first", approved_at=now(), approved_by=by)
    if not allocation.needs_second:
        fields = {"approved_at": now(), "approved_by": by}
    elif by and allocation.approved_by_id == by.pk:
        raise Refused(SECOND_IS_FIRST)
    else:
        fields = {"seconded_at": now(), "seconded_by": by}
    allocation = move(allocation, AllocationState.APPROVED, by=by, **fields)
    if allocation.target == TargetKind.FUND:
        allocation = _hand_on(allocation, by=by)
    return allocation


@verb
def cancel_allocation(allocation, *, by, reason) -> Allocation:
    """Give up what is neither delivered nor on the way: it is free again. What was delivered stays delivered."""
    require(by, "donations.change_allocation", allocation)
    reason = reason_given(reason)
    allocation = lock(allocation)
    amount = allocation.open_amount
    if amount <= 0:
        raise Refused(NOTHING_OPEN)
    released = allocation.released + amount
    if allocation.loaded:
        allocation = change(allocation, by=by, action="release", reason=reason, released=released)
    else:
        to = AllocationState.SETTLED if allocation.delivered else AllocationState.CANCELLED
        allocation = move(allocation, to, by=by, reason=reason, released=released)
    post(
        MovementKind.RELEASE,
        allocation.holding,
        amount,
        by=by,
        on=today(),
        cause=allocation,
        allocation=allocation,
    )
    return allocation


def worth_of(lot, amount) -> Decimal | None:
    """元 that a part of a lot stands for at its unit value; None when unvalued."""
    if lot.worth is None:
        return None
    return (lot.worth * amount / (lot.amount + lot.amount_adjusted)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _hand_on(allocation, *, by) -> Allocation:
    """To the other fund: out of here, into there, and the allocation is done."""
    source = allocation.holding
    target = holding_of(source.lot, allocation.fund, None)
    details = {"by": by, "on": today(), "cause": allocation, "allocation": allocation}
    allocation = move(allocation, AllocationState.SETTLED, by=by, delivered=allocation.amount)
    for kind, holding in sorted(
        [(MovementKind.HAND_ON, source), (MovementKind.MOVE_IN, target)], key=lambda step: step[1].pk
    ):
        post(kind, holding, allocation.amount, **details)
    return allocation


def _target(household, need, fund, program) -> TargetKind:
    if fund is not None:
        return TargetKind.FUND
    if need is not None:
        return TargetKind.NEED
    if household is not None:
        return TargetKind.HOUSEHOLD
    return TargetKind.PROGRAM


def _refuse(holding, *, household, need, fund, on, authority_document="", **fields) -> None:
    lot = holding.lot
    if lot.expires_on and lot.expires_on < on and lot.line.category in PERISHABLE:
        raise Refused(EXPIRED)
    if household is not None and household.state == HouseholdState.EXITED:
        raise Refused({"household": HOUSEHOLD_EXITED})
    if need is not None and need.household_id != household.pk:
        raise Refused({"need": NEED_OF_ANOTHER})
    if fund is not None and not lot.is_cash:
        raise Refused({"fund": ONLY_MONEY_TO_FUND})
    if fund is not None and fund.pk == holding.fund_id:
        raise Refused({"fund": SAME_FUND})
    if holding.fund.kind == FundKind.COMMUNITY and not authority_document:
        raise Refused({"authority_document": AUTHORITY_NEEDED})


def _needs_second(holding, worth) -> bool:
    """Not where the donor decided: what goes straight to a household is nobody's decision here."""
    if holding.fund.kind == FundKind.DIRECT or worth is None:
        return False
    return worth >= settings.SECOND_APPROVAL_FROM
