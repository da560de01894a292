"""The monthly report: its data, and its paper."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from donations.models import DonationLine
from jinchuan.printing import render_pdf
from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from organizations.models import Division, Organization
from reports import breakdowns, facts
from reports.periods import Period
from reports.services.papers import context_of
from volunteers.models import Activity, ServiceRecord

from .measuring import Row, interleaved

MONTH = Month(2026, 9)


def gather():
    return facts.gather(Period.of("month", MONTH), Division.objects.get(level="county"))


def loop_over_organizations():
    """What one writes first: ask for every organisation's figures, one after the other."""
    table = []
    for organization in Organization.objects.order_by("code"):
        gifts = DonationLine.objects.filter(
            donation__organization=organization,
            donation__state="confirmed",
            donation__received_on__lt=MONTH.end,
        )
        sessions = Activity.objects.filter(
            organization=organization, state="confirmed", held_on__lt=MONTH.end
        )
        served = ServiceRecord.objects.filter(activity__in=sessions)
        table.append(
            (
                organization.name,
                gifts.filter(kind="cash").aggregate(total=Sum("value")),
                gifts.filter(kind="goods").aggregate(total=Sum("value")),
                sessions.count(),
                served.count(),
                served.aggregate(total=Sum("minutes")),
            )
        )
    return table


def raw_aggregate():
    """The least the database has to do for the same table: one GROUP BY over gifts, one over service."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.organization_id, l.kind, sum(l.value) FROM donations_donationline l "
            "JOIN donations_donation d ON d.id = l.donation_id WHERE d.state = 'confirmed' AND d.received_on < %s "
            "GROUP BY 1, 2",
            [MONTH.end],
        )
        gifts = cursor.fetchall()
        cursor.execute(
            "SELECT a.organization_id, count(DISTINCT a.id), count(*), sum(r.minutes) FROM volunteers_servicerecord r "
            "JOIN volunteers_activity a ON a.id = r.activity_id WHERE a.state = 'confirmed' AND a.held_on < %s "
            "GROUP BY 1",
            [MONTH.end],
        )
        return gifts, cursor.fetchall()


def table() -> Row:
    """The table of organisations: a loop over them, ours, and the raw aggregate. Like against like."""

    def ours():
        return breakdowns.by_organization(MONTH.last)

    with CaptureQueriesContext(connection) as loop_queries:
        loop_over_organizations()
    with CaptureQueriesContext(connection) as our_queries:
        ours()
    loop, grouped, raw = interleaved(loop_over_organizations, ours, raw_aggregate)
    return Row("report.table", loop, grouped, raw, f"queries {len(loop_queries)} | {len(our_queries)} | 2")


def data() -> Row:
    """All that the month's report says (every indicator at three cuts, by category too, charts, problems, the table),
    beside a loop and a raw aggregate that make the table alone."""
    with CaptureQueriesContext(connection) as queries:
        gather()
    loop, ours, raw = interleaved(loop_over_organizations, gather, raw_aggregate)
    return Row("report.data", loop, ours, raw, f"queries {len(queries)}; the others make the table alone")


_COLD = """
import json, resource, sys, time
started = time.perf_counter()
import django
django.setup()
from jinchuan.printing import render_pdf
from jinchuan.shared.clock import now
from reports.services.papers import context_of
context = context_of(json.load(open(sys.argv[1])))
rendering = render_pdf("print/report.html", context, title="t", created=now())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.perf_counter() - started, peak, rendering.pages, len(rendering.pdf)]))
"""


def paper() -> Row:
    """One PDF: in a fresh process (with its peak memory), warm, and the data alone as what printing adds to."""
    gathered = gather()

    def warm():
        return render_pdf("print/report.html", context_of(gathered), title="t", created=now())

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "facts.json")
        file.write_text(json.dumps(gathered))
        command = [sys.executable, "-c", _COLD, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    cold, peak, pages, size = json.loads(done.stdout.splitlines()[-1])
    warm()
    (hot,) = interleaved(warm)
    return Row("report.pdf", cold, hot, None, f"{pages} pages, {size // 1024} KB, cold peak {peak:.0f} MB")


BENCHMARKS = {"report.table": table, "report.data": data, "report.pdf": paper}
