"""One machine, nothing else to start: SQLite, a queue of files, keys made at the first start. For `make run`."""

from pathlib import Path

from . import env, keys
from .base import *
from .base import DATA, DATABASE, EMBEDDED

DEBUG = env.flag("JINCHUAN_DEBUG", False)
# Reached through a name or address of this machine; whoever opens it to others names the hosts.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
INTERNAL_IPS = ["127.0.0.1"]

made = keys.load_or_make(DATA / "keys.env", database=Path(DATABASE["NAME"]) if EMBEDDED else None)
SECRET_KEY = env.secret("SECRET_KEY", made["SECRET_KEY"])
FIELD_KEYS = env.secret("FIELD_KEYS", made["FIELD_KEYS"])
INDEX_KEY = env.secret("INDEX_KEY", made["INDEX_KEY"])
