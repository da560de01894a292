"""kill -9, of processes that a test started."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def children(process) -> list[int]:
    """Of a worker: the processes of its pool with Redis, else the workers that ``serve`` looks after."""
    with suppress(OSError):
        return [
            int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        ]
    return []


def kill(*pids) -> None:
    for one in pids:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def kill_with_all(process) -> None:
    """The process and what works for it; who looks after the others goes first, so that it starts nobody again."""
    at_work = children(process)
    kill(process.pid, *at_work)
    process.wait()
