"""The one place that asks what time it is. Business days are days in Asia/Shanghai, whatever the server says."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")

_pretended: ContextVar[datetime | None] = ContextVar("pretended_now", default=None)


def now() -> datetime:
    """The present instant, aware, in Asia/Shanghai."""
    return (_pretended.get() or timezone.now()).astimezone(SHANGHAI)


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return now().date()


def day_of(instant: datetime) -> date:
    """The Shanghai date of an instant; a naive one (a spreadsheet cell) is taken as Shanghai time."""
    return instant.date() if instant.tzinfo is None else instant.astimezone(SHANGHAI).date()


@contextmanager
def travel(instant: datetime):
    """Let it be ``instant`` inside the block, for this thread: the demo district lives through its history this way."""
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)
