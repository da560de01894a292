"""Stretches of time and shares of them: leap years, seasons over new year, half a window left."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.models import StandardRule
from cases.windows import Window, days_for, owed, windows_of
from tests.factories_duties import rule

CENTURY = some.dates(date(2020, 1, 1), date(2099, 12, 31))


def starts_and_ends(first, last, **fields):
    found = windows_of(StandardRule(**rule(**fields)), first, last)
    return [(window.start.isoformat(), window.end.isoformat()) for window in found]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"window": "year"}, [("2024-01-01", "2025-01-01")]),
        ({"window": "half_year"}, [("2024-01-01", "2024-07-01"), ("2024-07-01", "2025-01-01")]),
        (
            {"window": "quarter"},
            [
                ("2024-01-01", "2024-04-01"),
                ("2024-04-01", "2024-07-01"),
                ("2024-07-01", "2024-10-01"),
                ("2024-10-01", "2025-01-01"),
            ],
        ),
        ({"season": ((11, 1), (12, 31))}, [("2024-11-01", "2025-01-01")]),
        ({"season": ((12, 1), (2, 29))}, [("2024-12-01", "2025-03-01")]),
        ({"season": ((2, 29), (3, 5))}, [("2024-02-29", "2024-03-06")]),
        ({"season": ((5, 5), (5, 5))}, [("2024-05-05", "2024-05-06")]),
        ({"season": ((1, 1), (12, 31))}, [("2024-01-01", "2025-01-01")]),
    ],
)
def test_windows_of_a_leap_year(fields, expected):
    assert starts_and_ends(date(2024, 1, 1), date(2024, 12, 31), **fields) == expected


@pytest.mark.parametrize(
    ("season", "year", "expected"),
    [
        (((1, 1), (2, 29)), 2024, ("2024-01-01", "2024-03-01")),
        (((1, 1), (2, 29)), 2025, ("2025-01-01", "2025-03-01")),
        (((1, 1), (2, 28)), 2024, ("2024-01-01", "2024-02-29")),
        (((2, 29), (3, 5)), 2025, ("2025-03-01", "2025-03-06")),
        (((12, 1), (2, 29)), 2023, ("2023-12-01", "2024-03-01")),
    ],
)
def test_a_season_at_the_end_of_february(season, year, expected):
    assert starts_and_ends(date(year, 1, 1), date(year, 12, 31), season=season) == [expected]


def test_only_windows_that_begin_in_the_stretch():
    assert starts_and_ends(date(2024, 4, 2), date(2024, 10, 1), window="quarter") == [
        ("2024-07-01", "2024-10-01"),
        ("2024-10-01", "2025-01-01"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        ((2026, 1, 1), (2027, 1, 1), "2026年"),
        ((2026, 1, 1), (2026, 7, 1), "2026年上半年"),
        ((2026, 7, 1), (2027, 1, 1), "2026年下半年"),
        ((2026, 10, 1), (2027, 1, 1), "2026年第四季度"),
        ((2026, 11, 1), (2027, 1, 1), "2026年11月1日至12月31日"),
        ((2026, 1, 1), (2026, 2, 11), "2026年1月1日至2月10日"),
        ((2026, 5, 1), (2026, 5, 2), "2026年5月1日至5月1日"),
    ],
)
def test_a_window_says_its_name(start, end, label):
    assert Window(date(*start), date(*end)).label == label


@pytest.mark.parametrize(
    ("times", "begins", "expected"),
    [
        (4, (2025, 1, 1), 4),
        (4, (2025, 2, 16), 3),
        (4, (2025, 2, 15), 4),
        (4, (2025, 7, 2), 2),
        (4, (2025, 11, 16), 1),
        (4, (2025, 11, 17), 0),
        (1, (2025, 7, 2), 1),
        (1, (2025, 7, 3), 0),
    ],
)
def test_who_begins_in_the_middle_owes_a_part(times, begins, expected):
    year = Window(date(2025, 1, 1), date(2026, 1, 1))
    assert owed(year, times, (year.end - date(*begins)).days) == expected


@given(CENTURY, some.integers(1, 400), some.integers(1, 12), some.integers(0, 400))
def test_two_ways_of_saying_what_is_owed(start, length, times, days):
    window = Window(start, start + timedelta(days=length))
    days = min(days, length)
    told = sum(days >= days_for(window, times, ordinal) for ordinal in range(1, times + 1))
    assert told == owed(window, times, days)
    assert owed(window, times, length) == times
    assert owed(window, times, 0) == 0


@given(CENTURY, some.sampled_from(["year", "half_year", "quarter"]))
def test_every_day_lies_in_one_window(day, window):
    found = list(windows_of(StandardRule(**rule(window=window)), day - timedelta(days=400), day))
    assert sum(one.start <= day < one.end for one in found) == 1
