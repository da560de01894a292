"""The donation side of a large district: its register of 1,000,000 gifts, and the way of one gift that was split 10,000 ways.

The baseline of a page is the stock admin over the same tables, with as many rows; the limit is the bare SQL of what the page
shows. Rows are made inside the database, and only when one of these is asked for by name.
"""

import itertools
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.contrib.admin import site
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from cases.models import Household
from donations.models import (
    Allocation,
    Distribution,
    DistributionLine,
    Donation,
    DonationLine,
    Donor,
    DonorNamePart,
    Holding,
)
from donations.tracing import trace
from jinchuan.shared import guards, pinyin
from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.naming import fill_parts
from organizations.models import Division, Organization, User

from . import allocating, submitting
from .care import _table, community, insert, settle
from .measuring import PAGE, Row, interleaved, warmed
from .models import copy_gifts

GIFTS, GIVERS, PARTS = 1_000_000, 20_000, 10_000
BASE = 10_000_000  # ids of what is made here begin above those of anything else
FIRST, DAYS = date(2021, 6, 20), 1_800
THEN = datetime.combine(FIRST, time(9), SHANGHAI)
PART, INITIALS = "秀兰", "wxl"
# Words of remarks: of two characters in 0.05 % of them, of one in as many, of three, and the name of goods in 1 %.
PAIR, SIGN, LONG, GOODS = "轮椅", "椅", "送轮椅", "羽绒被"
_REMARKS = [
    f"{where}{whom}{what}"
    for where in (
        "广州路",
        "北京路",
        "桂林路",
        "滨河路",
        "新华路",
        "昌文里",
        "宝晶里",
        "龙首里",
        "双湾镇",
        "宁远堡镇",
    )
    for whom in (
        "困难家庭",
        "独居老人",
        "残疾居民",
        "困境儿童",
        "低保家庭",
        "退役军人",
        "失独家庭",
        "大病患者",
        "环卫工人",
        "留守老人",
    )
    for what in (
        "冬季取暖",
        "节日慰问",
        "助学",
        "医药费",
        "生活补贴",
        "房屋修缮",
        "米面油",
        "护理用品",
        "日间照料",
        "康复训练",
        "理发洗衣",
        "送餐",
        "心理陪伴",
        "门诊陪同",
        "应急救助",
        "家电维修",
        "春耕物资",
        "图书文具",
        "棉衣棉鞋",
        "代购代办",
    )
]
_REMARKS[1_234] = "北京路残疾居民送轮椅"
_ITEMS = ["大米", "面粉", "食用油", "棉被", "棉衣", "牛奶", "书包", "电热毯", "药箱", GOODS]
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
)
_FIRST, _SECOND = "建德永志长玉生国天根秀桂淑凤菊春素翠兰月", "英兰梅珍花萍娥云福祥"


def first() -> Row:
    return _page("donations.first", "", _register(0))


def deep() -> Row:
    number = Donation.objects.count() // PAGE * 3 // 4 if _filled() else 1
    return _page("donations.deep", f"?p={number}", _register((number - 1) * PAGE))


def by_name() -> Row:
    return _page("donations.name", f"?q={PART}", _register(0, PART))


def by_initials() -> Row:
    return _page("donations.initials", f"?q={INITIALS}", _register(0, INITIALS))


def by_pair() -> Row:
    return _page("donations.zh2", f"?q={PAIR}", _noted(PAIR))


def by_sign() -> Row:
    return _page("donations.zh1", f"?q={SIGN}", _noted(SIGN))


def by_three() -> Row:
    return _page("donations.zh3", f"?q={LONG}", _noted(LONG))


def by_goods() -> Row:
    """In one gift of a hundred: more than are looked up by their keys."""
    return _page("donations.goods", f"?q={GOODS}", _noted(GOODS))


def by_code() -> Row:
    _filled()
    code = Donation.objects.order_by("-pk").values_list("code", flat=True).first()
    return _page(
        "donations.code", f"?q={code}", [("SELECT * FROM donations_donation WHERE code = %s", [code])]
    )


