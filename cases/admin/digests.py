"""What became of the mails about reminders, for who keeps the mail server going: no address, no words of a mail."""

from django.contrib import admin

from jinchuan.shared import site
from jinchuan.shared.admin import OneFilter, ScopedAdmin
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_time

from ..models import Digest


class LostDigests(OneFilter):
    title = "要查看的"
    parameter_name = "waiting"
    slices = {"lost": ("近 7 天没有发出或不能确定", lambda rows: rows.lost())}


@admin.register(Digest)
class DigestAdmin(ScopedAdmin):
    tabs = False
    list_display = ["shown_day", "user", "count", "outcome", "problem", "shown_started"]
    list_filter = [LostDigests, "outcome"]
    search_fields = ["user__username"]
    search_help_text = "按收件人的账号查找。"
    empty_list = "还没有发过提醒邮件。设置了邮件服务器以后，每天早上发给有新提醒、填了电子邮箱的人。"
    fieldsets = [
        (None, {"fields": ["shown_day", "user", "count", "outcome", "problem", "shown_started"]}),
    ]
    readonly_fields = ["shown_day", "shown_started"]

    @admin.display(description="日期", ordering="day")
    def shown_day(self, row):
        return zh(row.day)

    @admin.display(description="开始时间", ordering="started_at")
    def shown_started(self, row):
        return zh_time(row.started_at)

    def choice_label(self, row):
        return f"{row.user.username} {zh(row.day)}"

    def page_note(self, request, obj):
        return "没有发出的，下一次会再发；不能确定的不再发。提醒本身都在收件人的提醒页里。"


@site.worklist
def digests_lost(user):
    if user.has_perm("cases.view_digest"):
        yield site.Waiting(
            "没有发出的提醒邮件",
            Digest.objects.visible_to(user).lost().count(),
            site.list_url("cases.digest", waiting="lost"),
            act="去查看",
            since="近 7 天，连同不能确定的",
        )
