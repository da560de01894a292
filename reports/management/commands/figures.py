"""``manage.py figures --as-of 2023-09-13 [--scope CODE] --json``"""

import json

from django.core.management.base import BaseCommand, CommandError

from jinchuan.shared.dates import DateError, parse_day
from organizations.models import Division
from reports.indicators import read_all, shown
from reports.services.editions import home_division


class Command(BaseCommand):
    help = "Print every indicator as of a day: the month so far, the cumulative figure before it, and the cumulative one."

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", required=True, metavar="DATE", help="the last day that counts, such as 2023-09-13"
        )
        parser.add_argument(
            "--scope", metavar="CODE", help="12-digit code of a division; the home district if left out"
        )
        parser.add_argument(
            "--json", action="store_true", help="as JSON: code → name, unit, month, previous, …"
        )

    def handle(self, *, as_of, scope, **options):
        try:
            day = parse_day(as_of)
        except DateError as error:
            raise CommandError(f"--as-of {as_of}: {error}") from error
        lines = {code: shown(figure) for code, figure in read_all(day, scope_of(scope)).items()}
        for line in lines.values():
            del line["definition"]
        self.stdout.write(as_json(lines) if options["json"] else as_table(lines))


def scope_of(code) -> Division:
    if not code:
        return home_division()
    try:
        return Division.objects.get(code=code)
    except Division.DoesNotExist as error:
        raise CommandError(
            f"--scope {code}: there is no division with this code; see the register of divisions."
        ) from error


def as_json(lines) -> str:
    return json.dumps(lines, ensure_ascii=False, indent=2)


def as_table(lines) -> str:
    return "\n".join(
        f"{line['name']}（{line['unit']}）\t本月 {line['month']}\t上月累计 {line['previous']}\t累计 {line['cumulative']}"
        for line in lines.values()
    )
