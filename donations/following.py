"""What becomes of gifts for a household that turns out to be another one, or whose names are wiped."""

from django.db.models import Q, Sum

from cases import merging, retaining
from cases.retaining import NAMELESS
from cases.services.recent_help import Help
from organizations.enums import NeedCode

from .enums import DonationState, GoodsCategory, LineKind
from .models import (
    Allocation,
    AllocationTransition,
    DistributionLine,
    DistributionLineTransition,
    Donation,
    DonationLine,
    PurposeChange,
    Verification,
)

_FIXED = (DonationState.CONFIRMED, DonationState.VOIDED)


def follow(merge) -> None:
    """Gifts nobody has confirmed yet follow. Confirmed ones are fixed in the database: they stay with the household they were
    logged for, which points to the kept one (``cases.merging.whole_life`` finds both)."""
    gifts = Donation.objects.filter(household=merge.duplicate)
    gifts.exclude(state__in=_FIXED).update(household=merge.kept)
    merge.leave("donations.Donation.household", gifts.filter(state__in=_FIXED).count())


def follow_use(model):
    """What is meant for the household, or was handed to it, follows: the sheet and its number stay what they were."""

    def follow(merge) -> None:
        model.objects.filter(household=merge.duplicate).update(household=merge.kept)

    return follow


def value_delivered(households):
    """元 that was signed for there."""
    return (
        DistributionLine.objects.delivered()
        .filter(household__in=households)
        .aggregate(total=Sum("value"))["total"]
    )


def value(households):
    """元 given to these households, whatever the state of the gift."""
    return DonationLine.objects.filter(donation__household__in=households).aggregate(total=Sum("value"))[
        "total"
    ]


# Which goods are the same kindness as which need.
_GOODS_FOR = {
    NeedCode.LIVING_SUPPLIES: (
        GoodsCategory.FOOD,
        GoodsCategory.CLOTHING,
        GoodsCategory.DAILY,
        GoodsCategory.APPLIANCE,
    ),
    NeedCode.WINTER_WARMTH: (GoodsCategory.FUEL, GoodsCategory.CLOTHING),
    NeedCode.MEDICAL: (GoodsCategory.MEDICINE,),
    NeedCode.SCHOOLING: (GoodsCategory.SCHOOL,),
    NeedCode.ASSISTIVE_DEVICE: (GoodsCategory.ASSISTIVE,),
}


def recent_gifts(household, need_code, since, until) -> list[Help]:
    """Help of that kind that was handed to the household in these days, both included, or was logged as given to it and
    waits for confirmation; no giver is named."""
    return [
        *_handed_over(household, need_code, since, until),
        *_logged(household, need_code, since, until),
    ]


def _handed_over(household, need_code, since, until):
    way = "allocation__holding__lot__"
    lines = DistributionLine.objects.delivered().filter(
        _same_kindness(need_code, kind=f"{way}kind", category=f"{way}line__category"),
        household=household,
        delivered_on__gte=since,
        delivered_on__lte=until,
    )
    lines = lines.select_related("distribution", "allocation__holding__lot").defer("receiver_name")
    return [Help(line.delivered_on, line.allocation.holding.lot.item, str(line)) for line in lines]


def _logged(household, need_code, since, until):
    lines = DonationLine.objects.filter(
        _same_kindness(need_code, kind="kind", category="category"),
        donation__household=household,
        donation__received_on__gte=since,
        donation__received_on__lte=until,
        donation__state=DonationState.SUBMITTED,
    ).select_related("donation")
    return [
        Help(line.donation.received_on, line.item or line.get_kind_display(), line.donation.code)
        for line in lines
    ]


def _same_kindness(need_code, *, kind, category) -> Q:
    same = Q(**{f"{category}__in": _GOODS_FOR.get(need_code, ())})
    return same | Q(**{kind: LineKind.CASH}) if need_code == NeedCode.CASH_RELIEF else same


def wipe_notes(household) -> None:
    """What was noted beside a gift for the household, or beside its delivery, may say whom it was for, as the name of who
    signed does; the gift, the delivery and their sums stay."""
    Donation.objects.filter(household=household).update(note="")
    lines = DistributionLine.objects.filter(household=household)
    lines.update(receiver_name="", relation="", note="")
    DistributionLineTransition.objects.filter(line__in=lines).update(reason="")
    allocations = Allocation.objects.filter(household=household)
    allocations.update(note="")
    AllocationTransition.objects.filter(allocation__in=allocations).update(reason="")
    Verification.objects.filter(line__in=lines).exclude(note="").update(note=NAMELESS)


def declare() -> None:
    retaining.also(wipe_notes)
    merging.moves("donations.Donation.household", follow)
    for model in (Allocation, DistributionLine, PurposeChange):
        merging.moves(f"{model._meta.label}.household", follow_use(model))
    merging.total("value of gifts", value)
    merging.total("value of deliveries", value_delivered)
