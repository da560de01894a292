"""The pool of a worker on the queue of files: none. One process takes a message and does it, and is replaced when it dies.

Celery's pool of processes reads one pipe under one lock there; a process that is killed while it waits takes the lock into its
grave, and the worker stands still (docs/adr/0027). What the pool did beside is done here: a task that hangs ends with its
process, and so does one that left it too heavy.
"""

import faulthandler
import resource
import sys

from celery.concurrency import solo
from celery.concurrency.base import apply_target
from celery.platforms import EX_OK
from celery.worker import state


class TaskPool(solo.TaskPool):
    """Whoever started the process starts the next (``serve``); the row a task worked on is put back by its sweep."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.on_apply = self._do

    def _do(self, *args, timeout=None, **kwargs):
        """One task, here and now. The watch is a thread in C: it also ends what never comes back from a library."""
        timeout = timeout or self.options.get("timeout")
        if timeout:
            faulthandler.dump_traceback_later(timeout, exit=True, file=sys.__stderr__)
        try:
            apply_target(*args, **kwargs)
        finally:
            faulthandler.cancel_dump_traceback_later()
        most = self.options.get("max_memory_per_child")
        if most and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > most:
            state.should_stop = EX_OK
