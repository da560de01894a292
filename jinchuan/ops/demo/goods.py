"""What people give: kinds of goods with their prices, what is given in which season, and the lines of a gift."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from donations.enums import GoodsCategory, LineKind, ValuationBasis
from donations.services.gifts import Line

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


def cash(amount):
    """The lines of a gift of money, in 元."""
    return [Line(kind=LineKind.CASH, value=Decimal(amount))]


def goods(good, count, day):
    """A line of so many pieces, given on a day: food and medicine keep for a while from then on."""
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


def for_one(line):
    """What one household gets of it: a few pieces, or a modest sum."""
    if line.kind == LineKind.CASH:
        return replace(line, value=min(line.value, Decimal(1000)))
    count = min(line.quantity, Decimal(2))
    return _with_quantity(line, count)


def larger(line, times):
    if line.kind == LineKind.CASH:
        return replace(line, value=line.value * times)
    return _with_quantity(line, line.quantity * times)


def _with_quantity(line, count):
    value = None if line.value is None else line.value / line.quantity * count
    return replace(line, quantity=count, value=value)
