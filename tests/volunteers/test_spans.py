"""Minutes actually served, against a counter that looks at every single minute."""

import random
from datetime import date, datetime, time, timedelta

import pytest

from jinchuan.shared.clock import SHANGHAI
from volunteers import spans

BOUNDARIES = {
    "an ordinary morning": datetime(2026, 9, 12, 9, tzinfo=SHANGHAI),
    "midnight": datetime(2026, 9, 12, 23, 50, tzinfo=SHANGHAI),
    "the end of a short month": datetime(2026, 4, 30, 22, 30, tzinfo=SHANGHAI),
    "the end of a long month": datetime(2026, 7, 31, 21, tzinfo=SHANGHAI),
    "28 February of an ordinary year": datetime(2027, 2, 28, 23, tzinfo=SHANGHAI),
    "28 February of a leap year": datetime(2028, 2, 28, 23, tzinfo=SHANGHAI),
    "29 February": datetime(2028, 2, 29, 20, tzinfo=SHANGHAI),
    "New Year's Eve": datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI),
    "the hour at which UTC changes its date": datetime(2026, 9, 12, 7, 58, tzinfo=SHANGHAI),
    "the first minute of a day": datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI),
}
SHAPES = {
    "no break": [],
    "one break": [(30, 45)],
    "two breaks": [(10, 25), (40, 70)],
    "breaks that touch": [(10, 25), (25, 40)],
    "breaks that overlap": [(10, 40), (30, 50)],
    "a break inside another": [(10, 60), (20, 30)],
    "a break before the start": [(-30, 15)],
    "a break past the end": [(50, 3000)],
    "a break that lies outside": [(-40, -10), (5000, 5030)],
    "a break of no time": [(20, 20)],
}
CASES = [
    pytest.param(start, breaks, seed, id=f"{boundary}, {shape}, {seed}")
    for boundary, start in BOUNDARIES.items()
    for shape, breaks in SHAPES.items()
    for seed in range(4)
]


def _counted(start, end, breaks):
    """One minute after the other, each looked at on the wall clock: (served, of which on each day)."""
    wall, days = start.replace(tzinfo=None), {}
    while wall < end.replace(tzinfo=None):
        resting = any(a.replace(tzinfo=None) <= wall < b.replace(tzinfo=None) for a, b in breaks)
        if not resting:
            days[wall.date()] = days.get(wall.date(), 0) + 1
        wall += timedelta(minutes=1)
    return sum(days.values()), days


def test_there_are_four_hundred_cases():
    assert len(CASES) == 400


@pytest.mark.parametrize(("start", "breaks", "seed"), CASES)
def test_minutes_are_what_a_slow_count_finds(start, breaks, seed):
    chance = random.Random(f"{start}{breaks}{seed}")
    start += timedelta(minutes=chance.randrange(-90, 90))
    end = start + timedelta(minutes=chance.choice((61, 75, 150, 480, 959, 960, 1439, 1440)))
    breaks = [(start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in breaks]
    minutes, days = _counted(start, end, breaks)

    resting = spans.breaks_total(breaks, within=(start, end))

    assert spans.served(start, end, resting) == minutes
    shares = spans.by_day(start, end, minutes)
    assert sum(shares.values()) == minutes
    if not any(a < end and b > start for a, b in breaks):
        assert {day: share for day, share in shares.items() if share} == days


def _at(*clock_time):
    return datetime(2026, 9, 12, *clock_time, tzinfo=SHANGHAI)


def test_seconds_of_the_machine_are_dropped():
    assert spans.served(_at(9, 0, 58), _at(11, 30, 2)) == 150


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ([_at(9), _at(11, 30)], (_at(9), _at(11, 30), 0)),
        ([_at(9)], (_at(9), _at(12), 0)),
        ([_at(9), _at(10), _at(10, 20), _at(11), _at(11, 5), _at(11, 30)], (_at(9), _at(11, 30), 25)),
        ([_at(9), _at(10), _at(10, 20)], (_at(9), _at(12), 20)),
        ([_at(12, 40)], (_at(12, 40), _at(12, 40), 0)),
    ],
    ids=["in and out", "never out", "two breaks", "back and never out", "after the planned end"],
)
def test_comings_and_goings_become_one_span(turns, found):
    assert spans.from_checks(turns, until=_at(12)) == found


def test_a_night_is_told_by_its_two_days():
    start = spans.instant(date(2028, 2, 28), time(22))
    end = spans.instant(date(2028, 2, 28), time(3), next_day=True)

    assert spans.by_day(start, end, 270) == {date(2028, 2, 28): 120, date(2028, 2, 29): 150}
