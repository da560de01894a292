"""Gifts and what became of them: each figure against a recount by hand, its parts, and what never counts."""

from datetime import date
from decimal import Decimal

import pytest

from donations.enums import DisposalKind, Restriction, Route
from donations.models import Fund, Holding
from donations.services import allocations, corrections, distributions, gifts
from reports.indicators import INDICATORS, read_all, read_one, shown
from tests import factories, factories_book

pytestmark = pytest.mark.django_db

AUGUST, SEPTEMBER, YEAR_END = date(2026, 8, 31), date(2026, 9, 30), date(2026, 12, 31)


def line(code, as_of=YEAR_END, scope=None):
    return shown(read_one(INDICATORS[code], as_of, scope))


def cumulative(code, **which):
    return line(code, **which)["cumulative"]


def parts(code, name, **which):
    return {part: told["cumulative"] for part, told in line(code, **which)["by"][name].items()}


@pytest.fixture
def correct(officer, reviewer):
    def correct(holding, **fields):
        row = factories_book.adjustment(holding, **fields)
        return corrections.decide_adjustment(row, by=factories_book.second_reviewer(), approve=True)

    return correct


def test_a_correction_counts_on_its_own_date(correct):
    holding = factories_book.holding("1000", received_on=date(2026, 8, 3))
    correct(holding, amount="-100", adjusted_on=date(2026, 9, 3))
    assert cumulative("donations_cash", as_of=AUGUST) == "1000.00"
    told = line("donations_cash", as_of=SEPTEMBER)
    assert (told["previous"], told["month"], told["cumulative"]) == ("1000.00", "-100.00", "900.00")
    assert cumulative("donations_total") == "900.00"
    assert cumulative("donations_goods") == "0.00"
    assert parts("donations_total", "route") == {"association": "900.00"}
    assert INDICATORS["donations_total"].split("donation__route", until=YEAR_END) == {
        "association": Decimal(900)
    }
    days = INDICATORS["donations_total"].split("donation__received_on", until=YEAR_END)
    assert days == {date(2026, 8, 3): Decimal(1000), date(2026, 9, 3): Decimal(-100)}


def test_a_correction_of_goods_counts_its_value(correct):
    correct(factories_book.goods_holding(), amount="0", value=Decimal("34.50"), adjusted_on=SEPTEMBER)
    assert cumulative("donations_goods") == "1234.50"


def test_a_correction_that_nobody_approved_does_not_count():
    factories_book.adjustment()
    assert cumulative("donations_total") == "1000.00"


def test_a_voided_gift_takes_its_corrections_along(correct):
    holding = factories_book.holding()
    correct(holding)
    gifts.void_donation(
        holding.lot.line.donation, by=factories_book.second_reviewer(), reason="同一笔捐款登记了两次"
    )
    for code in ("donations_total", "unallocated_total", "donations_confirmed_count"):
        assert Decimal(cumulative(code)) == 0


def test_what_is_pledged_is_told_apart_until_it_comes(officer, reviewer):
    pledge = factories_book.pledged_donation()
    assert cumulative("donations_pledged") == "1000.00"
    assert Decimal(cumulative("donations_total")) == cumulative("donations_confirmed_count") == 0
    gifts.receive_pledge(pledge, by=officer, received_on=date(2026, 9, 9))
    gifts.confirm_donation(pledge, by=reviewer)
    assert cumulative("donations_pledged") == "0.00"
    assert (cumulative("donations_total"), cumulative("donations_confirmed_count")) == ("1000.00", 1)


def test_from_the_gift_to_the_household(officer):
    source = factories_book.holding("1000")
    assert cumulative("unallocated_total") == "1000.00"
    row = factories_book.approved(source, "400")
    assert (cumulative("allocated_total"), cumulative("unallocated_total")) == ("400.00", "600.00")
    assert (cumulative("delivered_total"), cumulative("households_aided")) == ("0.00", 0)
    delivered = factories_book.delivered(factories_book.sent_out(row).lines.get())
    found = {code: shown(figure)["cumulative"] for code, figure in read_all(YEAR_END).items()}
    assert (found["delivered_total"], found["aid_value"]) == ("400.00", "400.00")
    assert (found["households_aided"], found["unallocated_total"]) == (1, "600.00")
    distributions.take_back(delivered, by=officer, reason="登记时填错了行")
    assert (cumulative("aid_value"), cumulative("allocated_total")) == ("0.00", "400.00")


