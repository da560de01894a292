"""Starts web, Celery worker and beat; `--web`, `--worker` and `--beat` choose parts. One that looks after itself replaces the command."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jinchuan.audit import keycheck
from jinchuan.ops.supervisor import Part, Supervisor

PYTHON = sys.executable
# Without the query string: a search must not end up in a log.
ACCESS_LOG_FORMAT = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(L)ss %({x-request-id}o)s'
FIRST_ANSWER_SECONDS = 60


class Command(BaseCommand):
    help = "Starts the web server, the Celery worker and beat (all of them, or those that are named)."

    def add_arguments(self, parser):
        server = not settings.EMBEDDED
        parser.add_argument("--web", action="store_true", help="the web server")
        parser.add_argument("--worker", action="store_true", help="a Celery worker")
        parser.add_argument("--beat", action="store_true", help="the clock of the scheduled tasks")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, help="port to listen on (PORT, else 8000)")
        parser.add_argument(
            "--web-processes",
            type=int,
            default=2 if server else 1,
            metavar="N",
            help="processes of the web server",
        )
        parser.add_argument(
            "--web-threads", type=int, default=4 if server else 8, metavar="N", help="threads of each"
        )
        parser.add_argument(
            "--worker-processes",
            type=int,
            default=os.cpu_count() if server else 1,
            metavar="N",
            help="tasks that the worker runs at a time",
        )

    def handle(self, *, web, worker, beat, host, port, **options):
        port = _port(port)
        if not (web or worker or beat):
            web = worker = beat = True
        self._check_database()
        if web:
            _check_free(host, port)
        parts = []
        if web:
            parts.append(web_part(host, port, options["web_processes"], options["web_threads"]))
        if worker:
            parts += worker_parts(options["worker_processes"])
        if beat:
            parts.append(beat_part())
        connection.close()
        if len(parts) == 1 and (settings.REDIS or not worker):  # else somebody must start the worker again
            parts[0].become()
        supervisor = Supervisor(parts, say=self._say)
        code = supervisor.run(started=lambda: web and self._announce(supervisor, host, port))
        self._say("已全部停止。")
        if code:
            sys.exit(code)

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()

    def _check_database(self):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not at this version yet. Run `manage.py prepare` first.")
        try:
            keycheck.verify()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error

    def _announce(self, supervisor, host, port):
        address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"  # noqa: S104
        deadline = time.monotonic() + FIRST_ANSWER_SECONDS
        while not _answers(host, port):
            if supervisor.stopping or not supervisor.is_running("web"):
                return
            if time.monotonic() > deadline:
                self._say(f"{FIRST_ANSWER_SECONDS}秒内没有应答，请看上面的提示。")
                return
            time.sleep(0.2)
        self._say(f"\n爱心金川已启动：{address}\n")
        accounts = _demo_accounts()
        if accounts:
            self._say("演示账号（岗位、账号、密码；人物均为虚构）：")
            for role, username, password in accounts:
                self._say(f"  {_pad(role, 18)}{_pad(username, 16)}{password}")
            self._say("")
        self._say("按 Ctrl-C 停止。")


def web_part(host, port, processes, threads):
    log = settings.DATA / "log" / "access.log" if settings.EMBEDDED else "-"
    command = [PYTHON, "-m", "gunicorn", "jinchuan.wsgi", "--bind", f"{host}:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(processes), "--threads", str(threads)]
    command += ["--timeout", "60", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"]
    command += ["--access-logfile", str(log), "--access-logformat", ACCESS_LOG_FORMAT]
    # A whole paragraph pasted into a search still reaches the page that asks to shorten it: 900 characters, not 450.
    command += ["--limit-request-line", "8190"]
    return Part("web", command, {"DATABASE_STATEMENT_TIMEOUT": "10"}, essential=True)


def worker_parts(processes):
    """With Redis one worker with a pool of so many processes, which it looks after; on the queue of files so many workers of one
    process each, and the supervisor starts the next when one dies (``jinchuan.ops.lone_worker``)."""
    if settings.REDIS:
        return [_worker_part("worker", processes)]
    more = [_worker_part(f"worker-{number}", 1) for number in range(2, processes + 1)]
    return [_worker_part("worker", 1), *more]


def _worker_part(name, processes):
    command = [PYTHON, "-m", "celery", "--quiet", "-A", "jinchuan", "worker", "--concurrency", str(processes)]
    command += [
        "--hostname",
        f"{name.replace('worker', 'celery')}@%h",
        "--without-gossip",
        "--without-mingle",
    ]
    command += ["--loglevel", _log_level()]
    # Messages are JSON alone, so running as root is no danger here; the warning would only frighten.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker"}
    return Part(name, command, {"DATABASE_STATEMENT_TIMEOUT": "300"} | quiet)


def beat_part():
    command = [PYTHON, "-m", "celery", "--quiet", "-A", "jinchuan", "beat", "--pidfile", ""]
    command += ["--loglevel", _log_level()]
    return Part("beat", command)


def _log_level():
    return "WARNING" if settings.EMBEDDED else "INFO"


def _port(given):
    text = str(given or os.environ.get("PORT") or 8000)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(
            f"PORT has the value {text!r}. Use a number from 1 to 65535, as in `make run PORT=8001`."
        )
    return int(text)


def _check_free(host, port):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({error.strerror}). "
                "Stop what runs there, or choose another port: make run PORT=8001"
            ) from error


def _answers(host, port):
    host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # It answers; what is wrong stands in the log.
    except OSError:
        return False


def _demo_accounts():
    """[(role, username, password)] of the demo district, empty when it is not what the database holds."""
    if not find_spec("jinchuan.ops.demo"):
        return []
    from jinchuan.ops import demo

    accounts = getattr(demo, "accounts", None)
    return accounts() if callable(accounts) else []


def _pad(text, width):
    """`text` filled to `width` columns; a Chinese character takes two."""
    taken = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return text + " " * max(1, width - taken)
