"""The bureau's page on reports: ask for one, watch it being made, put words to it, issue it."""

from decimal import Decimal

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.forms import Textarea
from django.http import FileResponse, Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRefresh

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, ScopedRelatedFilter, Verb
from jinchuan.shared.clock import today
from jinchuan.shared.codes import grouped
from jinchuan.shared.fields.form import LabelledChoiceField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import yuan
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import zh_time
from organizations.enums import SOCIAL_ORGANIZATION_KINDS

from .. import facts as fact
from .. import tasks
from ..enums import EditionState, ReportKind
from ..models import ReportEdition
from ..periods import Period
from ..services import editions as services
from ..services import papers
from ..services.editions import home_division

FIRST_MONTH = Month(2023, 6)
LONGEST_PART = 4000
UNFINISHED = (EditionState.QUEUED, EditionState.BUILDING)
ISSUE_EXPLAINED = "印发后，数据、文字和文件都不能再改动。请先打开文件从头到尾看一遍。"
REFRESH_EXPLAINED = (
    "按现在的数据重新汇总，并重新排版。原来的数据和文件不再保留；修改过的文字保留，请核对其中的数字。"
)
WORDS_EXPLAINED = (
    "每一段下面是系统按数据写的原文。改过的段落照改过的印，档案里两种都留着；清空就恢复原文。数据不受影响。"
)
ONE_SCOPE = "报告范围只选一项：行政区划、社会组织、服务品牌或业务主管单位。"
SCOPE_HELP = {
    "division": "四项里只选一项；都不选就是全区。",
    "organization": "一个组织自己的情况。",
    "program": "一个服务品牌或项目的情况。",
    "unit": "一个业务主管单位所管的社会组织的情况。",
}


def figure(line, key) -> Cell:
    """A frozen figure as the report prints it."""
    value = line[key]
    return Cell(yuan(Decimal(value)) if line["unit"] == "元" else value, figure=True)


def _periods():
    """Every period that has begun, by kind, the latest first."""
    for kind in ReportKind:
        begun, period = [], Period.of(kind, FIRST_MONTH)
        while period.first <= today():
            begun.append((str(period), period.label))
            period = period.next
        yield kind.label, begun[::-1]


class RequestForm(ScopedAdmin.form):
    """Which period, and about whom."""

    period = LabelledChoiceField(label="期间", choices=_periods)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "period" in self.fields:
            self.fields["period"].initial = str(Month.of(today()).previous)
            for name, help_text in SCOPE_HELP.items():
                self.fields[name].help_text = help_text

    def clean(self):
        cleaned = super().clean()
        if sum(bool(cleaned.get(name)) for name in SCOPE_HELP) > 1:
            raise ValidationError(ONE_SCOPE)
        return cleaned

    def _get_validation_exclusions(self):
        """No scope chosen means the district, which the row does not know yet."""
        return super()._get_validation_exclusions() | set(SCOPE_HELP)


class WordsForm(Form):
    """One box for every part of the paper that is composed from figures."""

    def narrow(self, user, rows):
        [edition] = rows
        for part, heading, text in fact.parts(edition.facts):
            lines = len(text) // 40 + text.count("\n") + 2
            self.fields[part] = ParagraphFormField(
                label=heading,
                max_chars=LONGEST_PART,
                required=False,
                help_text=f"系统写的：{text}",
                widget=Textarea(attrs={"rows": min(max(lines, 3), 14)}),
            )


def written(edition) -> dict:
    """What the boxes hold at first: what a person wrote, or else the composed text."""
    return {
        part: edition.words.get(part, {}).get("text", text) for part, _, text in fact.parts(edition.facts)
    }


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
class EditionAdmin(ScopedAdmin):
    list_display = ["title", "shown_scope", "badge_state", "shown_progress", "shown_frozen", "pages"]
    list_filter = ["state", "kind", ("division", ScopedRelatedFilter)]
    ordering = ["-period", "division__code", "-number"]
    add_words = "生成报告"
    empty_list = "还没有报告。每月 1 日凌晨自动生成上月月报，也可以现在生成。"
    add_form = RequestForm
    change_form_template = "admin/reports/reportedition/change_form.html"
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
                    "issued_by",
                ]
            },
        ),
    ]
    readonly_fields = ["shown_scope", "shown_frozen", "shown_code"]
    verbs = (
        Verb(
            "words",
            "改文字",
            "reports.change_reportedition",
            put_words,
            states=(EditionState.READY, EditionState.FAILED),
            form=WordsForm,
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
            form=Form,
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
            filename=f"{edition.scope_name}{edition.title}.pdf",
        )

    def figures_view(self, request, object_id):
        edition = self._edition(request, object_id)
        if not edition.facts:
            raise Http404
        return HttpResponse(papers.figures_json(edition.facts), content_type="application/json")

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
