"""What must always hold of the book: nothing appears or vanishes, and every maintained total equals a recount.

Each check is a query or two over the whole table; rows are read only where something is wrong.
"""

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences
from jinchuan.shared.fields.exact import ExactField, exact

from .enums import (
    EFFECTS,
    AllocationState,
    DecisionState,
    DeliveryState,
    DisposalKind,
    DistributionState,
    DonationState,
    LineKind,
    MovementKind,
    TargetKind,
)
from .models import (
    BUCKETS,
    Adjustment,
    Allocation,
    Disposal,
    Distribution,
    DistributionLine,
    DonationLine,
    Fund,
    Holding,
    Lot,
    Movement,
    PurposeChange,
    Receipt,
    StockTake,
    StockTakeLine,
)

_WITH_STATES = (
    Allocation,
    Distribution,
    DistributionLine,
    Adjustment,
    Disposal,
    StockTake,
    PurposeChange,
)
_NUMBERED = (Fund, Allocation, Distribution, Adjustment, Disposal, StockTake)
_FIXED = (DonationState.CONFIRMED, DonationState.VOIDED)
# Left and right of: received + corrections = delivered + held + in transit + written off + sold + returned.
_CAME = ("received", "adjusted")
_IS = ("delivered", "free", "promised", "in_transit", "written_off", "sold", "returned")
_BOOKED_AS = {
    DisposalKind.RETURNED: MovementKind.RETURN,
    DisposalKind.SPOILED: MovementKind.WRITE_OFF,
    DisposalKind.SOLD: MovementKind.SELL,
}


def book_states():
    for table in _WITH_STATES:
        yield from state_follows_transitions(table)


def book_running_numbers():
    for table in _NUMBERED:
        yield from codes_within_sequences(table)


def confirmed_lines_have_their_lots():
    lots = Lot.objects.filter(line=OuterRef("pk"), origin=None)
    lines = DonationLine.objects.select_related("donation").order_by("pk")
    for line in lines.filter(~Exists(lots), donation__state__in=_FIXED):
        yield f"捐赠 {line.donation} 已确认，却有明细没有入账。"
    for line in lines.filter(Exists(lots)).exclude(donation__state__in=_FIXED):
        yield f"捐赠 {line.donation} 没有确认，却有明细已经入账。"


def lots_say_what_their_lines_said():
    """Kind and value of the line; columns of different exactness are compared as they are read."""
    first = Lot.objects.filter(origin=None).select_related("line")
    for lot in first.exclude(kind=F("line__kind")).order_by("pk"):
        yield f"批次 {lot} 的款物类别与捐赠明细不一致。"
    columns = ("code", "kind", "amount", "value", "line__value", "line__quantity")
    for code, kind, amount, value, said, quantity in first.values_list(*columns).iterator():
        if value != said or amount != (said if kind == LineKind.CASH else quantity):
            yield f"批次 {code} 的数量或价值与捐赠明细不一致。"


def holdings_equal_their_movements():
    counted = Holding.objects.annotate(**{f"counted_{column}": _recount(column) for column in BUCKETS})
    wrong = Q()
    for column in BUCKETS:
        wrong |= ~Q(**{column: F(f"counted_{column}")})
    for holding in counted.filter(wrong).select_related("lot").order_by("pk"):
        columns = [
            Holding._meta.get_field(column).verbose_name
            for column in BUCKETS
            if getattr(holding, column) != getattr(holding, f"counted_{column}")
        ]
        yield f"批次 {holding.lot} 的结存（{'、'.join(columns)}）与变动记录重算的不一致。"


def holdings_know_what_is_allocated():
    reserved = Allocation.objects.exclude(target=TargetKind.FUND, state=AllocationState.SETTLED)
    reserved = reserved.filter(holding=OuterRef("pk")).order_by().values("holding")
    counted = Coalesce(
        Subquery(
            reserved.annotate(sum=Sum(F("amount") - F("released"), output_field=ExactField())).values("sum")
        ),
        exact(0),
    )
    for holding in Holding.objects.exclude(allocated=counted).select_related("lot").order_by("pk"):
        yield f"批次 {holding.lot} 的已分配合计与分配重算的不一致。"


