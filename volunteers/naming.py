"""Hours in words, as they stand on pages, questions and sheets."""

from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.templatetags.house import short_date


def span_words(record) -> str:
    """9月12日 09:00–11:30."""
    start, end = (one.astimezone(SHANGHAI) for one in (record.started_at, record.ended_at))
    night = "" if end.date() == start.date() else "次日 "
    return f"{short_date(start.date())} {start:%H:%M}–{night}{end:%H:%M}"
