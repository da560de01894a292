"""Gifts that are confirmed, and who gave them."""

from donations.enums import DonorKind, LineKind
from donations.models import Donation, DonationLine

from .definition import Indicator

_GIFT = "donation__division"


def _lines(*kinds):
    return lambda: DonationLine.objects.confirmed().valued().filter(kind__in=kinds)


def _gifts_of(kind):
    return lambda: Donation.objects.confirmed().filter(donor__kind=kind)


GIVING = (
    Indicator(
        "donations_cash",
        "捐款",
        "元",
        "已确认的捐款，按收到日期计；认捐未到账、待确认、退回、作废的不计。",
        _lines(LineKind.CASH),
        "donation__received_on",
        _GIFT,
        value="value",
    ),
    Indicator(
        "donations_goods",
        "捐物折价",
        "元",
        "已确认捐物的折价，按收到日期计；不计价的物资只列数量，不折算金额。",
        _lines(LineKind.GOODS),
        "donation__received_on",
        _GIFT,
        value="value",
    ),
    Indicator(
        "donations_total",
        "捐款捐物合计",
        "元",
        "捐款与捐物折价之和，含交慈善组织、公益金的和直接送到关爱户的。",
        _lines(LineKind.CASH, LineKind.GOODS),
        "donation__received_on",
        _GIFT,
        value="value",
    ),
    Indicator(
        "donor_enterprises",
        "爱心企业",
        "家",
        "有已确认捐赠的企业，按家去重，计入首次捐赠的月份。",
        _gifts_of(DonorKind.ENTERPRISE),
        "received_on",
        "division",
        key="donor",
    ),
    Indicator(
        "donor_individuals",
        "爱心人士",
        "名",
        "有已确认捐赠的个人，按人去重，计入首次捐赠的月份；匿名捐赠无法分辨人数，不计。",
        _gifts_of(DonorKind.INDIVIDUAL),
        "received_on",
        "division",
        key="donor",
    ),
)
