"""The same indicators, broken down: by month for the charts, by organisation for the annex. One query a column, however
many organisations and months there are."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Q, Sum

from jinchuan.shared.months import Month
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from organizations.models import Division, Organization, Program, SupervisingUnit

from . import reading
from .indicators import INDICATORS
from .ledger import figures
from .ledger.totals import Line
from .models import Entry
from .scopes import ORGANIZATION, booked_in, key_of

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
    columns = _booked(as_of, scope) or _counted(as_of, scope)
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


def _counted(as_of, scope) -> dict[str, dict]:
    """indicator → organisation → cumulative, from the registers."""
    until = as_of + timedelta(days=1)
    return {
        code: INDICATORS[code].split(whose, until=until, scope=scope)
        for code, whose in _ORGANIZATION.items()
        if INDICATORS[code].tells(scope)
    }


def _booked(as_of, scope) -> dict[str, dict] | None:
    """The same as they were booked, at the end of a month that is closed; None at any other day."""
    month = Month.of(as_of)
    if as_of != month.last or not reading.Closed.now().has(month):
        return None
    codes = [code for code in ORGANIZATION_COLUMNS if INDICATORS[code].tells(scope)]
    columns = _kept(month, scope, codes) or _added_up(month, scope, codes)
    return {
        code: {whose: INDICATORS[code].amount(total) for whose, total in found.items() if total}
        for code, found in columns.items()
    }


def _kept(month, scope, codes) -> dict[str, dict] | None:
    """From the figures kept of each organisation, in one query; None where more was booked than lies in the scope.

    Each figure is a sum of gifts or a number of rows or things, none of them less than nothing: where the scope's is that of
    everything there is, no organisation has a part of it elsewhere.
    """
    found = figures.kept_wholes(month, scope)
    everything, ours = found.get("", {}), found.get(key_of(scope), {})
    if any(_total(everything, code) != _total(ours, code) for code in codes):
        return None
    wholes = {
        int(key.removeprefix(ORGANIZATION)): whole
        for key, whole in found.items()
        if key.startswith(ORGANIZATION)
    }
    return {code: {pk: _total(whole, code) for pk, whole in wholes.items()} for code in codes}


def _total(whole, code) -> int:
    return Line(*whole.get(code, ())).cumulative


def _added_up(month, scope, codes) -> dict[str, dict]:
    """From the lines of the ledger, all of them."""
    lines = (
        Entry.objects.in_force()
        .whole()
        .filter(booked_in(scope), closing__month__lte=str(month), indicator__in=codes)
    )
    totals = lines.values("indicator", "organization", "thing").annotate(total=Sum("amount")).order_by()
    columns = {code: defaultdict(int) for code in codes}
    for code, organization, thing, total in totals.values_list("indicator", "organization", "thing", "total"):
        columns[code][organization] += total if thing is None else int(total > 0)
    return columns
