"""What donations tells of organisations that take part, and of programmes: gifts given, allocated, delivered."""

from decimal import Decimal

from django.db.models import Q, Sum

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, badge, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.money import yuan
from organizations.facts import ORGANIZATIONS, PROGRAMS, Column

from .enums import LineKind, TargetKind
from .models import Allocation, DistributionLine, Donation, DonationLine

SHOWN = 100


def gifts_of_organizations(keys, *, since, until) -> dict:
    """Money and goods (元) that an organisation logged and the bureau confirmed, received within the days."""
    rows = DonationLine.objects.confirmed().filter(
        donation__organization__in=keys, donation__received_on__range=(since, until)
    )
    sums = (
        rows.order_by()
        .values("donation__organization")
        .annotate(
            cash=Sum("value", filter=Q(kind=LineKind.CASH)), goods=Sum("value", filter=Q(kind=LineKind.GOODS))
        )
    )
    return {row["donation__organization"]: (row["cash"], row["goods"]) for row in sums}


def gifts_of_programs(keys) -> dict:
    """元 that were allocated to a programme, and that it has spent; what was given up again is taken off."""
    allocated = dict.fromkeys(keys, Decimal(0))
    rows = Allocation.objects.counted().filter(
        target=TargetKind.PROGRAM, program__in=keys, worth__isnull=False
    )
    for row in rows.values("program", "worth", "amount", "released"):
        allocated[row["program"]] += row["worth"] - row["worth"] * row["released"] / row["amount"]
    spent = (
        DistributionLine.objects.delivered()
        .filter(allocation__target=TargetKind.PROGRAM, allocation__program__in=keys, value__isnull=False)
        .order_by()
        .values("allocation__program")
        .annotate(total=Sum("value"))
    )
    delivered = {row["allocation__program"]: row["total"] for row in spent}
    return {key: (allocated[key].quantize(Decimal("0.01")), delivered.get(key)) for key in keys}


def declare() -> None:
    ORGANIZATIONS.register(
        40,
        (Column("捐款", "元", "捐赠（元）"), Column("捐物折价", "元", "捐赠（元）")),
        gifts_of_organizations,
    )
    PROGRAMS.register(30, (Column("分配款物", "元"), Column("已交付款物", "元")), gifts_of_programs)


@site.panel("organizations.mobilization")
def gifts_after(request, mobilization):
    """Confirmed gifts of the invited organisations in the days after, in the order of their codes."""
    if not request.user.has_perm("donations.view_donation"):
        return None
    rows = (
        Donation.objects.visible_to(request.user)
        .confirmed()
        .filter(
            organization__mobilization_invitations__mobilization=mobilization,
            received_on__range=(mobilization.held_on, mobilization.followed_until),
        )
        .for_list()
        .order_by("organization__code", "received_on", "id")
    )
    return Panel(
        "后续：捐款捐物",
        ("社会组织", "捐赠", "日期", "捐款（元）", "捐物折价（元）"),
        [
            (
                one.organization.name,
                Cell(one.code, row_link(one)),
                zh(one.received_on),
                Cell(_amount(one.cash_value), figure=True),
                Cell(_amount(one.goods_value), figure=True),
            )
            for one in rows[:SHOWN]
        ],
        empty="这段时间受邀的组织没有已确认的捐赠。",
        note=f"{zh(mobilization.held_on)}至{zh(mobilization.followed_until)}，按组织编号排列，不分先后。",
    )


@site.panel("cases.studentaid")
def gifts_for_student(request, aid):
    """What was allocated to the programme, and to the student's household, since the school year began."""
    if not request.user.has_perm("donations.view_allocation"):
        return None
    rows = (
        Allocation.objects.visible_to(request.user)
        .counted()
        .filter(
            Q(program=aid.program) | Q(household=aid.member.household), proposed_on__year__gte=aid.school_year
        )
        .select_related("holding__lot", "household", "program")
        .order_by("proposed_on", "id")
    )
    return Panel(
        "分配的款物",
        ("分配", "分配给", "款物", "价值（元）", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                str(one.household or one.program),
                str(one.holding.lot),
                Cell(_amount(one.worth), figure=True),
                badge(one),
            )
            for one in rows[:SHOWN]
        ],
        empty="还没有给这个项目或这一户分配款物。",
    )


def _amount(value) -> str:
    return yuan(value) if value else "--"
