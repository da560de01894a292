"""What becomes of the demo district's gifts: allocated month by month, handed out with sheets to sign, called back; and once
each what goes wrong: goods sold, spoiled, given back, a wrong sum put right, another purpose, a count that differs.

What is allocated is old enough that nobody voids it any more.
"""

from datetime import date, timedelta
from decimal import Decimal

from cases.enums import PairingState
from donations.enums import (
    DeliveryState,
    DisposalKind,
    FundKind,
    GoodsCategory,
    LineKind,
    PlaceKind,
    Restriction,
    Route,
    Signing,
    VerificationResult,
)
from donations.models import DistributionLine, Holding
from donations.services import (
    allocations,
    corrections,
    distributions,
    funds,
    gifts,
    purposes,
    stock,
    verifications,
)
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import donations, goods
from .timeline import workday

PLACE, STUDENT_AID = "金川区慈善库房", "“圆梦大学”助学金"
SETTLED_AFTER = timedelta(days=18)
SHARES = 3  # households that a month's goods are shared among
_SCHOOLING = "圆梦大学·成就梦想"
_SPENT_ON = ("助老护小", "乐享银龄", "残疾人手工坊")
_RECIPIENTS = {
    "助老护小": "独居、空巢老人 12 人（送餐和理发）",
    "乐享银龄": "社区老人 30 人（健康讲座和活动）",
    "残疾人手工坊": "残疾人学员 9 人（编织材料）",
    _SCHOOLING: "家庭经济困难大学新生 6 人",
}
_LASTING = (GoodsCategory.SCHOOL, GoodsCategory.CLOTHING, GoodsCategory.DAILY)


def plan(district):
    on = district.timeline.on
    on(date(2023, 6, 27), _found, district, at="16:30")
    for month in Month.range(Month(2023, 7), Month.of(district.until)):
        day = workday(month.first + timedelta(days=14))
        on(day, _month, district, month, at="15:10")
    last = Month.of(district.until)
    if last < Month(2024, 7):
        return
    on(date(2023, 12, 28), _count, district, Decimal(1), at="15:40")
    on(date(2024, 1, 24), _right_a_wrong_sum, district, at="10:30")
    on(date(2024, 3, 21), _write_off, district, at="16:10")
    on(date(2024, 4, 18), _sell, district, at="16:10")
    on(date(2024, 5, 23), _give_back, district, at="16:10")
    on(date(2024, 6, 20), _change_purpose, district, at="16:10")
    on(last.previous.first + timedelta(days=23), _count, district, Decimal(0), at="15:50")
    on(last.previous.first + timedelta(days=9), _pledge, district, at="10:10")
    on(last.first, _today_out, district, at="00:45")


def _found(district):
    """Where the goods lie, and the fund for students; the accounts open by themselves."""
    clerk = district.staff["clerk"]
    district.warehouse = funds.add_place(
        by=clerk, kind=PlaceKind.WAREHOUSE, name=PLACE, division=district.home, keeper="马建国"
    )
    district.student_aid = funds.open_fund(
        by=clerk,
        kind=FundKind.STUDENT_AID,
        name=STUDENT_AID,
        division=district.home,
        rule_document="“圆梦大学”助学金管理办法（2023年6月）",
    )


# Month after month -------------------------------------------------------------------------------------------


def _month(district, month):
    """Money to a programme and a household. Goods: in one month to a few households with a sheet to sign, in the next to a
    programme as a whole; twice a year the hand-over is called back."""
    rng = district.rng(f"using:{month}")
    _spend(district, month, rng)
    sources = _free(LineKind.GOODS, least=SHARES)
    if sources and month.month % 2 == 0:
        name = _SPENT_ON[month.month % 3]
        _hand_over(
            district,
            sources[0],
            sources[0].free,
            program=district.programs[name],
            recipient=_RECIPIENTS[name],
        )
    elif sources:
        line = _hand_out(district, sources[: 1 + (month.month % 6 == 3)], rng)
        if month.month % 6 == 3:
            day = workday(today() + timedelta(days=6))
            district.timeline.on(day, _call_back, district, line.distribution, rng, at="09:50")


def _free(kind, *, least=1, restriction=Restriction.NONE):
    """What the association holds since long enough, the largest value first and among equals the oldest."""
    rows = Holding.objects.filter(
        lot__kind=kind,
        lot__opened_on__lte=today() - SETTLED_AFTER,
        fund__kind=FundKind.ASSOCIATION,
        free__gte=least,
        lot__line__donation__restriction=restriction,
    ).exclude(lot__expires_on__lt=today() + timedelta(days=20))
    return list(rows.select_related("lot__line__donation", "fund", "place").order_by("-lot__value", "pk")[:4])


