"""The gifts of summer 2023, one by one: together the 15余万元 of the press report."""

from datetime import date

from donations.enums import Restriction, Route
from donations.services import gifts as giving
from jinchuan.shared.clock import today

from .donations import NOTES, donor_of, for_household
from .goods import (
    BOOKS,
    CARE_PADS,
    FLOUR,
    HANDICRAFT,
    HEATER,
    LAMP,
    MEDICINE_BOX,
    MILK,
    OIL,
    QUILT,
    RICE,
    SCHOOLBAG,
    STICK,
    TOILETRIES,
    WHEELCHAIR,
    cash,
    goods,
)

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
        lines = cash(gift) if isinstance(gift, int) else [goods(good, count, day) for good, count in gift]
        district.timeline.on(day, _give, district, place, giver, route, lines, at=f"{9 + place % 8:02d}:15")


def _give(district, place, giver, route, lines):
    meant = {}
    if route == _D:
        number = _household_of(district, giver, place)
        meant = for_household(district, number)
    elif route in district.programs:
        meant = {"restriction": Restriction.PROGRAM, "program": district.programs[route]}
        route = _A
    clerk, officer = district.staff["clerk"], district.staff["officer"]
    by = officer if route == _D else clerk
    donation = giving.log_donation(
        by=by,
        donor=donor_of(district, giver, by),
        lines=lines,
        received_on=today(),
        route=route,
        note=NOTES[lines[0].kind][place % 6],
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
