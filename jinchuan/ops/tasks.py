"""What the house tidies up by itself."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from jinchuan.shared.tallies import Tally


@shared_task(name="ops.clear_sessions")
def clear_sessions():
    """Remove sessions that ended by themselves; running twice changes nothing."""
    SessionStore.clear_expired()


@shared_task(name="ops.fold_tallies")
def fold_tallies():
    """Nightly: what came to a register and left it during the day becomes one line of its tally."""
    for tally in Tally.__subclasses__():
        tally.fold()
