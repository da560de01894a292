"""What is made public of the gifts (慈善组织信息公开办法): givers by name only where they agreed, no household at all, and
corrections told as such instead of overwriting."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from jinchuan.shared.dates import zh

from .enums import LineKind, Restriction
from .models import Adjustment, DistributionLine, Donation, DonationLine
from .naming import public_name

HIDDEN = "不足3"
BOUND, FREE = "定向", "非定向"
UNVALUED = "不计价"
CASH = "捐款"


@dataclass(frozen=True)
class Span:
    """From one day to another, both included: what a list is asked for. Its ``pk`` tells it apart, as a row's does."""

    since: date
    until: date

    @classmethod
    def of(cls, pk) -> "Span":
        return cls(*(date.fromisoformat(day) for day in pk.split("-")))

    @property
    def pk(self) -> str:
        return f"{self.since:%Y%m%d}-{self.until:%Y%m%d}"

    def __str__(self):
        return f"{zh(self.since)}至{zh(self.until)}"


@dataclass(frozen=True)
class Gift:
    """One line of the list: who, what, how much, when, for a stated use or not."""

    number: int
    giver: str
    item: str
    quantity: Decimal | None
    unit: str
    value: Decimal | None
    on: date
    bound: str


@dataclass(frozen=True)
class Correction:
    """更正说明: the gift stays in the list as it was published."""

    code: str
    giver: str
    item: str
    quantity: Decimal
    unit: str
    value: Decimal
    on: date


@dataclass(frozen=True)
class Use:
    """What was handed over, by kind: how much, its value, and to how many households; fewer than 3 are not told."""

    item: str
    unit: str
    quantity: Decimal
    value: Decimal | None
    households: str


@dataclass(frozen=True)
class Disclosure:
    since: date
    until: date
    gifts: list[Gift]
    corrections: list[Correction]
    uses: list[Use]
    totals: dict[str, Decimal]


def disclosure(donations, lines, *, since, until) -> Disclosure:
    """The list for a period, both days included, of these gifts and deliveries (querysets of what may be seen)."""
    gifts = list(_gifts(donations, since, until))
    zero = Decimal("0.00")
    return Disclosure(
        since=since,
        until=until,
        gifts=gifts,
        corrections=list(_corrections(donations, since, until)),
        uses=list(_uses(lines, since, until)),
        totals={
            bound: sum((gift.value for gift in gifts if gift.bound == bound and gift.value), zero)
            for bound in (BOUND, FREE)
        },
    )


def visible_disclosure(user, span: Span) -> Disclosure:
    """The list of what this person may see."""
    return disclosure(
        Donation.objects.visible_to(user),
        DistributionLine.objects.visible_to(user),
        since=span.since,
        until=span.until,
    )


def hidden_below_three(count) -> str:
    return HIDDEN if 0 < count < 3 else str(count)


def _bound(donation) -> str:
    return FREE if donation.restriction == Restriction.NONE else BOUND


def _gifts(donations, since, until):
    rows = DonationLine.objects.confirmed().filter(
        donation__in=donations, donation__received_on__gte=since, donation__received_on__lte=until
    )
    rows = rows.select_related("donation__donor").order_by("donation__received_on", "donation__code", "pk")
    for number, line in enumerate(rows.iterator(), start=1):
        cash = line.kind == LineKind.CASH
        yield Gift(
            number=number,
            giver=public_name(line.donation.donor),
            item=CASH if cash else line.item,
            quantity=None if cash else line.quantity,
            unit="" if cash else line.unit,
            value=line.value,
            on=line.donation.received_on,
            bound=_bound(line.donation),
        )


def _corrections(donations, since, until):
    rows = Adjustment.objects.approved().filter(
        holding__lot__line__donation__in=donations.confirmed(), adjusted_on__gte=since, adjusted_on__lte=until
    )
    for row in rows.select_related("holding__lot__line__donation__donor").order_by("adjusted_on", "code"):
        lot = row.holding.lot
        yield Correction(
            code=row.code,
            giver=public_name(lot.line.donation.donor),
            item=lot.item,
            quantity=row.amount,
            unit=lot.unit,
            value=row.value,
            on=row.adjusted_on,
        )


def _uses(lines, since, until):
    lot = "allocation__holding__lot__"
    rows = DistributionLine.objects.delivered().filter(
        pk__in=lines.order_by().values("pk"), delivered_on__gte=since, delivered_on__lte=until
    )
    found = (
        rows.order_by()
        .values(f"{lot}item", f"{lot}unit")
        .annotate(total=Sum("amount"), total_value=Sum("value"), households=Count("household", distinct=True))
    )
    for row in found.order_by(f"{lot}item", f"{lot}unit"):
        yield Use(
            item=row[f"{lot}item"],
            unit=row[f"{lot}unit"],
            quantity=row["total"],
            value=row["total_value"],
            households=hidden_below_three(row["households"]),
        )
