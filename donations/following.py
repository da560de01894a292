"""What becomes of gifts for a household that turns out to be another one, or whose names are wiped."""

from django.db.models import Sum

from cases import merging, retaining

from .enums import DonationState
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


def wipe_notes(household) -> None:
    """What was noted beside a gift for the household may say whom it was for; the gift and its sums stay."""
    Donation.objects.filter(household=household).update(note="")


def declare() -> None:
    retaining.also(wipe_notes)
    merging.moves("donations.Donation.household", follow)
    merging.total("value of gifts", value)
