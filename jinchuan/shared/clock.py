"""The one place that asks what time it is. Business days are days in Asia/Shanghai, whatever the server says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in Asia/Shanghai."""
    return timezone.now().astimezone(SHANGHAI)


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return now().date()


def day_of(instant: datetime) -> date:
    """The Shanghai date of an instant; a naive one (a spreadsheet cell) is taken as Shanghai time."""
    return instant.date() if instant.tzinfo is None else instant.astimezone(SHANGHAI).date()
