"""Reads the environment strictly: what is missing or malformed stops the start and says how to fix it."""

import difflib
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Every variable with our prefix that means something. Another one is a typing mistake that would do nothing.
PREFIX = "JINCHUAN_"
KNOWN = {
    "JINCHUAN_CACHE",
    "JINCHUAN_DATA",
    "JINCHUAN_DEBUG",
    "JINCHUAN_FONTS",
    "JINCHUAN_HTTPS",
    "JINCHUAN_REQUIRE_SECOND_FACTOR",
    "JINCHUAN_SQLITE_SYNCHRONOUS",
    "JINCHUAN_TRUSTED_PROXIES",
}


class EnvError(ImproperlyConfigured):
    """A variable is missing or cannot be read; the message names it and says what to write."""

    def __init__(self, name, problem, hint):
        super().__init__(f"Environment variable {name}: {problem}. {hint}")


def refuse_unknown():
    """Refuse variables that look like ours but are not read by anything."""
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else "Remove it; .env.example lists the variables there are."
            )
            raise EnvError(name, "is not known", hint)


def text(name, default=None, *, hint=""):
    """The variable's text; without a default it must be set and not empty."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise EnvError(name, "is missing", hint or "Set it as .env.example shows.")
    return default


def secret(name, default=None, *, hint=""):
    """Like `text`, but NAME_FILE may name a file with the value, so that it stays out of the environment."""
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if not file_name:
        return text(name, default, hint=hint)
    try:
        value = Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"names a file that cannot be read ({error.strerror})"
        raise EnvError(f"{name}_FILE", problem, "Check the path and its permissions.") from error
    if not value:
        raise EnvError(f"{name}_FILE", "names an empty file", "Write the value into it.")
    return value


def flag(name, default):
    """on or off, nothing else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value not in {"on", "off"}:
        raise EnvError(name, f"has the value {value!r}", "Use on or off.")
    return value == "on"


def number(name, default, *, least=0, most=None):
    """A whole number within its bounds."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    bounds = f"Use a whole number from {least}" + (f" to {most}." if most is not None else " up.")
    if not (value.isascii() and value.isdigit()):
        raise EnvError(name, f"has the value {value!r}", bounds)
    if int(value) < least or (most is not None and int(value) > most):
        raise EnvError(name, f"has the value {value}", bounds)
    return int(value)


def choice(name, default, choices):
    """One of a few words."""
    value = os.environ.get(name, "").strip() or default
    if value not in choices:
        raise EnvError(name, f"has the value {value!r}", f"Use one of: {', '.join(choices)}.")
    return value


def words(name, default=None, *, hint=""):
    """A list written with commas."""
    value = text(name, ",".join(default) if default is not None else None, hint=hint)
    return [word.strip() for word in value.split(",") if word.strip()]


DATABASE_HINT = (
    "Use sqlite:///var/db.sqlite3 (a path in the project), sqlite:////srv/data/db.sqlite3 (an absolute path) "
    "or postgres://user:password@host:5432/name."
)


def database(name, default, *, root):
    """Django's database settings from a URL: its engine, and where the data is.

    A relative SQLite path counts from `root`. PostgreSQL takes `?sslmode=` and `?sslrootcert=`, and `?host=` for
    the folder of a Unix socket. Characters that mean something in a URL are written %XX in user and password.
    """
    value = secret(name, default, hint=DATABASE_HINT)
    url = urlsplit(value)
    if url.scheme == "sqlite":
        path = unquote(url.path)[1:]
        if url.netloc or not path or url.query:
            raise EnvError(name, "is not a SQLite address that can be read", DATABASE_HINT)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(root / path)}
    if url.scheme not in {"postgres", "postgresql"}:
        raise EnvError(name, f"begins with {url.scheme or value.partition(':')[0]!r}", DATABASE_HINT)
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"host", "sslmode", "sslrootcert"})
    if unknown:
        raise EnvError(
            name, f"has the option {unknown[0]!r}", "Known options are host, sslmode and sslrootcert."
        )
    database_name = unquote(url.path).strip("/")
    host = options.pop("host", "") or url.hostname or ""
    try:
        port = url.port
    except ValueError as error:
        raise EnvError(name, "has a port that is not a number", DATABASE_HINT) from error
    if not database_name or "/" in database_name:
        raise EnvError(name, "does not name a database", DATABASE_HINT)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def redis(name, default=None):
    """Two addresses on one Redis server, (broker, cache): the URL's numbered database, and the next one."""
    hint = "Use redis://host:6379/0 (or rediss:// for TLS, redis://:password@host:6379/0 with a password)."
    value = secret(name, default, hint=hint)
    if not value:
        return None
    url = urlsplit(value)
    number_text = url.path.strip("/") or "0"
    if url.scheme not in {"redis", "rediss"} or not url.hostname or not number_text.isdecimal() or url.query:
        raise EnvError(name, "is not a Redis address that can be read", hint)
    base = value[: len(value) - len(url.path)].rstrip("/") if url.path else value
    return f"{base}/{number_text}", f"{base}/{int(number_text) + 1}"
