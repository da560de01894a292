"""Enters the district's streets, towns, communities and villages."""

import csv
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organizations.services.organizations import load_divisions

DIVISIONS = settings.ROOT / "organizations" / "data" / "divisions_620302.csv"
_COLUMNS = ("code12", "name", "level", "parent_code12")


class Command(BaseCommand):
    help = "Enters the divisions that are not there yet, from a CSV file. May run at any time, twice too."

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=DIVISIONS,
            help="CSV with code12, name, level, parent_code12, parents first (default: Jinchuan District)",
        )

    def handle(self, *, file, verbosity, **options):
        try:
            with file.open(encoding="utf-8-sig", newline="") as source:
                reader = csv.DictReader(source)
                missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
                if missing:
                    raise CommandError(f"{file} has no column {missing[0]}.")
                new = load_divisions(reader, by=None)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if verbosity:
            self.stdout.write(f"新登记 {new} 个区划。")
