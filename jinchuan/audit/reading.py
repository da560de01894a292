"""Somebody opened or printed what tells of a person: written down as it is handed out.

A GET changes no row of the business, and this changes none: only the moment of reading knows that somebody read, so it is
the one thing besides the session that a GET may write (tests/strictness.py). If the log cannot take it, nothing is shown.
"""

from datetime import timedelta

from jinchuan.shared.clock import now

from .models import AuditEvent
from .services import record, verb

OPENED, PRINTED, EXPORTED = "open_file", "print", "export"
# Whoever works on a file opens it again after every step; one line an hour says as much.
ONE_SITTING = timedelta(hours=1)


def opened(row, *, by) -> None:
    """Note that somebody opened the page of the row; once for one sitting."""
    lately = AuditEvent.objects.of(row).filter(
        action=OPENED, actor=by.get_username(), at__gt=now() - ONE_SITTING
    )
    if not lately.exists():
        _note(OPENED, row, by=by)


def printed(row, *, by) -> None:
    """Note that somebody took the row's print, each time."""
    _note(PRINTED, row, by=by)


@verb
def _note(action, row, *, by) -> None:
    record(action, row, by=by)
