"""Gifts of the demo district, month after month with its seasons, from October 2023 on."""

from datetime import timedelta

from cases.enums import HardshipCategory, PairingState
from donations.enums import DonationState, DonorKind, LineKind, ReceiptStatus, Restriction, Route
from donations.services import gifts as giving
from donations.services import receipts
from donations.services.gifts import Line
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import organizations
from .goods import SEASONS, cash, for_one, goods, larger
from .timeline import workday

_CASH = (200, 300, 500, 500, 600, 800, 1000, 1000, 1000, 1500, 2000, 2000, 3000, 5000)

NOTES = {
    LineKind.CASH: (
        "",
        "",
        "用于帮助困难家庭过日子，不需要宣传。",
        "会员自愿捐款，已公示明细。",
        "职工爱心捐款，现金已当面点清。",
        "银行转账，回单存协会。",
    ),
    LineKind.GOODS: (
        "",
        "",
        "物资当面清点，数量无误。",
        "已送到社区集中存放。",
        "送货单一式两份。",
        "包装完好，均在保质期内。",
    ),
}
_RETURNS = (
    "捐款金额与收据不一致，请核对后重新提交。",
    "物资数量与送货单不符，请补充送货单后重新提交。",
    "折价偏高，请按发票金额填写并重新提交。",
)
_VOIDS = (
    "同一笔捐款由两人重复登记，作废本条，保留先登记的一条。",
    "捐赠方更换了物资，原登记作废，另行登记。",
)

PEOPLE = 34  # caring people who give under their own names


def plan(district):
    for month in Month.range(Month(2023, 10), Month.of(district.until)):
        district.timeline.on(month.first, _plan_month, district, month, at="00:10")


# Month after month -------------------------------------------------------------------------------------------


def _plan_month(district, month):
    """Draw the gifts of a month from its own generator: who, what, on which day."""
    rng = district.rng(f"donations:{month}")
    offered, number = SEASONS[month.month]
    number += rng.randint(-2, 3)
    days = sorted(rng.randint(1, month.last.day) for _ in range(number))
    for place, day in enumerate(days):
        received = month.first + timedelta(days=day - 1)
        logged = received + timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 12)))
        at = f"{rng.randint(8, 20):02d}:{rng.randint(0, 59):02d}"
        district.timeline.on(logged, _gift, district, received, offered, rng, place, at=at)


def _gift(district, received, offered, rng, place):
    kind = rng.choice((LineKind.CASH, LineKind.CASH, LineKind.GOODS, LineKind.GOODS, LineKind.GOODS))
    if kind == LineKind.CASH:
        lines = cash(rng.choice(_CASH))
    else:
        chosen = rng.sample(offered, rng.choice((1, 1, 2, 3)))
        lines = [goods(good, rng.randint(*good.amounts), received) for good in chosen]
    note = rng.choice(NOTES[kind])
    roll = rng.random()
    if roll < 0.30:
        donation = _to_own_household(district, received, lines, note, rng)
    elif roll < 0.58:
        donation = _by_organization(district, received, lines, note, rng)
    else:
        donation = _at_association(district, received, lines, note, rng)
    _plan_confirmation(district, donation, rng, place)


def _to_own_household(district, received, lines, note, rng):
    """An organisation brings something to a household it is paired with, in amounts for one household."""
    active = [
        (number, name)
        for (number, name), pairing in district.pairings.items()
        if pairing.state == PairingState.ACTIVE
    ]
    shown = [key for key in active if key[1] == organizations.SHOWN]
    number, name = rng.choice(shown if rng.random() < 0.12 else active)
    by = rng.choice(district.organization_users[name])
    return giving.log_donation(
        by=by,
        donor=giving.donor_for_organization(by.organization, by=by),
        lines=[for_one(line) for line in lines],
        received_on=received,
        route=Route.DIRECT_TO_HOUSEHOLD,
        note=note,
        **for_household(district, number),
    )


def _by_organization(district, received, lines, note, rng):
    organization = district.one_of(district.social_organizations(), rng)
    by = rng.choice(district.organization_users[organization.name])
    if rng.random() < 0.75:
        donor = giving.donor_for_organization(by.organization, by=by)
    else:
        donor = giving.register_donor(by=by, kind=DonorKind.ANONYMOUS)
    route = rng.choice(
        (Route.ASSOCIATION, Route.ASSOCIATION, Route.ASSOCIATION, Route.COMMUNITY_FUND, Route.OTHER_CHARITY)
    )
    meant = {}
    if route == Route.COMMUNITY_FUND:
        community = rng.choice(list(district.communities.values()))
        meant = {"restriction": Restriction.COMMUNITY, "community": community}
    return giving.log_donation(
        by=by, donor=donor, lines=lines, received_on=received, route=route, note=note, **meant
    )


