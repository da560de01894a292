"""A real worker in a process of its own, on the transport of this run: files, or Redis."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.worker

TRIES = 12


def health(environment):
    command = [sys.executable, "manage.py", "health", "--worker"]
    return subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True)


def test_a_worker_starts_gives_a_sign_of_life_and_stops(background, process_environment):
    worker = background("serve", "--worker")
    # Each try waits five seconds for an answer by itself.
    assert any(worker.poll() is None and health(process_environment).returncode == 0 for _ in range(TRIES))
    worker.terminate()
    assert worker.wait(30) == 0


def test_no_worker_no_sign_of_life(process_environment):
    done = health(process_environment)
    assert done.returncode != 0
    assert "does not answer" in done.stderr
