"""The file between its preview and its confirmation: encrypted, for one person, for one hour."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jinchuan.shared import crypto
from jinchuan.shared.clock import now

from .importing import Outcome

KEPT_FOR = timedelta(hours=1)
_FOLDER = "sheets"
_CONTEXT = "sheets.upload"


@dataclass(frozen=True)
class Kept:
    """A file somebody handed in, and what its rehearsal found."""

    id: uuid.UUID
    name: str
    data: bytes
    outcome: Outcome


def keep(data: bytes, name: str, outcome: Outcome, *, register, by) -> uuid.UUID:
    """Put a file aside; returns its id. What is older than an hour goes at the same time."""
    clear_old()
    key = uuid.uuid4()
    content = {
        "owner": by.pk,
        "register": register.name,
        "at": now().isoformat(),
        "name": name,
        "data": base64.b64encode(data).decode(),
        "outcome": outcome.as_dict(),
    }
    sealed = crypto.encrypt(json.dumps(content, ensure_ascii=False), context=f"{_CONTEXT}.{key}")
    default_storage.save(_path(key), ContentFile(sealed.encode()))
    return key


def fetch(key, *, register, by) -> Kept | None:
    """The file, for the person who handed it in and for its register only; None when it is not there (any more)."""
    try:
        with default_storage.open(_path(key)) as file:
            content = json.loads(crypto.decrypt(file.read().decode(), context=f"{_CONTEXT}.{key}"))
    except FileNotFoundError:
        return None
    if (content["owner"], content["register"]) != (by.pk, register.name):
        return None
    if now() - datetime.fromisoformat(content["at"]) > KEPT_FOR:
        return None
    outcome = Outcome.from_dict(content["outcome"])
    return Kept(key, content["name"], base64.b64decode(content["data"]), outcome)


def drop(key) -> None:
    default_storage.delete(_path(key))


def clear_old() -> int:
    """Delete the files nobody confirmed within the hour; returns how many."""
    try:
        names = default_storage.listdir(_FOLDER)[1]
    except FileNotFoundError:
        return 0
    old = [n for n in names if now() - default_storage.get_modified_time(f"{_FOLDER}/{n}") > KEPT_FOR]
    for name in old:
        default_storage.delete(f"{_FOLDER}/{name}")
    return len(old)


def _path(key) -> str:
    return f"{_FOLDER}/{key}"
