"""The bureau's page on reports: ask for one, watch it being made, put words to it, issue it."""

from decimal import Decimal

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRefresh

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, ScopedRelatedFilter, Verb
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import LabelledChoiceField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import yuan
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import zh_time
from organizations.enums import DivisionLevel

from .. import facts as fact
from .. import tasks
from ..enums import EditionState
from ..models import ReportEdition
from ..services import editions as services
from ..services.editions import home_division

FIRST_MONTH = Month(2023, 6)
UNFINISHED = (EditionState.QUEUED, EditionState.BUILDING)
ISSUE_EXPLAINED = "印发后，数据和文件都不能再改动。请先打开文件从头到尾看一遍。"
REFRESH_EXPLAINED = "按现在的数据重新汇总，并重新排版。原来的数据和文件不再保留。"


def figure(line, key) -> Cell:
    """A frozen figure as the report prints it."""
    value = line[key]
    return Cell(yuan(Decimal(value)) if line["unit"] == "元" else value, figure=True)


def _months():
    months = reversed(list(Month.range(FIRST_MONTH, Month.of(today()))))
    return [(str(month), month.label) for month in months]


class RequestForm(ScopedAdmin.form):
    """Which month, and for which division."""

    period = LabelledChoiceField(label="月份", choices=_months)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "period" in self.fields:
            self.fields["period"].initial = str(Month.of(today()).previous)
            self.fields["scope"].initial = home_division().pk
            self.fields["scope"].help_text = "全区的月报选区县；也可以选一个街道、镇。"


def refresh(edition, *, by):
    """Count again and print again."""
    edition = services.request_edition(by=by, month=edition.month, scope=edition.scope)
    tasks.build.delay_on_commit(edition.pk)
    return edition


@admin.register(ReportEdition)
class EditionAdmin(ScopedAdmin):
    list_display = ["title", "scope", "badge_state", "shown_progress", "shown_frozen", "pages"]
    list_filter = ["state", ("scope", ScopedRelatedFilter)]
    ordering = ["-period", "scope__code", "-number"]
    add_words = "生成月报"
    empty_list = "还没有月报。每月 1 日凌晨自动生成上月月报，也可以现在生成。"
    add_form = RequestForm
    change_form_template = "admin/reports/reportedition/change_form.html"
    add_fieldsets = [(None, {"fields": ["period", "scope"]})]
    fieldsets = [
        (None, {"fields": ["next_steps"]}),
        ("文件", {"fields": ["serial", "shown_frozen", "pages", "sha256", "issued_at", "issued_by"]}),
    ]
    readonly_fields = ["shown_frozen"]
    verbs = (
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
            form=Form,
            explain=ISSUE_EXPLAINED,
            bulk=False,
            caution=True,
        ),
    )

    def choices_for(self, name, rows):
        """Divisions that have a report of their own: the district, its streets and towns."""
        if name != "scope":
            return rows
        levels = [DivisionLevel.COUNTY, DivisionLevel.SUBDISTRICT, DivisionLevel.TOWN]
        return rows.filter(level__in=levels, is_active=True, path__startswith=home_division().path)

    def choice_label(self, row):
        return f"{row.scope.short_name}{row.title}"

    def has_change_permission(self, request, obj=None):
        """What is issued is read only."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state != EditionState.ISSUED
        )

    @admin.display(description="月报", ordering="period")
    def title(self, row):
        return row.title

    @admin.display(description="进度")
    def shown_progress(self, row):
        if row.state in UNFINISHED:
            return f"{row.progress}%　{row.step}"
        return "已完成" if row.state != EditionState.FAILED else row.failure

    @admin.display(description="数据截至", ordering="facts_at")
    def shown_frozen(self, row):
        return zh_time(row.facts_at) if row.facts_at else "--"

    def service_create(self, request, form):
        edition = services.request_edition(
            by=request.user,
            month=Month.parse(form.cleaned_data["period"]),
            scope=form.cleaned_data["scope"],
        )
        tasks.build.delay_on_commit(edition.pk)
        return edition

    def service_update(self, row, *, by, version, next_steps):
        edition = services.write_next_steps(row, by=by, version=version, text=next_steps)
        tasks.build.delay_on_commit(edition.pk)
        return edition

    def panels(self, request, row):
        if row.facts:
            yield Panel(
                "本期数据",
                ("指标", "单位", "上月累计", "本月新增", "更正", "本月累计"),
                [
                    (
                        line["name"],
                        line["unit"],
                        *(figure(line, key) for key in ("previous", "month", "correction", "cumulative")),
                    )
                    for line in fact.in_order(row.facts["indicators"])
                ],
                note="印在报告里的就是这些数据；冻结以后，后来的登记不会改变它们。",
            )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= progress_context(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/progress/", view(self.progress_view), name=self._address("progress")),
            path("<int:object_id>/report.pdf", view(self.pdf_view), name=self._address("pdf")),
            path("<int:object_id>/figures.json", view(self.figures_view), name=self._address("figures")),
            *super().get_urls(),
        ]

    def progress_view(self, request, object_id):
        """How far it is, asked for by the page every other second until it is finished."""
        edition = self._edition(request, object_id)
        if request.htmx and edition.state not in UNFINISHED:
            return HttpResponseClientRefresh()  # the page has other buttons now
        return TemplateResponse(
            request, "admin/reports/reportedition/_progress.html", progress_context(edition)
        )

    @method_decorator(
        csp_replace({"object-src": ["'self'"]})
    )  # or a browser does not show the file in its viewer
    def pdf_view(self, request, object_id):
        edition = self._edition(request, object_id)
        if not edition.pdf:
            raise Http404
        services.note_opened(edition, by=request.user)
        return FileResponse(
            edition.pdf.open(),
            content_type="application/pdf",
            filename=f"{edition.scope.short_name}{edition.title}.pdf",
        )

    def figures_view(self, request, object_id):
        edition = self._edition(request, object_id)
        if not edition.facts:
            raise Http404
        return HttpResponse(services.figures_json(edition.facts), content_type="application/json")

    def _edition(self, request, object_id):
        edition = self.get_object(request, object_id)
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition


def progress_context(edition) -> dict:
    """What the progress fragment shows; on its own and inside the page it is the same."""
    return {
        "edition": edition,
        "is_unfinished": edition.state in UNFINISHED,
        "progress_address": reverse("admin:reports_reportedition_progress", args=[edition.pk]),
        "pdf_address": reverse("admin:reports_reportedition_pdf", args=[edition.pk]) if edition.pdf else "",
        "figures_address": reverse("admin:reports_reportedition_figures", args=[edition.pk])
        if edition.facts
        else "",
        "page_address": reverse("admin:reports_reportedition_change", args=[edition.pk]),
    }


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
        "未生成的月报",
        counts["failed"],
        site.list_url(register, state__exact=EditionState.FAILED),
        urgent=True,
    )
    yield site.Waiting(
        "正在生成的月报",
        counts["unfinished"],
        site.list_url(register, state__exact=EditionState.BUILDING),
        act="去查看",
    )
    yield site.Waiting(
        "待印发的月报",
        counts["ready"],
        site.list_url(register, state__exact=EditionState.READY),
        act="去核对",
    )


site.shortcut("生成月报", "admin:reports_reportedition_add", "reports.add_reportedition")