def _spend(district, month, rng):
    """Money: for students what is given for them in summer, else a programme and a household in need."""
    clerk, officer = district.staff["clerk"], district.staff["officer"]
    bound = _free(LineKind.CASH, restriction=Restriction.PROGRAM)[:1]
    for source in bound:
        program = source.lot.line.donation.program
        _hand_over(district, source, source.free, program=program, recipient=_RECIPIENTS[program.name])
    free = _free(LineKind.CASH)
    if month.month == 8 and free:
        row = allocations.propose_allocation(
            free[0], by=clerk, amount=free[0].free, fund=district.student_aid, note="秋季助学"
        )
        _approve(district, row)
        free = free[1:]
    if free:
        name = _SPENT_ON[month.month % 3]
        source = free[0]
        _hand_over(
            district, source, source.free, program=district.programs[name], recipient=_RECIPIENTS[name]
        )
    if len(free) > 1 and month.month % 2:
        amount = min(free[1].free, Decimal(rng.choice((500, 800, 1000))))
        _hand_over(district, free[1], amount, household=_household(district, rng)[1])
    held = Holding.objects.filter(fund=district.student_aid, free__gt=0).select_related("lot", "fund").first()
    if held and month.month == 9:
        program = district.programs[_SCHOOLING]
        row = allocations.propose_allocation(held, by=clerk, amount=held.free, program=program)
        row = _approve(district, row)
        distributions.hand_over(
            row,
            by=officer,
            delivered_on=today(),
            signing=Signing.PROXY,
            venue="金川区慈善协会",
            people="汤丽萍",
            recipient=_RECIPIENTS[_SCHOOLING],
        )


def _approve(district, row):
    row = allocations.approve_allocation(row, by=district.staff["officer"])
    if row.needs_second and not row.seconded_at:
        row = allocations.approve_allocation(row, by=district.staff["reviewer"])
    return row


def _hand_over(district, source, amount, *, household=None, program=None, recipient=""):
    row = allocations.propose_allocation(
        source, by=district.staff["clerk"], amount=amount, household=household, program=program
    )
    row = _approve(district, row)
    distributions.hand_over(
        row,
        by=district.staff["clerk"],
        delivered_on=today(),
        signing=Signing.SELF if household else Signing.PROXY,
        venue="金川区慈善协会",
        people="汤丽萍",
        recipient=recipient,
    )


def _household(district, rng):
    """Any that somebody helps."""
    numbers = sorted(
        {number for (number, _), pairing in district.pairings.items() if pairing.state == PairingState.ACTIVE}
    )
    number = rng.choice(numbers)
    return number, district.households[number]


