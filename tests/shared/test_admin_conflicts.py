"""Whose change is a field, by the value it was opened with, the value saved by now, and the value typed."""

from datetime import date
from decimal import Decimal

import pytest

from jinchuan.shared.admin.conflicts import Verdict, judge, plain


@pytest.mark.parametrize(
    ("opened", "saved", "typed", "verdict"),
    [
        ("a", "a", "a", Verdict.SAME),
        ("a", "b", "b", Verdict.SAME),
        ("a", "b", "a", Verdict.THEIRS),
        ("a", "a", "b", Verdict.MINE),
        ("a", "b", "c", Verdict.BOTH),
        ("a", "", "c", Verdict.BOTH),
        ("a", "b", "", Verdict.BOTH),
        ("", "b", "", Verdict.THEIRS),
        ("a", "a", "", Verdict.MINE),
        (None, "b", "b", Verdict.SAME),
        (None, "a", "b", Verdict.BOTH),
    ],
)
def test_three_values_say_whose_change_it_is(opened, saved, typed, verdict):
    assert judge(opened, saved, typed) is verdict


def test_neither_side_is_favoured():
    """Whoever saves second: what is theirs to the one is mine to the other."""
    values = ["a", "b", "c"]
    mirrored = {Verdict.THEIRS: Verdict.MINE, Verdict.MINE: Verdict.THEIRS}
    for opened in values:
        for saved in values:
            for typed in values:
                there, back = judge(opened, saved, typed), judge(opened, typed, saved)
                assert back is mirrored.get(there, there)


@pytest.mark.parametrize(
    ("stands", "typed"),
    [
        (None, ""),
        (False, None),
        (Decimal("2.50"), Decimal("2.5")),
        (Decimal("100"), Decimal("100.00")),
        (date(2026, 9, 1), "2026-09-01"),
        (7, "7"),
        (["b", "a"], ["a", "b"]),
        ("两行\r\n字", "两行\n字 "),
    ],
)
def test_the_same_said_in_two_ways_is_the_same(stands, typed):
    assert plain(stands) == plain(typed)


@pytest.mark.parametrize(("one", "other"), [(0, None), ("0", ""), (True, False), (["a"], ["a", "b"])])
def test_what_differs_stays_different(one, other):
    assert plain(one) != plain(other)
