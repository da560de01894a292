"""Time several ways of doing one thing by turns, so that the machine's moods hit all of them alike."""

import time
from dataclasses import dataclass
from statistics import median

ROUNDS = 5
PAGES = 11
"""Rounds in which pages are measured."""
WARM, WARM_SECONDS = 15, 4
"""A server has answered before: Python compiles what it ran some ten times anew. Each way is taken so often, or so long, first."""
PAGE = 100
"""Rows of a page of a register: what Django's admin shows by itself. Ours shows as many while it is measured."""


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds of the baseline, of ours, of the limit (what cannot be beaten), and counters."""

    name: str
    baseline: float
    ours: float
    limit: float | None
    counters: str

    def cells(self) -> list[str]:
        return [
            self.name,
            _milliseconds(self.baseline),
            _milliseconds(self.ours),
            _milliseconds(self.limit) if self.limit else "–",
            f"{self.baseline / self.ours:.1f}",
            f"{self.ours / self.limit:.1f}" if self.limit else "–",
            self.counters,
        ]


HEAD = ["name", "baseline ms", "ours ms", "limit ms", "base/ours", "ours/limit", "counters"]


def warmed(*ways) -> None:
    for way in ways:
        until = time.monotonic() + WARM_SECONDS
        for _ in range(WARM):
            way()
            if time.monotonic() > until:
                break


def interleaved(*ways, rounds=ROUNDS) -> list[float]:
    """The median seconds of each way, measured by turns."""
    taken = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            started = time.perf_counter()
            way()
            times.append(time.perf_counter() - started)
    return [median(times) for times in taken]


def _milliseconds(seconds) -> str:
    return f"{seconds * 1000:,.1f}"
