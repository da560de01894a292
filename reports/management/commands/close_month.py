"""``manage.py close_month --period 2026-10 --by USERNAME [--reason "…"]``"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from jinchuan.shared.months import Month
from organizations.models import User
from reports import closing_checks
from reports.services import closings


class Command(BaseCommand):
    help = "Close a month: book what is counted, keep the figures of every scope, seal it."

    def add_arguments(self, parser):
        parser.add_argument("--period", required=True, help="such as 2026-10")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who closes it")
        parser.add_argument(
            "--reason", default="", help="why it is closed with what the check list still names"
        )

    def handle(self, *, period, by, reason, **options):
        try:
            month, user = Month.parse(period), User.objects.active().get(username=by)
        except ValueError as error:
            raise CommandError(f"--period {period}: {error}") from error
        except User.DoesNotExist as error:
            raise CommandError(f"--by {by}: no such account that can sign in") from error
        left = closing_checks.left_undone(month)
        for check in left:
            self.stdout.write(f"{check.label}：{check.count} 项")
        try:
            closing = closings.close_month(by=user, month=month, reasons={one.name: reason for one in left})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{month.label}已定稿：{closing.lines} 行入账，{closing.sha256}")
