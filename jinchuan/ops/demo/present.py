"""What lies open now: households found lately, intentions that wait for an answer, gifts and sessions of these days.

All of it is dated by the month and not by the day, so that one month always shows the same.
"""

import uuid
from datetime import timedelta

from donations.enums import Route
from donations.services import gifts as giving
from jinchuan.intake.services import save_draft
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import donations, goods, households, organizations, pairings, service
from .sessions import SESSIONS

_STREET_COMMUNITY = "620302001001"
# Numbers far behind those of the story: one to verify, one that waits for a helper, two with an intention.
_UNVERIFIED, _UNPAIRED, _INTENDED, _ASKED = range(900, 904)
_SHOWN = organizations.SHOWN
_CARE, _READING, _DINING, _DOCTOR = SESSIONS[0], SESSIONS[3], SESSIONS[2], SESSIONS[5]


def plan(district):
    month = Month.of(district.until)
    if month < Month(2024, 1):
        return
    before, first = month.previous.last, month.first
    for place, number in enumerate((_UNVERIFIED, _UNPAIRED, _INTENDED, _ASKED)):
        households.plan_household(
            district,
            number,
            month.previous.first + timedelta(days=2 + place),
            verified=number != _UNVERIFIED,
            community=_STREET_COMMUNITY if place < 2 else None,
        )
    on = district.timeline.on
    on(before, _intend, district, _INTENDED, None, at="10:10")
    on(before, _intend, district, _ASKED, _SHOWN, at="10:20")
    _plan_gifts(district, on, before, first)
    _plan_sessions(district, on, before, first)
    on(first, _begin_a_form, district, at="00:50")


def _plan_gifts(district, on, before, first):
    """One that came back, some that wait, and the first ones of this month."""
    on(before - timedelta(days=2), _gift, district, _SHOWN, [(goods.QUILT, 3)], _return_gift, at="19:10")
    on(before, _gift, district, _SHOWN, [(goods.RICE, 10), (goods.OIL, 10)], at="19:20")
    on(before, _gift, district, "金川区物业服务行业协会", 2000, at="19:30")
    on(before, _gift, district, "金川区微光公益服务中心", [(goods.MILK, 12)], at="20:05")
    on(first, _gift, district, "金川区镍城餐饮行业协会", 3000, donations.confirm, at="00:31")
    on(first, _gift, district, "金川区雪绒花女性创业协会", [(goods.COAT, 6)], donations.confirm, at="00:32")
    on(first, _gift, district, _SHOWN, 600, donations.confirm, at="00:33")
    on(first, _gift, district, "金川区老兵先锋志愿者协会", [(goods.FLOUR, 10)], at="00:34")


def _plan_sessions(district, on, before, first):
    on(before - timedelta(days=1), _session, district, _SHOWN, _READING, _return_session, at="20:10")
    on(before, _session, district, _SHOWN, _CARE, at="20:20")
    on(before, _session, district, "金川区康宁护理服务中心", _DOCTOR, at="20:30")
    on(first, _session, district, _SHOWN, _DINING, service.confirm, at="00:41")
    on(first, _session, district, "金川区春晖社会工作服务中心", _READING, service.confirm, at="00:42")
    on(first, _session, district, "金川区暖阳居家养老服务中心", _CARE, service.confirm, at="00:43")


def _intend(district, number, name):
    name = name or pairings.with_room(district, number, number)
    pairings.intend(district, number, name, today() + timedelta(days=60))


def _gift(district, name, gift, afterwards=None):
    """Something an organisation logs on the day for the association; what comes of it, if anything has yet."""
    by = district.organization_users[name][-1]
    lines = goods.cash(gift) if isinstance(gift, int) else [goods.goods(*each, today()) for each in gift]
    donation = giving.log_donation(
        by=by,
        donor=giving.donor_for_organization(by.organization, by=by),
        lines=lines,
        received_on=today(),
        route=Route.ASSOCIATION,
    )
    if afterwards:
        afterwards(district, donation)


def _session(district, name, session, afterwards=None):
    rng = district.rng(f"present:{name}:{session.title}")
    activity = service.log_session(district, session, district.organizations[name], today(), rng)
    if afterwards:
        afterwards(district, activity)


def _return_gift(district, donation):
    donations.send_back(district, donation, "请补充棉被的购买发票，并核对数量后重新提交。")


def _return_session(district, activity):
    service.send_back(district, activity, "请补充孩子们共读的书目，并核对签到时间后重新提交。")


def _begin_a_form(district):
    """Begun on the bus, not sent yet: the member finds it again at the top of the list."""
    save_draft(
        uuid.UUID(int=district.rng("draft").getrandbits(128), version=4),
        by=district.organization_users[_SHOWN][-1],
        form="donations:cash",
        content={"amount": ["800"], "received_on": [str(today())], "note": ["会员自愿捐款"]},
        title="记捐款 800",
    )
