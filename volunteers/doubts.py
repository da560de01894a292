"""What is asked before hours are taken: the same person elsewhere at the same time, and a day of more than 16 hours.

Asked, not refused, for lists are typed in late and a night can be long. A form asks with a button, a sheet with a column.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from jinchuan.shared.masking import mask_name
from jinchuan.shared.templatetags.house import hours, short_date

from .models import LONGEST_SERVICE, ServiceRecord, Volunteer
from .naming import span_words
from .spans import by_day, instant, on_the_minute


@dataclass(frozen=True)
class Doubt:
    """What looks odd about one volunteer's hours. ``key`` names this very oddity: other times are another one."""

    volunteer: Volunteer
    key: str
    title: str
    text: str


def doubts(services, *, records, but=None) -> Iterator[Doubt]:
    """Of hours of one session that are about to be entered, beside the ``records`` the person may see but for those of
    the session ``but`` itself."""
    services = list(services)
    if services:
        elsewhere = _elsewhere(services, records, but)
        yield from _overlaps(services, elsewhere)
        yield from _long_days(services, elsewhere)


def _elsewhere(services, records, but) -> list[ServiceRecord]:
    """What the same people served in other sessions on these days."""
    rows = (
        records.within(_midnight_of(min(one.started_at for one in services), -1), _midnight_after(services))
        .filter(volunteer__in=[one.volunteer for one in services])
        .select_related("volunteer", "activity")
        .order_by("activity__code", "id")
    )
    return list(rows.exclude(activity=but) if but else rows)


def _midnight_of(moment: datetime, days) -> datetime:
    return instant(on_the_minute(moment).date() + timedelta(days=days), time())


def _midnight_after(services) -> datetime:
    return _midnight_of(max(one.ended_at for one in services), 1)


def _overlaps(services, elsewhere) -> Iterator[Doubt]:
    theirs = {one.volunteer: one for one in services}
    for record in elsewhere:
        mine = theirs[record.volunteer]
        if mine.started_at < record.ended_at and record.started_at < mine.ended_at:
            yield Doubt(
                mine.volunteer,
                key=f"overlap:{record.pk}:{_told(mine.started_at)}:{_told(mine.ended_at)}",
                title="服务时间重叠了",
                text=f"{mask_name(mine.volunteer.name)} {span_words(record)} 已登记在 "
                f"{record.activity.code}，与这次的时间重叠。",
            )


def _told(moment) -> str:
    return f"{on_the_minute(moment):%d%H%M}"


def _long_days(services, elsewhere) -> Iterator[Doubt]:
    totals = Counter()
    for one in (*services, *elsewhere):
        for day, minutes in by_day(one.started_at, one.ended_at, one.minutes).items():
            totals[one.volunteer, day] += minutes
    for (who, day), minutes in totals.items():
        if minutes > LONGEST_SERVICE:
            yield Doubt(
                who,
                key=f"long:{who.pk}:{day}:{minutes}",
                title="一天服务超过 16 小时",
                text=f"{mask_name(who.name)} {short_date(day)}登记的服务一共 {hours(minutes)} 小时。"
                "请核对起止时间和中间的休息。",
            )
