"""``manage.py issue_report --kind month --period 2023-09 [--scope CODE] --out DIR``"""

import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from jinchuan.shared.months import Month
from reports.enums import EditionState, ReportKind
from reports.services import building
from reports.services import editions as services

from .figures import scope_of

PATIENCE = 300  # seconds to wait for a worker that was faster


class Command(BaseCommand):
    help = "Build a report here and now and put report.pdf and figures.json into a folder."

    def add_arguments(self, parser):
        parser.add_argument("--kind", choices=ReportKind.values, default=ReportKind.MONTH.value)
        parser.add_argument("--period", required=True, help="such as 2023-09")
        parser.add_argument(
            "--scope", metavar="CODE", help="12-digit code of a division; the home district if left out"
        )
        parser.add_argument("--out", required=True, metavar="DIR", type=Path)

    def handle(self, *, kind, period, scope, out, **options):
        try:
            edition = services.request_edition(by=None, month=Month.parse(period), scope=scope_of(scope))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(f"--period {period}: {error}") from error
        edition = self.finished(edition)
        if edition.state == EditionState.FAILED:
            raise CommandError(edition.failure)
        out.mkdir(parents=True, exist_ok=True)
        with edition.pdf.open() as file:
            (out / "report.pdf").write_bytes(file.read())
        (out / "figures.json").write_bytes(services.figures_json(edition.facts))
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
