"""Needs of the demo district: raised by the street workers, claimed by organisations, met, or not."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cases.enums import ClaimState, HouseholdState, MatterKind
from cases.models import CareNeed, Household, Pairing
from cases.services import needs
from cases.services import visits as visiting
from jinchuan.shared.clock import today
from organizations.enums import NeedCode

from . import care
from .timeline import workday

N, M = NeedCode, MatterKind


@dataclass(frozen=True)
class Wish:
    """One kind of need: what organisations read of it (nobody is named), what staff know, how it is settled."""

    need: N
    public: str
    known: str
    quantity: int
    unit: str
    settled: str
    kind: M = M.DIFFICULTY_SOLVED
    urgent: bool = False


WISHES = (
    Wish(N.WINTER_WARMTH, "一位独居老人需要厚棉被", "现用的被子薄，夜里冷。", 2, "床", "送去两床厚棉被，铺好试过。"),
    Wish(N.ASSISTIVE_DEVICE, "一位行动不便的老人需要助行器", "扶着墙走，容易摔倒。", 1, "个", "送去助行器，教会使用。"),
    Wish(N.TUTORING, "一名初中生需要数学辅导", "数学跟不上，家里没有人能辅导。", 8, "次", "八次数学辅导已完成。", M.DEED_DONE),
    Wish(N.SCHOOLING, "两个上学的孩子需要书包和文具", "书包已旧，文具不全。", 2, "套", "送去书包文具两套。", M.DEED_DONE),
    Wish(N.HOUSING, "一户老人的卫生间需要装扶手", "地面滑，洗澡不放心。", 2, "处", "装好两处扶手，铺了防滑垫。"),
    Wish(N.LIVING_SUPPLIES, "一户低收入家庭需要米面油", "本月开销大，口粮紧。", 3, "份", "送去米面油三份。", M.DEED_DONE),
    Wish(N.DAILY_CARE, "一位卧床老人需要定期理发擦身", "家属体弱，翻身擦洗有困难。", 6, "次", "六次上门理发擦身已完成。", M.DEED_DONE),
    Wish(N.MEDICAL, "一位老人需要陪同到市里复查", "子女在外地，不会用挂号机。", 1, "次", "陪同复查，代取药回家。", M.DEED_DONE, True),
    Wish(N.COMPANIONSHIP, "一位失去老伴的老人需要有人常来说说话", "近来不愿出门。", 4, "次", "四次上门陪伴，已愿意到活动室。", M.DEED_DONE),
    Wish(N.EMPLOYMENT, "一位照顾家人的母亲想做居家手工", "白天离不开家。", 1, "份", "介绍了居家手工，按件结算。"),
    Wish(N.WINTER_WARMTH, "一户农村老人需要取暖煤", "存煤只够半个月。", 1, "吨", "送煤一吨，码放整齐。", urgent=True),
    Wish(N.LEGAL, "一个家庭需要咨询抚养费问题", "对方三个月没有给抚养费。", 1, "次", "律师接待，已帮助写好申请。"),
    Wish(N.COUNSELLING, "一名孩子需要心理辅导", "不爱说话，老师建议疏导。", 4, "次", "四次辅导已完成，愿意和同学玩了。", M.DEED_DONE),
    Wish(N.POLICY, "一户家庭需要帮助申请临时救助", "不清楚要哪些材料。", 1, "次", "备齐材料，已经受理。", M.POLICY_DELIVERED),
)  # fmt: skip

_FROM, _EVERY = date(2023, 8, 9), 28
# Still open or claimed on the last day: so many of the latest.
_OPEN, _CLAIMED = 8, 4


def plan(district):
    day, number = _FROM, 0
    while day <= district.until - timedelta(days=30):
        district.timeline.on(workday(day), raise_one, district, number, _take_up, at="15:10")
        day, number = day + timedelta(days=_EVERY), number + 1
    last = district.until - timedelta(days=1)
    for place in range(_OPEN + _CLAIMED):
        then = _claim_and_hold if place >= _OPEN else None
        at = f"{10 + place // 2}:{place * 4:02d}"
        district.timeline.on(last, raise_one, district, 300 + place, then, at=at)


def raise_one(district, number, then):
    """One household in the programme needs something; ``then`` says what comes of it."""
    household = _somebody(district, number)
    if household is None:
        return
    wish = WISHES[number % len(WISHES)]
    need = needs.raise_need(
        by=district.worker_of(household.community),
        household=household,
        need=wish.need,
        public_words=wish.public,
        description=wish.known,
        quantity=Decimal(wish.quantity),
        unit=wish.unit,
        is_urgent=wish.urgent,
        due_on=today() + timedelta(days=20 + number * 7 % 40),
    )
    if then:
        then(district, need, wish, number)


def _somebody(district, number):
    rows = Household.objects.filter(state=HouseholdState.ACTIVE).select_related("community__parent")
    rows = list(rows.exclude(needs__in=CareNeed.objects.unmet()).order_by("pk"))
    return rows[number * 13 % len(rows)] if rows else None


def _take_up(district, need, wish, number):
    """Most are claimed by the household's own partner and settled; some lapse, come back, or are taken back."""
    on, day = district.timeline.on, today()
    claimed = workday(day + timedelta(days=3 + number % 5))
    if number % 11 == 7:
        on(day + timedelta(days=25), _withdraw, district, need, at="11:15")
        return
    on(claimed, _claim, district, need, at="16:40")
    if number % 9 == 4:
        on(claimed + timedelta(days=4), _release, district, need, at="17:10")
        on(workday(claimed + timedelta(days=6)), _claim, district, need, at="16:45")
    if number % 9 == 5:  # nothing comes of it: the hold runs out, and the bureau sees to it itself
        on(claimed + timedelta(days=16), needs.expire_claims, at="02:55")
        on(workday(claimed + timedelta(days=18)), _settle_ourselves, district, need, wish, at="15:45")
        return
    on(workday(claimed + timedelta(days=8)), _settle, district, need, wish, at="17:20")


