"""What of volunteer service waits on an organisation's desk."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.shared.clock import today
from jinchuan.shared.templatetags.house import short_date

from .enums import ActivityState, SignUpState
from .models import Activity

SHOWN_ON_DESK = 5
DAYS_AHEAD = 7

_LIVE = Count("sign_ups", filter=~Q(sign_ups__state=SignUpState.WITHDRAWN))


def returned_block(user):
    rows = Activity.objects.visible_to(user).returned().order_by("held_on", "id")
    return _block(
        "退回修改的志愿服务", rows, lambda row: "请按退回意见修改", ActivityState.RETURNED, urgent=True
    )


def held_block(user):
    """The day is over and the hours are not told yet."""
    over = Q(held_on__lt=today()) | Q(state=ActivityState.HELD)
    rows = Activity.objects.visible_to(user).unlogged().filter(over).order_by("held_on", "id")
    return _block("已过活动日期，还没登记时长", rows, lambda row: "请登记时长，没有办成的请取消", urgent=True)


def coming_block(user):
    rows = Activity.objects.visible_to(user).filter(
        state__in=ActivityState.ahead(),
        held_on__gte=today(),
        held_on__lte=today() + timedelta(days=DAYS_AHEAD),
    )
    rows = rows.annotate(signed=_LIVE).order_by("held_on", "id")
    return _block("7 天内的志愿服务", rows, lambda row: f"{row.get_state_display()}，已报名 {row.signed} 人")


def cancelled_block(user):
    """Who signed up for what was called off is to be told, until the day has passed."""
    rows = Activity.objects.visible_to(user).filter(state=ActivityState.CANCELLED, held_on__gte=today())
    rows = rows.annotate(signed=_LIVE).filter(signed__gt=0).order_by("held_on", "id")
    return _block(
        "已取消的活动，请通知报名的人",
        rows,
        lambda row: f"{row.signed} 人报了名",
        urgent=True,
        page="volunteers:sign_ups",
    )


def waiting_block(user):
    rows = Activity.objects.visible_to(user).waiting().order_by("-held_on", "-id")
    return _block(
        "等民政局确认的志愿服务", rows, lambda row: row.get_state_display(), ActivityState.SUBMITTED
    )


def _block(title, rows, words, state="", *, urgent=False, page="volunteers:activity"):
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{row.code}　{row.title}",
            f"{short_date(row.held_on)}，{words(row)}",
            reverse(page, kwargs={"code": row.code}),
            urgent,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    listing = reverse("volunteers:activities") + (f"?state={state}" if state else "")
    return desk.Block(title, tasks, more=listing if len(found) > SHOWN_ON_DESK else "")
