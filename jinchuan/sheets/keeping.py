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
    """A file somebody handed in, and what its rehearsal found. Over when it was imported, or an hour old."""

    id: uuid.UUID
    name: str
    data: bytes
    outcome: Outcome
    is_over: bool = False


def keep(data: bytes, name: str, outcome: Outcome, *, register, by) -> uuid.UUID:
    """Put a file aside; returns its id. What is older than an hour goes at the same time."""
    clear_old()
    key = uuid.uuid4()
    _write(
        key,
        {
            "owner": by.pk,
            "register": register.name,
            "at": now().isoformat(),
            "name": name,
            "data": base64.b64encode(data).decode(),
            "outcome": outcome.as_dict(),
        },
    )
    return key


def fetch(key, *, register, by) -> Kept | None:
    """The file, for the person who handed it in and for its register; None for everybody else."""
    content = _read(key)
    if content is None or (content["owner"], content["register"]) != (by.pk, register.name):
        return None
    return Kept(
        key,
        content["name"],
        base64.b64decode(content["data"]),
        Outcome.from_dict(content["outcome"]),
        not content["data"] or now() - datetime.fromisoformat(content["at"]) > KEPT_FOR,
    )


def finish(key) -> None:
    """The file is imported: forget what was in it, and for the rest of the hour know only that it was."""
    content = _read(key)
    default_storage.delete(_path(key))
    _write(key, content | {"data": "", "outcome": Outcome().as_dict()})


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


def _read(key) -> dict | None:
    try:
        with default_storage.open(_path(key)) as file:
            return json.loads(crypto.decrypt(file.read().decode(), context=f"{_CONTEXT}.{key}"))
    except FileNotFoundError:
        return None


def _write(key, content) -> None:
    sealed = crypto.encrypt(json.dumps(content, ensure_ascii=False), context=f"{_CONTEXT}.{key}")
    default_storage.save(_path(key), ContentFile(sealed.encode()))


def _path(key) -> str:
    return f"{_FOLDER}/{key}"
