"""Starts the very commands of docker-compose.yml against a PostgreSQL and a Redis of this machine."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from jinchuan.settings.keys import fresh

pytestmark = [
    pytest.mark.compose,
    pytest.mark.skipif(settings.EMBEDDED, reason="the compose file is for PostgreSQL and Redis"),
]

PATIENCE_SECONDS = 180


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def environment(process_environment, tmp_path):
    """What a container gets: production settings, an empty data folder, and the keys of its database."""
    keys = {"FIELD_KEYS": settings.FIELD_KEYS, "INDEX_KEY": settings.INDEX_KEY}
    environment = process_environment | fresh() | keys
    return environment | {
        "PORT": "1",  # in .env it is the port of the host, which the container must not care about
        "DJANGO_SETTINGS_MODULE": "jinchuan.settings.production",
        "JINCHUAN_DATA": str(tmp_path / "data"),
        "ALLOWED_HOSTS": "aixin.example.org",
        "JINCHUAN_TRUSTED_PROXIES": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def service_of(name):
    return yaml.safe_load((settings.ROOT / "docker-compose.yml").read_text())["services"][name]


def on(port, command):
    """A command of the file as it stands there, but on a free port of this machine alone."""
    return [part.replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1") for part in command]


class Containers:
    def __init__(self, environment):
        self.environment = environment
        self.port = free_port()
        self.running = []

    def start(self, service):
        process = subprocess.Popen(
            on(self.port, service_of(service)["command"]),
            cwd=settings.ROOT,
            env=self.environment,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def wait_until_healthy(self, service, process):
        kind, *command = service_of(service)["healthcheck"]["test"]
        assert kind == "CMD"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert process.poll() is None, f"{service} ended with {process.returncode}"
            done = subprocess.run(
                on(self.port, command),
                cwd=settings.ROOT,
                env=self.environment,
                capture_output=True,
                text=True,
            )
            if done.returncode == 0:
                return
            assert time.monotonic() < deadline, done.stderr

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": "aixin.example.org", **headers})
        response = connection.getresponse()
        response.body = response.read().decode()
        connection.close()
        return response


@pytest.fixture
def containers(environment):
    containers = Containers(environment)
    yield containers
    for process in containers.running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_web_worker_and_beat_come_up_answer_and_stop(containers):
    web = containers.start("web")
    containers.wait_until_healthy("web", web)
    worker, beat = containers.start("worker"), containers.start("beat")
    containers.wait_until_healthy("worker", worker)

    health = containers.get("/healthz")
    assert json.loads(health.body) == {"database": "ok", "cache": "ok", "storage": "ok"}

    plain = containers.get("/accounts/login/")
    assert (plain.status, plain.headers["Location"]) == (301, "https://aixin.example.org/accounts/login/")

    page = containers.get(
        "/accounts/login/", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    )
    assert page.status == 200
    assert "__Host-csrftoken" in page.headers["Set-Cookie"]
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"

    assert beat.poll() is None
    assert [containers.stop(process) for process in (beat, worker, web)] == [0, 0, 0]