def split() -> Row:
    """What became of one gift; the baseline follows every delivery by itself, the limit adds them up in the database."""
    donation = _split()

    def one_by_one():
        return [
            (line.allocation.holding.lot.code, line.household.community.name, line.amount)
            for line in DistributionLine.objects.filter(allocation__holding__lot__line__donation=donation)[
                :500
            ]
        ]

    sql = (
        "SELECT substr(d.snapshot->>'community', 1, 9), d.amount, count(DISTINCT d.household_id) "
        "FROM donations_distributionline d JOIN donations_allocation a ON a.id = d.allocation_id "
        "JOIN donations_holding h ON h.id = a.holding_id JOIN donations_lot l ON l.id = h.lot_id "
        "JOIN donations_donationline n ON n.id = l.line_id WHERE n.donation_id = %s GROUP BY 1, 2"
    )
    with CaptureQueriesContext(connection) as queries:
        (lot,) = trace(donation).lots
    if sum(group.households or 0 for group in lot.groups) != PARTS:
        raise RuntimeError("the trace does not tell all of them")
    baseline, mine, limit = interleaved(
        one_by_one, lambda: trace(donation), lambda: _run([(sql, [donation.pk])]), rounds=3
    )
    counters = f"{len(queries)} queries; baseline reckoned up from 500 of {PARTS:,}"
    return Row("donations.trace", baseline * PARTS / 500, mine, limit, counters)


# How -------------------------------------------------------------------------------------------------------------


def _register(offset, word="") -> list:
    """The SQL of a page of the register, and of its number of rows."""
    source = "FROM donations_donation d JOIN donations_donor g ON g.id = d.donor_id"
    where, values = "", []
    if word:
        where, values = " WHERE g.name LIKE %s OR g.name_search LIKE %s", [f"%{word}%"] * 2
    shown = (
        "SELECT d.*, g.name, (SELECT sum(value) FROM donations_donationline l WHERE l.donation_id = d.id) "
        f"{source}{where} ORDER BY d.received_on DESC, d.id DESC LIMIT {PAGE} OFFSET {offset}"
    )
    return [(shown, values), (f"SELECT count(*) {source}{where}", values)]


def _noted(word) -> list:
    where = "d.note LIKE %s OR d.id IN (SELECT donation_id FROM donations_donationline WHERE item LIKE %s)"
    shown = (
        "SELECT d.*, g.name FROM donations_donation d JOIN donations_donor g ON g.id = d.donor_id "
        f"WHERE {where} ORDER BY d.received_on DESC, d.id DESC LIMIT {PAGE}"
    )
    values = [f"%{word}%"] * 2
    return [(shown, values), (f"SELECT count(*) FROM donations_donation d WHERE {where}", values)]


@contextmanager
def _hundred_rows():
    """Both show as many."""
    register = site._registry[Donation]
    usual, register.list_per_page = register.list_per_page, PAGE
    try:
        yield
    finally:
        register.list_per_page = usual


def _page(name, query, raw) -> Row:
    _filled()
    with override_settings(ROOT_URLCONF="bench.stock"), _hundred_rows():
        client = Client()
        client.force_login(User.objects.get(username="officer"))

        def asked(address):
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{name}: {response.status_code} for {address}")
            return response

        stock, mine = f"/stock/bench/plaindonation/{query}", f"/admin/donations/donation/{query}"
        asked(mine)
        counts = []
        for address in (stock, mine):
            with CaptureQueriesContext(connection) as queries:
                got = asked(address)
                spent = sum(float(one["time"]) for one in queries.captured_queries) * 1000
                counts.append((len(queries), spent))
        ways = lambda: asked(stock), lambda: asked(mine), lambda: _run(raw)
        warmed(*ways)
        taken = interleaved(*ways)
    (theirs, their_time), (our_number, our_time) = counts
    counters = f"queries {theirs} | {our_number} | {len(raw)}, SQL {their_time:.0f} | {our_time:.0f} ms"
    return Row(name, *taken, f"{counters}, {len(got.content) // 1024} KB")


def _run(statements) -> None:
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
            cursor.fetchall()


