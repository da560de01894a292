"""What became of the gifts: allocated, delivered, still to be allocated; read from the book (元, households)."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, ExpressionWrapper, F, Q, Sum, When
from django.db.models.functions import Coalesce

from donations.enums import EFFECTS, DonationState, LineKind, TargetKind
from donations.models import Allocation, DistributionLine, Movement
from jinchuan.shared.fields.exact import ExactField, exact

from .definition import Figure, Indicator, Step, part_of
from .giving import told_by

_LOT = "holding__lot__"
_GIFT = f"{_LOT}line__donation__"
_OF_LINE = f"allocation__{_GIFT}"
_OF_LOT = {"lot_amount": F(f"{_LOT}amount")} | {
    name: F(f"{_LOT}{name}") for name in ("value", "value_adjusted", "amount_adjusted")
}
_TAKING = [kind for kind, effect in EFFECTS.items() if effect.get("free") == -1]


def _allocated():
    """What was decided, less what was given up; money for another fund is allocated when that fund spends it."""
    # Money is its own worth; multiplying two amounts of it would leave the range of an integer column.
    kept = Case(
        When(holding__lot__kind=LineKind.CASH, then=F("worth") - F("released")),
        default=F("worth") - F("worth") * F("released") / F("amount"),
    )
    rows = Allocation.objects.counted().exclude(target=TargetKind.FUND).filter(worth__isnull=False)
    return rows.annotate(kept_worth=ExpressionWrapper(kept, ExactField()))


def _deliveries():
    return DistributionLine.objects.delivered().filter(value__isnull=False)


def _free():
    kinds = [kind for kind, effect in EFFECTS.items() if "free" in effect]
    rows = Movement.objects.filter(
        kind__in=kinds,
        holding__lot__value__isnull=False,
        **{f"{_GIFT}state": DonationState.CONFIRMED},
    )
    signed = Case(When(kind__in=_TAKING, then=-F("amount")), default=F("amount"), output_field=ExactField())
    return rows.annotate(step=signed)


class Unallocated(Indicator):
    """元 that nobody has decided about: per lot and fund, what is free at its value, rounded once each."""

    def before(self, days, scope=None) -> list:
        lots = [shares for _, shares in self._by_lot(days, scope)]
        return [sum(shares, self.zero) for shares in zip(*lots, strict=True)] or [self.zero] * len(days)

    def amounts(self, since, until, scope=None) -> dict:
        """By how much what is left of each lot grew or fell in [since, until), for those where it did."""
        found = defaultdict(Decimal)
        for row, (after, then) in self._by_lot((until, since), scope):
            found[row["holding__lot"]] += after - then
        return {lot: amount for lot, amount in found.items() if amount}

    def read_by(self, cuts, scope=None):
        columns = {f"by_{name}": column for name, column in self.splits.items()}
        told = {name: {} for name in self.splits}
        for row, shares in self._by_lot((cuts.end, cuts.month, cuts.month_before), scope, **columns):
            for name, parts in told.items():
                part = part_of(name, row[f"by_{name}"])
                parts[part] = parts.get(part, self._nothing()) + Figure(self, *shares)
        return {name: dict(sorted(parts.items())) for name, parts in told.items()}

    sources = ()

    steps_of = "holding__lot"

    def reads(self):
        return [self._changes()]

    def moving(self, since):
        return [_free().filter(on__gte=since).order_by().values(self.steps_of)]

    def steps(self, end, scope=None, among=None):
        """What the worth of each lot in each fund changed by, on the days on which something was done with it; worth is rounded,
        so a step is what the rounded worth rose or fell by."""
        rows = self._changes(scope).filter(on__lt=end).order_by("holding__lot", "holding__fund", "on")
        if among is not None:
            rows = rows.filter(holding__lot__in=among)
        lot, free, share = None, Decimal(0), 0
        for row in rows.iterator(chunk_size=5000):
            held = (row["holding__lot"], row["holding__fund"])
            if held != lot:
                lot, free, share = held, Decimal(0), 0
            free += row["total"]
            now = int(_share(row, free) * 100)
            if now != share:
                yield Step(
                    row["holding__lot"],
                    row["on"],
                    now - share,
                    row["division"],
                    row["organization"],
                    row["told_unit"],
                    tuple(row[f"by_{name}"] for name in self.splits),
                )
                share = now

    def _changes(self, scope=None):
        """What was done on a day with a lot in a fund, and what the lot is told by."""
        columns = {f"by_{name}": F(column) for name, column in self.splits.items()}
        ways = {"division": F(self.place), "organization": F(self.organization)}
        unit = F(f"{self.organization}__supervising_unit")
        rows = self.queryset(scope).values(
            "holding__lot", "holding__fund", "on", **_OF_LOT, **ways, told_unit=unit, **columns
        )
        return rows.annotate(total=Sum("step"))

    def split(self, by, *, until, scope=None, since=None):
        raise ValueError("what is left belongs to no day; read it at two days and take the difference")

    def _by_lot(self, days, scope, **columns):
        """Each lot with the value of what was free of it before each of the days."""
        cuts = {
            f"before_{n}": Coalesce(Sum("step", filter=Q(on__lt=day)), exact(0)) for n, day in enumerate(days)
        }
        rows = self.queryset(scope).order_by()
        rows = rows.values(
            "holding__lot",
            "holding__fund",
            **_OF_LOT,
            **{name: F(of) for name, of in columns.items()},
        )
        left = rows.annotate(**cuts).exclude(**dict.fromkeys(cuts, exact(0)))
        for row in left:
            yield row, [_share(row, row[cut]) for cut in cuts]

    def _nothing(self) -> Figure:
        return Figure(self, self.zero, self.zero, self.zero)


def _share(row, part) -> Decimal:
    """The worth of a part of a lot."""
    whole = row["lot_amount"] + row["amount_adjusted"]
    worth = row["value"] + row["value_adjusted"]
    return (worth * part / whole if whole else Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


USING = (
    Indicator(
        "allocated_total",
        "已分配",
        "元",
        "已批准分配给关爱户、需求和项目的款物价值，减去取消的部分，按提出日期计；基金之间的拨付不计，不计价的物资不计。",
        _allocated,
        "proposed_on",
        f"{_GIFT}division",
        value="kept_worth",
        splits=told_by(_GIFT, fund="holding__fund__code", place=f"{_GIFT}division", program="program__code"),
        organization=f"{_GIFT}organization",
        program="program",
    ),
    Indicator(
        "delivered_total",
        "已交付",
        "元",
        "已签收（含捐赠方直接送达）的款物价值，含项目支出，按签收日期计；收回的不计，不计价的物资不计。",
        _deliveries,
        "delivered_on",
        f"{_OF_LINE}division",
        value="value",
        splits=told_by(
            _OF_LINE,
            fund="allocation__holding__fund__code",
            place=f"{_OF_LINE}division",
            program="allocation__program__code",
        ),
        organization=f"{_OF_LINE}organization",
        program="allocation__program",
    ),
    Unallocated(
        "unallocated_total",
        "未分配余额",
        "元",
        "已收到、还没有分配的款物价值，是某一日的余额；本月数为余额的增减。不计价的物资不计。",
        _free,
        "on",
        f"{_GIFT}division",
        splits=told_by(_GIFT, fund="holding__fund__code", place=f"{_GIFT}division"),
        organization=f"{_GIFT}organization",
    ),
    Indicator(
        "aid_value",
        "资助资金（含物资折合）",
        "元",
        "关爱户已签收的款物价值，按签收日期和住户所在社区计；项目支出、收回的不计，不计价的物资不计。",
        lambda: _deliveries().filter(household__isnull=False),
        "delivered_on",
        "household__community",
        value="value",
        splits=told_by(_OF_LINE, fund="allocation__holding__fund__code", place="household__community"),
        organization=f"{_OF_LINE}organization",
    ),
    Indicator(
        "households_aided",
        "受助关爱户",
        "户",
        "签收过款物的关爱户，按户去重，计入首次签收的月份。",
        lambda: DistributionLine.objects.delivered().filter(household__isnull=False),
        "delivered_on",
        "household__community",
        key="household",
        splits=told_by(_OF_LINE, fund="allocation__holding__fund__code", place="household__community"),
        organization=f"{_OF_LINE}organization",
    ),
)
