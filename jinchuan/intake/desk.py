"""What waits for a person today. Each app puts its own block on the desk in ``AppConfig.ready()``:

desk.register(20, donations_returned)
"""

import logging
from dataclasses import dataclass, field

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """One row of the desk; the whole row is the link to do it."""

    title: str
    detail: str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Block:
    title: str
    tasks: list[Task] = field(default_factory=list)
    more: str = ""
    """Address of the whole list, where the block shows only its first rows."""
    broken: bool = False


_sources = []


def register(order: int, source) -> None:
    """``source(user)`` gives a ``Block`` or None; blocks stand in the order of their numbers."""
    _sources.append((order, source))
    _sources.sort(key=lambda entry: entry[0])


def blocks(user) -> list[Block]:
    """The blocks that have something in them. One that fails says so and leaves the others alone."""
    found = []
    for _, source in _sources:
        try:
            block = source(user)
        except Exception:
            log.exception("a block of the desk failed")
            block = Block("这一块暂时打不开，请稍后再看。", broken=True)
        if block and (block.tasks or block.broken):
            found.append(block)
    return found
