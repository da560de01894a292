"""Closed months: the figures of every organisation, read as they were kept, against a grouped recount; and the closing itself."""

import time
from functools import cache

from django.db import connection
from django.db.models import Count, Q, Sum
from django.test.utils import CaptureQueriesContext

from donations.models import DonationLine
from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from organizations.models import Division, Organization, User
from reports.breakdowns import by_organization
from reports.enums import ReportKind
from reports.indicators import Cuts, read_all
from reports.ledger import snapshots
from reports.ledger.figures import kept_wholes
from reports.models import Closing, Entry
from reports.periods import Period
from reports.reading import read
from reports.services.closings import finish_closing
from volunteers.models import Activity, ServiceRecord

from .measuring import Row, interleaved

MONTHS = list(Month.range(Month(2026, 1), Month(2026, 4)))
MONTH = MONTHS[-1]
CODES = ("donations_cash", "donations_goods", "service_sessions", "service_person_times", "service_hours")


@cache
def closed() -> list[float]:
    """Close the months, once; the seconds each took."""
    officer, taken = User.objects.get(username="officer"), []
    for month in MONTHS:
        started = time.perf_counter()
        finish_closing(Closing.objects.create(month=str(month), begun_at=now(), begun_by=officer))
        taken.append(time.perf_counter() - started)
    return taken


def recount() -> dict:
    """Month and cumulative of every organisation, as the ORM groups them: five figures, three queries."""

    def both(what, on):
        return {
            "month": what(Q(**{f"{on}__gte": MONTH.first, f"{on}__lt": MONTH.end})),
            "cumulative": what(Q(**{f"{on}__lt": MONTH.end})),
        }

    gifts = (
        DonationLine.objects.filter(donation__state="confirmed")
        .values("donation__organization", "kind")
        .annotate(**both(lambda when: Sum("value", filter=when), "donation__received_on"))
    )
    sessions = (
        Activity.objects.confirmed()
        .values("organization")
        .order_by()
        .annotate(**both(lambda when: Count("pk", filter=when), "held_on"))
    )
    records = ServiceRecord.objects.confirmed().values("activity__organization").order_by()
    served = records.annotate(
        **both(lambda when: Count("pk", filter=when), "activity__held_on"),
        minutes=Sum("minutes", filter=Q(activity__held_on__lt=MONTH.end)),
    )
    return {"gifts": list(gifts.order_by()), "sessions": list(sessions), "served": list(served)}


def organizations():
    """closing.organizations: the table of every organisation at the end of a closed month; figures of two closings, the last
    and the first, cost the same."""
    taken = closed()
    home = Division.objects.get(code="620302000000")
    found, counted = dict(by_organization(MONTH.last, home)), recount()
    cash = {row["donation__organization"]: row for row in counted["gifts"] if row["kind"] == "cash"}
    for organization, totals in found.items():
        assert totals["donations_cash"] == (cash[organization.pk]["cumulative"] or 0)
    with CaptureQueriesContext(connection) as queries:
        by_organization(MONTH.last, home)
    baseline, ours, older = interleaved(
        recount,
        lambda: by_organization(MONTH.last, home),
        lambda: by_organization(MONTHS[0].last, home),
    )
    counters = (
        f"{len(found)} organisations, {len(queries)} queries; after {len(MONTHS)} closings / after 1: {ours / older:.2f}; "
        f"{Entry.objects.count()} lines; first closing {taken[0]:.1f} s, last {taken[-1]:.1f} s"
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


def rebuild():
    """closing.rebuild: the kept figures against the ledger added up from its first line."""
    closed()
    started = time.perf_counter()
    sums = Entry.objects.in_force().filter(indicator__in=CODES, category="").order_by()
    totals = sums.values_list("indicator", "organization").annotate(total=Sum("amount"))
    found = kept_wholes(MONTH)
    differing = 0
    for code, organization, total in totals:
        line = found.get(f"organization:{organization}", {}).get(code)
        differing += bool(organization) and (line is None or snapshots.Line(*line).cumulative != total)
    seconds = time.perf_counter() - started
    assert differing == 0
    return Row("closing.rebuild", seconds, seconds, None, f"{differing} figures differ")


BENCHMARKS = {
    "closing.organizations": organizations,
    "closing.scope": scope,
    "closing.rebuild": rebuild,
}
