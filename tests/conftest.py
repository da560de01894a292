"""Fixtures that every test may use, and the strictness that every test gets. The cast is in tests/cast.py."""

import gc
import os
import signal
import subprocess
import sys
from importlib.util import find_spec

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template import engines
from django.test import TransactionTestCase
from playwright.sync_api import expect

from tests import flushing, strictness

if find_spec("tests.cast"):
    from tests.cast import *  # noqa: F403

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Playwright runs an event loop in the test's thread, beside which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# The heap of this process is large and lives to the end; looking it over after every 700 new objects finds nothing.
gc.set_threshold(50_000, 20, 100)


# Strictness --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def only_this_machine():
    with strictness.only_this_machine():
        yield


@pytest.fixture(scope="session", autouse=True)
def undefined_names_fail():
    engines["django"].engine.string_if_invalid = strictness.Undefined()


@pytest.fixture(autouse=True)
def get_only_reads(request):
    """Mark a test `writes_on_get`, and say why, where a GET has to write."""
    if request.node.get_closest_marker("writes_on_get"):
        yield
        return
    with strictness.reading_only():
        yield


@pytest.fixture(autouse=True)
def empty_cache():
    """Redis knows no rollback; the cache in the database is rolled back with everything else."""
    yield
    if settings.REDIS:
        cache.clear()


@pytest.fixture(scope="session", autouse=True)
def flush_what_was_written():
    """After a test that commits, only tables with rows in them are emptied; what `migrate` itself enters stays.

    Django would empty all of them and make the permissions of every model anew, which takes longer than most tests.
    """
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: flushing.flush()
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A process or thread that a test left behind must not keep the test database from being dropped."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


# Processes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def process_environment(transactional_db):
    """The environment of a process that works on this test's database, data folder, queue and cache."""
    database = settings.DATABASES["default"]
    if settings.EMBEDDED:
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "jinchuan.settings.test",
        "JINCHUAN_DATA": str(settings.DATA),
    }


@pytest.fixture
def background(process_environment):
    """`background("serve", "--worker")` starts a management command beside the test; all of them end with it."""
    from jinchuan.celery import app

    app.control.purge()
    started = []

    def start(*arguments, **environment):
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.ROOT,
            env=process_environment | environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
    for process in started:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


# The browser -------------------------------------------------------------------------------------------------

# Both engines' runs share one small machine; what is there at once on an idle one may take its time here.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium; it is not to look for anything outside this machine."""
    return browser_type_launch_args | {
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 360, "height": 640},
    }


@pytest.fixture
def page(page, live_server):
    """A page that fails its test for an error in a script, a refusal by the policy, or a request to another host."""
    wrong = []

    def note_console(message):
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            wrong.append(message.text)

    def note_request(request):
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
            wrong.append(f"request to {request.url}")

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", note_console)
    page.on("request", note_request)
    yield page
    assert not wrong
