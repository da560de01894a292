"""Situations of the book: gifts that are held, promised, handed out. All through the services, like ``factories``."""

from datetime import date
from decimal import Decimal

from donations.enums import DisposalKind, FundKind, PlaceKind, Signing
from donations.models import Holding, Place
from donations.services import (
    allocations,
    corrections,
    distributions,
    funds,
    gifts,
    purposes,
    receipts,
    stock,
)
from donations.services import verifications as calls
from organizations.enums import Role
from tests import factories
from tests.situations import judged_by_the_database

DAY = date(2026, 9, 12)


def holding(value="1000.00", **fields) -> Holding:
    """Cash that the association holds."""
    donation = factories.confirmed_donation(lines=[factories.cash(value)], **fields)
    return Holding.objects.get(lot__line__donation=donation)


def goods_holding(quantity="20", value="1200.00", place=None, **fields) -> Holding:
    """Rice that the association holds, in a warehouse when a place is given."""
    line = factories.goods(quantity=quantity, value=value, **fields)
    donation = factories.confirmed_donation(lines=[line])
    row = Holding.objects.get(lot__line__donation=donation)
    if place:
        row = stock.transfer(row, by=factories.officer(), place=place, amount=Decimal(quantity), on=DAY)
    return row


def place(name="慈善库房") -> Place:
    found = Place.objects.filter(name=name).first()
    return found or funds.add_place(
        by=factories.officer(), name=name, kind=PlaceKind.WAREHOUSE, division=factories.home()
    )


def fund(name="助学专项基金"):
    return funds.open_fund(
        by=factories.officer(),
        kind=FundKind.PURPOSE,
        name=name,
        division=factories.home(),
        rule_document="管理办法（2026年）",
    )


def proposed(source=None, amount="100", **target):
    target = target or {"household": factories.verified_household()}
    return allocations.propose_allocation(
        source or holding(), by=factories.officer(), amount=Decimal(amount), on=DAY, **target
    )


def approved(source=None, amount="100", **target):
    row = allocations.approve_allocation(proposed(source, amount, **target), by=factories.reviewer())
    if row.needs_second and not row.seconded_at:
        row = allocations.approve_allocation(row, by=second_reviewer())
    return row


def second_reviewer():
    return factories.user(Role.REVIEWER)


def planned(*rows):
    """A batch with a line for each allocation, that has not gone out."""
    batch = distributions.plan_distribution(
        by=factories.officer(), held_on=DAY, venue="社区活动室", division=factories.home(), people="李芳"
    )
    for row in rows or [approved()]:
        distributions.add_line(batch, by=factories.officer(), allocation=row)
    return batch


def sent_out(*rows):
    return distributions.send_out(planned(*rows), by=factories.officer())


def delivered(line=None, **told):
    """A line that was signed for."""
    line = line or sent_out().lines.get()
    told = {"delivered_on": DAY, "signing": Signing.SELF, "receiver_name": factories.person_name(), **told}
    return distributions.note_delivered(line, by=factories.officer(), **told)


def adjustment(source=None, amount="-100", **fields):
    return corrections.propose_adjustment(
        source or holding(), by=factories.officer(), amount=Decimal(amount), reason="录入时多写了", **fields
    )


def disposal(source=None, kind=DisposalKind.SPOILED, amount="1", **fields):
    return corrections.propose_disposal(
        source or goods_holding(),
        by=factories.officer(),
        kind=kind,
        amount=Decimal(amount),
        reason="包装破损",
        disposed_on=DAY,
        **fields,
    )


def stock_take(source=None, counted="18"):
    source = source or goods_holding(place=place())
    return stock.count_stock(
        source.place, by=factories.officer(), counted_on=DAY, counts={source: Decimal(counted)}
    )


def purpose_change(donation=None, **purpose):
    return purposes.propose_purpose_change(
        donation or factories.confirmed_donation(),
        by=factories.officer(),
        consented_on=DAY,
        consent_evidence="捐赠人书面同意书",
        reason="原用途已经完成",
        **(purpose or {"restriction": "none"}),
    )


def receipt(donation=None, number="0012345678"):
    return receipts.note_issued(
        donation or factories.confirmed_donation(), by=factories.officer(), number=number, issued_on=DAY
    )


def verification():
    line = delivered()
    distributions.close_distribution(line.distribution, by=factories.officer())
    return calls.draw_sample(line.distribution, by=factories.reviewer())[0]


def pledged_donation(*, by=None, **fields):
    by = by or factories.officer()
    own = by.organization and gifts.donor_for_organization(by.organization, by=by)
    fields = {"pledged_on": date(2026, 9, 1), "route": "association", **fields}
    return gifts.pledge_donation(
        by=by, donor=own or factories.individual_donor(), lines=[factories.cash()], **fields
    )


def lapsed_pledge(**fields):
    return gifts.lapse_pledge(pledged_donation(**fields), by=factories.officer(), reason=factories.REASON)


judged_by_the_database(globals())
