"""Closed months: the figures of every organisation, read as they were kept, against a grouped recount; and the closing itself."""

import time
from collections import defaultdict
from decimal import Decimal
from functools import cache

from django.db import connection
from django.db.models import Count, Q, Sum
from django.test.utils import CaptureQueriesContext

from donations.models import Donation, DonationLine
from donations.services.gifts import void_donation
from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from organizations.models import Division, Organization, User
from reports import breakdowns
from reports.breakdowns import by_organization
from reports.enums import ReportKind
from reports.indicators import INDICATORS, Cuts, read_all
from reports.ledger.totals import Line
from reports.models import ClosedFigures, Closing, Entry, Touched
from reports.periods import Period
from reports.reading import read
from reports.services.closings import finish_closing

from . import care
from .measuring import Row, interleaved

MONTHS = list(Month.range(Month(2026, 1), Month(2026, 4)))
MONTH = MONTHS[-1]
CODES = ("donations_cash", "donations_goods", "service_sessions", "service_person_times", "service_hours")


@cache
def closed() -> list[float]:
    """Close the months, once; the seconds each took."""
    officer, taken = User.objects.get(username="officer"), []
    for month in MONTHS if not Closing.objects.exists() else ():
        started = time.perf_counter()
        finish_closing(Closing.objects.create(month=str(month), begun_at=now(), begun_by=officer))
        taken.append(time.perf_counter() - started)
    return taken


def grouped() -> dict:
    """indicator → organisation → (before the month, up to its end), as the ORM groups them: a query a table."""
    found = {}
    for code, indicator in INDICATORS.items():
        if indicator.organization and indicator.sources:
            totals = found[code] = defaultdict(lambda: [0, 0])
            for source in indicator.sources:
                for organization, *cuts in _by_organization(source):
                    totals[organization] = [
                        one + (more or 0) for one, more in zip(totals[organization], cuts, strict=True)
                    ]
    return found


def _by_organization(source):
    def until(day):
        when = Q(**{f"{source.on}__lt": day})
        if source.value:
            return Sum(source.value, filter=when)
        return Count(source.key or "pk", distinct=bool(source.key), filter=when)

    rows = source.queryset().order_by().values(source.organization)
    return rows.annotate(before=until(MONTH.first), now=until(MONTH.end)).values_list(
        source.organization, "before", "now"
    )


def kept() -> dict:
    """The same as they were kept: every figure of every organisation, in one query."""
    rows = ClosedFigures.objects.filter(
        closing__month=str(MONTH), closing__state="closed", scope__startswith="organization:"
    )
    found = defaultdict(dict)
    for scope, whole in rows.order_by().values_list("scope", "whole"):
        for code, line in whole.items():
            found[code][int(scope.removeprefix("organization:"))] = line
    return found


def monthly():
    """closing.monthly: every figure of every organisation, of a closed month and up to its end."""
    closed()
    told, counted = kept(), grouped()
    for code, totals in counted.items():
        for organization, cuts in totals.items():
            line = Line(*told[code].get(organization, ())) if organization else None
            if line is not None and code != "unallocated_total":
                now = [INDICATORS[code].amount(value) for value in (line.previous, line.cumulative)]
                assert now == cuts, (code, organization, now, cuts)
    baseline, ours = interleaved(grouped, kept, rounds=3)
    figures = sum(len(totals) for totals in counted.values())
    return Row(
        "closing.monthly", baseline, ours, None, f"{len(counted)} indicators, {figures} figures, none differs"
    )


def organizations():
    """closing.organizations: the table of every organisation at the end of a closed month; figures of two closings, the last
    and the first, cost the same."""
    taken = closed()
    home = Division.objects.get(code="620302000000")
    found, counted = dict(by_organization(MONTH.last, home)), breakdowns._counted(MONTH.last, home)
    for organization, totals in found.items():
        for code, value in totals.items():
            assert value == (counted[code].get(organization.pk) or 0), (code, organization)
    with CaptureQueriesContext(connection) as queries:
        by_organization(MONTH.last, home)
    baseline, ours, older = interleaved(
        lambda: breakdowns._counted(MONTH.last, home),
        lambda: by_organization(MONTH.last, home),
        lambda: by_organization(MONTHS[0].last, home),
    )
    counters = (
        f"{len(found)} organisations, {len(queries)} queries; after {len(MONTHS)} closings / after 1: {ours / older:.2f}; "
        f"{Entry.objects.count()} lines; closings took {', '.join(f'{one:.1f}' for one in taken) or '–'} s"
    )
    return Row("closing.organizations", baseline, ours, None, counters)


