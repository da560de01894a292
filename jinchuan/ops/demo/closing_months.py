"""The last months are closed on the first afternoon after each: what is confirmed later is a 补报 of the month after."""

from jinchuan.shared.months import Month
from reports import closing_checks
from reports.services import closings

# How many months are closed, and the first that may be: what is older is the opening balance.
LATEST, EARLIEST = 3, Month(2024, 1)
REASON = "月底发生的，下月初确认后作为补报计入"


def plan(district) -> None:
    last = Month.of(district.until).previous
    for month in Month.range(max(EARLIEST, last.plus(1 - LATEST)), last):
        district.timeline.on(month.end, _close, district, month, at="17:30")


def _close(district, month) -> None:
    left = closing_checks.left_undone(month)
    closings.close_month(
        by=district.staff["officer"], month=month, reasons={check.name: REASON for check in left}
    )
