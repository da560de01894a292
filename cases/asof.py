"""Registers as of a date: how households and pairings stood on a day, by the days on which things happened.

A row counts by its event dates (registered, verified, begun, ended, left), not by when somebody typed it in; knowledge is
today's. Half-open throughout: on the day something ends it is over. For today the state is the one the row has.
A household that was merged into another is in no register of any day: its life is told by the one that was kept.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Subquery, Value, When

from jinchuan.shared.clock import SHANGHAI

from .enums import HouseholdState, PairingState, Relation
from .models import EligibilityReview, Member, Pairing, PairingTransition

# States for which the row itself keeps no day; the move that led there has one.
_MOVED_TO = (
    PairingState.SUSPENDED,
    PairingState.ENDING,
    PairingState.DECLINED,
    PairingState.EXPIRED,
    PairingState.CANCELLED,
)


def households(rows, day: date):
    """Of these households those that were registered by the day, each with ``state_then``, ``head_then`` (a name),
    ``members_then`` and ``pairings_then`` (lists)."""
    helped = Pairing.objects.open_on(day).filter(household=OuterRef("pk"))
    reviewed = EligibilityReview.objects.filter(household=OuterRef("pk"), reviewed_on__lte=day)
    heads = Member.objects.present(day).filter(household=OuterRef("pk"), relation=Relation.HEAD)
    return (
        rows.filter(registered_on__lte=day, merged_into__isnull=True)
        .annotate(
            state_then=Case(
                When(exited_on__lte=day, then=Value(HouseholdState.EXITED)),
                When(Exists(helped), then=Value(HouseholdState.ACTIVE)),
                When(Exists(reviewed), then=Value(HouseholdState.VERIFIED)),
                default=Value(HouseholdState.REGISTERED),
                output_field=CharField(),
            ),
            head_then=Subquery(heads.order_by("joined_on", "pk").values("name")[:1]),
        )
        .prefetch_related(
            Prefetch("members", Member.objects.present(day), to_attr="members_then"),
            Prefetch(
                "pairings",
                Pairing.objects.open_on(day).select_related("organization"),
                to_attr="pairings_then",
            ),
        )
    )


def pairings(rows, day: date):
    """Of these pairings those that were meant by the day, each with ``state_then``."""
    moved = (
        PairingTransition.objects.filter(
            pairing=OuterRef("pk"), at__lt=datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
        )
        .order_by("-at", "-id")
        .values("to_state")[:1]
    )
    return (
        rows.filter(intended_on__lte=day)
        .annotate(moved_to=Subquery(moved))
        .annotate(
            state_then=Case(
                When(ended_on__lte=day, then=Value(PairingState.ENDED)),
                When(moved_to__in=_MOVED_TO, then="moved_to"),
                When(started_on__lte=day, then=Value(PairingState.ACTIVE)),
                default=Value(PairingState.INTENTION),
                output_field=CharField(),
            )
        )
    )


def members(rows, day: date):
    """Of these people those who lived in their household on the day, in a household that was in the programme."""
    return (
        rows.present(day)
        .filter(household__registered_on__lte=day, household__merged_into__isnull=True)
        .exclude(household__exited_on__lte=day)
    )