def _at_association(district, received, lines, note, rng):
    """Enterprises, caring people and the nameless come to the charity association."""
    clerk = district.staff["clerk"]
    roll = rng.random()
    if roll < 0.3:
        giver = rng.choice(organizations.ENTERPRISES)
        lines = [larger(line, rng.choice((2, 3, 4))) for line in lines]
    elif roll < 0.85:
        giver = rng.randrange(PEOPLE)
    else:
        giver = None
    return giving.log_donation(
        by=clerk,
        donor=donor_of(district, giver, clerk),
        lines=lines,
        received_on=received,
        route=Route.ASSOCIATION,
        note=note,
        **_restriction(district, received, rng),
    )


def _restriction(district, received, rng):
    roll = rng.random()
    if received.month in (7, 8) and roll < 0.4:
        return {"restriction": Restriction.PROGRAM, "program": district.programs["圆梦大学·成就梦想"]}
    if roll < 0.12:
        return {"restriction": Restriction.PROGRAM, "program": rng.choice(list(district.programs.values()))}
    if roll < 0.22:
        category = rng.choice(
            (HardshipCategory.ORPHAN, HardshipCategory.SEVERE_DISABILITY, HardshipCategory.LIVING_ALONE)
        )
        return {"restriction": Restriction.CATEGORY, "category": category, "declares_no_interest": True}
    return {}


def _plan_confirmation(district, donation, rng, place):
    """Most are confirmed within days; some go back once, one in forty is voided later and never counts."""
    on, day = district.timeline.on, workday(today() + timedelta(days=rng.choice((1, 1, 2, 3))))
    roll = rng.random()
    if roll < 0.06:
        on(day, send_back, district, donation, rng.choice(_RETURNS), at="10:40")
        on(workday(day + timedelta(days=2)), _send_again, district, donation, at="17:20")
        return
    on(day, confirm, district, donation, at=f"{9 + place % 8:02d}:40")
    if roll > 0.975:
        on(workday(day + timedelta(days=6)), _void, district, donation, rng.choice(_VOIDS), at="16:30")
    elif roll > 0.45:
        on(workday(day + timedelta(days=9)), _receipt, district, donation, at="11:20")


def confirm(district, donation):
    """By the association's clerk for what organisations bring there, by the officer for the rest."""
    clerk, officer = district.staff["clerk"], district.staff["officer"]
    by = clerk if donation.route == Route.ASSOCIATION and donation.submitted_by_id != clerk.pk else officer
    giving.confirm_donation(donation, by=by)


def send_back(district, donation, reason):
    giving.return_donation(donation, by=district.staff["officer"], reason=reason)


def _send_again(district, donation):
    lines = [
        Line(
            kind=row.kind,
            value=row.value,
            item=row.item,
            category=row.category,
            quantity=row.quantity,
            unit=row.unit,
            valuation_basis=row.valuation_basis,
            expires_on=row.expires_on,
        )
        for row in donation.lines.all()
    ]
    giving.correct_donation(
        donation,
        by=donation.submitted_by,
        lines=lines,
        household=donation.household,
        note="已按退回意见核对更正。",
    )
    district.timeline.on(workday(today() + timedelta(days=1)), confirm, district, donation, at="09:20")


def _void(district, donation, reason):
    giving.void_donation(donation, by=district.staff["reviewer"], reason=reason)


def _receipt(district, donation):
    """The association notes the official receipt that the finance department's system issued."""
    donation.refresh_from_db()
    if donation.state == DonationState.CONFIRMED and donation.receipt_status == ReceiptStatus.PENDING:
        receipts.note_receipt(
            donation,
            by=district.staff["clerk"],
            status=ReceiptStatus.ISSUED,
            code="62030123",
            number=f"70{donation.code[2:].replace('-', '')}",
        )


# Givers --------------------------------------------------------------------------------------------


def donor_of(district, giver, by):
    """An organisation by name, a caring person by number, or nobody in particular."""
    if giver is None:
        return giving.register_donor(by=by, kind=DonorKind.ANONYMOUS)
    if isinstance(giver, str):
        return giving.donor_for_organization(district.organizations[giver], by=by)
    if giver not in district.donors:
        sex = "male" if giver % 2 else "female"
        district.donors[giver] = giving.register_donor(
            by=by,
            kind=DonorKind.INDIVIDUAL,
            name=district.people.name(sex),
            phone=district.people.phone(),
            agrees_to_be_named=giver % 3 == 0,
        )
    return district.donors[giver]


def for_household(district, number):
    """The fields of a gift that is meant for one household."""
    return {
        "restriction": Restriction.HOUSEHOLD,
        "household": district.households[number],
        "declares_no_interest": True,
    }
