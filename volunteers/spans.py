"""How long somebody served: whole minutes between two instants, breaks left out (MCA Order 67: 实际服务时间).

Instants are aware. The seconds of a clock that was read by a machine are dropped, so that 9:00:58 is 9:00 as it would
have been written on paper. The way to and from the place is no service: nothing here adds it.
"""

from collections import Counter
from datetime import datetime, time, timedelta

from jinchuan.shared.clock import SHANGHAI

DAY = 24 * 60
MINUTE = timedelta(minutes=1)


def on_the_minute(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI).replace(second=0, microsecond=0)


def instant(day, clock_time: time, *, next_day=False) -> datetime:
    """A time of day in Shanghai, on ``day`` or the one after it."""
    return datetime.combine(day + timedelta(days=next_day), clock_time, SHANGHAI)


def gross(started_at: datetime, ended_at: datetime) -> int:
    """Minutes from start to end, breaks included."""
    return int((on_the_minute(ended_at) - on_the_minute(started_at)) / MINUTE)


def served(started_at: datetime, ended_at: datetime, break_minutes: int = 0) -> int:
    return gross(started_at, ended_at) - (break_minutes or 0)


def breaks_total(breaks, *, within) -> int:
    """Minutes of several breaks inside the span ``within``: what lies outside or is told twice is left out."""
    first, last = map(on_the_minute, within)
    total, reached = 0, first
    for begun, over in sorted((on_the_minute(a), on_the_minute(b)) for a, b in breaks):
        begun, over = max(begun, reached), min(over, last)
        if over > begun:
            total += int((over - begun) / MINUTE)
            reached = over
    return total


def by_day(started_at: datetime, ended_at: datetime, minutes: int) -> Counter:
    """The minutes served on each Shanghai day. Where a break lay is not known: it is taken from the longer days first."""
    shares = Counter()
    begun, last = on_the_minute(started_at), on_the_minute(ended_at)
    while begun < last:
        midnight = instant(begun.date(), time(), next_day=True)
        over = min(midnight, last)
        shares[begun.date()] = int((over - begun) / MINUTE)
        begun = over
    rest = sum(shares.values()) - minutes
    for day, _ in shares.most_common():
        taken = min(rest, shares[day])
        shares[day] -= taken
        rest -= taken
    return shares


def from_checks(instants, *, until) -> tuple[datetime, datetime, int]:
    """Start, end and break minutes out of the times somebody came and went by turns.

    Who never checked out stayed to the planned end ``until``; who came back in between had a break.
    """
    instants = [on_the_minute(one) for one in instants]
    if len(instants) % 2:
        instants.append(max(on_the_minute(until), instants[-1]))
    start, *between, end = instants
    breaks = list(zip(between[::2], between[1::2], strict=True))
    return start, end, breaks_total(breaks, within=(start, end))