def _filled() -> bool:
    if Donation.objects.filter(pk__gte=BASE).exists():
        return True
    county = Division.objects.get(level="county")
    officer, reviewer = (User.objects.get(username=name).pk for name in ("officer", "reviewer"))
    helpers = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    names = [family + one + two for family, one, two in itertools.product(_SURNAMES, _FIRST, _SECOND)]
    _table("bench_gift", "n integer PRIMARY KEY", ((n,) for n in range(GIFTS)))
    _table(
        "bench_giver",
        "n integer PRIMARY KEY, name varchar(50), pinyin varchar(400), search varchar(1000)",
        (
            (n, name, pinyin.pinyin_of(name), pinyin.search_key(name))
            for n, name in enumerate(names[n % len(names)] for n in range(GIVERS))
        ),
    )
    _table(
        "bench_received",
        "n integer PRIMARY KEY, day date",
        ((n, FIRST + timedelta(days=n)) for n in range(DAYS)),
    )
    _table("bench_remark", "n integer PRIMARY KEY, words varchar(60)", enumerate(_REMARKS))
    _table("bench_item", "n integer PRIMARY KEY, name varchar(20)", enumerate(_ITEMS))
    _table("bench_logger", "n integer PRIMARY KEY, pk bigint", enumerate(helpers))
    insert(
        Donor,
        "bench_giver b",
        id=f"{BASE} + b.n",
        kind="'individual'",
        name="b.name",
        name_pinyin="b.pinyin",
        name_search="b.search",
    )
    fill_parts(Donor.objects.filter(pk__gte=BASE), DonorNamePart)
    insert(
        Donation,
        f"bench_gift b JOIN bench_received day ON day.n = (b.n * 7) % {DAYS} "
        f"JOIN bench_logger logger ON logger.n = b.n % {len(helpers)} "
        f"JOIN bench_remark remark ON remark.n = (b.n * 17) % {len(_REMARKS)}",
        id=f"{BASE} + b.n",
        code="'JZ2025-' || (100000 + b.n)",
        trace_code="'T' || b.n",
        donor_id=f"{BASE} + (b.n * 13) % {GIVERS}",
        organization_id="logger.pk",
        division_id=county.pk,
        route="'association'",
        received_on="day.day",
        receipt_status="'pending'",
        state="'confirmed'",
        note="remark.words",
        submitted_at=THEN,
        submitted_by_id=officer,
        confirmed_at=THEN,
        confirmed_by_id=reviewer,
    )
    is_goods = "b.n % 10 = 0"
    insert(
        DonationLine,
        f"bench_gift b JOIN bench_item item ON item.n = (b.n / 10) % {len(_ITEMS)}",
        donation_id=f"{BASE} + b.n",
        kind=f"CASE WHEN {is_goods} THEN 'goods' ELSE 'cash' END",
        item=f"CASE WHEN {is_goods} THEN item.name ELSE '' END",
        quantity=f"CASE WHEN {is_goods} THEN 1 END",
        unit=f"CASE WHEN {is_goods} THEN '件' ELSE '' END",
        valuation_basis=f"CASE WHEN {is_goods} THEN 'invoice' ELSE '' END",
        value="100 + b.n % 5000",
        fixed_at=THEN,
    )
    copy_gifts()
    settle()
    return True


def _split() -> Donation:
    """A gift of which 10,000 households of forty communities got one yuan each. The guards step aside: each of them adds up
    the allocations there are."""
    county = Division.objects.get(level="county")
    officer, _, (holding,) = allocating._ground(1)
    places = [community(county, number) for number in range(40)]
    holding = Holding.objects.get(pk=holding)
    households = Household.objects.bulk_create(
        [
            Household(
                code=f"HB-{n}",
                community=places[n % 40],
                registered_on=FIRST,
                registered_by=officer,
                state="active",
            )
            for n in range(PARTS)
        ],
        batch_size=1_000,
    )
    batch = Distribution.objects.create(
        code="FF-BENCH", held_on=FIRST, division=county, venue="社区", planned_at=THEN, planned_by=officer
    )
    for guard in guards.registered():
        guard.remove(connection)
    try:
        shares = Allocation.objects.bulk_create(
            [
                Allocation(
                    code=f"FB-{n}",
                    holding=holding,
                    target="household",
                    household=household,
                    amount=Decimal(1),
                    delivered=Decimal(1),
                    worth=Decimal(1),
                    proposed_on=FIRST,
                    proposed_at=THEN,
                    proposed_by=officer,
                    approved_at=THEN,
                    approved_by=User.objects.get(username="reviewer"),
                    state="settled",
                )
                for n, household in enumerate(households)
            ],
            batch_size=1_000,
        )
        DistributionLine.objects.bulk_create(
            [
                DistributionLine(
                    distribution=batch,
                    number=n + 1,
                    allocation=share,
                    household=households[n],
                    amount=Decimal(1),
                    value=Decimal(1),
                    snapshot={"community": places[n % 40].code},
                    state="delivered",
                    signing="self",
                    delivered_on=FIRST + timedelta(days=n % 60),
                )
                for n, share in enumerate(shares)
            ],
            batch_size=1_000,
        )
    finally:
        guards.install(guards.registered())
    settle()
    return holding.lot.line.donation


# On the small district; the rest takes minutes.
QUICK = {
    "submit.cash": submitting.cash,
    "submit.goods": submitting.goods,
    "submit.same": submitting.guarded,
    "donations.trace": split,
}
BENCHMARKS = {
    "alloc.hot": allocating.hot,
    "alloc.spread": allocating.spread,
    "donations.first": first,
    "donations.deep": deep,
    "donations.name": by_name,
    "donations.initials": by_initials,
    "donations.code": by_code,
    "donations.zh1": by_sign,
    "donations.zh2": by_pair,
    "donations.zh3": by_three,
    "donations.goods": by_goods,
}