def test_what_is_given_up_is_unallocated_again(officer):
    row = factories_book.approved(factories_book.holding("1000"), "400")
    allocations.cancel_allocation(row, by=officer, reason="这一户不再需要这笔钱")
    assert (cumulative("allocated_total"), cumulative("unallocated_total")) == ("0.00", "1000.00")


def test_money_handed_to_a_fund_is_neither_allocated_nor_gone():
    factories_book.approved(factories_book.holding("1000"), "400", fund=factories_book.fund())
    assert (cumulative("allocated_total"), cumulative("unallocated_total")) == ("0.00", "1000.00")
    codes = {fund.kind: fund.code for fund in Fund.objects.all()}
    assert parts("unallocated_total", "fund") == {codes["association"]: "600.00", codes["purpose"]: "400.00"}


def test_a_programme_is_spent_on_and_no_household_is_aided(officer):
    program = factories.program()
    row = factories_book.approved(factories_book.holding("1000"), "250", program=program)
    distributions.hand_over(
        row,
        by=officer,
        delivered_on=date(2026, 9, 20),
        signing="proxy",
        venue="学校",
        people="李芳",
        recipient="30 名学生",
    )
    assert (cumulative("delivered_total"), cumulative("aid_value")) == ("250.00", "0.00")
    assert parts("delivered_total", "program") == {program.code: "250.00"}
    assert cumulative("households_aided") == 0


def test_goods_that_left_are_not_left_over(reviewer):
    goods = factories_book.goods_holding("20", "1200")
    corrections.decide_disposal(factories_book.disposal(goods, amount="3"), by=reviewer, approve=True)
    assert cumulative("unallocated_total") == "1020.00"
    sale = factories_book.disposal(goods, kind=DisposalKind.SOLD, amount="2", proceeds=Decimal(90))
    corrections.decide_disposal(sale, by=reviewer, approve=True)
    assert cumulative("unallocated_total") == "990.00"
    assert cumulative("donations_total") == "1200.00"


def test_unvalued_goods_are_delivered_and_worth_nothing():
    factories_book.goods_holding(value=None, valuation_basis="unvalued")
    row = factories_book.approved(Holding.objects.get(), "2")
    factories_book.delivered(factories_book.sent_out(row).lines.get())
    assert (cumulative("aid_value"), cumulative("unallocated_total")) == ("0.00", "0.00")
    assert cumulative("households_aided") == 1


def test_a_household_counts_once_in_its_first_month_and_in_every_part():
    household = factories.verified_household()
    for day, route in ((date(2026, 8, 5), Route.DIRECT_TO_HOUSEHOLD), (date(2026, 9, 5), Route.ASSOCIATION)):
        donation = factories.confirmed_donation(household=household, route=route, received_on=day)
        if route == Route.ASSOCIATION:
            source = Holding.objects.get(lot__line__donation=donation)
            row = factories_book.approved(source, "10", household=household)
            factories_book.delivered(factories_book.sent_out(row).lines.get())
    told = line("households_aided", as_of=SEPTEMBER)
    assert (told["previous"], told["month"], told["cumulative"]) == (1, 0, 1)
    assert {part: told["month"] for part, told in told["by"]["route"].items()} == {
        "association": 1,
        "direct_to_household": 0,
    }
    street = household.community.parent.code
    assert parts("households_aided", "street") == {street: 1}
    assert parts("aid_value", "restriction") == {Restriction.HOUSEHOLD: "1010.00"}


def test_parts_add_up_to_the_whole(correct):
    correct(factories_book.holding("1000"))
    factories.confirmed_donation(lines=[factories.cash("7"), factories.goods()])
    factories.confirmed_donation(household=factories.verified_household(), route=Route.DIRECT_TO_HOUSEHOLD)
    factories_book.pledged_donation()
    factories_book.delivered()
    for code, figure in read_all(YEAR_END).items():
        told = shown(figure)
        for name, named in told.get("by", {}).items():
            total = sum(Decimal(str(part["cumulative"])) for part in named.values())
            assert total == Decimal(str(told["cumulative"])), (code, name)


def test_streets_of_the_district(divisions, household_a, household_b, admin_a, admin_b):
    factories.confirmed_donation(by=admin_a, household=household_a)
    factories.confirmed_donation(by=admin_b, household=household_b, lines=[factories.cash("7")])
    factories_book.holding("5")
    assert parts("donations_total", "street") == {
        "": "5.00",
        divisions.street_a.code: "1000.00",
        divisions.street_b.code: "7.00",
    }
    assert parts("donations_total", "street", scope=divisions.street_b) == {divisions.street_b.code: "7.00"}
