"""The bureau's page on reports: ask for one, watch it being made, put words to it, issue it."""

from functools import partial

from csp.decorators import csp_replace
from django.contrib import admin
from django.db.models import Count, F, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator

from jinchuan.shared import site
from jinchuan.shared.admin import ScopedAdmin, ScopedRelatedFilter, Verb, person
from jinchuan.shared.admin.progress import ProgressMixin
from jinchuan.shared.codes import grouped
from jinchuan.shared.templatetags.house import zh_time
from organizations.enums import SOCIAL_ORGANIZATION_KINDS

from .. import tasks
from ..enums import EditionState, Variant
from ..models import ReportEdition
from ..periods import Period
from ..services import editions as services
from ..services.editions import home_division
from . import edition_panels
from .edition_forms import SCOPE_HELP, IssueForm, RequestForm, WordsForm, written

SUPERSEDED = "这一期已经有第 {number} 版，替代了这一版。"
UNFINISHED = (EditionState.QUEUED, EditionState.BUILDING)
ISSUE_EXPLAINED = "印发后，数据、文字和文件都不能再改动。请先打开文件从头到尾看一遍。"
REFRESH_EXPLAINED = (
    "按现在的数据重新汇总，并重新排版。原来的数据和文件不再保留；修改过的文字保留，请核对其中的数字。"
)
WORDS_EXPLAINED = (
    "旁边是系统按数据写的原文。改过的段落照改过的印，档案里两种都留着；清空就恢复原文。数据不受影响。"
)
STALE_NOTE = (
    "{parts}是在数据重新汇总以前写的，里面的数字可能已经不对。请到“改文字”核对，或者改用系统现在写的。"
)


def put_words(edition, *, by, **words):
    edition = services.write_words(edition, by=by, words=words)
    tasks.build.delay_on_commit(edition.pk)
    return edition


def refresh(edition, *, by):
    """Count again and print again."""
    edition = services.request_edition(by=by, period=edition.period_value, scope=edition.scope)
    tasks.build.delay_on_commit(edition.pk)
    return edition


