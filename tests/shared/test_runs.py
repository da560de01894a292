"""Many numbers in few characters."""

from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared.runs import holds_any, pack

NUMBERS = st.sets(st.integers(1, 300))


def test_neighbours_are_one_run():
    assert pack([]) == ""
    assert pack([7]) == "7"
    assert pack([3, 1, 2, 2, 7, 9, 10]) == "1-3,7,9-10"


@given(NUMBERS, NUMBERS)
def test_what_was_packed_is_found(packed, asked):
    assert holds_any(pack(packed), asked) == bool(packed & asked)


def test_a_hundred_thousand_neighbours_are_one_run():
    assert pack(range(1, 100_001)) == "1-100000"
