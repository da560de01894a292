"""The keys of an embedded installation: made once at the first start, in a file that only its owner can read."""

import base64
import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NAMES = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")


def fresh():
    """New keys. FIELD_KEYS is a ring "id:base64,id:base64" whose first entry writes; the others only read."""

    def key():
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": f"k1:{key()}", "INDEX_KEY": key()}


def load_or_make(file, *, database):
    """The keys in `file`; makes them when neither the file nor `database` (a path or None) exists yet.

    Refuses to make new keys beside a database that exists: what the lost keys wrote could never be read.
    """
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    if database is not None and database.exists():
        raise ImproperlyConfigured(
            f"{file} is missing, but the database {database} exists: its personal data can only be read with the "
            f"keys it was written with. Put {file.name} back from your own copy. Only if there is nothing to "
            f"keep, delete the database as well and start again."
        )
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".keys-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(
                "# Keep a copy of this file apart from the backups. Without it the data cannot be read.\n"
            )
            output.writelines(f"{name}={value}\n" for name, value in fresh().items())
        # A link never overwrites: of two processes that start at once, one makes the keys.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()
    return _read(file)


def _read(file):
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    found = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    missing = [name for name in NAMES if not found.get(name)]
    if missing:
        raise ImproperlyConfigured(f"{file} has no {missing[0]}. Put the file back from your own copy.")
    return found
