"""One gift's way through the book, from the confirmation to a signed sheet and back."""

from datetime import date
from decimal import Decimal

import pytest

from donations.enums import AllocationState, DeliveryState, DisposalKind, LineKind, Route, Signing
from donations.models import Holding, Lot
from donations.services import allocations, corrections, distributions, gifts, stock
from donations.services.funds import add_place
from jinchuan.shared.errors import Refused
from organizations.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_goods_are_followed_from_the_donor_to_the_household(officer, reviewer, divisions):
    goods = gifts.Line(
        LineKind.GOODS,
        value=Decimal("1000"),
        item="大米",
        category="food",
        quantity=Decimal(3),
        unit="袋",
        valuation_basis="invoice",
        expires_on=date(2030, 1, 1),
    )
    donation = gifts.log_donation(
        by=officer,
        donor={"kind": "individual", "name": "王芳"},
        lines=[goods],
        received_on=date(2026, 9, 1),
        route=Route.ASSOCIATION,
    )
    gifts.confirm_donation(donation, by=reviewer)
    holding = Holding.objects.get()
    assert (holding.received, holding.free) == (3, 3)
    place = add_place(by=officer, name="慈善库房", kind="warehouse", division=divisions.home)
    holding = stock.transfer(holding, by=officer, place=place, amount=Decimal(3))
    household = factories.verified_household()
    with pytest.raises(Refused):
        allocations.propose_allocation(holding, by=officer, amount=Decimal(4), household=household)
    one = allocations.propose_allocation(holding, by=officer, amount=Decimal(1), household=household)
    two = allocations.propose_allocation(holding, by=officer, amount=Decimal(2), household=household)
    for row in (one, two):
        allocations.approve_allocation(row, by=reviewer)
    batch = distributions.plan_distribution(
        by=officer, held_on=date(2026, 9, 2), venue="社区", division=divisions.home, people="李芳"
    )
    lines = [distributions.add_line(batch, by=officer, allocation=row) for row in (one, two)]
    distributions.send_out(batch, by=officer)
    values = []
    for line in lines:
        line.refresh_from_db()
        line = distributions.note_delivered(
            line, by=officer, delivered_on=date(2026, 9, 2), signing=Signing.SELF, receiver_name="王芳"
        )
        values.append(line.value)
    assert values == [Decimal("333.33"), Decimal("666.67")]
    one.refresh_from_db()
    assert one.state == AllocationState.SETTLED
    holding.refresh_from_db()
    assert (holding.free, holding.delivered) == (0, 3)
    with pytest.raises(Refused):
        gifts.void_donation(donation, by=factories.user(Role.REVIEWER), reason="金额登记错了，重新登记")
    lines[0].refresh_from_db()
    line = distributions.take_back(lines[0], by=officer, reason="登记时填错了行")
    assert line.state == DeliveryState.TAKEN_BACK
    one.refresh_from_db()
    allocations.cancel_allocation(one, by=officer, reason="这一户不再需要")
    holding.refresh_from_db()
    sale = corrections.propose_disposal(
        holding,
        by=officer,
        kind=DisposalKind.SOLD,
        amount=Decimal(1),
        proceeds=Decimal("100"),
        reason="即将到期",
    )
    corrections.decide_disposal(sale, by=reviewer, approve=True)
    assert Lot.objects.count() == 2
