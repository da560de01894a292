"""``manage.py figures (--as-of 2023-09-13 | --period 2026-Q3) [--scope CODE] --json``"""

import json
from decimal import Decimal

from django.core.management.base import BaseCommand, CommandError

from jinchuan.shared.dates import DateError, parse_day
from jinchuan.shared.months import Month
from reports import reading, scopes
from reports.enums import ReportKind
from reports.indicators import shown
from reports.periods import Period


class Command(BaseCommand):
    help = "Print every indicator as of a day (its month so far) or of a period: in it, before it, and cumulative."

    def add_arguments(self, parser):
        when = parser.add_mutually_exclusive_group(required=True)
        when.add_argument("--as-of", metavar="DATE", help="the last day that counts, such as 2023-09-13")
        when.add_argument("--period", help="such as 2026-10, 2026-Q3, 2026-H1, 2025")
        parser.add_argument("--scope", metavar="CODE", help=SCOPE_HELP)
        parser.add_argument(
            "--json", action="store_true", help="as JSON: code → name, unit, month, previous, …"
        )

    def handle(self, *, as_of, period, scope, **options):
        scope = scope_of(scope)
        day = _day(as_of) if as_of else None
        period = Period(ReportKind.MONTH, Month.of(day)) if day else period_of(period)
        lines = {code: shown(figure) for code, figure in reading.read(period, scope, as_of=day).items()}
        for line in lines.values():
            del line["definition"]
        self.stdout.write(as_json(lines) if options["json"] else as_table(lines, period))


SCOPE_HELP = (
    "code of a division, an organisation or a programme, or the name of a supervising unit; "
    "the home district if left out"
)


def scope_of(code):
    try:
        return scopes.find(code)
    except LookupError as error:
        raise CommandError(
            f"--scope {code}: there is no division, organisation, programme or supervising unit with this code."
        ) from error


def period_of(text) -> Period:
    try:
        return Period.read(text)
    except ValueError as error:
        raise CommandError(f"--period {text}: {error}") from error


def _day(text):
    try:
        return parse_day(text)
    except DateError as error:
        raise CommandError(f"--as-of {text}: {error}") from error


def as_json(lines) -> str:
    return json.dumps(lines, ensure_ascii=False, indent=2)


def as_table(lines, period) -> str:
    return "\n".join(
        f"{line['name']}（{line['unit']}）\t{period.this} {line['month']}{_of_which(line)}\t"
        f"{period.last_one}累计 {line['previous']}\t累计 {line['cumulative']}"
        for line in lines.values()
    )


def _of_which(line) -> str:
    """What a month tells of those closed before it, where it does."""
    late = f"（含补报 {line['late']}）" if Decimal(line["late"]) else ""
    return late + (f"\t更正 {line['correction']}" if Decimal(line["correction"]) else "")
