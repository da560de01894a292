"""The stretches of time a duty falls into, and how much of it is owed by whoever was there for a part of one only.

Windows are half-open, [start, end). A duty that is to be done ``times`` times in a window is owed in proportion to the days one
was there, rounded half up: whoever begins with half of a window left owes half of its visits, and the one winter check while
half of the winter is left. Said the other way round, the k-th time is owed from ``days_for`` days on, and so a database can
judge it by comparing dates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .enums import WindowKind

_MONTHS = {WindowKind.YEAR: 12, WindowKind.HALF_YEAR: 6, WindowKind.QUARTER: 3}


@dataclass(frozen=True, order=True, slots=True)
class Window:
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def label(self) -> str:
        """As people say it: 2026年, 2026年下半年, 2026年第四季度, and a season by its days."""
        year, months = (
            self.start.year,
            (self.end.year - self.start.year) * 12 + self.end.month - self.start.month,
        )
        if self.start.day == self.end.day == 1 and (self.start.month - 1) % months == 0:
            if months == 12:
                return f"{year}年"
            if months == 6:
                return f"{year}年{'上' if self.start.month == 1 else '下'}半年"
            if months == 3:
                return f"{year}年第{'一二三四'[self.start.month // 3]}季度"
        last = self.end - timedelta(days=1)
        return f"{year}年{self.start.month}月{self.start.day}日至{last.month}月{last.day}日"


def windows_of(rule, first: date, last: date) -> Iterator[Window]:
    """The windows of a rule that begin from ``first`` to ``last``, oldest first."""
    for year in range(first.year, last.year + 1):
        for window in _in_year(rule, year):
            if first <= window.start <= last:
                yield window


def _in_year(rule, year) -> Iterator[Window]:
    if rule.window == WindowKind.SEASON:
        yield _season(rule, year)
        return
    step = _MONTHS[WindowKind(rule.window)]
    for month in range(1, 13, step):
        next_year, next_month = divmod(month - 1 + step, 12)
        yield Window(date(year, month, 1), date(year + next_year, next_month + 1, 1))


def _season(rule, year) -> Window:
    """From its first day to its last, both included; one whose last day comes first in the calendar runs over new year."""
    first = (rule.season_first_month, rule.season_first_day)
    last = (rule.season_last_month, rule.season_last_day)
    ends = year if last >= first else year + 1
    return Window(_day(year, *first), _day_after(ends, *last))


def _day(year, month, day) -> date:
    """29 February is 1 March where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)


def _day_after(year, month, day) -> date:
    try:
        return date(year, month, day) + timedelta(days=1)
    except ValueError:
        return date(year, 3, 1)


def days_for(window: Window, times: int, ordinal: int) -> int:
    """With how many days in the window the ``ordinal``-th of ``times`` is owed: times × days ÷ all days, rounded half up."""
    return -(-window.days * (2 * ordinal - 1) // (2 * times))


def owed(window: Window, times: int, days: int) -> int:
    """How many times are owed by whoever was there for so many days of the window."""
    return (2 * times * days + window.days) // (2 * window.days)
