"""Enters the shipped example of a service standard."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cases.services.standards import load_standards
from jinchuan.shared.clock import today
from jinchuan.shared.dates import DateError, parse_day

STANDARDS = settings.ROOT / "cases" / "data" / "standards.json"


class Command(BaseCommand):
    help = "Enters the service standards that are not there yet, from a JSON file. May run at any time, twice too."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=STANDARDS, help="JSON (default: the shipped example)"
        )
        parser.add_argument(
            "--from",
            dest="effective_from",
            metavar="DATE",
            help="applies to windows that begin on this day or later (default: 1 January of this year; of a window "
            "that has begun, the days that are left count)",
        )

    def handle(self, *, file, effective_from, verbosity, **options):
        try:
            day = parse_day(effective_from) if effective_from else date(today().year, 1, 1)
        except DateError as error:
            raise CommandError(f"--from {effective_from}: {error}") from error
        try:
            with file.open(encoding="utf-8") as source:
                new = load_standards(source, effective_from=day)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(f"{file}: {'；'.join(error.messages)}") from error
        if verbosity:
            self.stdout.write(f"新登记 {new} 版走访联系标准。")