def scope():
    """closing.scope: every figure of one organisation, with its parts: counted, and read."""
    closed()
    one = Organization.objects.order_by("pk").first()
    period = Period(ReportKind.MONTH, MONTH)
    told, counted = read(period, one), read_all(Cuts.of(period, MONTH.last), one)
    assert {code: figure.cumulative for code, figure in told.items()} == {
        code: figure.cumulative for code, figure in counted.items()
    }
    baseline, ours = interleaved(
        lambda: read_all(Cuts.of(period, MONTH.last), one), lambda: read(period, one)
    )
    return Row("closing.scope", baseline, ours, None, f"{len(told)} figures")


def running_district():
    """closing.open: every figure of the month that runs, for the district."""
    return _running("closing.open", Division.objects.get(code="620302000000"))


def running_organization():
    """closing.open.one: the same of one organisation."""
    return _running("closing.open.one", Organization.objects.order_by("pk").first())


def _running(name, whose):
    closed()
    _later_writes()
    period = Period(ReportKind.MONTH, MONTH.next)

    def ours():
        return read(period, whose)

    def all_of_history():
        return read(period, whose, everything=True)

    assert ours() == all_of_history()
    baseline, fast = interleaved(
        all_of_history, ours, rounds=1 if not whose.pk or name == "closing.open" else 3
    )
    return Row(
        name,
        baseline,
        fast,
        None,
        f"{Touched.objects.count()} writes since the closing; none of the figures differs",
    )


@cache
def _later_writes() -> None:
    """What one month brings: a sixtieth of the gifts once more, half of them late; a hundred old ones taken back."""
    if Touched.objects.exists():
        return
    reviewer = User.objects.get(username="reviewer")
    reviewer.pk, reviewer.username = None, "second"
    reviewer.save()
    gifts = list(Donation.objects.confirmed().order_by("pk")[: Donation.objects.count() // 60])
    first = Donation.objects.order_by("-pk").first().pk + 1
    for n, gift in enumerate(gifts):
        gift.pk, gift.code, gift.trace_code = first + n, f"L{n}", f"L{n}"
        gift.received_on = MONTH.next.first if n % 2 else MONTH.first
    Donation.objects.bulk_create(gifts, batch_size=2000)
    DonationLine.objects.bulk_create(
        [
            DonationLine(donation_id=gift.pk, kind="cash", value=Decimal("12.50"), fixed_at=now())
            for gift in gifts
        ],
        batch_size=2000,
    )
    for gift in Donation.objects.confirmed().filter(pk__lt=first, received_on__lt=MONTH.first)[:100]:
        void_donation(gift, by=reviewer, reason="重复登记了一次")
    care.settle()


def rebuild():
    """closing.rebuild: the kept figures against the ledger added up from its first line."""
    closed()
    started = time.perf_counter()
    sums = Entry.objects.in_force().filter(indicator__in=CODES, category="").order_by()
    totals = sums.values_list("indicator", "organization").annotate(total=Sum("amount"))
    found = kept()
    differing = 0
    for code, organization, total in totals:
        line = found[code].get(organization)
        differing += bool(organization) and (line is None or Line(*line).cumulative != total)
    seconds = time.perf_counter() - started
    assert differing == 0
    return Row("closing.rebuild", seconds, seconds, None, f"{differing} figures differ")


BENCHMARKS = {
    "closing.monthly": monthly,
    "closing.organizations": organizations,
    "closing.scope": scope,
    "closing.rebuild": rebuild,
    "closing.open": running_district,
    "closing.open.one": running_organization,
}