def nothing_appears_or_vanishes():
    """Per lot and in total; what one fund or place hands on, another has received."""
    sides = [sum((F(f"total_{name}") for name in rest), F(f"total_{first}")) for first, *rest in (_CAME, _IS)]
    totals = {f"total_{column}": Coalesce(Sum(f"holdings__{column}"), exact(0)) for column in BUCKETS}
    lots = Lot.objects.annotate(**totals).annotate(came=sides[0], there=sides[1])
    wrong = ~Q(came=F("there")) | ~Q(total_moved_in=F("total_moved_out")) | ~Q(total_received=F("amount"))
    for lot in lots.filter(wrong).order_by("pk"):
        yield f"批次 {lot} 的来与去不相等：款物不会凭空出现或消失。"
    whole = Holding.objects.aggregate(**{column: Coalesce(Sum(column), exact(0)) for column in BUCKETS})
    if sum(whole[name] for name in _CAME) != sum(whole[name] for name in _IS):
        yield "全部款物的来与去合计不相等：款物不会凭空出现或消失。"


def lots_know_what_was_corrected():
    corrected = Adjustment.objects.approved().filter(holding__lot=OuterRef("pk")).order_by()
    lots = Lot.objects.annotate(
        more=_of(corrected, "holding__lot", "amount"), dearer=_of(corrected, "holding__lot", "value")
    )
    for lot in lots.exclude(amount_adjusted=F("more"), value_adjusted=F("dearer")).order_by("pk"):
        yield f"批次 {lot} 的更正数与已批准的更正合计不一致。"


def lots_know_what_was_delivered():
    lines = DistributionLine.objects.delivered().filter(allocation__holding__lot=OuterRef("pk")).order_by()
    lots = Lot.objects.annotate(
        gone=_of(lines, "allocation__holding__lot", "amount"),
        gone_value=_of(lines, "allocation__holding__lot", "value"),
    )
    for lot in lots.exclude(delivered=F("gone"), delivered_value=F("gone_value")).order_by("pk"):
        yield f"批次 {lot} 的已交付数量或价值与签收明细合计不一致。"


def allocations_equal_their_movements():
    def moved(*plus, minus=()):
        return _signed("movements", plus, minus)

    kinds = MovementKind
    counted = Allocation.objects.annotate(
        booked_amount=moved(kinds.ALLOCATE),
        booked_loaded=moved(kinds.LOAD, minus=(kinds.UNLOAD, kinds.DELIVER)),
        booked_delivered=moved(kinds.DELIVER, kinds.HAND_ON, minus=(kinds.TAKE_BACK,)),
        booked_released=moved(kinds.RELEASE),
    )
    right = {column: F(f"booked_{column}") for column in ("amount", "loaded", "delivered", "released")}
    for allocation in counted.exclude(**right).order_by("pk"):
        yield f"分配 {allocation} 的数量与变动记录重算的不一致。"


def allocations_equal_their_lines():
    lines = DistributionLine.objects.filter(allocation=OuterRef("pk")).order_by()
    counted = Allocation.objects.exclude(target=TargetKind.FUND).annotate(
        on_the_way=_of(lines.filter(state=DeliveryState.OUT), "allocation", "amount"),
        signed=_of(lines.filter(state=DeliveryState.DELIVERED), "allocation", "amount"),
    )
    for allocation in counted.exclude(loaded=F("on_the_way"), delivered=F("signed")).order_by("pk"):
        yield f"分配 {allocation} 的途中或已交付数量与发放明细合计不一致。"


def deliveries_are_booked():
    kinds = MovementKind
    counted = DistributionLine.objects.annotate(
        out=_signed("movements", (kinds.LOAD,), (kinds.UNLOAD, kinds.DELIVER)),
        gone=_signed("movements", (kinds.DELIVER,), (kinds.TAKE_BACK,)),
    )
    right = (
        Q(state=DeliveryState.OUT, out=F("amount"), gone=exact(0))
        | Q(state=DeliveryState.DELIVERED, out=exact(0), gone=F("amount"))
        | ~Q(state__in=[DeliveryState.OUT, DeliveryState.DELIVERED]) & Q(out=exact(0), gone=exact(0))
    )
    for line in counted.exclude(right).select_related("distribution").defer("receiver_name").order_by("pk"):
        yield f"发放明细 {line} 的结果是{line.get_state_display()}，变动记录却不相符。"


