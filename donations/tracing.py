"""What became of a gift, line by line, down to “12 户，每户 2 袋”; and, the other way, who stands behind what a household got.

A ``Trace`` holds no household, no exact day, no place below the street, and no count of households below three, so it may
be shown to whoever holds the gift's code. Every gift takes part in the same few queries, however it was split.
"""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from cases import merging
from jinchuan.shared import money
from jinchuan.shared.codes import normalised
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import quantity
from organizations.models import Division

from .enums import DonationState
from .models import DistributionLine, Donation, Holding, Lot
from .models.gifts import TRACE_CODE_LENGTH
from .naming import public_name

FEWEST = 3  # households that may be counted in print
HIDDEN = f"不足 {FEWEST} 户"
UNKNOWN_PLACE = "辖区内"

# Where a part of a lot can be, in the order in which it is told. Goods in stock are called so, money is not.
WHEREABOUTS = {
    "delivered": ("已送到", "已送到"),
    "in_transit": ("正在发放", "正在发放"),
    "promised": ("已安排，待发放", "已安排，待发放"),
    "free": ("尚未安排", "在库，尚未安排"),
    "returned": ("已退还捐赠人", "已退还捐赠人"),
    "written_off": ("已核销", "损坏或过期核销"),
    "sold": ("已变卖", "已变卖，所得见下"),
}


@dataclass(frozen=True)
class Part:
    """How much of a lot is somewhere."""

    where: str
    label: str
    amount: Decimal


@dataclass(frozen=True)
class Group:
    """Households of one street that received in one month: ``each`` where it is the same for all of them.

    ``households`` None: fewer than three, and then no amount is told either.
    """

    month: str
    place: str
    households: int | None
    each: Decimal | None
    total: Decimal | None


@dataclass(frozen=True)
class Spending:
    """What a programme spent on its beneficiaries in a month."""

    month: str
    program: str
    total: Decimal


@dataclass(frozen=True)
class TracedLot:
    """One line of the gift, or what was got for it when it was sold."""

    code: str
    item: str
    unit: str
    is_cash: bool
    given: Decimal
    corrected: Decimal
    value: Decimal | None
    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    spendings: tuple[Spending, ...]
    proceeds: tuple["TracedLot", ...]

    def written(self, amount) -> str:
        return f"{money.yuan(amount)} 元" if self.is_cash else f"{quantity(amount)} {self.unit}"

    @property
    def gift(self) -> str:
        return self.written(self.given + self.corrected)

    @property
    def told_parts(self) -> list[tuple[str, str]]:
        return [(part.label, self.written(part.amount)) for part in self.parts]

    @property
    def told_groups(self) -> list[tuple[str, str, str]]:
        """(month, place, “12 户，每户 2 袋”)."""
        return [(group.month, group.place, self._told(group)) for group in self.groups]

    @property
    def told_spendings(self) -> list[tuple[str, str, str]]:
        return [(one.month, one.program, self.written(one.total)) for one in self.spendings]

    def _told(self, group) -> str:
        if group.households is None:
            return HIDDEN
        if group.each is not None:
            return f"{group.households} 户，每户 {self.written(group.each)}"
        return f"{group.households} 户，共 {self.written(group.total)}"


@dataclass(frozen=True)
class Trace:
    """A gift and what became of it, as anybody may see it who holds its code."""

    code: str
    month: str
    donor: str
    route: str
    restriction: str
    state: str
    state_label: str
    lots: tuple[TracedLot, ...]

    @property
    def is_confirmed(self) -> bool:
        return self.state == DonationState.CONFIRMED

    @property
    def every_lot(self) -> list[TracedLot]:
        """With what was got for the sold ones, each after its origin."""
        return [one for lot in self.lots for one in (lot, *lot.proceeds)]

    def as_json(self) -> dict:
        return _plain(asdict(self))


def trace(donation) -> Trace:
    return traces_of([donation])[0]


def traces_of(donations) -> list[Trace]:
    """The traces of several gifts, in their order. Five queries, however many lines and deliveries."""
    ids = [one.pk for one in donations]
    gifts = Donation.objects.select_related("donor").in_bulk(ids)
    confirmed = [pk for pk in ids if gifts[pk].state == DonationState.CONFIRMED]
    lots = defaultdict(list)
    for lot in _lots(confirmed):
        lots[lot[0]].append(lot[1])
    return [_trace(gifts[pk], tuple(lots[pk])) for pk in ids]


def find(typed) -> Donation | None:
    """The gift with this code, as it was typed or scanned."""
    return Donation.objects.filter(trace_code=normalised(typed, TRACE_CODE_LENGTH) or None).first()


# From the household back -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Help:
    """One thing a household received. ``giver`` is the name where it may be named, else its kind."""

    day: date
    item: str
    amount: str
    value: Decimal | None
    giver: str
    donation: str
    delivery: str


