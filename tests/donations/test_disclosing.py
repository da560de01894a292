"""The public list: names only where agreed, no household, small counts hidden, corrections beside what they correct."""

from datetime import date
from decimal import Decimal

import pytest

from donations.disclosing import BOUND, FREE, disclosure, hidden_below_three
from donations.enums import DonorKind
from donations.models import DistributionLine, Donation
from donations.services import corrections
from tests import factories, factories_book

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2026, 9, 1), date(2026, 12, 31)


def listed(since=SINCE, until=UNTIL):
    return disclosure(Donation.objects.all(), DistributionLine.objects.all(), since=since, until=until)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"name": "王秀兰", "agrees_to_be_named": True}, "王秀兰"),
        ({"name": "王秀兰"}, "爱心人士"),
        ({"kind": DonorKind.ENTERPRISE, "name": "某某商贸有限公司"}, "爱心企业"),
        ({"kind": DonorKind.ANONYMOUS, "name": "", "phone": ""}, "匿名捐赠人"),
    ],
)
def test_a_name_only_where_the_giver_agreed(fields, shown):
    factories.confirmed_donation(donor=factories.individual_donor(**fields))
    (gift,) = listed().gifts
    assert gift.giver == shown


def test_lines_in_their_order_with_amount_value_day_and_use(household_a):
    factories.confirmed_donation(household=household_a, received_on=date(2026, 9, 11))
    unvalued = factories.goods(item="毛线帽", quantity="12.5", value=None, valuation_basis="unvalued")
    factories.confirmed_donation(lines=[factories.cash("7"), unvalued], received_on=date(2026, 9, 2))
    factories.confirmed_donation(received_on=date(2026, 8, 31))
    factories.submitted_donation()
    factories.voided_donation()
    found = listed()
    told = [(g.number, g.item, g.quantity, g.unit, g.value, g.on, g.bound) for g in found.gifts]
    assert told == [
        (1, "捐款", None, "", Decimal("7.00"), date(2026, 9, 2), FREE),
        (2, "毛线帽", Decimal("12.50"), "袋", None, date(2026, 9, 2), FREE),
        (3, "捐款", None, "", Decimal("1000.00"), date(2026, 9, 11), BOUND),
    ]
    assert found.totals == {BOUND: Decimal("1000.00"), FREE: Decimal("7.00")}
    assert household_a.code not in repr(found)


def test_counts_of_one_or_two_households_are_not_told():
    source = factories_book.goods_holding()
    for _ in range(2):
        factories_book.delivered(factories_book.sent_out(factories_book.approved(source, "2")).lines.get())
    (use,) = listed().uses
    assert (use.item, use.unit, use.quantity, use.value) == ("大米", "袋", 4, Decimal("240.00"))
    assert use.households == "不足3"
    factories_book.delivered(factories_book.sent_out(factories_book.approved(source, "2")).lines.get())
    assert listed().uses[0].households == "3"
    assert [hidden_below_three(count) for count in (0, 1, 2, 3)] == ["0", "不足3", "不足3", "3"]


def test_a_correction_is_published_and_the_gift_stays(reviewer):
    row = factories_book.adjustment(factories_book.holding(), adjusted_on=date(2026, 9, 20))
    assert listed().corrections == []
    corrections.decide_adjustment(row, by=reviewer, approve=True)
    found = listed()
    assert found.gifts[0].value == Decimal("1000.00")
    (correction,) = found.corrections
    assert (correction.code, correction.value, correction.on) == (
        row.code,
        Decimal("-100.00"),
        row.adjusted_on,
    )


def test_the_same_queries_for_one_gift_and_three(django_assert_num_queries):
    factories_book.delivered()
    with django_assert_num_queries(3):
        listed()
    factories_book.holding(), factories_book.holding()
    with django_assert_num_queries(3):
        listed()
