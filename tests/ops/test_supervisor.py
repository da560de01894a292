import os
import select
import signal
import subprocess
import sys
import threading

from jinchuan.ops.supervisor import Part, Supervisor

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()",
]


def ends(code):
    return [sys.executable, "-c", f"raise SystemExit({code})"]


def test_a_signal_stops_every_part():
    supervisor = Supervisor(
        [Part("one", SLEEPER), Part("two", SLEEPER, essential=True)], say=lambda line: None
    )
    code = supervisor.run(started=lambda: os.kill(os.getpid(), signal.SIGINT))
    assert code == 0
    assert not supervisor.is_running("one")
    assert not supervisor.is_running("two")


def test_the_end_of_an_essential_part_ends_everything_with_an_error():
    said = []
    supervisor = Supervisor([Part("worker", SLEEPER), Part("web", ends(3), essential=True)], say=said.append)
    assert supervisor.run() == 1
    assert said == ["web 已退出（代码 3），全部停止。"]
    assert not supervisor.is_running("worker")


def test_another_part_is_started_again():
    said = []

    def say(line):
        said.append(line)
        if len(said) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor([Part("worker", ends(7))], say=say, pause=0)
    assert supervisor.run() == 0
    assert said == ["worker 意外退出（代码 7），正在重新启动。"] * 2


def test_what_does_not_stop_is_killed_after_the_grace():
    supervisor = Supervisor([Part("one", STUBBORN)], say=lambda line: None, grace=0.2)
    started = threading.Event()

    def ask():
        started.set()
        os.kill(os.getpid(), signal.SIGTERM)

    assert supervisor.run(started=ask) == 0
    assert started.is_set()
    assert not supervisor.is_running("one")


def test_a_part_gets_its_own_environment(tmp_path):
    target = tmp_path / "value"
    script = "import os, pathlib; pathlib.Path(os.environ['TARGET']).write_text(os.environ['LIMIT'])"
    part = Part("one", [sys.executable, "-c", script], {"TARGET": str(target), "LIMIT": "10"}, essential=True)
    Supervisor([part], say=lambda line: None).run()
    assert target.read_text() == "10"


def test_parts_do_not_outlive_a_supervisor_that_is_killed():
    script = (
        "from jinchuan.ops.supervisor import Part, Supervisor\n"
        f"supervisor = Supervisor([Part('one', {SLEEPER!r})], say=print)\n"
        "supervisor.run(started=lambda: print(supervisor.running['one'].pid, flush=True))\n"
    )
    outer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    part = os.pidfd_open(int(outer.stdout.readline()))
    outer.kill()
    outer.communicate()
    ended, _, _ = select.select([part], [], [], 10)
    os.close(part)
    assert ended
