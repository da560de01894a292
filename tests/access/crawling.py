"""Ask for every address as every actor, once, and keep the answers."""

import hashlib
import io
import logging
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.test import Client
from pypdf import PdfReader

from tests import strictness

from .addresses import addresses
from .world import ACTORS

OWN, OTHER, UNKNOWN = "own", "other", "unknown"
# What a page may say differently each time: the number of the request, the token and seal of a form, its draft.
PASSING = re.compile(
    rb'[0-9a-f]{12}|name="(?:csrfmiddlewaretoken|seal)" value="[^"]*"'
    rb"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


@dataclass
class Answer:
    status: int
    text: str
    body: bytes
    url: str

    @property
    def timeless(self) -> bytes:
        return PASSING.sub(b"", self.body.replace(self.url.encode(), b""))


def sign_in(world) -> dict:
    """A browser for every actor."""
    clients = {actor: Client(raise_request_exception=False) for actor in ACTORS}
    for actor, client in clients.items():
        if actor != "anonymous":
            client.force_login(world.people[actor])
    return clients


def crawl(world, clients) -> dict:
    """(actor, address name, whose) → ``Answer``."""
    answers = {}
    for actor, client in clients.items():
        for address in addresses():
            sides = (
                {OWN: world.a, OTHER: world.b, UNKNOWN: None} if address.is_about_a_row else {OWN: world.a}
            )
            for whose, side in sides.items():
                answers[actor, address.name, whose] = _ask(client, address.url(side))
    return answers


def _ask(client, url) -> Answer:
    if url.endswith("/logout/"):
        return Answer(200, "", b"", url)
    with strictness.reading_only():
        response = client.get(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return Answer(response.status_code, f"{headers}\n{_text(response, body)}", body, url)


def _text(response, body) -> str:
    """What somebody can read in it, unpacked where it is packed."""
    kind = response.headers.get("Content-Type", "")
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


class Listener(logging.Handler):
    """Keeps every line that is logged, down to the finest."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@contextmanager
def listening():
    """The lines of all loggers, instead of showing them."""
    root, listener = logging.getLogger(), Listener()
    level, handlers = root.level, root.handlers
    root.handlers = [listener]
    root.setLevel(logging.DEBUG)
    try:
        yield listener.lines
    finally:
        root.handlers = handlers
        root.setLevel(level)


# The business: every table but the bookkeeping of sessions, the cache and the log ----------------------------

_BOOKKEEPING = {"sessions", "usersessions", "audit", "contenttypes", "admin"}


def fingerprint() -> dict:
    """Table → digest of all its rows."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label not in _BOOKKEEPING
    }
