"""Service brands and projects, and the organisations that carry them."""

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.model import DayField
from jinchuan.shared.naming import Named

from ..enums import ProgramKind
from ..querysets import ProgramPartnerQuerySet, ProgramQuerySet


class Program(Named):
    """A service brand or project (助老护小, 乐享银龄 …): data, not code."""

    code = models.CharField("编号", max_length=20, unique=True, editable=False)
    name = models.CharField(
        "名称", max_length=60, unique=True, error_messages={"unique": "这个项目已经登记。"}
    )
    lead_organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_programs",
        verbose_name="牵头组织",
    )
    kind = models.CharField("类别", max_length=16, choices=ProgramKind, default=ProgramKind.SERVICE)
    target_group = models.CharField(
        "服务对象", max_length=100, blank=True, help_text="例如：独居、空巢老人和困境儿童。"
    )
    summary = models.TextField("简介", blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = "服务品牌与项目"
        verbose_name_plural = "服务品牌与项目"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("kind", ProgramKind, name="program_kind_known"),
            constraints.ordered(
                "started_on", "ended_on", name="program_dates_order", message="结束日期不能早于开始日期。"
            ),
        ]

    def __str__(self):
        return self.name


class ProgramPartner(models.Model):
    """An organisation that takes part in a programme beside its lead, for the days [started_on, ended_on)."""

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="partners", verbose_name="服务品牌与项目"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="program_partners",
        verbose_name="社会组织",
    )
    started_on = DayField("开始日期")
    ended_on = DayField("结束日期", null=True, blank=True, editable=False)

    objects = ProgramPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "参与组织"
        verbose_name_plural = "参与组织"
        ordering = ["organization__code", "started_on", "id"]
        constraints = [
            constraints.ordered(
                "started_on",
                "ended_on",
                name="program_partner_dates_order",
                message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["program", "organization"],
                condition=Q(ended_on__isnull=True),
                name="program_partner_once_at_a_time",
                violation_error_message="这个组织已经在参与这个项目。",
            ),
        ]

    def __str__(self):
        return f"{self.program.code} {self.organization.code}"
