"""Who served how long in a year: one grouped query over confirmed service, for a page, a sheet and a paper alike."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from jinchuan.audit.services import verb
from jinchuan.shared.access import require
from jinchuan.shared.masking import mask_name
from jinchuan.sheets import workbooks

from .models import ServiceRecord

FIRST_YEAR = 2023


@dataclass(frozen=True)
class YearOfOne:
    """What one volunteer served in one year: person-times and minutes actually served."""

    volunteer: int
    name: str
    national_number: str
    times: int
    minutes: int


def service_in(user, year):
    """Confirmed service of a year that ``user`` may see, grouped by volunteer, the longest first."""
    return (
        ServiceRecord.objects.visible_to(user)
        .confirmed()
        .filter(activity__held_on__gte=date(year, 1, 1), activity__held_on__lt=date(year + 1, 1, 1))
        .values("volunteer", "volunteer__name", "volunteer__national_number")
        .annotate(times=Count("pk"), total=Sum("minutes"))
        .order_by("-total", "volunteer")
    )


def table(user, year) -> list[YearOfOne]:
    """Of every volunteer who served; one query."""
    return [told(row) for row in service_in(user, year)]


def told(row) -> YearOfOne:
    return YearOfOne(
        volunteer=row["volunteer"],
        name=row["volunteer__name"],
        national_number=row["volunteer__national_number"],
        times=row["times"],
        minutes=row["total"],
    )


def year_asked(text, today) -> int:
    """The year of an address; the present one where it makes no sense."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    return min(max(year, FIRST_YEAR), today.year)


@verb
def sheet(year, *, by) -> bytes:
    """The table of a year as xlsx, names masked; in the log."""
    require(by, "volunteers.view_servicerecord")
    rows = table(by, year)
    heads = ("姓名", "全国志愿者编号", "服务次数", "服务时长（小时）")
    body = [(mask_name(one.name), one.national_number, one.times, tenths(one.minutes)) for one in rows]
    title = f"{year}年志愿服务时长"
    return workbooks.write(
        "volunteer_hours", title, [(title, heads, body)], by=by, ids=[one.volunteer for one in rows]
    )


def tenths(minutes) -> float:
    """Minutes as hours to one place, rounded down, for a cell."""
    return (minutes or 0) * 10 // 60 / 10
