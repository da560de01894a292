"""Every check of the book finds the breach it is there for, and finds nothing in what the services made."""

from decimal import Decimal

import pytest
from django.db import connection

from donations import book_consistency, consistency
from donations.enums import (
    AllocationState,
    DecisionState,
    DeliveryState,
    DisposalKind,
    DistributionState,
    LineKind,
)
from donations.models import (
    Adjustment,
    Allocation,
    Disposal,
    Distribution,
    DistributionLine,
    Donation,
    Holding,
    Lot,
    Movement,
    Receipt,
    StockTake,
)
from donations.services import allocations, corrections, distributions, gifts, stock
from jinchuan.intake.models import Sequence
from tests import factories, factories_book
from tests.guarding import guards_removed
from tests.once import built_once

pytestmark = pytest.mark.django_db


def _book():
    """One of everything that can happen to a gift."""
    reviewer = factories.reviewer()
    goods = factories_book.goods_holding(place=factories_book.place())
    for row in (
        factories_book.disposal(goods, kind=DisposalKind.SOLD, proceeds=Decimal(50)),
        factories_book.disposal(goods),
    ):
        corrections.decide_disposal(row, by=reviewer, approve=True)
    stock.decide_stock_take(
        factories_book.stock_take(Holding.objects.get(pk=goods.pk), "17"), by=reviewer, approve=True
    )
    delivered, waiting = factories_book.approved(goods, "4"), factories_book.approved(goods, "2")
    batch = factories_book.sent_out(delivered, waiting)
    factories_book.delivered(batch.lines.get(allocation=delivered))
    cash = factories_book.holding()
    corrections.decide_adjustment(factories_book.adjustment(cash), by=reviewer, approve=True)
    factories_book.approved(cash, "300", fund=factories_book.fund())
    allocations.cancel_allocation(factories_book.approved(cash), by=reviewer, reason="这一户不再需要这笔钱")
    household = factories.verified_household()
    gifts.void_donation(
        factories.confirmed_donation(household=household, route="direct_to_household"),
        by=factories_book.second_reviewer(),
        reason="同一笔捐款登记了两次",
    )
    factories.confirmed_donation(household=household, route="direct_to_household")
    line = factories_book.delivered()
    distributions.take_back(line, by=factories.officer(), reason="登记时填错了行")
    factories_book.receipt()
    factories.submitted_donation()


built = built_once(_book)


@pytest.fixture
def book(built, db):
    """The rows of the book; what a test does to them is undone after it."""


def found():
    return [sentence for check in consistency.CHECKS for sentence in check()]


