"""Report editions: figures frozen to JSON, the papers printed from them, and how far the work has come."""

import uuid

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.codes import new_code
from jinchuan.shared.moves import Transition

from ..enums import EditionState, ReportKind, Variant
from ..periods import Period
from ..querysets import EditionFileQuerySet, ReportEditionQuerySet
from ..scopes import Scope, code_of, name_of

CODE_LENGTH = 28  # 138 bits
SCOPES = ("division", "organization", "program", "unit")


def new_verify_code() -> str:
    return new_code(CODE_LENGTH)


def path_of(period, suffix) -> str:
    """A name of its own for every rendering, so that a half-written file is never the one that is read."""
    return f"reports/{period}/{uuid.uuid4().hex}.{suffix}"


def pdf_path(edition, filename="") -> str:
    return path_of(edition.period, "pdf")


def file_path(file, filename="") -> str:
    return path_of(file.edition.period, Variant(file.variant).suffix)


def scope_key(model, label):
    return models.ForeignKey(
        f"organizations.{model}",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=label,
    )


def once(scope, name):
    return models.UniqueConstraint(
        fields=["kind", "period", scope, "number"],
        name=name,
        violation_error_message="这一期的报告已经有了，请在报告列表中打开。",
    )


class ReportEdition(models.Model):
    """One edition of one report: kind, period, scope, number (unique). The row is the truth about its own making:

    a worker claims it by a conditional update, gives a heartbeat while it works, and puts the finished file in place in
    one step; a sweeper puts abandoned ones back in the queue. So a lost message, a killed worker or a doubled task
    costs time, never a report.

    What it is about is one of four columns (``scope``). ``facts`` holds the figures and the words composed from them;
    ``words`` what a person wrote instead, by the name of the part: ``{"giving": {"text", "by", "at"}}``.
    """

    kind = models.CharField("种类", max_length=10, choices=ReportKind, default=ReportKind.MONTH)
    period = models.CharField("期间", max_length=7, help_text="例如 2026-10、2026-Q3、2026-H1、2025。")
    division = scope_key("Division", "行政区划")
    organization = scope_key("Organization", "社会组织")
    program = scope_key("Program", "服务品牌与项目")
    unit = scope_key("SupervisingUnit", "业务主管单位")
    number = models.PositiveSmallIntegerField("版次", default=1)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="superseded_by",
        verbose_name="替代的版本",
    )
    serial = models.CharField("报告编号", max_length=40, unique=True, editable=False)
    verify_code = models.CharField(
        "核验码", max_length=CODE_LENGTH, unique=True, null=True, default=new_verify_code, editable=False
    )
    words = models.JSONField("修改过的文字", default=dict, blank=True)
    facts = models.JSONField("冻结的数据", null=True, blank=True, editable=False)
    facts_at = models.DateTimeField("数据冻结时间", null=True, blank=True, editable=False)
    template_version = models.PositiveSmallIntegerField("版式", default=1, editable=False)
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
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering = ["-period", "division", "-number"]
        permissions = [("view_figure", "查看统计数据"), ("issue_reportedition", "印发报告")]
        constraints = [
            constraints.in_choices("kind", ReportKind, name="edition_kind_known"),
            constraints.in_choices("state", EditionState, name="edition_state_known"),
            models.CheckConstraint(
                condition=Q(division__isnull=False, organization=None, program=None, unit=None)
                | Q(division=None, organization__isnull=False, program=None, unit=None)
                | Q(division=None, organization=None, program__isnull=False, unit=None)
                | Q(division=None, organization=None, program=None, unit__isnull=False),
                name="edition_one_scope",
                violation_error_message="一份报告要写明一个范围：行政区划、社会组织、服务品牌或业务主管单位，四者选一。",
            ),
            once("division", "edition_unique_division"),
            once("organization", "edition_unique_organization"),
            once("program", "edition_unique_program"),
            once("unit", "edition_unique_unit"),
            models.CheckConstraint(
                condition=Q(supersedes=None) | Q(number__gt=1),
                name="edition_supersedes_a_lower",
                violation_error_message="第 1 版之前没有别的版本。",
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
    def scope(self) -> Scope:
        """What it is about: the division, organisation, programme or supervising unit itself."""
        return self.division or self.organization or self.program or self.unit

    @property
    def scope_code(self) -> str:
        return code_of(self.scope)

    @property
    def scope_name(self) -> str:
        return name_of(self.scope)

    @property
    def period_value(self) -> Period:
        return Period.parse(self.kind, self.period)

    @property
    def title(self) -> str:
        """2026年10月月报, 2026年第三季度报告, 2026年上半年报告, 2025年年报; a later edition says so."""
        ending = {ReportKind.MONTH: "月报", ReportKind.YEAR: "年报"}.get(ReportKind(self.kind), "报告")
        again = f"（第{self.number}版）" if self.number > 1 else ""
        return f"{self.period_value.label}{ending}{again}"

    def handed_over(self):
        """(file name, file) of everything that is handed over, the report itself first."""
        yield "report.pdf", self.pdf
        for one in self.files.all():
            yield Variant(one.variant).file_name, one.file


class EditionFile(models.Model):
    """What is handed over beside the report itself: the sheet, the brief, the large print, the figures."""

    edition = models.ForeignKey(
        ReportEdition, on_delete=models.PROTECT, related_name="files", verbose_name="报告"
    )
    variant = models.CharField("文件种类", max_length=10, choices=Variant)
    file = models.FileField("文件", upload_to=file_path, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, editable=False)
    pages = models.PositiveSmallIntegerField("页数", null=True, blank=True, editable=False)

    objects = EditionFileQuerySet.as_manager()

    class Meta:
        verbose_name = "报告附带的文件"
        verbose_name_plural = "报告附带的文件"
        ordering = ["edition", "id"]
        constraints = [
            constraints.in_choices("variant", Variant, name="edition_file_variant_known"),
            models.UniqueConstraint(
                fields=["edition", "variant"],
                name="edition_file_once",
                violation_error_message="这份报告已经有这种文件，请刷新页面。",
            ),
            models.CheckConstraint(
                condition=~Q(file="") & ~Q(sha256=""),
                name="edition_file_whole",
                violation_error_message="文件和它的摘要要同时记录。",
            ),
        ]

    def __str__(self):
        return f"{self.edition} {self.get_variant_display()}"


class EditionTransition(Transition):
    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "报告状态变更"
        verbose_name_plural = "报告状态变更"
