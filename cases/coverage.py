"""Days without a helper: a household is uncovered on a day from its verification to its exit on which no pairing runs.

A suspended pairing covers: the household keeps its helper. Gaps are half-open, and computed from the spells of the pairings;
nothing is stored.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from .models import EligibilityReview, Household, Pairing


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a helper, [start, end); an open one has no end yet."""

    household: int
    start: date
    end: date | None

    def days(self, since: date, until: date) -> int:
        """Its days within [since, until)."""
        return max(0, (min(self.end or until, until) - max(self.start, since)).days)


def _runs_on(household, day):
    return Exists(Pairing.objects.started().open_on(OuterRef(day)).filter(household=OuterRef(household)))


def _next_start(household, day):
    later = Pairing.objects.started().filter(household=OuterRef(household), started_on__gt=OuterRef(day))
    return Subquery(later.order_by().values("household").annotate(first=Min("started_on")).values("first"))


def _verified_on(household):
    reviews = EligibilityReview.objects.filter(household=OuterRef(household)).order_by()
    return Subquery(reviews.values("household").annotate(first=Min("reviewed_on")).values("first"))


def _left_waiting(households) -> QuerySet:
    """Households that had no helper on the day they were verified: ``gap_on``."""
    return (
        households.annotate(gap_on=_verified_on("pk"))
        .filter(Q(exited_on__isnull=True) | Q(exited_on__gt=F("gap_on")), gap_on__isnull=False)
        .exclude(_runs_on("pk", "gap_on"))
    )


def _left_alone(pairings) -> QuerySet:
    """Pairings whose end left the household without a helper: ``gap_on``."""
    return (
        pairings.filter(ended_on__isnull=False)
        .annotate(gap_on=F("ended_on"), verified_on=_verified_on("household"))
        .filter(
            Q(household__exited_on__isnull=True) | Q(household__exited_on__gt=F("gap_on")),
            verified_on__lte=F("gap_on"),
        )
        .exclude(_runs_on("household", "gap_on"))
    )


def gaps(households=None) -> list[Gap]:
    """Every gap of the households, in one query."""
    households = Household.objects.all() if households is None else households
    waiting = _left_waiting(households).annotate(gap_end=Coalesce(_next_start("pk", "gap_on"), "exited_on"))
    alone = _left_alone(Pairing.objects.filter(household__in=households)).annotate(
        gap_end=Coalesce(_next_start("household", "gap_on"), "household__exited_on")
    )
    rows = (
        waiting.order_by()
        .values_list("pk", "gap_on", "gap_end")
        .union(alone.order_by().values_list("household_id", "gap_on", "gap_end"))
    )
    return [Gap(*row) for row in rows]


def households_uncovered(on=None) -> QuerySet:
    """Households without a helper at the end of the day: verified by then, not left, no pairing running."""
    day = on or today()
    verified = EligibilityReview.objects.filter(household=OuterRef("pk"), reviewed_on__lte=day)
    running = Pairing.objects.started().open_on(day).filter(household=OuterRef("pk"))
    return Household.objects.filter(Exists(verified)).exclude(exited_on__lte=day).exclude(Exists(running))


def ever_uncovered() -> QuerySet:
    """Households that were without a helper at some time, with ``uncovered_on``, the first such day."""
    waiting = _left_waiting(Household.objects.filter(pk=OuterRef("pk"))).order_by().values("gap_on")[:1]
    ends = Pairing.objects.filter(household=OuterRef("pk"))
    alone = _left_alone(ends).order_by("gap_on").values("gap_on")[:1]
    rows = Household.objects.annotate(waiting_on=Subquery(waiting), alone_on=Subquery(alone))
    # The waiting for the first helper comes before any end.
    return rows.annotate(uncovered_on=Coalesce("waiting_on", "alone_on")).filter(uncovered_on__isnull=False)


def days_uncovered(month: Month, households=None) -> dict[int, int]:
    """Days of the month without a helper, by household id; up to yesterday in a month that is not over."""
    until = min(month.end, max(today(), month.first))
    days = Counter()
    for gap in gaps(households):
        days[gap.household] += gap.days(month.first, until)
    return {household: count for household, count in days.items() if count}
