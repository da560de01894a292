"""Hours in words, as they stand on pages, questions and sheets."""

from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.templatetags.house import short_date


def start_words(record) -> str:
    return f"{record.started_at.astimezone(SHANGHAI):%H:%M}"


def end_words(record) -> str:
    """11:30; 次日 02:00 of a night."""
    start, end = (one.astimezone(SHANGHAI) for one in (record.started_at, record.ended_at))
    return f"{'' if end.date() == start.date() else '次日 '}{end:%H:%M}"


def span_words(record) -> str:
    """9月12日 09:00–11:30."""
    return f"{short_date(record.started_at.astimezone(SHANGHAI).date())} {start_words(record)}–{end_words(record)}"
