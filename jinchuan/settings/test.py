"""The test-suite: a data folder of its own that vanishes afterwards, fixed keys, fast password hashes.

A process that a test starts gets JINCHUAN_DATA and DATABASE_URL from it and so works on the same data.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "jinchuan-test-"
if not Path(os.environ.get("JINCHUAN_DATA", "")).name.startswith(PREFIX):  # never the data of an installation
    os.environ["JINCHUAN_DATA"] = tempfile.mkdtemp(prefix=PREFIX)
    atexit.register(shutil.rmtree, os.environ["JINCHUAN_DATA"], ignore_errors=True)

from .base import *
from .base import DATA, DATABASE, EMBEDDED, LOGGING, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SECRET_KEY = "only-for-tests"
FIELD_KEYS = "t1:" + "dGVzdC1vbmx5LWtleS10ZXN0LW9ubHkta2V5LTAwMDE="
INDEX_KEY = "dGVzdC1vbmx5LWtleS10ZXN0LW9ubHkta2V5LTAwMDI="

if EMBEDDED:
    DATABASE["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASE["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # Several runs may share one server.
    DATABASE["TEST"] = {"NAME": f"test_{DATABASE['NAME']}_{os.getpid()}"}

# Two prints more of each report would double what the tests of reports take; the tests of those prints ask for them.
REPORT_VARIANTS = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

LOGGING["root"]["level"] = "WARNING"
