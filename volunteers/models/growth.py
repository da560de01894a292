"""What is recorded of a volunteer beside the service: training, commendation, evaluation (MCA Order 67, the five groups)."""

from datetime import timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from jinchuan.shared import constraints
from jinchuan.shared.clock import now
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField

from ..enums import ServiceQuality
from ..querysets import GrowthQuerySet
from .people import Volunteer

CHANGED_WITHIN = timedelta(days=1)


def _void_constraints(name) -> list:
    """A row is voided at a time, by somebody and for a reason, or not at all."""
    return [
        constraints.both_or_neither(
            "voided_at", "voided_by", name=f"{name}_voided_at_with_by", message="作废时间和作废人要同时记录。"
        ),
        constraints.both_or_neither(
            "voided_at",
            Text("void_reason"),
            name=f"{name}_voided_with_reason",
            message="作废要写明原因。",
        ),
    ]


class GrowthRow(models.Model):
    """Entered by the organisation, put right within a day, voided with a reason after that; never deleted."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="志愿者"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="登记单位",
    )
    recorded_at = models.DateTimeField("登记时间", editable=False)
    recorded_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="作废人",
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = GrowthQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name}{self.pk or ''}"

    @property
    def may_be_put_right(self) -> bool:
        return self.voided_at is None and now() - self.recorded_at <= CHANGED_WITHIN


class Training(GrowthRow):
    """培训情况: content, organiser, date, place, class hours."""

    content = models.CharField("培训内容", max_length=100)
    organizer = models.CharField("组织者", max_length=60)
    held_on = DayField("日期", past=True)
    place = models.CharField("地点", max_length=60)
    class_hours = models.DecimalField(
        "学时",
        max_digits=4,
        decimal_places=1,
        validators=[
            MinValueValidator(Decimal("0.5"), "学时从 0.5 起填。"),
            MaxValueValidator(Decimal(200), "一次培训最多填 200 学时，更长的请分次填写。"),
        ],
    )

    class Meta:
        verbose_name = "培训"
        verbose_name_plural = "培训"
        ordering = ["-held_on", "-id"]
        constraints = [
            *_void_constraints("training"),
            constraints.positive("class_hours", name="training_hours_positive", message="学时必须大于 0。"),
        ]

    @property
    def day(self):
        return self.held_on

    @property
    def told(self) -> str:
        return f"{self.content}（{self.organizer}，{self.place}，{self.class_hours:f} 学时）"


class Commendation(GrowthRow):
    """表彰奖励: name, date, granted by."""

    name = models.CharField("名称", max_length=100)
    granted_on = DayField("日期", past=True)
    granted_by = models.CharField("授予单位", max_length=60)

    class Meta:
        verbose_name = "表彰奖励"
        verbose_name_plural = "表彰奖励"
        ordering = ["-granted_on", "-id"]
        constraints = _void_constraints("commendation")

    @property
    def day(self):
        return self.granted_on

    @property
    def told(self) -> str:
        return f"{self.name}（{self.granted_by}）"


class Evaluation(GrowthRow):
    """评价情况: quality of service, who judged, date."""

    quality = models.CharField("服务质量", max_length=16, choices=ServiceQuality)
    evaluated_by = models.CharField("评价单位或个人", max_length=60)
    evaluated_on = DayField("日期", past=True)
    words = models.CharField("评语", max_length=200, blank=True)

    class Meta:
        verbose_name = "服务评价"
        verbose_name_plural = "服务评价"
        ordering = ["-evaluated_on", "-id"]
        constraints = [
            *_void_constraints("evaluation"),
            constraints.in_choices("quality", ServiceQuality, name="evaluation_quality_known"),
        ]

    @property
    def day(self):
        return self.evaluated_on

    @property
    def told(self) -> str:
        words = f"：{self.words}" if self.words else ""
        return f"{self.get_quality_display()}（{self.evaluated_by}）{words}"