def broken(rows, past=(), **columns):
    """Somebody with the database in hand changes one row, ``past`` the constraints named."""
    row, table = rows.order_by("pk").first(), rows.model._meta.db_table
    with guards_removed(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if past:  # a table is not altered while keys wait to be looked at
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in past:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        elif past:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        rows.model._base_manager.filter(pk=row.pk).update(**columns)
        if past and connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    return row


def test_nothing_is_wrong_with_what_the_services_made(book):
    assert found() == []


def test_a_few_queries_however_much_there_is(book, django_assert_max_num_queries):
    with django_assert_max_num_queries(50):
        found()


def test_a_state_past_its_moves(book):
    row = broken(
        Allocation.objects.filter(target="household", state="settled"),
        past=["allocation_over_when_nothing_is_open"],
        state=AllocationState.APPROVED,
    )
    assert any(f"{row} 的状态是 approved" in sentence for sentence in found())


def test_a_number_beyond_its_sequence(book):
    name = Allocation.objects.first().code.rpartition("-")[0]
    Sequence.objects.filter(name=name).update(last=0)
    assert any("分配编号" in sentence for sentence in found())


def test_a_confirmed_line_without_a_lot(book):
    donation = factories.submitted_donation()
    broken(
        Donation.objects.filter(pk=donation.pk),
        state="confirmed",
        confirmed_at=donation.submitted_at,
        confirmed_by=factories.reviewer(),
    )
    assert f"捐赠 {donation} 已确认，却有明细没有入账。" in found()


def test_a_lot_of_a_gift_that_is_not_confirmed(book):
    lot = Lot.objects.filter(holdings__free__gt=0).first()
    broken(
        Donation.objects.filter(pk=lot.line.donation_id),
        state="submitted",
        confirmed_at=None,
        confirmed_by=None,
    )
    assert f"捐赠 {lot.line.donation} 没有确认，却有明细已经入账。" in found()


def test_a_lot_that_says_something_else(book):
    lot = broken(Lot.objects.filter(kind=LineKind.GOODS), value=Decimal("1199.99"))
    assert f"批次 {lot} 的数量或价值与捐赠明细不一致。" in found()


def test_a_holding_that_differs_from_its_movements(book):
    row = broken(Holding.objects.filter(free__gt=0), past=["holding_conserved"], free=Decimal(1))
    sentences = found()
    assert f"批次 {row.lot} 的结存（未分配）与变动记录重算的不一致。" in sentences
    assert f"批次 {row.lot} 的来与去不相等：款物不会凭空出现或消失。" in sentences
    assert "全部款物的来与去合计不相等：款物不会凭空出现或消失。" in sentences


def test_a_holding_that_miscounts_its_allocations(book):
    row = broken(Holding.objects.filter(allocated__gt=0), allocated=Decimal("0.01"))
    assert f"批次 {row.lot} 的已分配合计与分配重算的不一致。" in found()


def test_a_movement_that_was_changed(book):
    row = broken(Movement.objects.filter(kind="receive"), amount=Decimal("0.01"))
    assert any(f"批次 {row.holding.lot} 的结存（收到、未分配）" in sentence for sentence in found())


def test_a_correction_that_the_lot_does_not_know(book):
    row = broken(Adjustment.objects.all(), value=Decimal("-99"))
    assert f"批次 {row.holding.lot} 的更正数与已批准的更正合计不一致。" in found()


def test_a_lot_that_miscounts_its_deliveries(book):
    row = broken(Lot.objects.filter(delivered__gt=0), delivered=Decimal("0.01"))
    assert f"批次 {row} 的已交付数量或价值与签收明细合计不一致。" in found()


def test_an_allocation_that_differs_from_movements_and_lines(book):
    row = broken(Allocation.objects.filter(loaded__gt=0), loaded=Decimal(1))
    sentences = found()
    assert f"分配 {row} 的数量与变动记录重算的不一致。" in sentences
    assert f"分配 {row} 的途中或已交付数量与发放明细合计不一致。" in sentences


def test_a_delivery_that_was_never_booked(book):
    row = broken(DistributionLine.objects.unsigned(), state=DeliveryState.REFUSED)
    assert f"发放明细 {row} 的结果是拒收，变动记录却不相符。" in found()


def test_a_closed_distribution_with_something_unsigned(book):
    row = broken(Distribution.objects.filter(lines__state="out"), state=DistributionState.CLOSED)
    assert f"发放 {row} 已结束，却还有没有登记结果的明细。" in found()


def test_a_planned_distribution_that_is_out(book):
    row = broken(Distribution.objects.filter(lines__state="out"), state=DistributionState.PLANNED)
    assert f"发放 {row} 是筹备中，它的明细却不是。" in found()


def test_a_disposal_that_was_not_booked(book):
    row = broken(Disposal.objects.filter(kind=DisposalKind.SPOILED), amount=Decimal(2))
    assert f"处置 {row} 是已批准，变动记录却不相符。" in found()


def test_a_sale_without_its_proceeds(book):
    row = broken(Disposal.objects.filter(kind=DisposalKind.SOLD), proceeds=Decimal(49))
    assert f"变卖所得 {row} 是已批准，变动记录却不相符。" in found()


def test_a_count_that_was_not_booked(book):
    row = broken(StockTake.objects.all(), state=DecisionState.REFUSED)
    assert f"盘点 {row} 的差额与入账不一致。" in found()


def test_another_receipt_than_the_gift_says(book):
    row = broken(Receipt.objects.all(), number="0099")
    assert f"捐赠 {row.donation} 上写的票据号码不是它没有作废的那一张。" in found()


def test_every_check_is_run():
    named = {name for name in vars(book_consistency) if not name.startswith("_")}
    assert {check.__name__ for check in book_consistency.BOOK_CHECKS} <= named
    assert set(book_consistency.BOOK_CHECKS) <= set(consistency.CHECKS)
