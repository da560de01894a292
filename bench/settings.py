"""The settings of the test-suite, with the tables and the templates of the stock admin beside ours."""

from jinchuan.settings.test import *  # noqa: F403
from jinchuan.settings.test import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
TEMPLATES = [*TEMPLATES, {**TEMPLATES[0], "NAME": "stock", "DIRS": []}]
