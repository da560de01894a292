"""kill -9 in the middle of submits: what was acknowledged is there, what is there is whole, and nobody's gift is there twice.

People send drafts and confirm gifts over real HTTP; what gets no answer is sent again with the same token. The web server
(and, in the soak run, the database and the worker) is killed as soon as some more was acknowledged, and started again.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from donations.models import Donation, DonationLine, Holding, Lot, Movement, Paper
from donations.services import papers
from donations.tasks import print_paper, sweep_papers
from jinchuan.intake.pages import digest
from jinchuan.intake.services import save_draft
from jinchuan.ops.consistency import findings
from tests import factories
from tests.intake import pages
from tests.killing import children, kill, kill_with_all
from tests.waiting import PATIENCE, until

RECEIPT = re.compile(r"/(JZ\d{4}-\d{4,})/receipt")
SECRET = "k" * 32  # of the CSRF cookie: the form sends it back


class House:
    """The web server that people talk to, and what kills and starts it again."""

    def __init__(self, background, **environment):
        self.background, self.environment = background, environment
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.up = threading.Event()

    def start(self):
        self.process = self.background("serve", "--web", "--port", str(self.port), **self.environment)
        self.answers()

    def answers(self):
        """Wait until it does."""
        until(self._answers)
        self.up.set()

    def _answers(self):
        assert self.process.poll() is None
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10):
            return True
        return False

    def kill_all(self):
        self.up.clear()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()

    def kill_workers(self):
        """Of gunicorn: its master starts others."""
        self.up.clear()
        kill(*children(self.process))
        self.answers()


class Person(threading.Thread):
    """Sends what is to be sent, again and again until there is an answer, and keeps what was acknowledged."""

    def __init__(self, house, session, errands, told):
        super().__init__()
        self.house, self.session, self.errands, self.told = house, session, errands, told

    def run(self):
        for name, address, fields in self.errands:
            while (answer := self._send(address, fields)) is None:
                self.house.up.wait(PATIENCE)
            with self.told:
                self.told.answers.append((name, answer))
                self.told.notify_all()

    def _send(self, address, fields):
        """Where the answer leads; None without one, or when the server says that it could not."""
        line = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={SECRET}"
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request("POST", address, urlencode(fields | {"csrfmiddlewaretoken": SECRET}), headers)
            response = line.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        # That it could not write the session, for want of a database, Django tells with 400.
        if response.status >= 500 or (response.status == 400 and not self.house.up.is_set()):
            return None
        assert response.status == 302, f"{response.status} for {address}"
        return urlsplit(response.headers["Location"]).path


class Told(threading.Condition):
    """What was acknowledged so far; whoever kills waits for some more of it."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def some_more(self, number, *, than):
        with self:
            assert self.wait_for(lambda: len(self.answers) >= than + number, PATIENCE)


def test_what_the_web_server_acknowledged_is_there(background):
    house = House(background)
    told = _killed_meanwhile(house, [house.kill_workers, house.kill_all], gifts=6)

    _acknowledged_is_there(told, there=set(Donation.objects.values_list("code", flat=True)), gifts=6)
    assert list(findings()) == []
    _nothing_is_half(6)


@pytest.mark.soak
def test_what_the_web_server_acknowledged_is_there_after_many_kills(background):
    house = House(background)
    told = _killed_meanwhile(house, [house.kill_workers, house.kill_all] * 10, gifts=60)

    _acknowledged_is_there(told, there=set(Donation.objects.values_list("code", flat=True)), gifts=60)
    assert list(findings()) == []
    _nothing_is_half(60)


