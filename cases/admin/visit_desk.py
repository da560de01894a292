"""What waits among the visits, and what the page of a household tells of them."""

from django.db.models import Min
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, badge, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_time

from ..enums import VisitCondition
from ..models import Visit
from .care import counted_panel, returned_to


@site.panel("cases.household")
def visits_of_household(request, household):
    user = request.user
    if not user.has_perm("cases.view_visit"):
        return None
    return counted_panel(
        request,
        "走访",
        ("编号", "日期", "方式", "途径", "走访的人", "情况", "状态"),
        Visit.objects.visible_to(user)
        .to(household)
        .select_related("organization")
        .only(
            *("code", "visited_on", "kind", "channel", "condition", "was_made", "state", "organization__name")
        ),
        lambda one: (
            Cell(one.code, row_link(one)),
            zh(one.visited_on),
            one.get_kind_display(),
            one.get_channel_display(),
            one.organization.name if one.organization else "工作人员",
            one.get_condition_display() if one.was_made else "没有见到",
            badge(one),
        ),
        empty="还没有走访联系。",
        add_url=f"{reverse('admin:cases_visit_add')}?households={household.pk}"
        if user.has_perm("cases.add_visit")
        else "",
        add_label="登记走访联系",
        more_url=site.list_url("cases.visit", q=household.code),
    )


@site.worklist
def visits_returned(user):
    if user.has_perm("cases.change_visit"):
        yield site.Waiting(
            "退回给您的走访",
            returned_to(user, Visit.objects.visible_to(user)).count(),
            site.list_url("cases.visit", waiting="mine"),
            act="去修改",
            urgent=True,
        )


@site.worklist
def visits_waiting(user):
    if not user.has_perm("cases.confirm_visit"):
        return
    seen = Visit.objects.visible_to(user).waiting()
    first = seen.aggregate(first=Min("submitted_at"))["first"]
    yield site.Waiting(
        "待确认走访",
        seen.count(),
        site.list_url("cases.visit", waiting="submitted"),
        act="去确认",
        since=f"最早的 {zh_time(first)}提交" if first else "",
    )
    yield site.Waiting(
        "走访发现需要马上处理",
        seen.filter(condition=VisitCondition.URGENT).count(),
        site.list_url("cases.visit", waiting="urgent"),
        act="去看",
        urgent=True,
    )


site.shortcut("登记走访联系", "admin:cases_visit_add", "cases.add_visit")
