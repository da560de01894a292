"""What a fund, or all of them together, received, spent and still holds (慈善法 §54), read from the movements of the book.

Values are 元 at the lot's value of today, reckoned exactly and rounded once a cell; what was never valued is told by
quantity, in a table of its own. Voided gifts are in no column. A correction of a value shows beside the gift it corrects.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from jinchuan.shared.clock import today
from jinchuan.shared.fields.exact import exact

from .enums import EFFECTS, DonationState, LineKind, MovementKind, Restriction
from .models import DonationLine, Fund, Holding, Movement

K = MovementKind
LABELS = {
    "opening": "期初余额",
    "cash": "捐款",
    "goods": "捐物折价",
    "proceeds": "变卖所得",
    "moved_in": "转入",
    "adjusted": "更正和盘点",
    "allocated": "分配",
    "delivered": "交付",
    "returned": "退还",
    "written_off": "损耗",
    "sold": "变卖",
    "moved_out": "转出",
    "closing": "期末余额",
    "free": "其中未分配",
}
INCOME = ("cash", "goods", "proceeds", "moved_in", "adjusted")
SPENDING = ("delivered", "returned", "written_off", "sold", "moved_out")
_HELD = ("free", "promised", "in_transit")
# What a movement means for the fund that holds it; goods carried from place to place stay in the fund.
_MEANS = {
    K.ADJUST: [("adjusted", 1)],
    K.COUNT: [("adjusted", 1)],
    K.VOID: [("adjusted", 1)],
    K.ALLOCATE: [("allocated", 1)],
    K.RELEASE: [("allocated", -1)],
    K.HAND_ON: [("moved_out", 1), ("allocated", -1)],
    K.DELIVER: [("delivered", 1)],
    K.TAKE_BACK: [("delivered", -1)],
    K.RETURN: [("returned", 1)],
    K.WRITE_OFF: [("written_off", 1)],
    K.SELL: [("sold", 1)],
}
_CENT = Decimal("0.01")


@dataclass
class Account:
    """One line of the sheet: exact sums by column; read them with ``value``."""

    label: str
    sums: dict = field(default_factory=lambda: defaultdict(Fraction))

    def value(self, column) -> Decimal:
        return rounded(self.exactly(column))

    def exactly(self, column) -> Fraction:
        if column == "closing":
            return self.exactly("opening") + self.total(INCOME) - self.total(SPENDING)
        return self.sums[column]

    def total(self, columns) -> Fraction:
        return sum((self.sums[column] for column in columns), Fraction(0))

    def add(self, other) -> None:
        for column, value in other.sums.items():
            self.sums[column] += value


@dataclass(frozen=True)
class Check:
    """One 钩稽关系 of the statistics form: both sides in 元, and whether it holds."""

    label: str
    left: Decimal
    right: Decimal
    at_most: bool = False

    @property
    def passed(self) -> bool:
        return self.left <= self.right if self.at_most else self.left == self.right


@dataclass(frozen=True)
class Unvalued:
    """Goods without a value: by quantity alone, in no sum."""

    item: str
    unit: str
    received: Decimal
    delivered: Decimal
    left: Decimal


@dataclass(frozen=True)
class BalanceSheet:
    since: date
    until: date
    accounts: list[Account]
    whole: Account
    by_fund: list[Account]
    checks: list[Check]
    unvalued: list[Unvalued]

    @property
    def holds(self) -> bool:
        return all(check.passed for check in self.checks)


def balance_sheet(funds, *, since, until) -> BalanceSheet:
    """The sheet of these funds (a queryset) from a day to a day, both included; one line for each 用途指定 and kind."""
    rows = _movements(funds, since, until)
    by_purpose, by_fund = {}, {}
    for row in rows:
        if row["value"] is None:
            continue
        steps = list(_steps(row))
        purpose = (row["restriction"], row["kind_of_lot"])
        for key, accounts in ((purpose, by_purpose), (row["holding__fund"], by_fund)):
            account = accounts.setdefault(key, Account(""))
            for column, value in steps:
                account.sums[column] += value
    accounts = [_named(by_purpose, (str(r), str(k)), r, k) for r in Restriction for k in LineKind]
    accounts = [account for account in accounts if account]
    whole = Account("合计")
    for account in accounts:
        whole.add(account)
    names = dict(Fund.objects.filter(pk__in=by_fund).order_by("code").values_list("pk", "name"))
    for pk, name in names.items():
        by_fund[pk].label = name
    return BalanceSheet(
        since=since,
        until=until,
        accounts=accounts,
        whole=whole,
        by_fund=[by_fund[pk] for pk in names],
        checks=list(_checks(funds, accounts, whole, since, until)),
        unvalued=_unvalued(rows),
    )


def rounded(value) -> Decimal:
    """An exact sum in 元, rounded once to the 分."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_CENT, ROUND_HALF_UP)


