"""``manage.py issue_report --kind month|quarter|half-year|year --period 2026-10|2026-Q3|2026-H1|2025 [--scope CODE] --out DIR``"""

import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from reports.enums import EditionState, ReportKind
from reports.periods import Period
from reports.services import building
from reports.services import editions as services

from .figures import SCOPE_HELP, scope_of

PATIENCE = 300  # seconds to wait for a worker that was faster


class Command(BaseCommand):
    help = "Build a report here and now and put report.pdf, report.xlsx, brief.pdf, large.pdf and figures.json into a folder."

    def add_arguments(self, parser):
        parser.add_argument("--kind", choices=ReportKind.values, default=ReportKind.MONTH.value)
        parser.add_argument("--period", required=True, help="such as 2026-10, 2026-Q3, 2026-H1, 2025")
        parser.add_argument("--scope", metavar="CODE", help=SCOPE_HELP)
        parser.add_argument("--out", required=True, metavar="DIR", type=Path)

    def handle(self, *, kind, period, scope, out, **options):
        try:
            edition = services.request_edition(
                by=None, period=Period.parse(kind, period), scope=scope_of(scope)
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(f"--period {period}: {error}") from error
        edition = self.finished(edition)
        if edition.state == EditionState.FAILED:
            raise CommandError(edition.failure)
        out.mkdir(parents=True, exist_ok=True)
        for name, file in edition.handed_over():
            with file.open() as opened:
                (out / name).write_bytes(opened.read())
        self.stdout.write(f"{edition.title} {edition.serial}：{edition.pages} 页，{out / 'report.pdf'}")

    def finished(self, edition):
        """Build it, or wait for the worker that was faster."""
        deadline = time.monotonic() + PATIENCE
        while edition.state in (EditionState.QUEUED, EditionState.BUILDING):
            if building.build(edition.pk) is None and time.monotonic() > deadline:
                raise CommandError("Another worker has been building this report for too long; see its page.")
            edition.refresh_from_db()
            if edition.state == EditionState.BUILDING:
                time.sleep(0.5)
        return edition
