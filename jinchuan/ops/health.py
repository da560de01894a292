"""Is the house up? For health checks and a proxy: database, cache and storage, each touched once."""

import logging
import uuid

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache():
    cache.get("healthz")


def _storage():
    name = default_storage.save(f"healthz/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


CHECKS = {"database": _database, "cache": _cache, "storage": _storage}


@never_cache
@login_not_required
@require_safe
def healthz(request):
    """200 when everything answers, else 503; says which part failed and nothing else. Writes no row."""
    state = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:
            # Whatever a broken part throws, the answer is the same: this part is down.
            logger.exception("health check of the %s failed", name)
            state[name] = "down"
        else:
            state[name] = "ok"
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)
