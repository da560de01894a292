"""Waiting for what another process does."""

import threading
import time

PATIENCE = 180
"""Seconds after which a test has failed."""
_BREATH = 0.03
"""Seconds between two questions, for the machine to work on what is waited for."""


def until(ask, patience=PATIENCE):
    """What ``ask()`` answers, once that is true."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"nothing after {patience} s"
        threading.Event().wait(_BREATH)
    return answer
