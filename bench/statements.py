"""The statements of all organisations: made by workers as in a batch, beside each alone in a fresh process.

All three ways do the same from the claim to the file in its place; what is compared is processor time, for the machine has
other work. And one table of a hundred pages, beside ten of a tenth of it.
"""

import gc
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.template import engines

from jinchuan.printing.rendering import print_html
from jinchuan.shared.clock import now
from jinchuan.shared.months import Month
from organizations.models import Organization
from reports.enums import EditionState, ReportKind
from reports.models import ReportEdition
from reports.periods import Period
from reports.querysets.editions import of_scope
from reports.services import building, editions

from .measuring import Row

STATEMENTS = int(os.environ.get("BENCH_STATEMENTS", "500"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
WEIGHED = (1, 10, 50, 100, 200, 300, 400)  # after so many statements of its own a worker is weighed
FRESH = 5  # so many are made alone, and reckoned up
LAST = Month(2026, 9)
SHORT, HALF, LONG = 10, 50, 100  # pages

_FRESH = "import sys, django; django.setup(); from reports.services import building; building.build(int(sys.argv[1]))"


def batch() -> Row:
    """From the claim of each to its file in its place, and what a worker weighs after the first, some and the last."""
    waiting = _waiting(STATEMENTS + FRESH)
    alone, together = waiting[:FRESH], waiting[FRESH:]
    connections.close_all()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for edition in alone:
        _in_a_fresh_process(edition)
    fresh = _spent(before) / FRESH * STATEMENTS

    connections.close_all()
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        shares = [together[number::WORKERS] for number in range(WORKERS)]
        told = pool.map(_work, shares, chunksize=1)
    wall = time.perf_counter() - started
    _all_are_made(alone + together)
    spent, printing = sum(one[0] for one in told), sum(one[1] for one in told)
    weights = "; ".join(
        ", ".join(f"{weight:.0f} after {count}" for count, weight in weights.items())
        for _, _, weights in told
    )
    pages = sum(ReportEdition.objects.filter(pk__in=together).values_list("pages", flat=True))
    counters = (
        f"{STATEMENTS} statements, {pages} pages, in {wall:.0f} s by {WORKERS} workers; processor: PDFs a core-minute "
        f"{60 * STATEMENTS / fresh:.0f} | {60 * STATEMENTS / spent:.0f}, {1000 * spent / STATEMENTS:.0f} ms each; "
        f"MB of the workers: {weights}; the first way reckoned up from {FRESH}"
    )
    return Row("reports.statements", fresh, spent, printing, counters)


def long_table() -> Row:
    """A hundred pages at once, beside ten times a tenth of them; and what a row costs at half of it."""
    _table(SHORT)  # fonts and templates are warm
    tables = [_table(length) for length in (SHORT, HALF, LONG)]
    (short_rows, _, short), _, (rows, _, long) = tables
    counters = "; ".join(
        f"{pages} pages of {number} rows: {1e6 * spent / number:,.0f} µs a row, {1e3 * spent / pages:,.0f} ms a page"
        for number, pages, spent in tables
    )
    return Row("reports.long_table", short * rows / short_rows, long, None, counters)


def _waiting(number) -> list[int]:
    """Statements of all organisations over so many months, asked for and not made."""
    organizations = list(Organization.objects.order_by("pk"))
    at, period, made = now(), Period(ReportKind.MONTH, LAST), []
    while len(made) < number:
        made += [
            ReportEdition(
                kind=period.kind,
                period=str(period),
                serial=editions.serial_of(period, one, 1),
                requested_at=at,
                **of_scope(one),
            )
            for one in organizations
        ]
        period = period.previous
    return [edition.pk for edition in ReportEdition.objects.bulk_create(made[:number])]


def _work(share) -> tuple[float, float, dict[int, float]]:
    """One worker's share: seconds of processor, those of the printing alone, and its weight on the way."""
    weights, weighing, started = {}, 0.0, time.process_time()
    for number, edition in enumerate(share, start=1):
        building.build(edition)
        if number in WEIGHED or number == len(share):
            before = time.process_time()
            weights[number] = _weight()
            weighing += time.process_time() - before
    return time.process_time() - started - weighing, _printed_again(share), weights


def _printed_again(share) -> float:
    """The limit: the papers alone, from what is frozen, without claim, figures and files."""
    some = list(ReportEdition.objects.filter(pk__in=share[:10]))
    started = time.process_time()
    for edition in some:
        building.print_papers(edition)
    return (time.process_time() - started) / len(some) * len(share)


def _weight() -> float:
    """Memory of this process now, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _in_a_fresh_process(edition):
    here = connection.settings_dict
    url = (
        f"sqlite:///{here['NAME']}"
        if settings.EMBEDDED
        else f"postgres://{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
    )
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "JINCHUAN_DATA": str(settings.DATA),
    }
    command = [sys.executable, "-c", _FRESH, str(edition)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1], env=environment)


def _spent(before) -> float:
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _all_are_made(waiting):
    left = ReportEdition.objects.filter(pk__in=waiting).exclude(state=EditionState.READY)
    if left.exists():
        raise RuntimeError(f"not all of them were made: {left.first().failure or left.first().state}")


def _table(pages) -> tuple[int, int, float]:
    """(rows, pages, seconds of processor) of a table about so long, as annexes are set."""
    rows = pages * 32
    annex = {
        "columns": [
            {"label": "序号"},
            {"label": "单位"},
            {"label": "类别"},
            *(
                {"label": label, "align": "right"}
                for label in ("捐赠（元）", "活动（场）", "人次", "时长（小时）")
            ),
        ],
        "rows": [
            [str(n), f"金川区第{n}志愿服务协会", "社会团体", f"{n * 137:,}.00", n % 9, n % 31, f"{n % 40}.5"]
            for n in range(rows)
        ],
    }
    template = engines["django"].from_string(
        '{% extends "print/base.html" %}{% load printing %}{% block content %}{% annex_table annex %}{% endblock %}'
    )
    html = template.render({"annex": annex, "document": {"title": "长表", "author": settings.BUREAU_NAME}})
    started = time.process_time()
    made = print_html(html, title="长表", created=now(), author=settings.BUREAU_NAME)
    return rows, made.pages, time.process_time() - started


BENCHMARKS = {"reports.statements": batch, "reports.long_table": long_table}
