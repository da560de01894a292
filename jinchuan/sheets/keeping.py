"""What lies beside an import while it is under way: the file, what was found in it, the marked copy, all sealed; and a
line that says how far the work is.

The line is no row of the database, because the work is one transaction: nobody outside sees a row before its end, and on
SQLite a second writer would wait for it. It holds two numbers and the time, and is replaced in one step.
"""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jinchuan.shared import crypto
from jinchuan.shared.clock import now

FOLDER = "sheets"
UPLOAD, FINDINGS, MARKED, PROGRESS = "upload", "findings", "marked", "progress"
_SEALED_AT_ONCE = 256 * 1024


class Lost(Exception):
    """The file is not there, or not as it was sealed."""


def seal(key, kind, data: bytes) -> None:
    """Put ``data`` aside, encrypted; what lay there under this name is replaced."""
    starts = range(0, len(data), _SEALED_AT_ONCE)
    pieces = [
        crypto.encrypt(
            base64.b64encode(data[start : start + _SEALED_AT_ONCE]).decode(),
            context=_context(key, kind, number, len(starts)),
        )
        for number, start in enumerate(starts)
    ]
    default_storage.delete(_path(key, kind))
    default_storage.save(_path(key, kind), ContentFile("\n".join(pieces).encode()))


def unseal(key, kind) -> bytes:
    """What was put aside. Raises ``Lost`` when it is not there whole."""
    try:
        with default_storage.open(_path(key, kind)) as file:
            pieces = file.read().decode().split("\n")
        return b"".join(
            base64.b64decode(crypto.decrypt(piece, context=_context(key, kind, number, len(pieces))))
            for number, piece in enumerate(pieces)
        )
    except (FileNotFoundError, crypto.DecryptionError) as error:
        raise Lost(f"{kind} of import {key}: {type(error).__name__}") from error


def drop(key) -> None:
    """Nothing of this import is kept any longer."""
    for name in _names():
        if name.startswith(str(key)):
            default_storage.delete(f"{FOLDER}/{name}")


def everything() -> dict[uuid.UUID, datetime]:
    """The imports of which something is kept, with the time of their newest file."""
    newest = {}
    for name in _names():
        key = uuid.UUID(name.partition(".")[0])
        at = default_storage.get_modified_time(f"{FOLDER}/{name}")
        newest[key] = max(at, newest.get(key, at))
    return newest


@dataclass(frozen=True)
class Progress:
    """How far a worker is: rows done of all (0: being read), and when it said so."""

    done: int
    total: int
    at: datetime | None = None

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


NOT_BEGUN = Progress(0, 0)


def tell(key, done, total) -> None:
    """Say how far it is: a sign of life as well."""
    said = json.dumps({"done": done, "total": total, "at": now().isoformat()})
    path = Path(default_storage.path(_path(key, PROGRESS)))
    beside = default_storage.save(f"{_path(key, PROGRESS)}.{uuid.uuid4().hex}", ContentFile(said))
    Path(default_storage.path(beside)).replace(path)


def told(key) -> Progress | None:
    """What was said last, or None."""
    try:
        with default_storage.open(_path(key, PROGRESS)) as file:
            said = json.load(file)
    except FileNotFoundError:
        return None
    return Progress(said["done"], said["total"], datetime.fromisoformat(said["at"]))


def _names() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def _path(key, kind) -> str:
    return f"{FOLDER}/{key}.{kind}"


def _context(key, kind, number, count) -> str:
    return f"sheets.{kind}.{key}.{number}/{count}"