@admin.register(ReportEdition)
class EditionAdmin(ProgressMixin, ScopedAdmin):
    list_display = ["title", "shown_scope", "badge_state", "shown_progress", "shown_frozen", "pages"]
    list_filter = ["state", "kind", ("division", ScopedRelatedFilter)]
    search_fields = ["serial", "division__name", "organization__name", "program__name", "unit__name"]
    ordering = [
        "-period",
        F("division__code").asc(nulls_last=True),
        F("organization__code").asc(nulls_last=True),
        "-number",
    ]
    autocomplete_fields = ["organization"]
    add_words = "生成报告"
    empty_list = "还没有报告。每月 1 日凌晨自动生成上月月报，也可以现在生成。"
    add_form = RequestForm
    progress_template = "admin/reports/reportedition/_progress.html"
    add_fieldsets = [(None, {"fields": ["period", *SCOPE_HELP]})]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "serial",
                    "shown_scope",
                    "shown_frozen",
                    "shown_code",
                    "pages",
                    "sha256",
                    "issued_at",
                    "shown_issuer",
                ]
            },
        ),
    ]
    readonly_fields = ["shown_scope", "shown_frozen", "shown_code", "shown_issuer"]
    shown_issuer = person("issued_by", "印发人")
    verbs = (
        Verb(
            "words",
            "改文字",
            "reports.change_reportedition",
            put_words,
            states=(EditionState.READY, EditionState.FAILED),
            form=WordsForm,
            template="admin/reports/reportedition/words.html",
            explain=WORDS_EXPLAINED,
            bulk=False,
            initial=written,
        ),
        Verb(
            "refresh",
            "重新汇总",
            "reports.add_reportedition",
            refresh,
            states=(EditionState.READY, EditionState.FAILED),
            explain=REFRESH_EXPLAINED,
            bulk=False,
        ),
        Verb(
            "issue",
            "印发",
            "reports.issue_reportedition",
            services.issue_edition,
            states=(EditionState.READY,),
            form=IssueForm,
            explain=ISSUE_EXPLAINED,
            bulk=False,
            caution=True,
        ),
    )

    def choices_for(self, name, rows):
        """What a report can be about within the district."""
        match name:
            case "division":
                return rows.filter(is_active=True, path__startswith=home_division().path)
            case "organization":
                return rows.filter(kind__in=SOCIAL_ORGANIZATION_KINDS)
        return rows

    def choice_label(self, row):
        return f"{row.scope_name}{row.title}"

    @admin.display(description="报告", ordering="period")
    def title(self, row):
        return row.title

    @admin.display(description="范围")
    def shown_scope(self, row):
        return row.scope_name

    @admin.display(description="核验码")
    def shown_code(self, row):
        return grouped(row.verify_code) if row.verify_code else "--"

    @admin.display(description="进度")
    def shown_progress(self, row):
        if row.state in UNFINISHED:
            return f"{row.progress}%　{row.step}"
        return "已完成" if row.state != EditionState.FAILED else row.failure

    @admin.display(description="数据截至", ordering="facts_at")
    def shown_frozen(self, row):
        return zh_time(row.facts_at) if row.facts_at else "--"

    def service_create(self, request, form):
        given = form.cleaned_data
        edition = services.request_edition(
            by=request.user,
            period=Period.read(given["period"]),
            scope=next((given[name] for name in SCOPE_HELP if given[name]), None),
        )
        tasks.build.delay_on_commit(edition.pk)
        return edition

    def page_note(self, request, obj):
        """That a later edition has taken the place of this one, or that words in it are older than its figures."""
        later = ReportEdition.objects.filter(supersedes=obj).first() if obj else None
        if later:
            return SUPERSEDED.format(number=later.number)
        stale = services.stale_words(obj) if obj and obj.state == EditionState.READY else []
        return STALE_NOTE.format(parts="、".join(stale)) if stale else ""

    def panels(self, request, row):
        return edition_panels.of(row, request.user)

    def progress_of(self, row):
        return {
            "edition": row,
            "is_waiting": row.state in UNFINISHED,
            "pdf_address": self.address_of(row, "pdf") if row.pdf else "",
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/report.pdf", view(self.pdf_view), name=self._address("pdf")),
            *(
                path(
                    f"<int:object_id>/{variant.file_name}",
                    view(partial(self.file_view, variant=variant)),
                    name=self._address(variant),
                )
                for variant in Variant
            ),
            *super().get_urls(),
        ]

    @method_decorator(
        csp_replace({"object-src": ["'self'"]})
    )  # or a browser does not show the file in its viewer
    def pdf_view(self, request, object_id):
        edition = self.seen(request, object_id)
        if not edition.pdf:
            raise Http404
        services.note_opened(edition, by=request.user)
        return FileResponse(
            edition.pdf.open(),
            content_type="application/pdf",
            filename=f"{edition.scope_name}{edition.title}.pdf",
        )

    def file_view(self, request, object_id, variant):
        """What goes with the report; noted like the report itself."""
        edition = self.seen(request, object_id)
        file = get_object_or_404(edition.files, variant=variant)
        services.note_opened(edition, by=request.user)
        name = f"{edition.scope_name}{edition.title}{variant.label}.{variant.suffix}"
        return FileResponse(file.file.open(), content_type=variant.mime, filename=name)


@site.worklist
def waiting(user):
    if not user.has_perm("reports.add_reportedition"):
        return
    counts = ReportEdition.objects.visible_to(user).aggregate(
        ready=Count("pk", filter=Q(state=EditionState.READY)),
        failed=Count("pk", filter=Q(state=EditionState.FAILED)),
        unfinished=Count("pk", filter=Q(state__in=UNFINISHED)),
    )
    register = "reports.reportedition"
    yield site.Waiting(
        "未生成的报告",
        counts["failed"],
        site.list_url(register, state__exact=EditionState.FAILED),
        urgent=True,
    )
    yield site.Waiting(
        "正在生成的报告",
        counts["unfinished"],
        site.list_url(register, state__exact=EditionState.BUILDING),
        act="去查看",
    )
    yield site.Waiting(
        "待印发的报告",
        counts["ready"],
        site.list_url(register, state__exact=EditionState.READY),
        act="去核对",
    )


site.shortcut("生成报告", "admin:reports_reportedition_add", "reports.add_reportedition")
