"""How the figures of a period are read: screen, sheet, paper and dashboard ask here."""

from datetime import date

from jinchuan.shared.clock import today

from .indicators import INDICATORS, Cuts, Figure, read_all
from .periods import Period


def read(
    period: Period, scope=None, *, as_of: date | None = None, codes=None, parts: bool = True
) -> dict[str, Figure]:
    """Every indicator that can be told of the scope: before the period, in it, and up to its end.

    ``as_of`` (the last day that counts) defaults to the last day of the period, or today while it is not over.
    ``codes`` asks for some indicators alone; without ``parts`` nothing is told by category, street and the like.
    """
    return read_all(Cuts.of(period, as_of or min(period.last, today())), scope, codes=codes, parts=parts)


def rows(code: str, period: Period, scope=None):
    """The rows that an indicator counts in a period, as they stand; distinct things once for each of their rows."""
    indicator = INDICATORS[code]
    return indicator.queryset(scope).filter(
        **{f"{indicator.on}__gte": period.first, f"{indicator.on}__lt": period.end}
    )


def number(period: Period) -> int:
    """Which edition a report of the period is: how often the period was closed, 1 at least."""
    return 1
