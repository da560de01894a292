"""What the house tidies up by itself."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="ops.clear_sessions")
def clear_sessions():
    """Remove sessions that ended by themselves; running twice changes nothing."""
    SessionStore.clear_expired()
