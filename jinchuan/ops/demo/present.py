"""What lies open now: households found lately, an intention that waits for an answer, a gift that came back.

All of it is dated by the month and not by the day, so that one month always shows the same.
"""

from datetime import timedelta
from decimal import Decimal

from donations import services as giving
from donations.enums import LineKind, Route
from donations.services import Line
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import donations, households, organizations, pairings

_STREET_COMMUNITY = "620302001001"
# Numbers far behind those of the story: one to verify, one that waits for a helper, two with an intention.
_UNVERIFIED, _UNPAIRED, _INTENDED, _ASKED = range(900, 904)


def plan(district):
    month = Month.of(district.until)
    if month < Month(2024, 1):
        return
    last, first = month.previous.last, month.first
    for place, number in enumerate((_UNVERIFIED, _UNPAIRED, _INTENDED, _ASKED)):
        households.plan_household(
            district,
            number,
            month.previous.first + timedelta(days=2 + place),
            verified=number != _UNVERIFIED,
            community=_STREET_COMMUNITY if place < 2 else None,
        )
    on = district.timeline.on
    on(last, _intend, district, _INTENDED, None, at="10:10")
    on(last, _intend, district, _ASKED, organizations.SHOWN, at="10:20")
    on(last - timedelta(days=2), _gift, district, donations.QUILT, 3, _send_back, at="19:10")
    on(last, _gift, district, donations.RICE, 10, None, at="19:20")
    on(first, _gift, district, None, 600, None, at="00:05")


def _intend(district, number, name):
    name = name or pairings.with_room(district, number, number)
    pairings.intend(district, number, name, today() + timedelta(days=60))


def _gift(district, good, count, afterwards):
    """A gift that the member of the shown organisation logged and that is not confirmed yet."""
    _, member = district.organization_users[organizations.SHOWN]
    lines = (
        [donations.goods(good, count, today())] if good else [Line(kind=LineKind.CASH, value=Decimal(count))]
    )
    donation = giving.log_donation(
        by=member,
        donor=giving.donor_for_organization(member.organization, by=member),
        lines=lines,
        received_on=today(),
        route=Route.ASSOCIATION,
    )
    if afterwards:
        afterwards(district, donation)


def _send_back(district, donation):
    giving.return_donation(
        donation, by=district.staff["officer"], reason="请补充棉被的购买发票，并核对数量后重新提交。"
    )
