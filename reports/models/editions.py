"""Report editions: figures frozen to JSON, the paper printed from them, and how far the work has come."""

import uuid

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.months import Month
from jinchuan.shared.moves import Transition

from ..enums import EditionState, ReportKind
from ..querysets import ReportEditionQuerySet


def pdf_path(edition, filename="") -> str:
    """A name of its own for every rendering, so that a half-written file is never the one that is read."""
    return f"reports/{edition.period}/{uuid.uuid4().hex}.pdf"


class ReportEdition(models.Model):
    """One edition of one report: kind, period, scope, number (unique). The row is the truth about its own making:

    a worker claims it by a conditional update, gives a heartbeat while it works, and puts the finished file in place in
    one step; a sweeper puts abandoned ones back in the queue. So a lost message, a killed worker or a doubled task
    costs time, never a report.
    """

    kind = models.CharField("种类", max_length=10, choices=ReportKind, default=ReportKind.MONTH)
    period = models.CharField("期间", max_length=7, help_text="例如 2023-09。")
    scope = models.ForeignKey(
        "organizations.Division", on_delete=models.PROTECT, related_name="reports", verbose_name="范围"
    )
    number = models.PositiveSmallIntegerField("版次", default=1)
    serial = models.CharField("报告编号", max_length=30, unique=True, editable=False)
    next_steps = models.TextField("下一步打算", blank=True)
    facts = models.JSONField("冻结的数据", null=True, blank=True, editable=False)
    facts_at = models.DateTimeField("数据冻结时间", null=True, blank=True, editable=False)
    pdf = models.FileField("文件", upload_to=pdf_path, null=True, blank=True, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField("页数", null=True, blank=True, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=EditionState, default=EditionState.QUEUED, editable=False
    )
    progress = models.PositiveSmallIntegerField("进度（%）", default=0, editable=False)
    step = models.CharField("正在做", max_length=40, blank=True, editable=False)
    run_id = models.UUIDField("本次运行", null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)
    heartbeat_at = models.DateTimeField("最近心跳", null=True, blank=True, editable=False)
    failure = models.TextField("未生成的原因", blank=True, editable=False)
    requested_at = models.DateTimeField("提出时间", editable=False)
    requested_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="提出人",
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="印发人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReportEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "月报"
        verbose_name_plural = "月报"
        ordering = ["-period", "scope", "-number"]
        permissions = [("view_figure", "查看统计数据"), ("issue_reportedition", "印发月报")]
        constraints = [
            constraints.in_choices("kind", ReportKind, name="edition_kind_known"),
            constraints.in_choices("state", EditionState, name="edition_state_known"),
            models.UniqueConstraint(
                fields=["kind", "period", "scope", "number"],
                name="edition_unique",
                violation_error_message="这一期的报告已经有了，请在月报列表中打开。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EditionState.READY, EditionState.ISSUED])
                | ~Q(pdf="") & ~Q(sha256="") & Q(pdf__isnull=False, facts__isnull=False, pages__isnull=False),
                name="edition_ready_with_file",
                violation_error_message="待印发的报告要有数据和文件。",
            ),
            constraints.filled_exactly_in(
                "issued_at",
                {EditionState.ISSUED},
                name="edition_issued_with_date",
                message="印发的报告要有印发时间。",
            ),
            constraints.both_or_neither(
                "issued_at",
                "issued_by",
                name="edition_issued_at_with_by",
                message="印发时间和印发人要同时记录。",
            ),
        ]

    def __str__(self):
        return self.serial

    @property
    def month(self) -> Month:
        return Month.parse(self.period)

    @property
    def title(self) -> str:
        return f"{self.month.label}月报" if self.kind == ReportKind.MONTH else self.period


class EditionTransition(Transition):
    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "月报状态变更"
        verbose_name_plural = "月报状态变更"
