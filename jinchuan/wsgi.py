"""The WSGI entry point that gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuan.settings.dev")
# A page never needs a query of ten seconds; commands and the worker are not limited by this.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "10")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
