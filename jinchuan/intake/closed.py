"""Dates in months that are closed. The app that closes months says here which are (``AppConfig.ready()``), for the check pages of
the apps below it, which do not know that app."""

from collections.abc import Callable
from datetime import date

from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

LATE = "{closed} 月已定稿。将记入 {open} 月并注明补报。"

_tellers: list[Callable[[], Month | None]] = []


def register(newest_closed: Callable[[], Month | None]) -> None:
    """``newest_closed()`` gives the latest month that is closed."""
    if newest_closed not in _tellers:
        _tellers.append(newest_closed)


def note(day: date | None) -> str:
    """What to tell somebody who logs something of that day; nothing while its month is open."""
    if day is None or Month.of(day) >= Month.of(today()):
        return ""
    for newest_closed in _tellers:
        newest = newest_closed()
        if newest and Month.of(day) <= newest:
            return LATE.format(closed=Month.of(day).month, open=newest.next.month)
    return ""
