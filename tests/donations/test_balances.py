"""The sheet of a fund against a recount by hand, in every column, for a period and as of a day; its own checks fail when
the book is wrong."""

from datetime import date
from decimal import Decimal

import pytest

from donations.balances import LABELS, balance_sheet
from donations.enums import DisposalKind, FundKind
from donations.models import Fund, Holding
from donations.services import corrections, distributions, gifts, stock
from jinchuan.shared.clock import today
from tests import factories, factories_book
from tests.guarding import guards_removed

pytestmark = pytest.mark.django_db

SINCE, DAY = date(2026, 9, 1), factories_book.DAY


def sheet(funds=None, since=SINCE, until=None):
    return balance_sheet(Fund.objects.all() if funds is None else funds, since=since, until=until or today())


def whole(**which):
    account = sheet(**which).whole
    return {column: str(account.value(column)) for column in LABELS if account.value(column)}


def the(kind):
    return Fund.objects.filter(kind=kind)


def test_nothing_given_is_zero_and_holds(db):
    empty = sheet()
    assert (empty.accounts, empty.holds) == ([], True)
    assert empty.whole.value("closing") == 0


def test_every_column(officer, reviewer):
    cash, goods = factories_book.holding("1000"), factories_book.goods_holding("20", "1200")
    second = factories_book.second_reviewer()
    for row in (
        factories_book.disposal(goods, amount="1"),
        factories_book.disposal(goods, kind=DisposalKind.SOLD, amount="2", proceeds=Decimal(90)),
        factories_book.disposal(cash, kind=DisposalKind.RETURNED, amount="50"),
    ):
        corrections.decide_disposal(row, by=second, approve=True)
    corrections.decide_adjustment(
        factories_book.adjustment(cash, amount="-10", adjusted_on=DAY), by=second, approve=True
    )
    factories_book.approved(cash, "300", fund=factories_book.fund())
    factories_book.delivered(factories_book.sent_out(factories_book.approved(cash, "200")).lines.get())
    factories_book.approved(goods, "3")
    assert whole() == {
        "cash": "1000.00",
        "goods": "1200.00",
        "proceeds": "90.00",
        "moved_in": "300.00",
        "adjusted": "-10.00",
        "allocated": "380.00",
        "delivered": "200.00",
        "returned": "50.00",
        "written_off": "60.00",
        "sold": "120.00",
        "moved_out": "300.00",
        "closing": "1850.00",
        "free": "1670.00",
    }
    assert sheet().holds
    association = whole(funds=the(FundKind.ASSOCIATION))
    assert (association["moved_out"], association["closing"]) == ("300.00", "1550.00")
    assert "moved_in" not in association
    purpose = whole(funds=the(FundKind.PURPOSE))
    assert purpose == {"moved_in": "300.00", "closing": "300.00", "free": "300.00"}
    assert [(one.label, one.value("closing")) for one in sheet().by_fund] == [
        (fund.name, {"association": Decimal("1550.00")}.get(fund.kind, Decimal("300.00")))
        for fund in Fund.objects.order_by("code")
    ]
    for kind in (FundKind.ASSOCIATION, FundKind.PURPOSE):
        assert sheet(funds=the(kind)).holds


def test_what_came_before_the_period_is_the_opening_balance(officer):
    cash = factories_book.holding("1000", received_on=date(2026, 8, 3))
    row = factories_book.approved(cash, "200")
    factories_book.delivered(factories_book.sent_out(row).lines.get())
    factories_book.holding("5", received_on=date(2026, 9, 2))
    assert whole() == {
        "opening": "1000.00",
        "cash": "5.00",
        "allocated": "200.00",
        "delivered": "200.00",
        "closing": "805.00",
        "free": "805.00",
    }
    as_of = whole(since=date(2026, 1, 1), until=date(2026, 9, 1))
    assert as_of == {"cash": "1000.00", "closing": "1000.00", "free": "1000.00"}


def test_by_restriction_and_by_kind(household_a):
    factories_book.holding("7")
    factories.confirmed_donation(household=household_a, lines=[factories.cash("5"), factories.goods()])
    labels = {account.label: account.value("closing") for account in sheet().accounts}
    assert labels == {
        "不指定用途·捐款": Decimal("7.00"),
        "指定关爱户·捐款": Decimal("5.00"),
        "指定关爱户·捐物": Decimal("1200.00"),
    }


def test_a_voided_gift_is_in_no_column(reviewer):
    donation = factories_book.holding().lot.line.donation
    gifts.void_donation(donation, by=factories_book.second_reviewer(), reason="同一笔捐款登记了两次")
    assert whole() == {}
    assert sheet().holds


def test_goods_carried_from_place_to_place_stay_in_the_fund(officer):
    held = factories_book.goods_holding(place=factories_book.place())
    stock.transfer(held, by=officer, place=factories_book.place("东湾库房"), amount=Decimal(7))
    assert whole() == {"goods": "1200.00", "closing": "1200.00", "free": "1200.00"}


def test_thirds_are_rounded_once(officer):
    goods = factories_book.goods_holding("3", "1000")
    for _ in range(2):
        factories_book.delivered(factories_book.sent_out(factories_book.approved(goods, "1")).lines.get())
    assert whole() == {
        "goods": "1000.00",
        "allocated": "666.67",
        "delivered": "666.67",
        "closing": "333.33",
        "free": "333.33",
    }
    assert sheet().holds


def test_a_correction_of_a_value_shows_beside_what_was_received(reviewer):
    goods = factories_book.goods_holding()
    row = factories_book.adjustment(goods, amount="0", value=Decimal("-200"))
    corrections.decide_adjustment(row, by=reviewer, approve=True)
    told = whole()
    assert (told["goods"], told["adjusted"], told["closing"]) == ("1200.00", "-200.00", "1000.00")
    assert sheet().holds


def test_goods_without_a_value_are_told_by_quantity(officer):
    goods = factories_book.goods_holding(value=None, valuation_basis="unvalued")
    factories_book.delivered(factories_book.sent_out(factories_book.approved(goods, "4")).lines.get())
    found = sheet()
    assert whole() == {}
    (one,) = found.unvalued
    assert (one.item, one.unit, one.received, one.delivered, one.left) == ("大米", "袋", 20, 4, 16)


def test_taking_back_undoes_the_delivery(officer):
    line = factories_book.delivered()
    distributions.take_back(line, by=officer, reason="登记时填错了行")
    assert whole() == {"cash": "1000.00", "allocated": "100.00", "closing": "1000.00", "free": "900.00"}


def test_the_checks_find_a_book_that_is_wrong():
    held = factories_book.holding()
    with guards_removed():
        Holding.objects.filter(pk=held.pk).update(received=Decimal(900), free=Decimal(900))
    failed = [check.label for check in sheet().checks if not check.passed]
    assert failed == ["期末余额＝账面结存"]


def test_one_query_more_or_less_for_one_gift_and_three(django_assert_num_queries):
    factories_book.holding()
    with django_assert_num_queries(4):
        sheet()
    factories_book.holding(), factories_book.goods_holding()
    with django_assert_num_queries(4):
        sheet()
