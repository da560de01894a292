"""How the figures of a period are read: screen, sheet, paper and dashboard ask here."""

from datetime import date

from jinchuan.shared.clock import today

from .indicators import INDICATORS, Cuts, Figure, read_all
from .periods import Period


def read(period: Period, scope=None, *, as_of: date | None = None) -> dict[str, Figure]:
    """Every indicator that can be told of the scope: before the period, in it, and up to its end.

    ``as_of`` (the last day that counts) defaults to the last day of the period, or today while it is not over.
    """
    return read_all(Cuts.of(period, as_of or min(period.last, today())), scope)


def rows(code: str, period: Period, scope=None):
    """The rows that an indicator counts in a period, as they stand; distinct things once for each of their rows."""
    indicator = INDICATORS[code]
    return indicator.queryset(scope).filter(
        **{f"{indicator.on}__gte": period.first, f"{indicator.on}__lt": period.end}
    )


def number(period: Period) -> int:
    """Which edition a report of the period is: how often the period was closed, 1 at least."""
    return 1


def is_closed(period: Period) -> bool:
    """Are all its months closed, so that its figures stand?"""
    return False


def closed_lately() -> list[Period]:
    """The periods that ended with the month that was closed last."""
    return []