def distributions_and_their_lines_agree():
    lines = DistributionLine.objects.filter(distribution=OuterRef("pk"))
    planned, out = (Exists(lines.filter(state=state)) for state in (DeliveryState.PLANNED, DeliveryState.OUT))
    gone = Exists(lines.exclude(state__in=[DeliveryState.PLANNED, DeliveryState.DROPPED]))
    begun = [DistributionState.OUT, DistributionState.CLOSED]
    rows = Distribution.objects.order_by("pk")
    for row in rows.filter(out, state=DistributionState.CLOSED):
        yield f"发放 {row} 已结束，却还有没有登记结果的明细。"
    for row in rows.filter(gone).exclude(state__in=begun) | rows.filter(planned, state__in=begun):
        yield f"发放 {row} 是{row.get_state_display()}，它的明细却不是。"


def disposals_and_counts_are_booked():
    """What was approved stands in the book, what was not does not."""
    for kind, booked_as in _BOOKED_AS.items():
        booked = Movement.objects.filter(
            holding=OuterRef("holding"), kind=booked_as, cause=OuterRef("code"), amount=OuterRef("amount")
        )
        yield from _booked_when_approved(Disposal.objects.filter(kind=kind), booked, "处置")
    proceeds = Lot.objects.filter(
        origin=OuterRef("holding__lot"), code__endswith=OuterRef("code"), amount=OuterRef("proceeds")
    )
    yield from _booked_when_approved(Disposal.objects.filter(kind=DisposalKind.SOLD), proceeds, "变卖所得")
    booked = Movement.objects.filter(
        holding=OuterRef("holding"), kind=MovementKind.COUNT, cause=OuterRef("stock_take__code")
    )
    counted = StockTakeLine.objects.exclude(counted=F("expected")).select_related("stock_take")
    approved = Q(stock_take__state=DecisionState.APPROVED)
    for line in counted.filter(Exists(booked) & ~approved | ~Exists(booked) & approved).order_by("pk"):
        yield f"盘点 {line.stock_take} 的差额与入账不一致。"


def receipts_in_force_are_told():
    rows = Receipt.objects.in_force().exclude(
        code=F("donation__receipt_code"), number=F("donation__receipt_number")
    )
    for receipt in rows.select_related("donation").order_by("pk"):
        yield f"捐赠 {receipt.donation} 上写的票据号码不是它没有作废的那一张。"


def _booked_when_approved(rows, booked, what):
    approved = Q(state=DecisionState.APPROVED)
    for row in rows.filter(Exists(booked) & ~approved | ~Exists(booked) & approved).order_by("pk"):
        yield f"{what} {row} 是{row.get_state_display()}，变动记录却不相符。"


def _recount(column):
    """What the column of a holding should be by its movements."""
    plus = [kind for kind, effect in EFFECTS.items() if effect.get(column) == 1]
    minus = [kind for kind, effect in EFFECTS.items() if effect.get(column) == -1]
    return _signed("movements", plus, minus)


def _signed(rows, plus, minus):
    """Σ of the movements of some kinds, less Σ of others."""

    def total(kinds):
        return Coalesce(Sum(f"{rows}__amount", filter=Q(**{f"{rows}__kind__in": list(kinds)})), exact(0))

    return ExpressionWrapper(total(plus) - total(minus), ExactField()) if minus else total(plus)


def _of(rows, way, column):
    """Σ of a column over the rows that lead back to the outer one by ``way``; 0 where there is none."""
    return Coalesce(Subquery(rows.values(way).annotate(total=Sum(column)).values("total")), exact(0))


BOOK_CHECKS = [
    book_states,
    book_running_numbers,
    confirmed_lines_have_their_lots,
    lots_say_what_their_lines_said,
    holdings_equal_their_movements,
    holdings_know_what_is_allocated,
    nothing_appears_or_vanishes,
    lots_know_what_was_corrected,
    lots_know_what_was_delivered,
    allocations_equal_their_movements,
    allocations_equal_their_lines,
    deliveries_are_booked,
    distributions_and_their_lines_agree,
    disposals_and_counts_are_booked,
    receipts_in_force_are_told,
]
