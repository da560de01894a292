"""Codes on paper."""

import pytest

from jinchuan.shared.codes import ALPHABET, grouped, new_code, normalised


def test_a_code_is_found_again_however_it_is_typed():
    code = new_code(26)
    assert len(code) == 26 and set(code) <= set(ALPHABET)
    for typed in (code, code.lower(), grouped(code), f" {grouped(code)} ", grouped(code).replace("-", "—")):
        assert normalised(typed, 26) == code


@pytest.mark.parametrize("typed", ["", "-", "7K3M", "O" * 26, "7" * 25, "7" * 27, "７" * 26, "7" * 9999])
def test_what_cannot_be_a_code_is_none(typed):
    assert normalised(typed, 26) == ""


def test_codes_do_not_repeat():
    assert len({new_code(12) for _ in range(1000)}) == 1000
