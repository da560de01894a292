"""Gifts of the demo district: the 15余万元 of summer 2023 one by one, then month after month with its seasons."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cases.enums import HardshipCategory, PairingState
from donations import services as giving
from donations.enums import (
    DonationState,
    DonorKind,
    GoodsCategory,
    LineKind,
    ReceiptStatus,
    Restriction,
    Route,
    ValuationBasis,
)
from donations.services import Line
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import organizations
from .timeline import workday

G, V = GoodsCategory, ValuationBasis


@dataclass(frozen=True)
class Good:
    """One kind of goods: name, category, unit, price in 元, and how many are usually given."""

    item: str
    category: G
    unit: str
    price: str
    amounts: tuple[int, int]
    basis: V = V.INVOICE
    keeps_days: int | None = None


FLOUR = Good("面粉（25公斤）", G.FOOD, "袋", "92", (4, 20), keeps_days=360)
RICE = Good("大米（10公斤）", G.FOOD, "袋", "62", (5, 24), keeps_days=360)
OIL = Good("食用油（5升）", G.FOOD, "桶", "68", (4, 24), keeps_days=540)
MILK = Good("纯牛奶（24盒）", G.FOOD, "箱", "58", (4, 20), V.MARKET_PRICE, 180)
DUMPLINGS = Good("速冻饺子", G.FOOD, "袋", "18", (10, 40), V.MARKET_PRICE, 300)
COAL = Good("环保型煤", G.FUEL, "吨", "980", (1, 5), V.DELIVERY_NOTE)
HEATER = Good("电暖器", G.FUEL, "台", "219", (2, 10))
QUILT = Good("棉被", G.CLOTHING, "床", "128", (4, 20))
COAT = Good("羽绒服", G.CLOTHING, "件", "189", (3, 15))
THERMALS = Good("保暖内衣", G.CLOTHING, "套", "85", (5, 20), V.MARKET_PRICE)
SCHOOLBAG = Good("书包文具套装", G.SCHOOL, "套", "76", (5, 24))
BOOKS = Good("少儿读物", G.SCHOOL, "册", "24", (10, 60), V.MARKET_PRICE)
LAMP = Good("护眼台灯", G.SCHOOL, "盏", "109", (3, 12))
WHEELCHAIR = Good("手动轮椅", G.ASSISTIVE, "辆", "560", (1, 4))
STICK = Good("四脚助行拐杖", G.ASSISTIVE, "根", "65", (4, 15), V.MARKET_PRICE)
CARE_PADS = Good("成人护理垫", G.ASSISTIVE, "包", "42", (6, 30), V.MARKET_PRICE)
MEDICINE_BOX = Good("家庭常备药箱", G.MEDICINE, "个", "118", (3, 12), V.INVOICE, 540)
WASHER = Good("洗衣机", G.APPLIANCE, "台", "899", (1, 3))
KETTLE = Good("电水壶", G.APPLIANCE, "个", "79", (3, 12), V.MARKET_PRICE)
TOILETRIES = Good("洗护用品套装", G.DAILY, "套", "45", (6, 30), V.MARKET_PRICE)
COUPLETS = Good("手写春联", G.DAILY, "副", "0", (20, 80), V.UNVALUED)
OLD_CLOTHES = Good("旧衣物（已清洗消毒）", G.CLOTHING, "件", "0", (20, 90), V.UNVALUED)
HANDICRAFT = Good("手工编织毛线帽", G.CLOTHING, "顶", "0", (5, 30), V.UNVALUED)

_ALL_YEAR = (
    FLOUR,
    RICE,
    OIL,
    MILK,
    TOILETRIES,
    STICK,
    CARE_PADS,
    MEDICINE_BOX,
    WHEELCHAIR,
    KETTLE,
    WASHER,
    BOOKS,
    OLD_CLOTHES,
)
_WINTER = (COAL, HEATER, QUILT, COAT, THERMALS, FLOUR, OIL, HANDICRAFT)
_FESTIVAL = (FLOUR, RICE, OIL, DUMPLINGS, MILK, COUPLETS, QUILT)
_SCHOOL = (SCHOOLBAG, BOOKS, LAMP, MILK)

# What is given in a month, and how many gifts there are in it.
SEASONS = {
    1: (_FESTIVAL, 20),
    2: (_FESTIVAL, 13),
    3: (_ALL_YEAR, 11),
    4: (_ALL_YEAR, 9),
    5: (_ALL_YEAR, 12),
    6: (_ALL_YEAR, 11),
    7: (_ALL_YEAR, 10),
    8: (_SCHOOL, 16),
    9: ((*_SCHOOL, MILK, RICE, FLOUR), 13),
    10: (_ALL_YEAR, 12),
    11: (_WINTER, 16),
    12: (_WINTER, 18),
}
_CASH = (200, 300, 500, 500, 600, 800, 1000, 1000, 1000, 1500, 2000, 2000, 3000, 5000)

_NOTES = {
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

# The opening: day, giver, route, 元 or goods with their number. Together 15余万元 by 13 September 2023.
_A, _D = Route.ASSOCIATION, Route.DIRECT_TO_HOUSEHOLD
_OPENING = [
    ("2023-06-28", "金川区丝路商贸流通商会", _A, 20000),
    ("2023-06-30", "金川区麦香源粮油有限公司", _A, [(FLOUR, 60), (OIL, 60)]),
    ("2023-07-04", "金川区驼铃商贸有限责任公司", _A, 10000),
    ("2023-07-07", 0, _A, 500),
    ("2023-07-10", "金川区五金机电商会", _A, 8000),
    ("2023-07-12", "金川区祁连雪乳业有限公司", _A, [(MILK, 120)]),
    ("2023-07-14", "金川区戈壁红徒步运动协会", _D, [(RICE, 2), (OIL, 2)]),
    ("2023-07-18", 1, _A, 1000),
    ("2023-07-19", "金川区镍城餐饮行业协会", _A, 6600),
    ("2023-07-21", "金川区向阳志愿服务协会", _D, 600),
    ("2023-07-25", "金川区锦程物流有限公司", _A, 10000),
    ("2023-07-26", "金川区同行康复服务中心", _D, [(WHEELCHAIR, 1), (CARE_PADS, 10)]),
    ("2023-07-28", "金川区个体经营者联谊会", _A, 5000),
    ("2023-08-01", "金川区雪绒花女性创业协会", _A, [(SCHOOLBAG, 55)]),
    ("2023-08-03", None, _A, 2000),
    ("2023-08-04", "金川区微光公益服务中心", _D, [(FLOUR, 2), (RICE, 2), (OIL, 1)]),
    ("2023-08-08", "金川区丝路商贸流通商会", "圆梦大学·成就梦想", 20000),
    ("2023-08-09", "金川区青年创业联谊会", "圆梦大学·成就梦想", 9000),
    ("2023-08-10", 2, "圆梦大学·成就梦想", 3000),
    ("2023-08-11", "金川区书香阅读推广协会", _A, [(BOOKS, 120), (LAMP, 10)]),
    ("2023-08-15", "金川区家政服务行业协会", _D, 500),
    ("2023-08-16", "金川区暖阳居家养老服务中心", _D, [(CARE_PADS, 20), (TOILETRIES, 6)]),
    ("2023-08-17", 3, _D, 800),
    ("2023-08-18", "金川区物业服务行业协会", _A, 4000),
    ("2023-08-21", "金川区高原蔬菜种植协会", _D, [(RICE, 2), (FLOUR, 2)]),
    ("2023-08-22", "金川区睿思教育培训中心", _D, 1000),
    ("2023-08-23", "金川区恒泽供热服务有限公司", _A, [(HEATER, 30)]),
    ("2023-08-25", 4, _A, 600),
    ("2023-08-28", "金川区肉羊养殖协会", _D, 1200),
    ("2023-08-29", "金川区星光残疾人托养中心", _D, [(WHEELCHAIR, 1), (STICK, 2)]),
    ("2023-08-30", "金川区蒲公英儿童成长中心", _D, [(SCHOOLBAG, 2), (LAMP, 1), (BOOKS, 20)]),
    ("2023-09-01", None, _A, 1000),
    ("2023-09-04", "金川区老兵先锋志愿者协会", _D, 1500),
    ("2023-09-05", "金川区康宁护理服务中心", _D, [(MEDICINE_BOX, 2), (CARE_PADS, 8)]),
    ("2023-09-06", 5, _A, 1000),
    ("2023-09-07", "金川区驼铃商贸有限责任公司", _A, [(QUILT, 55), (TOILETRIES, 55)]),
    ("2023-09-08", "金川区晚晴老年互助协会", _D, [(MILK, 2), (RICE, 1)]),
    ("2023-09-11", "金川区启明职业技能培训学校", _A, 3000),
    ("2023-09-12", "金川区巧手残疾人就业帮扶中心", _A, [(HANDICRAFT, 40)]),
    ("2023-09-13", 6, _A, 500),
    # Between the press report and the end of the month only little, so that the month too says 15余万元.
    ("2023-09-18", 7, _A, 300),
    ("2023-09-20", "金川区向阳志愿服务协会", _D, [(MILK, 2)]),
    ("2023-09-25", None, _A, 200),
    ("2023-09-27", "金川区微光公益服务中心", _D, 500),
]


def plan(district):
    for place, (written, giver, route, gift) in enumerate(_OPENING):
        day = date.fromisoformat(written)
        lines = _cash(gift) if isinstance(gift, int) else [goods(good, count, day) for good, count in gift]
        district.timeline.on(
            day, _opening_gift, district, place, giver, route, lines, at=f"{9 + place % 8:02d}:15"
        )
    for month in Month.range(Month(2023, 10), Month.of(district.until)):
        district.timeline.on(month.first, _plan_month, district, month, at="00:10")


# The opening -------------------------------------------------------------------------------------------------


def _opening_gift(district, place, giver, route, lines):
    meant = {}
    if route == _D:
        number = _household_of(district, giver, place)
        meant = _for_household(district, number)
    elif route in district.programs:
        meant = {"restriction": Restriction.PROGRAM, "program": district.programs[route]}
        route = _A
    clerk, officer = district.staff["clerk"], district.staff["officer"]
    by = officer if route == _D else clerk
    donation = giving.log_donation(
        by=by,
        donor=_donor(district, giver, by),
        lines=lines,
        received_on=today(),
        route=route,
        note=_NOTES[lines[0].kind][place % 6],
        **meant,
    )
    confirmer = district.staff["reviewer"] if by is officer else officer
    giving.confirm_donation(donation, by=confirmer)


def _household_of(district, giver, place) -> int:
    """The household the giver means to pair with; somebody else's gift goes to any of the opening."""
    for number, name in district.pairings:
        if name == giver:
            return number
    return place % 50


