"""Prints: a button on a row's page, a page that waits for the worker, the file for whoever asked for it."""

from csp.decorators import csp_replace
from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, Verb, row_link
from jinchuan.shared.admin.progress import ProgressMixin
from jinchuan.shared.dates import zh as zh_day
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_time

from .. import tasks
from ..enums import PaperKind
from ..models import Paper
from ..papers import KINDS
from ..services import papers
from ..tracing import help_received
from .pieces import register_link

LOGGED = "打印会记入操作日志；文件里有姓名，只有您能打开，72 小时后删除。"
GIFT_PAPERS = (PaperKind.GOODS_RECEIVED, PaperKind.HANDOVER, PaperKind.THANKS, PaperKind.WHEREABOUTS)


class GiftPaperForm(Form):
    """Which of the papers of one gift."""

    kind = forms.ChoiceField(
        label="单据", widget=forms.RadioSelect, choices=[(one.value, one.label) for one in GIFT_PAPERS]
    )


def ask(row, *, by, kind):
    """Ask for a print and tell the worker."""
    paper = papers.request_paper(row, by=by, kind=PaperKind(kind))
    tasks.print_paper.delay_on_commit(paper.pk)
    return paper


def to_paper(model_admin, request, row, paper):
    return HttpResponseRedirect(row_link(paper))


def print_verb(kind, label, permission, **more) -> Verb:
    """A button that prints one kind of paper."""

    def service(row, *, by):
        return ask(row, by=by, kind=kind)

    return Verb("print", label, permission, service, explain=LOGGED, bulk=False, respond=to_paper, **more)


@admin.register(Paper)
class PaperAdmin(ProgressMixin, ScopedAdmin):
    tabs = False
    list_display = ["shown_title", "shown_requested", "shown_progress", "pages"]
    list_filter = ["kind"]
    empty_list = "您还没有打印过单据。"
    progress_template = "admin/donations/_paper_progress.html"
    fieldsets = [
        (
            "打印",
            {
                "fields": [
                    "kind",
                    "subject",
                    "requested_by",
                    "shown_requested",
                    "shown_progress",
                    "pages",
                    "sha256",
                ]
            },
        )
    ]
    readonly_fields = ["shown_requested", "shown_progress"]

    @admin.display(description="单据", ordering="kind")
    def shown_title(self, row):
        return str(row)

    @admin.display(description="提出时间", ordering="requested_at")
    def shown_requested(self, row):
        return zh_time(row.requested_at)

    @admin.display(description="进度")
    def shown_progress(self, row):
        if row.is_waiting:
            return "正在打印"
        if row.failure:
            return row.failure
        return "文件已删除，需要时请重新打印" if row.is_gone else "已完成"

    def choice_label(self, row):
        return f"{KINDS[row.kind].title} {row.subject}"

    def progress_of(self, row):
        return super().progress_of(row) | {
            "paper": row,
            "pdf_address": self.address_of(row, "pdf") if row.pdf else "",
        }

    def get_urls(self):
        view = self.admin_site.admin_view(self.pdf_view)
        return [path("<int:object_id>/paper.pdf", view, name=self._address("pdf")), *super().get_urls()]

    @method_decorator(csp_replace({"object-src": ["'self'"]}))
    def pdf_view(self, request, object_id):
        paper = self.seen(request, object_id)
        if not paper.pdf:
            raise Http404
        papers.note_opened(paper, by=request.user)
        return FileResponse(
            paper.pdf.open(), content_type="application/pdf", filename=f"{self.choice_label(paper)}.pdf"
        )


site.add_verb(
    "donations.donation",
    Verb(
        "print",
        "打印单据",
        "donations.confirm_donation",
        ask,
        states=("confirmed",),
        form=GiftPaperForm,
        explain=LOGGED,
        bulk=False,
        respond=to_paper,
    ),
)
site.add_verb(
    "donations.donor", print_verb(PaperKind.GIVER_WHEREABOUTS, "打印捐赠去向单", "donations.reveal_donor")
)
site.add_verb(
    "cases.household", print_verb(PaperKind.HELP_RECEIVED, "打印受助明细", "cases.reveal_household")
)


@site.panel("cases.household")
def help_of_household(request, household):
    """From the household back to every giver that may be named."""
    user = request.user
    if not (user.has_perm("donations.view_distributionline") and user.has_perm("donations.view_paper")):
        return None
    received = help_received(household)[:100]
    leads = user.has_perm("donations.view_donation")
    return Panel(
        "受助明细",
        ("送到日期", "款物", "数量", "捐赠人", "捐赠编号", "发放明细"),
        [
            (
                zh_day(one.day),
                one.item,
                Cell(one.amount, figure=True),
                one.giver,
                Cell(one.donation, register_link(one.donation) if leads else ""),
                Cell(one.delivery, register_link(one.delivery)),
            )
            for one in received
        ],
        empty="还没有登记过送到的款物。",
        note="不同意公开名称的捐赠人只写类别。",
    )
