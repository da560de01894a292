"""The same indicators, broken down: by month for the charts, by organisation for the annex. One query a column, however
many organisations and months there are."""

from datetime import timedelta

from django.db.models import Q

from jinchuan.shared.months import Month
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from organizations.models import Division, Organization, Program, SupervisingUnit

from . import reading
from .indicators import INDICATORS
from .ledger import columns


def by_month(code, months: list[Month], scope=None) -> list:
    """What each of the months (which follow one another) added, oldest first: of closed months as it was booked then, 补报
    included. For figures whose rows all count."""
    indicator = INDICATORS[code]
    if indicator.is_distinct:
        raise ValueError(f"{code} counts distinct things; a month of it is what is new, see Indicator.read")
    told = {month: one[code].month for month, one in reading.kept(months, scope, [code]).items()}
    totals = dict.fromkeys(months, indicator.zero) | told
    open_months = [month for month in months if month not in told]
    if open_months:
        days = indicator.split(
            indicator.on, until=open_months[-1].end, since=open_months[0].first, scope=scope
        )
        for day, total in days.items():
            if Month.of(day) not in told:
                totals[Month.of(day)] += total
    return list(totals.values())


def by_organization(as_of, scope=None) -> list[tuple[Organization, dict]]:
    """Each social organisation of the scope with its cumulative figures up to a day, by code, never by amount.

    Those that were approved by then, and those that have a figure. A household counts once for every organisation that
    helps it, so these columns do not add up to the district's.
    """
    told = _booked(as_of, scope) or _counted(as_of, scope)
    approved = Q(approved_at__date__lte=as_of)
    match scope:
        case Division():
            approved &= Q(division__path__startswith=scope.path)
        case SupervisingUnit():
            approved &= Q(supervising_unit=scope)
        case Program():
            approved = Q(pk__in=[])
    seen = Q(pk__in={pk for totals in told.values() for pk in totals if pk})
    organizations = Organization.objects.filter(approved | seen, kind__in=SOCIAL_ORGANIZATION_KINDS)
    return [
        (organization, {code: totals.get(organization.pk, 0) for code, totals in told.items()})
        for organization in organizations.only("code", "name").order_by("code")
    ]


def _counted(as_of, scope) -> dict[str, dict]:
    """indicator → organisation → cumulative, from the registers."""
    until = as_of + timedelta(days=1)
    return {
        code: INDICATORS[code].split(INDICATORS[code].organization, until=until, scope=scope)
        for code in _columns(scope)
    }


def _booked(as_of, scope) -> dict[str, dict] | None:
    """The same as the ledger tells it: at the end of a month that is closed, and up to any day of the one whose turn it is."""
    month, closed = Month.of(as_of), reading.Closed.now()
    if closed.has(month) and as_of == month.last:
        told = columns.kept(month, scope)
    elif closed.has(month.previous) and not closed.holds(month):
        told = columns.running(month, as_of + timedelta(days=1), scope)
    else:
        return None
    if told is None:
        return None
    return {
        code: {pk: INDICATORS[code].amount(total) for pk, total in told.get(code, {}).items() if total}
        for code in _columns(scope)
    }


def _columns(scope) -> list[str]:
    return [code for code in columns.CODES if INDICATORS[code].tells(scope)]
