"""What Celery's pool of processes would do beside the tasks, a worker of one process does itself."""

import subprocess
import sys

from celery.platforms import EX_OK
from celery.worker import state
from django.conf import settings

from jinchuan.ops.lone_worker import TaskPool

HANGS = (
    "import signal\n"
    "from jinchuan.ops.lone_worker import TaskPool\n"
    "def never_ends(): signal.pause()\n"
    "TaskPool(timeout=0.1).on_apply(never_ends, callback=print)\n"
)


def test_a_task_that_hangs_ends_with_its_process_and_says_where():
    done = subprocess.run(
        [sys.executable, "-c", HANGS], cwd=settings.ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "in never_ends" in done.stderr


def test_a_process_that_grew_too_heavy_leaves_after_its_task_and_no_other(monkeypatch):
    monkeypatch.setattr(state, "should_stop", None)
    done = []
    TaskPool(timeout=60, max_memory_per_child=100_000_000).on_apply(lambda: 1, callback=done.append)
    assert (done, state.should_stop) == ([1], None)
    TaskPool(timeout=60, max_memory_per_child=1).on_apply(lambda: 2, callback=done.append)
    assert (done, state.should_stop) == ([1, 2], EX_OK)
