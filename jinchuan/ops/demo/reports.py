"""The monthly reports that were asked for along the way, last month's all at once; the worker builds them in its first minutes."""

from datetime import datetime, time

from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.months import Month
from reports.enums import ReportKind
from reports.periods import Period
from reports.services.batches import ask_batch
from reports.services.editions import request_edition

# The month of the published figures, and the last ones.
FIRST, LATEST = Month(2023, 9), 3


def ask(until) -> None:
    """Ask for the report of September 2023 and of the last full months, each in the night after its month; of the last of them
    for everybody's."""
    last = Month.of(until).previous
    months = [FIRST, *Month.range(last.plus(1 - LATEST), last)]
    for month in sorted({month for month in months if month >= FIRST and month.end <= until}):
        with travel(datetime.combine(month.end, time(0, 5), SHANGHAI)):
            asked = ask_batch if month == last else request_edition
            asked(by=None, period=Period(ReportKind.MONTH, month))
