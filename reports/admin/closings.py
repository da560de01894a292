"""The bureau's page on closed months: close the one whose turn it is, see what it booked, ask that the last be opened again."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html, format_html_join

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, Verb, person
from jinchuan.shared.admin.progress import ProgressMixin
from jinchuan.shared.admin.verbs import ReasonForm
from jinchuan.shared.clock import now, today
from jinchuan.shared.fields.form import LabelledChoiceField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import yuan
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import zh_time

from .. import closing_checks, tasks
from ..enums import ClosingState, ReportKind
from ..indicators import shown
from ..models import Closing
from ..periods import Period
from ..reading import read
from ..services import closings as services

FIRST_MONTH = Month(2023, 6)
CLOSE_EXPLAINED = (
    "定稿后，这个月的数据不再改变：以后补登记的算入下一个月，注明“补报”；登记有误的在下一个月“更正”。"
)
CHOOSE_FIRST = "第一次定稿可以选任何一个已经结束的月份；更早的月份作为期初一并入账。"
NOTHING_LEFT = "检查清单上没有未办事项，可以定稿。"
REASONS = "检查清单上还有未办事项。请先办理；确实要带着它们定稿的，逐项写明理由（至少 5 个字）。"
ASK_EXPLAINED = (
    "只有最近定稿的月份可以重新打开，由另一位审核人员同意。重新定稿后出第二版报告，并印出与第一版的差别。"
)
REOPEN_EXPLAINED = "同意后，这个月的定稿不再有效，改好以后要重新定稿。请先核对申请的原因。"
_PREFIX = "reason_"


def _reason():
    return ParagraphFormField(required=False, max_chars=200, widget=forms.Textarea(attrs={"rows": 2}))


_Reasons = type(
    "_Reasons", (ScopedAdmin.form,), {f"{_PREFIX}{name}": _reason() for name in closing_checks.NAMES}
)


class CloseForm(_Reasons):
    """Which month, and why it is closed with something left undone. The fields of finished checks are not asked."""

    month = LabelledChoiceField(label="月份")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "month" in self.fields:
            self.fields["month"].choices = [(str(month), month.label) for month in closable()]
            self.fields["month"].initial = self.fields["month"].choices[0][0] if closable() else ""
        for check in getattr(self, "left", ()):
            field = self.fields[f"{_PREFIX}{check.name}"]
            field.label = f"{check.label}：{check.count} 项"
            field.help_text = _where(check)

    def reasons(self) -> dict:
        return {
            name.removeprefix(_PREFIX): text
            for name, text in self.cleaned_data.items()
            if name.startswith(_PREFIX)
        }


def _where(check):
    """Where one sees what is left."""
    if check.findings:
        return format_html_join("", "{}<br>", ((finding,) for finding in check.findings))
    if check.address:
        return format_html('<a href="{}">去办理</a>', check.address)
    return "草稿只有填写人看得到，请提醒各组织提交或者删除。"


def closable() -> list[Month]:
    """The month whose turn it is if it is over; before the first closing every month that is, the last one first."""
    last = Month.of(today()).previous
    due = services.next_to_close()
    if due:
        return [due] if due <= last else []
    return list(reversed(list(Month.range(FIRST_MONTH, last))))


def _try_again(closing, *, by):
    closing = services.try_again(closing, by=by)
    tasks.close_month.delay_on_commit(closing.pk)
    return closing


@admin.register(Closing)
class ClosingAdmin(ProgressMixin, ScopedAdmin):
    list_display = ["title", "badge_state", "shown_closed", "shown_closer", "lines", "shown_asked"]
    list_filter = ["state"]
    ordering = ["-month", "-number"]
    add_words = "定稿"
    add_form = CloseForm
    progress_template = "admin/reports/closing/_progress.html"
    empty_list = "还没有定稿的月份。月份结束、核对无误以后，在这里定稿。"
    fieldsets = [
        ("定稿", {"fields": ["title", "number", "shown_closed", "shown_closer", "lines", "sha256"]}),
        ("重新打开", {"fields": ["reopening_reason", "shown_asked", "shown_asker", "shown_reopener"]}),
    ]
    readonly_fields = [
        "title",
        "shown_closed",
        "shown_closer",
        "shown_asked",
        "shown_asker",
        "shown_reopener",
    ]
    shown_closer = person("closed_by", "定稿人")
    shown_asker = person("reopening_asked_by", "申请重新打开人")
    shown_reopener = person("reopened_by", "同意重新打开人")
    verbs = (
        Verb(
            "try_again",
            "再试一次",
            "reports.close_month",
            _try_again,
            states=(ClosingState.CLOSING,),
            bulk=False,
            applies=lambda row: row.attempts >= settings.REPORT_ATTEMPTS_MOST,
        ),
        Verb(
            "ask_reopening",
            "申请重新打开",
            "reports.close_month",
            services.ask_reopening,
            states=(ClosingState.CLOSED,),
            form=ReasonForm,
            explain=ASK_EXPLAINED,
            bulk=False,
            applies=lambda row: not row.reopening_asked_by_id,
        ),
        Verb(
            "reopen",
            "同意重新打开",
            "reports.reopen_month",
            services.reopen_month,
            states=(ClosingState.CLOSED,),
            form=Form,
            explain=REOPEN_EXPLAINED,
            bulk=False,
            caution=True,
            applies=lambda row: bool(row.reopening_asked_by_id),
            facts=lambda row: [("申请人", row.reopening_asked_by.name), ("原因", row.reopening_reason)],
        ),
        Verb(
            "decline_reopening",
            "不同意重新打开",
            "reports.reopen_month",
            services.decline_reopening,
            states=(ClosingState.CLOSED,),
            form=ReasonForm,
            bulk=False,
            applies=lambda row: bool(row.reopening_asked_by_id),
        ),
    )

    def has_add_permission(self, request):
        return request.user.has_perm("reports.close_month") and bool(closable())

    @admin.display(description="月份", ordering="month")
    def title(self, row):
        again = f"（第 {row.number} 次）" if row.number > 1 else ""
        return f"{row.period.label}{again}"

    @admin.display(description="定稿时间", ordering="closed_at")
    def shown_closed(self, row):
        return zh_time(row.closed_at) if row.closed_at else "--"

    @admin.display(description="申请重新打开")
    def shown_asked(self, row):
        return zh_time(row.reopening_asked_at) if row.reopening_asked_at else "--"

    def choice_label(self, row):
        return row.period.label

    def get_fieldsets(self, request, obj=None):
        if obj:
            return super().get_fieldsets(request, obj)
        left = self._left(request)
        choose = "" if services.next_to_close() else CHOOSE_FIRST
        return [
            (None, {"fields": ["month"], "description": f"{CLOSE_EXPLAINED}{choose}"}),
            (
                "检查清单",
                {
                    "fields": [f"{_PREFIX}{check.name}" for check in left],
                    "description": REASONS if left else NOTHING_LEFT,
                },
            ),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return form if obj else type(form.__name__, (form,), {"left": self._left(request)})

    def _left(self, request):
        """What is left of the month in question; looked up once a request."""
        if not hasattr(request, "_left_undone"):
            months = closable()
            asked = request.POST.get("month", "")
            month = next((one for one in months if str(one) == asked), months[0])
            request._left_undone = closing_checks.left_undone(month)
        return request._left_undone

    def service_create(self, request, form):
        try:
            closing = services.begin_closing(
                by=request.user, month=Month.parse(form.cleaned_data["month"]), reasons=form.reasons()
            )
        except services.Unexplained as refusal:
            raise services.Refused(
                {f"{_PREFIX}{name}": text for name, text in refusal.message_dict.items()}
            ) from refusal
        tasks.close_month.delay_on_commit(closing.pk)
        return closing

    def panels(self, request, row):
        if row.waived:
            yield Panel(
                "带着未办事项定稿的理由",
                ("未办事项", "项数", "理由"),
                [(one["label"], Cell(one["count"], figure=True), one["reason"]) for one in row.waived],
            )
        if row.state == ClosingState.CLOSED:
            yield Panel(
                "定稿的数据",
                ("指标", "单位", "上月累计", "本月新增", "其中补报", "更正", "本月累计"),
                [_figures(figure) for figure in read(Period(ReportKind.MONTH, row.period)).values()],
                note="上月累计＋本月新增±更正＝本月累计。定稿以后，后来的登记不会改变它们。",
            )

    def progress_of(self, row):
        before = Closing.objects.exclude(closed_at=None).order_by("-closed_at").first()
        return {
            "is_waiting": row.state == ClosingState.CLOSING,
            "is_given_up": row.attempts >= settings.REPORT_ATTEMPTS_MOST,
            "attempts": row.attempts,
            "taken": so_long(now() - row.begun_at),
            "last_time": so_long(before.closed_at - before.begun_at) if before else "",
        }


def so_long(time) -> str:
    """12 秒, 3 分钟."""
    seconds = max(1, round(time.total_seconds()))
    return f"{seconds} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


def _figures(figure) -> tuple:
    line = shown(figure)
    values = (line[name] for name in ("previous", "month", "late", "correction", "cumulative"))
    told = (yuan(value) if line["unit"] == "元" else value for value in values)
    return (line["name"], line["unit"], *(Cell(value, figure=True) for value in told))


@site.worklist
def waiting(user):
    if user.has_perm("reports.close_month"):
        due = services.next_to_close()
        over = bool(due) and due.end <= today()
        yield site.Waiting(
            f"{due.label}还没有定稿" if over else "待定稿的月份",
            int(over),
            site.list_url("reports.closing"),
            act="去定稿",
        )
    if user.has_perm("reports.reopen_month"):
        asked = Closing.objects.visible_to(user).in_force().filter(reopening_asked_at__isnull=False).count()
        yield site.Waiting("申请重新打开的月份", asked, site.list_url("reports.closing"), act="去办理")
