"""The same indicators, broken down: by month for the charts, by organisation for the annex. One query a column, however
many organisations and months there are."""

from decimal import Decimal

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import TruncMonth

from jinchuan.shared.months import Month
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from organizations.models import Organization

from .indicators import INDICATORS

# The column of an indicator's rows that names the organisation they belong to.
_ORGANIZATION = {
    "intention_households": "organization",
    "paired_households": "organization",
    "donations_cash": "donation__organization",
    "donations_goods": "donation__organization",
    "service_sessions": "organization",
    "service_person_times": "activity__organization",
}
ORGANIZATION_COLUMNS = tuple(_ORGANIZATION)


def by_month(code, months: list[Month], scope=None) -> list:
    """The indicator's own figure in each of the months (which follow one another), oldest first."""
    indicator = INDICATORS[code]
    rows = indicator.queryset(scope).order_by()
    on, what = indicator.on, Count("pk")
    if indicator.value:
        what = Sum(indicator.value)
    elif indicator.key:
        # Distinct things stand in the month of their first event.
        first = rows.values(indicator.key).annotate(first_on=Min(on)).values_list("first_on", flat=True)
        counts = dict.fromkeys(months, 0)
        for day in first:
            if (month := Month.of(day)) in counts:
                counts[month] += 1
        return [counts[month] for month in months]
    window = rows.filter(**{f"{on}__gte": months[0].first, f"{on}__lt": months[-1].end})
    totals = {
        Month.of(row["month"]): row["total"]
        for row in window.annotate(month=TruncMonth(on)).values("month").annotate(total=what)
    }
    return [totals.get(month) or 0 for month in months]


def by_organization(as_of, scope=None) -> list[tuple[Organization, dict]]:
    """Each social organisation of the scope with its cumulative figures up to a day, by code, never by amount.

    Those that were approved by then, and those that have a figure. A household counts once for every organisation that
    helps it, so these columns do not add up to the district's.
    """
    columns = {code: _totals_by_organization(code, as_of, scope) for code in ORGANIZATION_COLUMNS}
    approved = Q(approved_at__date__lte=as_of)
    if scope is not None:
        approved &= Q(division__path__startswith=scope.path)
    seen = Q(pk__in={pk for totals in columns.values() for pk in totals})
    organizations = Organization.objects.filter(approved | seen, kind__in=SOCIAL_ORGANIZATION_KINDS)
    return [
        (organization, {code: columns[code].get(organization.pk, 0) for code in ORGANIZATION_COLUMNS})
        for organization in organizations.order_by("code")
    ]


def _totals_by_organization(code, as_of, scope) -> dict[int, int | Decimal]:
    indicator = INDICATORS[code]
    what = Count("pk")
    if indicator.value:
        what = Sum(indicator.value)
    elif indicator.key:
        what = Count(indicator.key, distinct=True)
    rows = indicator.queryset(scope).order_by().filter(**{f"{indicator.on}__lte": as_of})
    grouped = rows.annotate(whose=F(_ORGANIZATION[code])).values("whose").annotate(total=what)
    return {row["whose"]: row["total"] or 0 for row in grouped if row["whose"]}
