"""Runs the parts of the house as child processes of one command, and stops them together.

A child that dies is started again; only when an essential one dies does everything stop. Children sit in sessions of
their own, so a Ctrl-C reaches the supervisor alone, which then asks them to finish and, after a grace, kills them.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

GRACE_SECONDS = 8.0
RESTART_PAUSE_SECONDS = 2.0
PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One long-running process: its command, what it adds to the environment, and whether all depends on it."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    essential: bool = False

    def start(self):
        return subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=_stop_when_parent_dies,
        )

    def become(self):
        """Replace this process by the part."""
        os.execvpe(self.command[0], self.command, os.environ | self.environment)  # noqa: S606


def _stop_when_parent_dies():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps `parts` running until a signal comes or an essential part ends. `run()` returns the exit code."""

    def __init__(self, parts, *, say, grace=GRACE_SECONDS, pause=RESTART_PAUSE_SECONDS):
        self.parts = parts
        self.say = say
        self.grace = grace
        self.pause = pause
        self.running = {}
        self.wake = threading.Event()
        self.asked = None

    def run(self, started=None):
        """Start everything, call `started()` once, watch. 0 after a signal, 1 when an essential part ended."""
        previous = {number: signal.signal(number, self._ask) for number in _SIGNALS}
        try:
            for part in self.parts:
                self.running[part.name] = part.start()
            if started:
                started()
            return self._watch()
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    @property
    def stopping(self):
        return self.asked is not None

    def is_running(self, name):
        return self.running[name].poll() is None

    def _ask(self, number, frame):
        self.asked = number
        self.wake.set()

    def _watch(self):
        while not self.stopping:
            for part in self.parts:
                if self.is_running(part.name) or self.stopping:
                    continue
                code = self.running[part.name].returncode
                if part.essential:
                    self.say(f"{part.name} 已退出（代码 {code}），全部停止。")
                    return 1
                how = f"意外退出（代码 {code}）" if code else "已退出"
                self.say(f"{part.name} {how}，正在重新启动。")
                self.wake.wait(self.pause)
                if not self.stopping:
                    self.running[part.name] = part.start()
            self.wake.wait(0.5)
        return 0

    def _stop(self):
        """Ask every child to finish; what is still there after the grace is killed with its own children."""
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
