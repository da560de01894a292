"""The same indicators, broken down: by month for the charts, by organisation for the annex. One query a column, however
many organisations and months there are."""

from datetime import timedelta

from django.db.models import Q

from jinchuan.shared.months import Month
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from organizations.models import Division, Organization, Program, SupervisingUnit

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
    """What happened in each of the months (which follow one another), oldest first. For figures whose rows all count."""
    indicator = INDICATORS[code]
    if indicator.key:
        raise ValueError(f"{code} counts distinct things; a month of it is what is new, see Indicator.read")
    totals = dict.fromkeys(months, 0)
    days = indicator.split(indicator.on, until=months[-1].end, since=months[0].first, scope=scope)
    for day, total in days.items():
        totals[Month.of(day)] += total
    return list(totals.values())


def by_organization(as_of, scope=None) -> list[tuple[Organization, dict]]:
    """Each social organisation of the scope with its cumulative figures up to a day, by code, never by amount.

    Those that were approved by then, and those that have a figure. A household counts once for every organisation that
    helps it, so these columns do not add up to the district's.
    """
    until = as_of + timedelta(days=1)
    columns = {
        code: INDICATORS[code].split(whose, until=until, scope=scope)
        for code, whose in _ORGANIZATION.items()
        if INDICATORS[code].tells(scope)
    }
    approved = Q(approved_at__date__lte=as_of)
    match scope:
        case Division():
            approved &= Q(division__path__startswith=scope.path)
        case SupervisingUnit():
            approved &= Q(supervising_unit=scope)
        case Program():
            approved = Q(pk__in=[])
    seen = Q(pk__in={pk for totals in columns.values() for pk in totals if pk})
    organizations = Organization.objects.filter(approved | seen, kind__in=SOCIAL_ORGANIZATION_KINDS)
    return [
        (organization, {code: totals.get(organization.pk, 0) for code, totals in columns.items()})
        for organization in organizations.order_by("code")
    ]
