"""A packed list behaves like a list, and takes little room."""

import tracemalloc

import pytest

from jinchuan.shared.packed import Packed


@pytest.mark.parametrize("length", [0, 1, 199, 200, 201, 1000])
def test_it_holds_what_was_put_in(length):
    packed = Packed(range(length))
    assert (len(packed), list(packed)) == (length, list(range(length)))
    assert [item for piece in packed.pieces() for item in piece] == list(range(length))
    assert [packed[place] for place in reversed(range(length))] == list(reversed(range(length)))


def test_a_place_beyond_the_end_is_none_of_its_own():
    with pytest.raises(IndexError):
        Packed(range(200))[200]


@pytest.mark.parametrize("length", [0, 1, 200, 399, 400, 401, 450, 900])
def test_cut_off_it_goes_on_where_it_was_cut(length):
    packed = Packed(range(450))
    packed.cut(length)
    packed.append("next")
    assert list(packed) == [*range(min(length, 450)), "next"]


def test_ten_thousand_rows_take_a_fraction_of_their_room():
    tracemalloc.start()
    plain = [{"name": f"王{number}", "phone": f"139{number:08d}"} for number in range(10_000)]
    loose, _ = tracemalloc.get_traced_memory()
    packed = Packed(plain)
    both, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) == 10_000
    assert both - loose < loose / 10
