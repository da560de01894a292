"""Fills an empty database with the demo district."""

import time
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jinchuan.ops import demo
from jinchuan.ops.emptiness import holds_data

NOT_EMPTY = "The database holds data already; the demo district goes into an empty one only."
IN_PRODUCTION = (
    "The demo district, whose passwords everybody knows, is never loaded with the production settings."
)


class Command(BaseCommand):
    help = "Fills an empty database with the demo district: made-up people, the figures of September 2023, history since."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, and do not fail, when there is data already"
        )
        parser.add_argument(
            "--until",
            type=_day,
            metavar="DATE",
            help="let the history end on this day (2023-09-30 makes a short one)",
        )

    def handle(self, *, if_empty, until, verbosity, **options):
        if not settings.DEMO_ALLOWED:
            raise CommandError(IN_PRODUCTION)
        if holds_data():
            if if_empty:
                return
            raise CommandError(NOT_EMPTY)
        if verbosity:
            self.stdout.write("正在装入演示数据（约一分钟）…")
            self.stdout.flush()
        started = time.monotonic()
        demo.seed(until)
        if verbosity:
            self.stdout.write(f"演示数据已装入，用时 {time.monotonic() - started:.0f} 秒。")
            for role, username, password in demo.accounts():
                self.stdout.write(f"  {role}  {username}  {password}")


def _day(text):
    day = date.fromisoformat(text)
    if day < date(2023, 6, 30):
        raise ValueError("the history begins in June 2023")
    return day
