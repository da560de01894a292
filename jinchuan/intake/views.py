"""Pages that belong to no single register: the desk, 记一笔, 我的, drafts, attachments, help."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header

from jinchuan.audit import reading
from jinchuan.shared.access import ListPage, Page

from . import desk, services
from .carrying import csrf_failure
from .models import Attachment, Draft

DRAFT_GONE = "草稿已删除。"


class Home(Page):
    """今日待办. Whoever works in the bureau has the admin for a desk."""

    organization_only = True

    def get(self, request):
        return render(request, "intake/home.html", {"blocks": desk.blocks(request.user)})


class Log(Page):
    """记一笔: what is there to note?"""

    permission = "donations.add_donation"

    def get(self, request):
        return render(request, "intake/log.html")


class Me(Page):
    def get(self, request):
        return render(request, "intake/me.html")


@method_decorator(login_not_required, name="dispatch")
class Help(Page):
    def get(self, request):
        return render(request, "intake/help.html")


class Drafts(ListPage):
    template_name = "intake/drafts.html"

    def rows(self):
        return Draft.objects.visible_to(self.request.user).defer("content")


class DropDraft(Page):
    """Asks, then throws a draft away."""

    def get(self, request, draft):
        row = get_object_or_404(Draft.objects.visible_to(request.user), pk=draft)
        return render(request, "intake/drop_draft.html", {"draft": row})

    def post(self, request, draft):
        row = get_object_or_404(Draft.objects.visible_to(request.user), pk=draft)
        services.drop_draft(row, by=request.user)
        messages.success(request, DRAFT_GONE)
        return redirect("intake:drafts")


class Download(Page):
    """An attached file, for whoever may see the record it belongs to. It can never act as a page of ours."""

    def get(self, request, attachment):
        row = get_object_or_404(Attachment.objects.visible_to(request.user), pk=attachment)
        is_photo = row.content_type.startswith("image/")
        name = row.name if row.name.lower().endswith(row.extension) else f"{row.name}{row.extension}"
        if row.parent_type != Draft._meta.label:
            reading.opened(row, by=request.user)
        with row.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type=row.content_type)
        response["Content-Disposition"] = content_disposition_header(not is_photo, name)
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        return response


__all__ = ["Download", "Drafts", "DropDraft", "Help", "Home", "Log", "Me", "csrf_failure"]
