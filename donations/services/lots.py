"""What a confirmation puts into the book, and what a void takes out of it again."""

from django.db.models import Sum

from jinchuan.audit.services import verb
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused

from ..enums import LineKind, MovementKind, Route
from ..models import Lot
from . import distributions
from .book import holding_of, plain, post
from .funds import fund_for

SPENT = "“{item}”已有 {amount} {unit} 分配、发放或处置，请先取消或收回，再作废这笔捐赠。"
_GONE = ("promised", "in_transit", "delivered", "returned", "written_off", "sold")


@verb
def open_lots(donation, *, by) -> list[Lot]:
    """Book every line of a gift just confirmed. What went straight to a household is delivered with it."""
    fund = fund_for(donation, by=by)
    lots = [_open(donation, line, number, fund, by=by) for number, line in enumerate(donation.lines.all(), 1)]
    if donation.route == Route.DIRECT_TO_HOUSEHOLD:
        distributions.hand_over_gift(donation, lots, by=by)
    return lots


@verb
def close_lots(donation, *, by) -> None:
    """Reverse a gift that is voided. Refuses, and says how much is missing, once a part of it is promised or gone; a gift
    straight to a household is taken back with its delivery, for both were told in one form."""
    if donation.route == Route.DIRECT_TO_HOUSEHOLD:
        distributions.take_back_gift(donation, by=by)
    # No key: who promises a part holds the holding already and only points to the lot.
    lots = Lot.objects.filter(line__donation=donation).order_by("pk")
    lots = lots.select_for_update(of=("self",), no_key=True)
    for lot in lots:
        gone = lot.holdings.aggregate(**{column: Sum(column) for column in _GONE})
        amount = sum(gone.values())
        if amount:
            raise Refused(SPENT.format(item=lot.item, amount=plain(amount), unit=lot.unit))
        for holding in lot.holdings.free().order_by("pk"):
            post(MovementKind.VOID, holding, -holding.free, by=by, on=today(), cause=donation)


def _open(donation, line, number, fund, *, by) -> Lot:
    cash = line.kind == LineKind.CASH
    lot = Lot.objects.create(
        code=f"{donation.code}-{number}",
        line=line,
        kind=line.kind,
        item="捐款" if cash else line.item,
        unit="元" if cash else line.unit,
        expires_on=line.expires_on,
        opened_on=donation.received_on,
        amount=line.value if cash else line.quantity,
        value=line.value,
    )
    holding = holding_of(lot, fund, None)
    post(MovementKind.RECEIVE, holding, lot.amount, by=by, on=donation.received_on, cause=donation)
    return lot