def _for_household(district, number):
    return {
        "restriction": Restriction.HOUSEHOLD,
        "household": district.households[number],
        "declares_no_interest": True,
    }


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
        lines = _cash(rng.choice(_CASH))
    else:
        chosen = rng.sample(offered, rng.choice((1, 1, 2, 3)))
        lines = [goods(good, rng.randint(*good.amounts), received) for good in chosen]
    note = rng.choice(_NOTES[kind])
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
        lines=[_for_one(line) for line in lines],
        received_on=received,
        route=Route.DIRECT_TO_HOUSEHOLD,
        note=note,
        **_for_household(district, number),
    )


def _by_organization(district, received, lines, note, rng):
    organization = district.one_of(district.social_organizations(), rng)
    by = rng.choice(district.organization_users[organization.name])
    if rng.random() < 0.75:
        donor = giving.donor_for_organization(by.organization, by=by)
    else:
        donor = giving.register_donor(by=by, kind=DonorKind.ANONYMOUS)
    route = rng.choice((_A, _A, _A, Route.COMMUNITY_FUND, Route.OTHER_CHARITY))
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
        lines = [_larger(line, rng.choice((2, 3, 4))) for line in lines]
    elif roll < 0.85:
        giver = rng.randrange(PEOPLE)
    else:
        giver = None
    return giving.log_donation(
        by=clerk,
        donor=_donor(district, giver, clerk),
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
        on(day, _send_back, district, donation, rng.choice(_RETURNS), at="10:40")
        on(workday(day + timedelta(days=2)), _send_again, district, donation, at="17:20")
        return
    on(day, _confirm, district, donation, at=f"{9 + place % 8:02d}:40")
    if roll > 0.975:
        on(workday(day + timedelta(days=6)), _void, district, donation, rng.choice(_VOIDS), at="16:30")
    elif roll > 0.45:
        on(workday(day + timedelta(days=9)), _receipt, district, donation, at="11:20")


def _confirm(district, donation):
    """By the association's clerk for what organisations bring there, by the officer for the rest."""
    clerk, officer = district.staff["clerk"], district.staff["officer"]
    by = clerk if donation.route == _A and donation.submitted_by_id != clerk.pk else officer
    giving.confirm_donation(donation, by=by)


def _send_back(district, donation, reason):
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
    district.timeline.on(workday(today() + timedelta(days=1)), _confirm, district, donation, at="09:20")


def _void(district, donation, reason):
    giving.void_donation(donation, by=district.staff["reviewer"], reason=reason)


def _receipt(district, donation):
    """The association notes the official receipt that the finance department's system issued."""
    donation.refresh_from_db()
    if donation.state == DonationState.CONFIRMED and donation.receipt_status == ReceiptStatus.PENDING:
        giving.note_receipt(
            donation,
            by=district.staff["clerk"],
            status=ReceiptStatus.ISSUED,
            code="62030123",
            number=f"{7_000_000 + donation.pk:010d}",
        )


# Givers and lines --------------------------------------------------------------------------------------------


def _donor(district, giver, by):
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


def _cash(amount):
    return [Line(kind=LineKind.CASH, value=Decimal(amount))]


def goods(good, count, day):
    return Line(
        kind=LineKind.GOODS,
        item=good.item,
        category=good.category,
        quantity=Decimal(count),
        unit=good.unit,
        value=None if good.basis == V.UNVALUED else Decimal(good.price) * count,
        valuation_basis=good.basis,
        expires_on=day + timedelta(days=good.keeps_days) if good.keeps_days else None,
    )


def _for_one(line):
    """What one household gets of it: a few pieces, or a modest sum."""
    if line.kind == LineKind.CASH:
        return replace(line, value=min(line.value, Decimal(1000)))
    count = min(line.quantity, Decimal(2))
    return _with_quantity(line, count)


def _larger(line, times):
    if line.kind == LineKind.CASH:
        return replace(line, value=line.value * times)
    return _with_quantity(line, line.quantity * times)


def _with_quantity(line, count):
    value = None if line.value is None else line.value / line.quantity * count
    return replace(line, quantity=count, value=value)
