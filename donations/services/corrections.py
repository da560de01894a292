"""Writes that put right what is confirmed: corrections, returns, losses, sales. One proposes, another decides."""

from decimal import Decimal

from django.db.models import F

from jinchuan.audit.services import create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.exact import exact

from ..enums import DecisionState, DisposalKind, LineKind, MovementKind
from ..models import Adjustment, Disposal, Lot
from .book import holding_of, post

ONLY_VALUE_OF_VALUED = "这批物资没有计价，只能更正数量。"
MONEY_IS_ITS_VALUE = "款项的金额就是它的价值，请只填“数量（金额）增减”。"
ONLY_GOODS = "款项只能退还捐赠人；损坏、变卖只用于物资。"
IN_THE_FUTURE = "日期不能晚于今天。"
_BOOKED_AS = {
    DisposalKind.RETURNED: MovementKind.RETURN,
    DisposalKind.SPOILED: MovementKind.WRITE_OFF,
    DisposalKind.SOLD: MovementKind.SELL,
}


@verb
def propose_adjustment(
    holding, *, by, reason, amount=Decimal(0), value=Decimal(0), adjusted_on=None
) -> Adjustment:
    """Propose that a confirmed line said too much or too little (signed, in the lot's measure and in 元)."""
    require(by, "donations.add_adjustment", holding)
    lot, day = holding.lot, adjusted_on or today()
    if day > today():
        raise Refused({"adjusted_on": IN_THE_FUTURE})
    if lot.is_cash and value:
        raise Refused({"value": MONEY_IS_ITS_VALUE})
    if lot.value is None and value:
        raise Refused({"value": ONLY_VALUE_OF_VALUED})
    return create(
        Adjustment(
            code=next_code("GZ", day.year),
            holding=holding,
            amount=amount,
            value=amount if lot.is_cash else value,
            adjusted_on=day,
            reason=reason,
            proposed_at=now(),
            proposed_by=by,
        ),
        by=by,
        action="propose",
    )


@verb
def decide_adjustment(adjustment, *, by, approve, reason="") -> Adjustment:
    """Book the correction, or not. Refuses to take away what is promised or gone."""
    require(by, "donations.decide_correction", adjustment)
    adjustment = _decide(adjustment, approve, by=by, reason=reason)
    if approve:
        lot = lock(adjustment.holding.lot)
        Lot.objects.filter(pk=lot.pk).update(
            amount_adjusted=F("amount_adjusted") + exact(adjustment.amount),
            value_adjusted=F("value_adjusted") + exact(adjustment.value),
        )
        if adjustment.amount:
            _post(MovementKind.ADJUST, adjustment, on=adjustment.adjusted_on, by=by)
    return adjustment


@verb
def propose_disposal(holding, *, by, kind, amount, reason, proceeds=None, disposed_on=None) -> Disposal:
    """Propose to give a part back to the donor, to write it off, or to note its sale with what it brought (元)."""
    require(by, "donations.add_disposal", holding)
    day = disposed_on or today()
    if day > today():
        raise Refused({"disposed_on": IN_THE_FUTURE})
    if holding.lot.is_cash and kind != DisposalKind.RETURNED:
        raise Refused({"kind": ONLY_GOODS})
    return create(
        Disposal(
            code=next_code("CZ", day.year),
            kind=kind,
            holding=holding,
            amount=amount,
            proceeds=proceeds,
            disposed_on=day,
            reason=reason,
            proposed_at=now(),
            proposed_by=by,
        ),
        by=by,
        action="propose",
    )


@verb
def decide_disposal(disposal, *, by, approve, reason="") -> Disposal:
    """Book what left, or not. What goods were sold for becomes a lot of its own in the same fund, for the same purpose
    (慈善法 §54)."""
    require(by, "donations.decide_correction", disposal)
    disposal = _decide(disposal, approve, by=by, reason=reason)
    if approve:
        _post(_BOOKED_AS[DisposalKind(disposal.kind)], disposal, on=disposal.disposed_on, by=by)
        if disposal.kind == DisposalKind.SOLD:
            _open_proceeds(disposal, by=by)
    return disposal


def _open_proceeds(disposal, *, by) -> Lot:
    sold = disposal.holding.lot
    lot = Lot.objects.create(
        code=f"{sold.code}-{disposal.code}",
        line=sold.line,
        origin=sold,
        kind=LineKind.CASH,
        item=f"{sold.item}变卖所得"[:60],
        unit="元",
        opened_on=disposal.disposed_on,
        amount=disposal.proceeds,
        value=disposal.proceeds,
    )
    holding = holding_of(lot, disposal.holding.fund, None)
    post(MovementKind.RECEIVE, holding, lot.amount, by=by, on=disposal.disposed_on, cause=disposal)
    return lot


def _decide(row, approve, *, by, reason):
    to = DecisionState.APPROVED if approve else DecisionState.REFUSED
    return move(row, to, by=by, reason=reason, decided_at=now(), decided_by=by)


def _post(kind, row, *, on, by) -> None:
    post(kind, row.holding, row.amount, by=by, on=on, cause=row)
