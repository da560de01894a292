"""What becomes of gifts for a household that turns out to be another one, or whose names are wiped."""

from django.db.models import Q, Sum

from cases import merging, retaining
from cases.services.recent_help import Help
from organizations.enums import NeedCode

from .enums import DonationState, GoodsCategory, LineKind
from .models import Donation, DonationLine

_FIXED = (DonationState.CONFIRMED, DonationState.VOIDED)


def follow(merge) -> None:
    """Gifts nobody has confirmed yet follow. Confirmed ones are fixed in the database: they stay with the household they were
    logged for, which points to the kept one (``cases.merging.whole_life`` finds both)."""
    gifts = Donation.objects.filter(household=merge.duplicate)
    gifts.exclude(state__in=_FIXED).update(household=merge.kept)
    merge.leave("donations.Donation.household", gifts.filter(state__in=_FIXED).count())


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
    """Gifts of that kind that went to the household in these days, both included; no giver is named."""
    same = Q(category__in=_GOODS_FOR.get(need_code, ()))
    if need_code == NeedCode.CASH_RELIEF:
        same |= Q(kind=LineKind.CASH)
    lines = DonationLine.objects.filter(
        same,
        donation__household=household,
        donation__received_on__gte=since,
        donation__received_on__lte=until,
        donation__state__in=[DonationState.SUBMITTED, DonationState.CONFIRMED],
    ).select_related("donation")
    return [
        Help(line.donation.received_on, line.item or line.get_kind_display(), line.donation.code)
        for line in lines
    ]


def wipe_notes(household) -> None:
    """What was noted beside a gift for the household may say whom it was for; the gift and its sums stay."""
    Donation.objects.filter(household=household).update(note="")


def declare() -> None:
    retaining.also(wipe_notes)
    merging.moves("donations.Donation.household", follow)
    merging.total("value of gifts", value)