def help_received(household) -> list[Help]:
    """What reached a household, with the households merged into it; the newest first."""
    lot = "allocation__holding__lot"
    giver = f"{lot}__line__donation__donor"
    lines = (
        DistributionLine.objects.delivered()
        .filter(household__in=merging.whole_life(household))
        .select_related("distribution", f"{lot}__line__donation__donor")
        .only(
            *("number", "delivered_on", "amount", "value", "distribution__code"),
            *(f"{lot}__{name}" for name in ("kind", "item", "unit", "line__donation__code")),
            *(f"{giver}__{name}" for name in ("kind", "name", "agrees_to_be_named")),
        )
        .order_by("-delivered_on", "-pk")
    )
    return [_help(line) for line in lines]


def _help(line) -> Help:
    lot = line.allocation.holding.lot
    donation = lot.line.donation
    return Help(
        day=line.delivered_on,
        item=lot.item,
        amount=f"{money.yuan(line.amount)} 元" if lot.is_cash else f"{quantity(line.amount)} {lot.unit}",
        value=line.value,
        giver=public_name(donation.donor),
        donation=donation.code,
        delivery=str(line),
    )


# Building --------------------------------------------------------------------------------------------------------


def _trace(donation, lots) -> Trace:
    return Trace(
        code=donation.code,
        month=Month.of(donation.received_on).label if donation.received_on else "",
        donor=public_name(donation.donor),
        route=donation.get_route_display(),
        restriction=donation.get_restriction_display(),
        state=donation.state,
        state_label=donation.get_state_display(),
        lots=lots,
    )


def _lots(donations):
    """(donation, traced lot) of every line; what was got for sold goods hangs on its origin."""
    if not donations:
        return
    rows = list(
        Lot.objects.filter(line__donation__in=donations).order_by("pk").select_related("line__donation")
    )
    parts = _parts(donations)
    groups, spendings = _deliveries(donations)
    children = defaultdict(list)
    for row in rows:
        children[row.origin_id].append(row)

    def build(row) -> TracedLot:
        held = parts.get(row.pk, {})
        return TracedLot(
            code=row.code,
            item=row.item,
            unit=row.unit,
            is_cash=row.is_cash,
            given=row.amount,
            corrected=row.amount_adjusted,
            value=row.worth,
            parts=tuple(
                Part(where, labels[0 if row.is_cash else 1], held[where])
                for where, labels in WHEREABOUTS.items()
                if held.get(where)
            ),
            groups=tuple(groups.get(row.pk, ())),
            spendings=tuple(spendings.get(row.pk, ())),
            proceeds=tuple(build(child) for child in children[row.pk]),
        )

    for row in children[None]:
        yield row.line.donation_id, build(row)


def _parts(donations) -> dict:
    """lot → where → how much, over all funds and places."""
    sums = (
        Holding.objects.filter(lot__line__donation__in=donations)
        .order_by()
        .values("lot")
        .annotate(**{f"all_{where}": Sum(where) for where in WHEREABOUTS})
    )
    return {row["lot"]: {where: row[f"all_{where}"] for where in WHEREABOUTS} for row in sums}


def _deliveries(donations) -> tuple[dict, dict]:
    """lot → groups of households; lot → what programmes spent."""
    got, spent = defaultdict(Counter), defaultdict(Counter)
    rows = (
        DistributionLine.objects.delivered()
        .filter(allocation__holding__lot__line__donation__in=donations)
        .order_by()
        .values_list(
            "allocation__holding__lot",
            "delivered_on",
            "snapshot__community",
            "household",
            "allocation__program__name",
            "amount",
        )
    )
    for lot, day, community, household, program, amount in rows.iterator():
        month = Month.of(day)
        if household is None:
            spent[lot][month, program or ""] += amount
        else:
            got[lot, month, f"{community or ''}"[:9]][household] += amount
    names = _names({street for _, _, street in got})
    groups, spendings = defaultdict(list), defaultdict(list)
    for lot, month, street in sorted(got):
        by_household = got[lot, month, street]
        place = names.get(street, UNKNOWN_PLACE)
        groups[lot] += _counted(month.label, place, by_household)
    for lot, by_program in spent.items():
        spendings[lot] = [
            Spending(month.label, program, total) for (month, program), total in sorted(by_program.items())
        ]
    return groups, spendings


def _counted(month, place, by_household):
    """Households that got the same are counted together; the others together too; fewer than three are not counted."""
    classes = Counter(by_household.values())
    others = []
    for amount, households in sorted(classes.items(), reverse=True):
        if households >= FEWEST:
            yield Group(month, place, households, amount, amount * households)
        else:
            others += [amount] * households
    if len(others) >= FEWEST:
        yield Group(month, place, len(others), None, sum(others))
    elif others:
        yield Group(month, place, None, None, None)


def _names(streets) -> dict:
    """Nine digits → the street or town. Households live in communities, whose twelve begin with their street's nine."""
    codes = [f"{street}000" for street in streets if len(street) == 9]
    return {row.code[:9]: row.short_name for row in Division.objects.filter(code__in=codes)}


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
