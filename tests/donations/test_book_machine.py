"""Conservation after any history of operations (trust.md T21): 50 runs of 30 steps here, 500 of 50 with `make soak`."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from donations.enums import EFFECTS, MovementKind
from tests.donations.machine import BookMachine

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _run(runs, steps, **more):
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=_QUIET,
        **more,
    )
    with BookMachine.begun():
        run_state_machine_as_test(BookMachine, settings=chosen)


def test_fifty_histories_keep_the_book(db):
    _run(50, 30)


@pytest.mark.soak
def test_five_hundred_long_histories_keep_the_book(db):
    _run(500, 50)


def test_control_a_wrong_entry_is_found(db, monkeypatch):
    """With one kind of movement booked into the wrong column, some history of those soon shows it."""
    monkeypatch.setitem(EFFECTS, MovementKind.UNLOAD, {"in_transit": -1, "free": 1})
    with pytest.raises(AssertionError):
        _run(50, 30, phases=[Phase.generate])