def _killed_meanwhile(house, kills, *, gifts, people=4):
    """``people`` submit ``gifts`` each, one more confirms as many that wait already; in between, every one of ``kills``."""
    told = Told()
    crowd = _crowd(house, told, gifts, people)
    house.start()
    for one in crowd:
        one.start()
    whole = gifts * (people + 1)
    for strike in kills:
        told.some_more(max(1, whole // (len(kills) + 2)), than=len(told.answers))
        strike()
    for one in crowd:
        one.join()
    assert len(told.answers) == whole
    return told


def _crowd(house, told, gifts, people):
    member = factories.user("org_member", organization=factories.approved_organization())
    waiting = [factories.submitted_donation() for _ in range(gifts)]
    reviewer = factories.reviewer()
    submits = [
        [_draft(member, f"{place}{number:03d}") for number in range(gifts)] for place in range(1, people + 1)
    ]
    confirms = [
        (gift.code, f"/admin/donations/donation/{gift.pk}/do/confirm/", {"confirmed": "1"})
        for gift in waiting
    ]
    crowd = [Person(house, _session(member), errands, told) for errands in submits]
    return [*crowd, Person(house, _session(reviewer), confirms, told)]


def _draft(member, amount):
    """A form filled in as far as its check page, and what the button there sends."""
    token = uuid.uuid4()
    content = {name: [value] for name, value in pages.cash(amount=amount).items() if name != "intent"}
    content["_asked"] = []
    save_draft(token, by=member, form="donations:cash", content=content)
    return "", f"/donations/cash/{token}/check/", {"intent": "submit", "content": digest(content)}


def _session(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _acknowledged_is_there(told, *, there, gifts, people=4):
    receipts = [RECEIPT.search(answer)[1] for name, answer in told.answers if not name]
    assert Counter(receipts).most_common(1)[0][1] == 1
    assert len(receipts) == gifts * people
    confirmed = {name for name, _ in told.answers if name}
    assert len(confirmed) == gifts
    assert set(receipts) | confirmed == there


def _nothing_is_half(gifts):
    confirmed = Donation.objects.confirmed()
    assert confirmed.count() == gifts
    assert not Donation.objects.filter(lines__isnull=True).exists()
    assert Lot.objects.count() == Holding.objects.count() == Movement.objects.count() == confirmed.count()
    assert set(DonationLine.objects.filter(fixed_at__isnull=False).values_list("donation", flat=True)) == set(
        confirmed.values_list("pk", flat=True)
    )


# The worker ------------------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.worker
def test_a_paper_whose_worker_is_killed_is_printed_by_the_next_one(background, monkeypatch):
    gift = factories.confirmed_donation(lines=[factories.goods()])
    paper = papers.request_paper(gift, by=factories.officer(), kind="goods_received")
    worker = background("serve", "--worker")
    print_paper.delay(paper.pk)
    until(lambda: Paper.objects.get(pk=paper.pk).attempts)
    kill_with_all(worker)

    background("serve", "--worker")
    monkeypatch.setattr(papers, "PATIENCE", papers.PATIENCE * 0)
    sweep_papers()

    until(lambda: Paper.objects.get(pk=paper.pk).finished_at)
    paper.refresh_from_db()
    assert not paper.failure
    assert paper.pdf.storage.exists(paper.pdf.name)
    assert list(findings()) == []


# The database ----------------------------------------------------------------------------------------------------


class Server:
    """A PostgreSQL of its own that keeps its promises (fsync, synchronous_commit), with a copy of this test's data."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"postgres://jinchuan@127.0.0.1:{self.port}/jinchuan"
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        self._run(
            "initdb", "-D", self.data, "-U", "jinchuan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "jinchuan", "jinchuan")

    @property
    def data(self):
        return str(self.folder / "db")

    def start(self):
        options = ["-p", str(self.port), "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"]
        self.process = subprocess.Popen(self._command("postgres", "-D", self.data, *options), cwd=self.folder)
        probe = self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
        until(lambda: subprocess.run(probe, cwd=self.folder).returncode == 0)

    def kill(self):
        kill(self.process.pid, *children(self.process))
        self.process.wait()
        self.start()

    def take_over(self):
        """What this test has written so far."""
        here = connection.settings_dict
        source = f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
        dump = subprocess.run(
            self._command("pg_dump", "--no-owner", source), cwd=self.folder, check=True, capture_output=True
        )
        load = self._command("psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", self.url)
        subprocess.run(load, cwd=self.folder, check=True, input=dump.stdout)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def _run(self, *command):
        subprocess.run(self._command(*command), cwd=self.folder, check=True, capture_output=True)

    def _command(self, name, *arguments):
        """PostgreSQL refuses to run as root, so it runs as the user its package made."""
        owner = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
        )
        return [*owner, str(self.binaries / name), *arguments]


@pytest.fixture
def server(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could be killed beside the web server")
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    folder = Path("/tmp") / f"jinchuan-killed-{os.getpid()}"  # the folder of a test is nobody else's to enter
    folder.mkdir()
    own = Server(folder, binaries)
    yield own
    own.stop()
    shutil.rmtree(folder)


@pytest.mark.soak
def test_what_was_acknowledged_survives_a_database_that_is_killed(background, server, process_environment):
    house = House(background, DATABASE_URL=server.url)
    told = Told()
    crowd = _crowd(house, told, 40, 4)
    server.take_over()
    house.start()
    for one in crowd:
        one.start()
    for _ in range(8):
        told.some_more(15, than=len(told.answers))
        house.up.clear()
        server.kill()
        house.up.set()
    for one in crowd:
        one.join()

    with psycopg.connect(server.url) as own:
        there = {code for (code,) in own.execute("SELECT code FROM donations_donation")}
        halves = own.execute(
            "SELECT (SELECT count(*) FROM donations_donation d WHERE NOT EXISTS "
            "(SELECT 1 FROM donations_donationline l WHERE l.donation_id = d.id)), "
            "(SELECT count(*) FROM donations_lot l WHERE NOT EXISTS "
            "(SELECT 1 FROM donations_holding h JOIN donations_movement m ON m.holding_id = h.id WHERE h.lot_id = l.id)), "
            "(SELECT count(*) FROM donations_donation WHERE state = 'confirmed') - (SELECT count(*) FROM donations_lot)"
        ).fetchone()
    _acknowledged_is_there(told, there=there, gifts=40)
    assert halves == (0, 0, 0)
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_consistency"],
        cwd=settings.ROOT,
        env=process_environment | {"DATABASE_URL": server.url},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, json.dumps(checked.stdout, ensure_ascii=False)
