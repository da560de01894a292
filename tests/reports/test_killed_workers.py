"""Workers are killed in the middle of a batch, again and again; the queue goes away under load. Every report is made, once."""

import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings as house

from cases.models import Notice
from jinchuan.audit.models import AuditEvent
from jinchuan.celery import app
from jinchuan.shared.clock import now, today, travel
from jinchuan.shared.months import Month
from organizations.models import User
from reports import tasks
from reports.enums import ClosingState, EditionState, ReportKind
from reports.ledger.seal import seal
from reports.models import EditionFile, EditionTransition, ReportBatch, ReportEdition
from reports.periods import Period
from reports.services import batches, closings, editions
from tests import factories
from tests.killing import children, kill, kill_with_all
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_a_worker_killed_while_it_waits_for_work_is_replaced_and_does_the_next(background):
    """On the queue of files a pool of processes would stand still from then on (docs/adr/0027)."""
    factories.home()
    worker = background("serve", "--worker", "--worker-processes", "1")
    first, then = (
        editions.request_edition(by=factories.officer(), period=period)
        for period in (Period.read("2026-09"), Period.read("2026-08"))
    )
    tasks.build.delay(first.pk)
    until(lambda: _made(first))

    (idle,) = children(worker)
    kill(idle)
    tasks.build.delay(then.pk)

    until(lambda: _made(then))
    assert idle not in children(worker)


def test_workers_killed_in_the_middle_of_a_batch_lose_no_report_and_make_none_twice(background, settings):
    _killed(background, settings, reports=12, kills=4)


@pytest.mark.soak
def test_a_hundred_killed_workers_lose_none_of_300_reports_and_make_none_twice(background, settings):
    _killed(background, settings, reports=300, kills=100)


def _killed(background, settings, *, reports, kills):
    """Every fifth kill takes the worker with all its processes, the others one process, at work or not."""
    settings.REPORT_ATTEMPTS_MOST = reports * kills
    # Whoever is at work when somebody is killed is taken for dead too, and learns it when it is done.
    settings.REPORT_HEARTBEAT_LIMIT = 0
    batch = _batch_of(reports)
    worker = _worker(background)
    tasks.start_batch.delay(batch.pk)
    chosen = random.Random(5)
    for number in range(kills):
        until(lambda: _in_state(batch, EditionState.BUILDING) or _over(batch))
        assert not _over(batch), f"the batch was made before kill {number + 1} of {kills}"
        if number % 5 == 0:
            kill_with_all(worker)
            worker = _worker(background)
        else:
            kill(chosen.choice(until(partial(children, worker))))
        tasks.sweep()
    settings.REPORT_HEARTBEAT_LIMIT = 30
    until(Sweeping(batch), patience=PATIENCE + 10 * reports)
    _whole(batch, reports)
    _again_changes_nothing(batch)


class Sweeping:
    """Is the batch over? Sweeps meanwhile as beat does, a little more often."""

    def __init__(self, batch):
        self.batch, self.last = batch, time.monotonic()

    def __call__(self):
        if time.monotonic() - self.last > 10:
            tasks.sweep()
            self.last = time.monotonic()
        return _over(self.batch)


def _whole(batch, reports):
    editions = ReportEdition.objects.filter(batches__batch=batch)
    assert editions.count() == reports
    for edition in editions.prefetch_related("transitions"):
        steps = [step.to_state for step in edition.transitions.all()]
        assert steps[-1] == EditionState.READY, edition.failure
        assert steps.count(EditionState.READY) == 1
        assert edition.pdf.storage.exists(edition.pdf.name)
    assert len(set(editions.values_list("pdf", flat=True))) == reports
    assert AuditEvent.objects.filter(action="finish", target_type="reports.ReportBatch").count() == 1
    told = Notice.objects.filter(key=f"batch:{batch.pk}:1")
    assert list(told.values_list("user", flat=True)) == [factories.officer().pk]


def test_a_closing_whose_worker_is_killed_is_finished_by_the_next(background):
    factories.home()
    factories.confirmed_donation(received_on=date(2026, 10, 3))
    closing = closings.begin_closing(by=factories.officer(), month=Month(2026, 10))
    worker = _worker(background)
    tasks.close_month.delay(closing.pk)
    until(lambda: _as_it_is(closing).attempts)
    kill_with_all(worker)
    assert (_as_it_is(closing).state, closing.entries.count()) == (ClosingState.CLOSING, 0)
    until(closings.sweep)  # PostgreSQL lets go of the row a moment later
    tasks.sweep()
    _worker(background)
    until(lambda: _as_it_is(closing).state == ClosingState.CLOSED)
    assert (closing.attempts, closing.transitions.count()) == (2, 1)
    assert closing.entries.count() == closing.lines > 0
    assert seal(closing) == closing.sha256