def _partner(need):
    pairing = Pairing.objects.active().auxiliary().filter(household=need.household).order_by("pk").first()
    return pairing.organization if pairing else None


def _claim(district, need, quantity=None, **hold):
    need.refresh_from_db()
    organization = _partner(need)
    if organization and need.state == "open" and organization.is_approved:
        needs.claim_need(
            need, by=district.speaker_of(organization), quantity=quantity or need.open_quantity, **hold
        )


def _claim_and_hold(district, need, wish, number):
    """Claimed on the last day of the story, one of them only in part; the hold outlasts any day of this month."""
    part = Decimal(1) if number % 2 and wish.quantity > 1 else None
    _claim(district, need, part, hold_until=today() + timedelta(days=45))


def _release(district, need):
    claim = need.claims.live().first()
    if claim:
        needs.release_claim(
            claim, by=district.speaker_of(claim.organization), reason="人手调不开，先让给别的组织。"
        )


def _withdraw(district, need):
    need.refresh_from_db()
    if need.state in ("open", "claimed"):
        needs.withdraw_need(need, by=district.staff["officer"], reason="子女已经自行解决。")


def _settle(district, need, wish):
    need.refresh_from_db()
    claim = need.claims.filter(state=ClaimState.LIVE).first()
    organization = _partner(need)
    if claim is None or organization != claim.organization:
        _settle_ourselves(district, need, wish)
        return
    _log(district, district.speaker_of(organization), need, wish)


def _settle_ourselves(district, need, wish):
    need.refresh_from_db()
    if need.state in ("open", "claimed"):
        _log(district, district.staff["officer"], need, wish)


def _log(district, by, need, wish):
    matter = visiting.log_matter(
        by=by,
        household=need.household,
        settled_on=today(),
        need=need,
        kind=wish.kind,
        description=wish.settled,
    )
    later = workday(today() + timedelta(days=2))
    district.timeline.on(later, _confirm, district, matter, at="09:35")


def _confirm(district, matter):
    visiting.confirm_matter(matter, by=care.confirmer_of(district, matter))
