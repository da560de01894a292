"""Says whether a part of the house answers, for the health checks of docker-compose.yml."""

import http.client
import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jinchuan.celery import app


class Command(BaseCommand):
    help = "Asks the web server or the worker on this machine whether it is well. Fails when it is not."

    def add_arguments(self, parser):
        part = parser.add_mutually_exclusive_group(required=True)
        part.add_argument("--web", action="store_true", help="ask /healthz")
        part.add_argument(
            "--worker", action="store_true", help="ask the worker of this machine for a sign of life"
        )
        parser.add_argument("--port", type=int, default=8000, help="the port of the web server (8000)")

    def handle(self, *, web, port, **options):
        if web:
            self._ask_web(port)
        else:
            self._ask_worker()

    def _ask_web(self, port):
        connection = http.client.HTTPConnection("localhost", port, timeout=8)
        try:
            host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
            connection.request("GET", "/healthz", headers={"Host": host})
            response = connection.getresponse()
            state = response.read().decode(errors="replace")
        except OSError as error:
            raise CommandError(f"The web server does not answer: {error}") from error
        finally:
            connection.close()
        if response.status != 200:
            raise CommandError(f"The web server answers {response.status}: {state[:200]}")
        self.stdout.write(state)

    def _ask_worker(self):
        name = f"celery@{socket.gethostname()}"
        if not app.control.ping(destination=[name], timeout=5):
            raise CommandError(f"The worker {name} does not answer.")
        self.stdout.write(f"{name} answers.")