def _movements(funds, since, until) -> list[dict]:
    """Sums of the movements of each lot in each fund by kind, before the period and in it; one query."""
    lot = "holding__lot__"
    rows = Movement.objects.filter(
        holding__fund__in=funds, on__lte=until, **{f"{lot}line__donation__state": DonationState.CONFIRMED}
    )
    rows = rows.order_by().values(
        "holding__fund",
        "holding__lot",
        "kind",
        handed=Q(allocation__isnull=False),
        kind_of_lot=F(f"{lot}kind"),
        item=F(f"{lot}item"),
        unit=F(f"{lot}unit"),
        origin=F(f"{lot}origin"),
        lot_amount=F(f"{lot}amount"),
        more=F(f"{lot}amount_adjusted"),
        value=F(f"{lot}value"),
        dearer=F(f"{lot}value_adjusted"),
        restriction=F(f"{lot}line__donation__restriction"),
    )
    return list(
        rows.annotate(
            before=Coalesce(Sum("amount", filter=Q(on__lt=since)), exact(0)),
            within=Coalesce(Sum("amount", filter=Q(on__gte=since)), exact(0)),
        )
    )


def _steps(row):
    """(column, 元) of one row: what happened before the period is in the opening balance."""
    whole = row["lot_amount"] + row["more"]
    unit = Fraction(row["value"] + row["dearer"]) / Fraction(whole) if whole else Fraction(0)
    before, within = Fraction(row["before"]) * unit, Fraction(row["within"]) * unit
    kind = MovementKind(row["kind"])
    sign = sum(EFFECTS[kind].get(column, 0) for column in _HELD)
    yield "opening", sign * before
    yield "held", sign * (before + within)
    yield "free", EFFECTS[kind].get("free", 0) * (before + within)
    if kind == K.RECEIVE:
        said = Fraction(row["within"]) * Fraction(row["value"]) / Fraction(row["lot_amount"])
        yield "proceeds" if row["origin"] else row["kind_of_lot"], said
        yield "adjusted", within - said
    elif kind == K.MOVE_IN and row["handed"]:
        yield "moved_in", within
    for column, step in _MEANS.get(kind, ()):
        yield column, step * within


def _named(accounts, key, restriction, kind) -> Account | None:
    account = accounts.get(key)
    if account:
        account.label = f"{restriction.label}·{kind.label}"
    return account


def _checks(funds, accounts, whole, since, until):
    """The relations of the statistics form (domain.md 3.3), each against sums that were reckoned another way."""

    def of(columns, rows=(whole,)):
        return rounded(sum((row.total(columns) for row in rows), Fraction(0)))

    yield Check("收入合计＝直接接收＋转入＋变卖所得＋更正", of(INCOME), of(INCOME, accounts))
    yield Check("捐赠合计＝捐款＋捐物折价", _given(funds, since, until), of(("cash", "goods")))
    bound = [row for row in accounts if not row.label.startswith(Restriction.NONE.label)]
    yield Check("定向捐赠不超过捐赠合计", of(("cash", "goods"), bound), of(("cash", "goods")), at_most=True)
    yield Check("支出合计＝交付＋退还＋损耗＋变卖＋转出", of(SPENDING), of(SPENDING, accounts))
    yield Check("期末余额＝期初余额＋收入－支出", whole.value("closing"), rounded(whole.exactly("held")))
    yield Check("未分配不超过期末余额", whole.value("free"), whole.value("closing"), at_most=True)
    if until >= today():
        yield Check("期末余额＝账面结存", whole.value("closing"), _held_now(funds))


def _given(funds, since, until) -> Decimal:
    """元 of the confirmed lines themselves, for the funds that received them first."""
    first = Holding.objects.filter(fund__in=funds, received__gt=0, lot__origin=None).values("lot__line")
    lines = DonationLine.objects.confirmed().filter(
        pk__in=first, donation__received_on__gte=since, donation__received_on__lte=until
    )
    return lines.aggregate(total=Sum("value"))["total"] or Decimal("0.00")


def _held_now(funds) -> Decimal:
    rows = Holding.objects.filter(
        fund__in=funds, lot__value__isnull=False, lot__line__donation__state=DonationState.CONFIRMED
    )
    columns = ("lot__amount", "lot__amount_adjusted", "lot__value", "lot__value_adjusted")
    total = Fraction(0)
    for amount, more, value, dearer, held in rows.values_list(
        *columns, F("free") + F("promised") + F("in_transit")
    ).iterator():
        if amount + more:
            # The sum of three columns comes back in whole hundredths.
            total += Fraction(int(held), 100) * Fraction(value + dearer) / Fraction(amount + more)
    return rounded(total)


def _unvalued(rows) -> list[Unvalued]:
    found = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        if row["value"] is not None:
            continue
        kind, sums = MovementKind(row["kind"]), found[row["item"], row["unit"]]
        if kind == K.RECEIVE:
            sums["received"] += row["within"]
        for column, step in _MEANS.get(kind, ()):
            sums[column] += step * row["within"]
        sign = sum(EFFECTS[kind].get(column, 0) for column in _HELD)
        sums["left"] += sign * (row["before"] + row["within"])
    return [
        Unvalued(item, unit, sums["received"], sums["delivered"], sums["left"])
        for (item, unit), sums in sorted(found.items())
        if sums["received"] or sums["delivered"] or sums["left"]
    ]
