"""The inbox: reminders for oneself, and for nobody else."""

from django.contrib import admin
from django.utils.html import format_html

from jinchuan.shared import site
from jinchuan.shared.admin import OneFilter, ScopedAdmin, Verb
from jinchuan.shared.templatetags.house import zh_time

from ..models import Notice
from ..services.notices import TOLD, mark_read


class UnreadNotices(OneFilter):
    title = "是否已读"
    parameter_name = "waiting"
    slices = {
        "unread": ("未读", lambda rows: rows.unread()),
        "read": ("已读", lambda rows: rows.filter(read_at__isnull=False)),
    }


def read(notice, *, by):
    return mark_read(by=by, notices=[notice])


@admin.register(Notice)
class NoticeAdmin(ScopedAdmin):
    list_display = ["shown_title", "shown_at", "shown_read"]
    list_display_links = None
    list_filter = [UnreadNotices]
    search_fields = ["title"]
    search_help_text = "按户编号或内容查找。"
    empty_list = (
        "没有提醒。走访联系快到期、逾期时，系统每天提醒一次，显示在这里；报告生成完毕时也在这里告知。"
    )
    fieldsets = [(None, {"fields": ["shown_title", "shown_at", "shown_read"]})]
    readonly_fields = ["shown_title", "shown_at", "shown_read"]
    verbs = (
        Verb(
            "read",
            "标为已读",
            "cases.view_notice",
            read,
            applies=lambda row: row.read_at is None,
            explain="看过了，从未读里去掉。",
        ),
    )

    @admin.display(description="内容")
    def shown_title(self, row):
        return format_html('<a href="{}">{}</a>', row.url, row.title)

    @admin.display(description="发出时间", ordering="created_at")
    def shown_at(self, row):
        return zh_time(row.created_at)

    @admin.display(description="阅读时间", ordering="read_at")
    def shown_read(self, row):
        return zh_time(row.read_at)

    def choice_label(self, row):
        return row.title


@site.worklist
def notices_waiting(user):
    if user.role in TOLD and user.has_perm("cases.view_notice"):
        yield site.Waiting(
            "未读提醒",
            Notice.objects.visible_to(user).unread().count(),
            site.list_url("cases.notice", waiting="unread"),
            act="去看",
        )
