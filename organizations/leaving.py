"""What apps above do of their own when an organisation is deregistered, in the same transaction (it is closed by then):

leaving.also(call_off_activities)
"""

from collections.abc import Callable

_acts: list[Callable] = []


def also(act) -> None:
    """``act(organization, by=…, reason=…)``; what it refuses, stops the deregistration."""
    if act not in _acts:
        _acts.append(act)


def acts() -> list[Callable]:
    return list(_acts)
