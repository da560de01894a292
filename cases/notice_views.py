"""The inbox (通知): reminders for oneself, opened by a button, because opening one marks it read."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.shared.access import ListPage, Page

from .models import Household, Notice
from .services.notices import mark_read

ALL_READ = "已全部标为已读。"
OVER = "这一户与贵组织的结对已经结束，或者同意书已经失效，这条提醒不用再办理。"


class Inbox(ListPage):
    """P20: the newest first."""

    permission = "cases.view_notice"
    organization_only = True
    template_name = "notices/inbox.html"

    def rows(self):
        return Notice.objects.visible_to(self.request.user)

    def context(self):
        return {"unread": self.rows().unread().count()}


class OpenNotice(Page):
    """Marks one read and leads to its household, or says why there is nothing to do any more."""

    permission = "cases.view_notice"
    organization_only = True

    def get(self, request, pk):
        return redirect("cases:notices")

    def post(self, request, pk):
        rows = Notice.objects.visible_to(request.user).select_related("pairing")
        notice = get_object_or_404(rows, pk=pk)
        mark_read(by=request.user, notices=[notice])
        shared = Household.objects.visible_to(request.user)
        if notice.pairing and not shared.filter(pk=notice.pairing.household_id).exists():
            messages.info(request, OVER)
            return redirect("cases:notices")
        return redirect(notice.url)


class ReadAll(Page):
    permission = "cases.view_notice"
    organization_only = True

    def get(self, request):
        return redirect("cases:notices")

    def post(self, request):
        mark_read(by=request.user, notices=Notice.objects.visible_to(request.user).unread())
        messages.success(request, ALL_READ)
        return redirect("cases:notices")


# The desk ----------------------------------------------------------------------------------------------------


def notices_block(user):
    """How many reminders wait, and the newest of them."""
    unread = Notice.objects.visible_to(user).unread()
    newest = unread.first()
    if newest is None:
        return None
    task = desk.Task(f"{unread.count()} 条未读提醒", newest.title, reverse("cases:notices"), urgent=True)
    return desk.Block("通知", [task])
