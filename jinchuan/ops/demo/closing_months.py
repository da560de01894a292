"""The last months are closed on the first afternoon after each: what is confirmed later is a 补报 of the month after, and a
session that turns out to have been logged twice is a 更正."""

from datetime import timedelta

from jinchuan.shared.months import Month
from reports import closing_checks
from reports.services import closings
from volunteers.models import Activity
from volunteers.services import activities

from .timeline import workday

# How many months are closed, and the first that may be: what is older is the opening balance.
LATEST, EARLIEST = 3, Month(2024, 1)
REASON = "月底发生的，下月初确认后作为补报计入"


def plan(district) -> None:
    last = Month.of(district.until).previous
    for month in Month.range(max(EARLIEST, last.plus(1 - LATEST)), last):
        district.timeline.on(month.end, _close, district, month, at="17:30")
        district.timeline.on(workday(month.end + timedelta(days=8)), _put_right, district, month, at="15:40")


def _close(district, month) -> None:
    # A reason for every check: where nothing is left none is needed, and what is left is then looked for once.
    reasons = dict.fromkeys(closing_checks.NAMES, REASON)
    closings.close_month(by=district.staff["officer"], month=month, reasons=reasons)


def _put_right(district, month) -> None:
    """The first session of the month on whose hours no certificate stands."""
    held = Activity.objects.confirmed().filter(held_on__gte=month.first, held_on__lt=month.end)
    twice = held.exclude(records__volunteer__certificates__isnull=False).order_by("code").first()
    if twice:
        activities.void_activity(
            twice, by=district.staff["reviewer"], reason="与另一场活动重复登记，核实后作废"
        )
