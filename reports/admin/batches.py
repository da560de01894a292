"""All reports of a period on one page: ask for them, see how far they are, make again what failed."""

from django.contrib import admin

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, OneFilter, Panel, ScopedAdmin, Verb, badge, row_link
from jinchuan.shared.admin.progress import ProgressMixin
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import LabelledChoiceField
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import zh_time

from .. import tasks
from ..enums import EditionState, ReportKind
from ..models import ReportBatch, ReportEdition
from ..periods import Period
from ..scopes import name_of
from ..services import batches as services

FIRST_MONTH = Month(2023, 6)
LISTED_MOST = 500
ISSUE_EXPLAINED = (
    "把这一批里所有待印发的组织统计表一次印发，各组织随即可以查看和下载。印发后，数据和文件都不能再改动。"
)
RETRY_EXPLAINED = "只重新生成未生成的报告；已生成的不动。"


def periods() -> list[tuple[str, str]]:
    """Every period that is over, the latest first; the key is kind and period."""
    ended = {
        period
        for month in Month.range(FIRST_MONTH, Month.of(today()).previous)
        for kind in ReportKind
        if (period := Period.of(kind, month)).closing == month
    }
    latest_first = sorted(ended, key=lambda one: (one.closing, one.opening), reverse=True)
    return [(f"{one.kind}:{one}", f"{one.label}{one.kind.label}") for one in latest_first]


class AskForm(ScopedAdmin.form):
    """Which period."""

    asked = LabelledChoiceField(label="期间", choices=periods)

    class Meta:
        fields = []

    def period(self) -> Period:
        return Period.parse(*self.cleaned_data["asked"].split(":"))


class FinishedFilter(OneFilter):
    title = "进度"
    parameter_name = "waiting"
    slices = {
        "unfinished": ("还在生成", lambda rows: rows.unfinished()),
        "failed": (
            "有未生成的",
            lambda rows: rows.filter(papers__edition__state=EditionState.FAILED).distinct(),
        ),
    }


def retry(batch, *, by):
    batch = services.retry_failed(batch, by=by)
    tasks.start_batch.delay_on_commit(batch.pk)
    return batch


@admin.register(ReportBatch)
class BatchAdmin(ProgressMixin, ScopedAdmin):
    tabs = False
    list_display = ["title", "shown_progress", "shown_requested", "shown_finished"]
    list_filter = [FinishedFilter, "kind"]
    add_words = "成批生成报告"
    empty_list = "还没有成批报告。每月 1 日凌晨自动生成上月的报告，到期时还有季度、半年和年度报告。"
    add_form = AskForm
    add_fieldsets = [(None, {"fields": ["asked"]})]
    fieldsets = [(None, {"fields": ["shown_requested", "shown_started", "shown_finished"]})]
    readonly_fields = ["shown_requested", "shown_started", "shown_finished"]
    progress_template = "admin/reports/reportbatch/_progress.html"
    verbs = (
        Verb(
            "retry",
            "重新生成未生成的",
            "reports.add_reportbatch",
            retry,
            explain=RETRY_EXPLAINED,
            bulk=False,
            applies=lambda row: bool(services.failures(row)[:1]),
        ),
        Verb(
            "issue_statements",
            "印发全部组织统计表",
            "reports.issue_reportedition",
            services.issue_statements,
            explain=ISSUE_EXPLAINED,
            bulk=False,
            caution=True,
            applies=lambda row: row.is_final and services.ready_statements(row).exists(),
        ),
    )

    @admin.display(description="成批报告", ordering="period")
    def title(self, row):
        return row.title

    @admin.display(description="进度")
    def shown_progress(self, row):
        return said(row.wanted, row.done, row.failed)

    @admin.display(description="提出", ordering="requested_at")
    def shown_requested(self, row):
        who = row.requested_by.username if row.requested_by else "系统自动"
        return f"{zh_time(row.requested_at)}　{who}"

    @admin.display(description="开始生成", ordering="started_at")
    def shown_started(self, row):
        return zh_time(row.started_at) + (f"（第{row.round}轮）" if row.round > 1 else "")

    @admin.display(description="生成完毕", ordering="finished_at")
    def shown_finished(self, row):
        return zh_time(row.finished_at) if row.finished_at else "--"

    def choice_label(self, row):
        return row.title

    def has_change_permission(self, request, obj=None):
        return False

    def service_create(self, request, form):
        batch = services.ask_batch(by=request.user, period=form.period())
        tasks.start_batch.delay_on_commit(batch.pk)
        return batch

    def panels(self, request, row):
        editions = ReportEdition.objects.filter(batches__batch=row).for_list().order_by("batches__pk")
        yield Panel(
            "这一批的报告",
            ("范围", "报告编号", "状态", "页数"),
            [
                (
                    name_of(one.scope),
                    Cell(one.serial, row_link(one)),
                    badge(one),
                    Cell(one.pages or "--", figure=True),
                )
                for one in editions[:LISTED_MOST]
            ],
            note=f"只列前 {LISTED_MOST} 份，其余请在报告列表查看。" if editions.count() > LISTED_MOST else "",
        )

    def progress_of(self, row):
        progress = services.progress(row)
        return {
            "is_waiting": progress.under_way > 0,
            "progress": progress,
            "said": said(progress.wanted, progress.done, progress.failed),
            "left": time_left(progress.left),
            "failures": [(one, name_of(one.scope), row_link(one)) for one in services.failures(row)],
        }


def said(wanted, done, failed) -> str:
    failing = f"，{failed} 份未生成" if failed else ""
    return f"{done} / {wanted} 份{failing}"


def time_left(left) -> str:
    """大约还要 3 分钟; nothing while nobody can tell."""
    if left is None:
        return ""
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return "不到 1 分钟"
    return f"大约还要 {minutes} 分钟" if minutes < 90 else f"大约还要 {round(minutes / 60)} 小时"


@site.worklist
def batches_waiting(user):
    """Batches that are not finished, or in which something failed."""
    if not user.has_perm("reports.add_reportbatch"):
        return
    rows = ReportBatch.objects.visible_to(user)
    failed = rows.filter(papers__edition__state=EditionState.FAILED)
    yield site.Waiting(
        "成批报告中有未生成的",
        failed.values("pk").distinct().count(),
        site.list_url("reports.reportbatch", waiting="failed"),
        urgent=True,
    )
    yield site.Waiting(
        "正在成批生成的报告",
        rows.unfinished().count(),
        site.list_url("reports.reportbatch", waiting="unfinished"),
        act="去查看",
    )
