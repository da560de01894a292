"""Writes on goods in stock: put in, move, count."""

from jinchuan.audit.services import create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from ..enums import DecisionState, MovementKind
from ..models import Holding, StockTake, StockTakeLine
from .book import holding_of, plain, post

ONLY_GOODS = "只有物资才有存放点。"
SAME_PLACE = "物资已经在这个存放点，请选择别的存放点。"
NOTHING_COUNTED = "请至少填写一批物资的实盘数。"
NOT_HERE = "“{item}”不在这个存放点，请刷新后重新盘点。"
MOVED_SINCE = "“{item}”在盘点之后又有进出（账面 {was}，现在 {now}），请重新盘点。"
IN_THE_FUTURE = "盘点日期不能晚于今天。"


@verb
def transfer(holding, *, by, place, amount, on=None) -> Holding:
    """Put goods into a place, or move them to another. Only what is free: what is promised leaves with its sheet."""
    require(by, "donations.change_holding", holding)
    if holding.lot.is_cash:
        raise Refused({"place": ONLY_GOODS})
    if place.pk == holding.place_id:
        raise Refused({"place": SAME_PLACE})
    day = on or today()
    code = next_code("DB", day.year)
    target = holding_of(holding.lot, holding.fund, place)
    # In the order of their keys, so that two transfers in opposite directions do not wait for each other.
    for kind, row in sorted(
        [(MovementKind.MOVE_OUT, holding), (MovementKind.MOVE_IN, target)], key=lambda step: step[1].pk
    ):
        post(kind, row, amount, by=by, on=day, cause=code)
    record(
        "transfer",
        holding,
        by=by,
        after={"amount": plain(amount), "place": str(place), "document": code},
    )
    target.refresh_from_db()
    return target


@verb
def count_stock(place, *, by, counted_on, counts, reason="定期盘点") -> StockTake:
    """Note a count of one place: ``counts`` maps a holding to what was counted. Nothing changes before another confirms it."""
    require(by, "donations.add_stocktake", place)
    if counted_on > today():
        raise Refused({"counted_on": IN_THE_FUTURE})
    if not counts:
        raise Refused(NOTHING_COUNTED)
    take = create(
        StockTake(
            code=next_code("PD", counted_on.year),
            place=place,
            counted_on=counted_on,
            reason=reason,
            proposed_at=now(),
            proposed_by=by,
        ),
        by=by,
        action="count",
    )
    for holding, counted in sorted(counts.items(), key=lambda pair: pair[0].pk):
        holding = Holding.objects.select_related("lot").get(pk=holding.pk)
        if holding.place_id != place.pk:
            raise Refused(NOT_HERE.format(item=holding.lot.item))
        line = StockTakeLine(stock_take=take, holding=holding, expected=_on_shelf(holding), counted=counted)
        line.full_clean()
        line.save(force_insert=True)
    return take


@verb
def decide_stock_take(take, *, by, approve, reason="") -> StockTake:
    """Book the differences, or not. Refuses when goods came or went since the count, and when more is missing than is free."""
    require(by, "donations.decide_correction", take)
    to = DecisionState.APPROVED if approve else DecisionState.REFUSED
    take = move(take, to, by=by, reason=reason, decided_at=now(), decided_by=by)
    if not approve:
        return take
    for line in take.lines.select_related("holding__lot").order_by("holding"):
        holding = lock(line.holding)
        if _on_shelf(holding) != line.expected:
            raise Refused(
                MOVED_SINCE.format(
                    item=line.holding.lot.item, was=plain(line.expected), now=plain(_on_shelf(holding))
                )
            )
        if line.difference:
            post(MovementKind.COUNT, holding, line.difference, by=by, on=take.counted_on, cause=take)
    return take


def _on_shelf(holding):
    return holding.free + holding.promised