def test_who_waits_is_served_before_the_batch_and_the_batch_made_twice_changes_nothing(background):
    batch = _batch_of(5)
    tasks.start_batch(batch.pk)
    awaited = editions.request_edition(by=factories.officer(), period=batch.period_value.previous)
    tasks.build.delay(awaited.pk)
    background("serve", "--worker", "--worker-processes", "1")
    until(lambda: _over(batch))
    ready = EditionTransition.objects.filter(to_state=EditionState.READY).order_by("pk")
    # The queue of files takes from both in turn, Redis from the batch only when nobody waits.
    assert awaited.pk in ready.values_list("edition", flat=True)[:2]
    _again_changes_nothing(batch)


def _again_changes_nothing(batch):
    """Every message once more, and everything that beat asks for."""
    before = _what_there_is()
    for edition in ReportEdition.objects.all():
        tasks.build(edition.pk)
    tasks.start_batch(batch.pk)
    tasks.ensure_due()
    tasks.sweep()
    assert _what_there_is() == before


def _what_there_is():
    rows = [ReportEdition.objects.values("pk", "sha256", "pdf", "version", "state")]
    rows += [EditionFile.objects.values("pk", "file", "sha256"), Notice.objects.values("pk", "key")]
    rows += [ReportBatch.objects.values("pk", "round", "finished_at"), EditionTransition.objects.values("pk")]
    return [list(some.order_by("pk")) for some in rows]


def test_the_sweep_asks_again_as_long_as_few_messages_wait(background, monkeypatch):
    batch = _batch_of(4)
    monkeypatch.setattr(batches, "SWEEP_MOST", 3)
    for _ in range(2):
        tasks.sweep()
        assert tasks.build.backlog(house.IN_TURN) == 3
    tasks.start_batch(batch.pk)
    tasks.sweep()
    assert tasks.build.backlog(house.IN_TURN) == 3 + 4
    app.control.purge()
    tasks.sweep()
    assert tasks.build.backlog(house.IN_TURN) == 3


@pytest.mark.parametrize("answers", ["refuses", "says nothing"])
def test_a_queue_that_is_gone_makes_a_report_late_and_fails_no_page(process_environment, answers):
    asks = "import django; django.setup(); from reports import tasks; tasks.build.delay_on_commit(1)"
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes the call, nobody answers it
        port = silent.getsockname()[1] if answers == "says nothing" else 1
        nobody = process_environment | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        done = subprocess.run(
            [sys.executable, "-c", asks],
            cwd=house.ROOT,
            env=nobody,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    assert "reports.build is left to the sweep" in done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("away", ["killed", "stopped"])
def test_with_redis_gone_for_a_minute_reports_are_late_and_none_is_lost(background, queue, away):
    """Killed it comes back empty, every message lost; stopped it takes calls and answers none. Beat, the workers and the rows
    go on."""
    batch = _batch_of(60)
    background("serve", "--worker", "--beat", REDIS_URL=queue.url)
    until(lambda: len(_in_state(batch, EditionState.READY)) > 2)  # by the sweep of the first minute
    leave, come_back = (queue.kill, queue.start) if away == "killed" else (queue.stop, queue.go_on)
    leave()
    gone = time.monotonic()
    assert not queue.answers()
    until(lambda: time.monotonic() - gone > 60)
    assert not _over(batch)
    come_back()
    until(lambda: _over(batch), patience=900)
    _whole(batch, 60)
    _again_changes_nothing(batch)


# How -------------------------------------------------------------------------------------------------------------


class Queue:
    """A Redis of its own that forgets everything when it dies."""

    def __init__(self, folder):
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                str(self.port),
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def answers(self):
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=3) as line:
            line.sendall(b"PING\r\n")
            return bool(line.recv(7))
        return False


@pytest.fixture
def queue(tmp_path):
    if not shutil.which("redis-server"):
        pytest.skip("Redis is not installed")
    own = Queue(tmp_path)
    yield own
    own.kill()


def _batch_of(reports):
    """The district, two streets, and organisations; an officer is told."""
    factories.home()
    factories.officer()
    with travel(now() - timedelta(days=70)):
        for _ in range(reports - 3):
            factories.approved_organization()
    User.objects.exclude(username="officer").update(is_active=False)
    period = Period(ReportKind.MONTH, Month.of(today()).previous)
    batch = batches.ask_batch(by=None, period=period)
    assert batch.papers.count() == reports
    return batch


def _worker(background):
    return background("serve", "--worker", "--worker-processes", "2")


def _in_state(batch, state):
    return list(ReportEdition.objects.filter(batches__batch=batch, state=state).values_list("pk", flat=True))


def _as_it_is(row):
    row.refresh_from_db()
    return row


def _over(batch):
    batch.refresh_from_db()
    return batch.finished_at


def _made(edition):
    edition.refresh_from_db()
    return edition.state == EditionState.READY