def _hand_out(district, sources, rng, *, out_only=False):
    """A batch with a sheet: planned, sent out and signed the same afternoon; one in nine was not at home."""
    clerk = district.staff["clerk"]
    households = {}
    while len(households) < SHARES:
        number, household = _household(district, rng)
        households[number] = household
    rows = []
    for source in sources:
        if source.place_id is None:
            source = stock.transfer(source, by=clerk, place=district.warehouse, amount=source.free)
        each = max(Decimal(1), min(Decimal(8), source.free // len(households)))
        for household in list(households.values())[: int(source.free // each)]:
            row = allocations.propose_allocation(source, by=clerk, amount=each, household=household)
            rows.append(_approve(district, row))
    batch = distributions.plan_distribution(
        by=clerk, held_on=today(), venue=f"{PLACE}门前", division=district.home, people="汤丽萍、马建国"
    )
    lines = [distributions.add_line(batch, by=clerk, allocation=row) for row in rows]
    batch = distributions.send_out(batch, by=clerk)
    for place, line in enumerate(lines):
        line = DistributionLine.objects.get(pk=line.pk)
        if out_only and place % 2:
            continue
        if not out_only and rng.random() < 0.06:
            distributions.note_undelivered(
                line, by=clerk, state=DeliveryState.UNDELIVERABLE, note="两次上门家中无人，带回库房。"
            )
            continue
        told = {"signing": Signing.SELF, "receiver_name": _head_of(line.household)}
        if rng.random() < 0.2:
            told = {
                "signing": Signing.FAMILY,
                "receiver_name": district.people.name("male"),
                "relation": "儿子",
            }
        distributions.note_delivered(line, by=clerk, delivered_on=today(), **told)
    if not out_only:
        distributions.close_distribution(batch, by=clerk)
    return lines[0]


def _head_of(household) -> str:
    return household.members.order_by("pk").values_list("name", flat=True).first()


def _call_back(district, distribution, rng):
    """Everybody drawn received it; once, in the second winter, somebody did not."""
    officer = district.staff["officer"]
    for drawn in verifications.draw_sample(distribution, by=officer, lot=rng):
        told = {"result": VerificationResult.RECEIVED}
        if (today().year, today().month) == (2025, 3):
            told = {
                "result": VerificationResult.NOT_RECEIVED,
                "note": "老人说没有领到，经查由邻居代领后忘了转交，当日已送到。",
            }
        verifications.note_call(drawn, by=officer, **told)


# Once each ---------------------------------------------------------------------------------------------------


def _decide(decide, row, district):
    decide(row, by=district.staff["officer"], approve=True)


def _dispose(district, source, kind, amount, reason, **fields):
    row = corrections.propose_disposal(
        source, by=district.staff["clerk"], kind=kind, amount=amount, reason=reason, **fields
    )
    _decide(corrections.decide_disposal, row, district)


def _write_off(district):
    for source in _of_category(GoodsCategory.FOOD)[:1]:
        amount = min(source.free, Decimal(4))
        _dispose(
            district, source, DisposalKind.SPOILED, amount, "库房管道漏水，包装浸湿不能食用，已拍照留存。"
        )


def _sell(district):
    for source in _of_category(*_LASTING)[:1]:
        amount = min(source.free, Decimal(10))
        worth = source.lot.worth * amount / source.lot.amount
        proceeds = (worth * Decimal("0.8")).quantize(Decimal("0.01"))
        reason = "尺寸与关爱户需要不符，按八折在慈善超市变卖，所得仍用于原用途。"
        _dispose(district, source, DisposalKind.SOLD, amount, reason, proceeds=proceeds)


def _give_back(district):
    for source in _free(LineKind.CASH)[:1]:
        amount = min(source.free, Decimal(500))
        _dispose(
            district, source, DisposalKind.RETURNED, amount, "捐赠人重复转账，按其书面申请退还多转的部分。"
        )


def _of_category(*categories):
    rows = Holding.objects.filter(
        fund__kind=FundKind.ASSOCIATION,
        free__gte=1,
        lot__value__isnull=False,
        lot__line__category__in=categories,
        lot__line__donation__restriction=Restriction.NONE,
        lot__opened_on__lte=today() - SETTLED_AFTER,
    )
    return list(rows.select_related("lot", "fund", "place").order_by("-lot__opened_on", "pk")[:1])


def _right_a_wrong_sum(district):
    """A sum that was typed with one digit too many is put right beside the gift."""
    for source in _free(LineKind.CASH)[-1:]:
        row = corrections.propose_adjustment(
            source,
            by=district.staff["clerk"],
            amount=Decimal(-20),
            reason="银行回单实到金额少 20 元（转账手续费），按实到数更正。",
        )
        _decide(corrections.decide_adjustment, row, district)


def _change_purpose(district):
    """What was given for one programme goes to another, as the giver agreed."""
    rows = Holding.objects.filter(
        free__gt=0,
        fund__kind=FundKind.ASSOCIATION,
        lot__line__donation__restriction=Restriction.PROGRAM,
        lot__opened_on__lte=today() - SETTLED_AFTER,
    ).select_related("lot__line__donation__program")
    source = rows.order_by("lot__opened_on", "pk").first()
    if source is None:
        return
    donation = source.lot.line.donation
    others = [program for program in district.programs.values() if program.pk != donation.program_id]
    row = purposes.propose_purpose_change(
        donation,
        by=district.staff["clerk"],
        consented_on=today() - timedelta(days=2),
        consent_evidence="捐赠人书面同意书（存协会）",
        reason="原项目本年度物资已满足需要。",
        restriction=Restriction.PROGRAM,
        program=others[0],
    )
    _decide(purposes.decide_purpose_change, row, district)


def _count(district, missing):
    """A stock-take; at the first one something was missing."""
    held = Holding.objects.in_stock().filter(place=district.warehouse).order_by("pk")
    counts = {row: row.free + row.promised for row in held.select_related("lot")[:12]}
    if not counts:
        return
    for row in counts:
        if missing and row.free >= missing:
            counts[row] -= missing
            break
    take = stock.count_stock(
        district.warehouse, by=district.staff["clerk"], counted_on=today(), counts=counts, reason="年末盘点"
    )
    _decide(stock.decide_stock_take, take, district)


def _pledge(district):
    """Promised, and not come yet."""
    clerk = district.staff["clerk"]
    gifts.pledge_donation(
        by=clerk,
        donor=donations.donor_of(district, "金川区丝路商贸流通商会", clerk),
        lines=goods.cash(20000),
        pledged_on=today(),
        expected_on=today() + timedelta(days=45),
        route=Route.ASSOCIATION,
        note="年会上认捐，协议一式两份。",
    )


def _today_out(district):
    """A batch that is out at the end of the history, half of it signed."""
    sources = _free(LineKind.GOODS, least=SHARES)[:1]
    if sources:
        _hand_out(district, sources, district.rng("using:today"), out_only=True)
