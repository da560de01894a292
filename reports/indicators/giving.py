"""Gifts that are confirmed, and who gave them. A correction counts on its own date, beside the row it corrects."""

from django.db.models import OuterRef, Subquery

from donations.enums import DonationState, DonorKind, LineKind
from donations.models import Adjustment, Donation, DonationLine, Holding

from .definition import Corrected, Indicator

_GIFT = "donation__division"
_WAY = "holding__lot__line__"


def told_by(gift, *, fund, place, program="") -> dict:
    """The breakdowns of what was given and what became of it; ``gift`` leads from a row to its donation."""
    return {
        "route": f"{gift}route",
        "restriction": f"{gift}restriction",
        "donor_kind": f"{gift}donor__kind",
        "fund": fund,
        "program": program or f"{gift}program__code",
        "street": f"{place}__code",
    }


def _holder(lines):
    """The fund that received what stands in these lines first."""
    holdings = Holding.objects.filter(lot__origin=None, received__gt=0, **{f"lot__{lines}": OuterRef("pk")})
    return Subquery(holdings.order_by("pk").values("fund__code")[:1])


def _lines(*kinds):
    return lambda: DonationLine.objects.confirmed().valued().filter(kind__in=kinds)


def _corrections(*kinds):
    return lambda: Adjustment.objects.approved().filter(
        holding__lot__kind__in=kinds,
        holding__lot__origin=None,
        holding__lot__line__donation__state=DonationState.CONFIRMED,
    )


def _given(code, name, definition, *kinds) -> Corrected:
    """元 given, with what was corrected later."""
    return Corrected(
        code,
        name,
        "元",
        definition,
        _lines(*kinds),
        "donation__received_on",
        _GIFT,
        value="value",
        splits=told_by("donation__", fund=_holder("line"), place=_GIFT),
        organization="donation__organization",
        program="donation__program",
        leans=("lots__holdings__fund",),
        way=_WAY,
        corrections=Indicator(
            f"{code}_corrected",
            f"{name}更正",
            "元",
            "已批准的更正，按更正日期计。",
            _corrections(*kinds),
            "adjusted_on",
            f"{_WAY}{_GIFT}",
            value="value",
            splits=told_by(f"{_WAY}donation__", fund="holding__fund__code", place=f"{_WAY}{_GIFT}"),
            organization=f"{_WAY}donation__organization",
            program=f"{_WAY}donation__program",
        ),
    )


def _gifts_of(kind):
    return lambda: Donation.objects.confirmed().filter(donor__kind=kind)


GIVING = (
    _given(
        "donations_cash",
        "捐款",
        "已确认的捐款，按收到日期计，更正按更正日期计；认捐未到账、待确认、退回、作废的不计。",
        LineKind.CASH,
    ),
    _given(
        "donations_goods",
        "捐物折价",
        "已确认捐物的折价，按收到日期计，更正按更正日期计；不计价的物资只列数量，不折算金额。",
        LineKind.GOODS,
    ),
    _given(
        "donations_total",
        "捐款捐物合计",
        "捐款与捐物折价之和，含交慈善组织、公益金的和直接送到关爱户的。",
        LineKind.CASH,
        LineKind.GOODS,
    ),
    Indicator(
        "donations_confirmed_count",
        "捐赠笔数",
        "笔",
        "已确认的捐赠，一次捐赠计一笔，按收到日期计；认捐未到账、待确认、退回、作废的不计。",
        Donation.objects.confirmed,
        "received_on",
        "division",
        splits=told_by("", fund=_holder("line__donation"), place="division"),
        organization="organization",
        program="program",
        leans=("lines__lots__holdings__fund",),
    ),
    Indicator(
        "donations_pledged",
        "认捐未到账",
        "元",
        "已认捐、还没有收到的款物，按认捐日期计；收到后转入捐款捐物，取消的不计。不含在捐款捐物合计之内。",
        lambda: DonationLine.objects.valued().filter(donation__state=DonationState.PLEDGED),
        "donation__pledged_on",
        _GIFT,
        value="value",
        splits={
            name: column
            for name, column in told_by("donation__", fund="", place=_GIFT).items()
            if name != "fund"
        },
        organization="donation__organization",
        program="donation__program",
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
        organization="organization",
        program="program",
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
        organization="organization",
        program="program",
    ),
)
