from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints

from ..querysets import ServiceRecordQuerySet
from .activities import Activity
from .people import Volunteer

LONGEST_SERVICE = 16 * 60
END_BEFORE_START = "结束时间早于开始时间，请核对。"
TOO_LONG = "一次服务超过 16 小时，请核对起止时间。"
BREAK_TOO_LONG = "休息时间不能等于或超过服务时间。"


class ServiceRecord(models.Model):
    """What one volunteer served in one activity (1 人次): start to end minus breaks, in minutes, travel excluded.

    An end before the start means past midnight; the form asks before it takes it so.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="records", verbose_name="活动"
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="records", verbose_name="志愿者"
    )
    started_at = models.TimeField("开始时间")
    ended_at = models.TimeField("结束时间")
    crosses_midnight = models.BooleanField("跨过午夜", default=False)
    break_minutes = models.PositiveSmallIntegerField("休息（分钟）", default=0)
    minutes = models.PositiveIntegerField("服务时长（分钟）", editable=False)

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "服务记录"
        verbose_name_plural = "服务记录"
        ordering = ["activity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                name="service_record_once",
                violation_error_message="同一位志愿者在一次活动中只登记一条服务记录。",
            ),
            constraints.positive("minutes", name="service_record_minutes_positive", message=BREAK_TOO_LONG),
            models.CheckConstraint(
                condition=Q(minutes__lte=LONGEST_SERVICE),
                name="service_record_not_too_long",
                violation_error_message=TOO_LONG,
            ),
        ]

    def __str__(self):
        return f"{self.activity} 服务记录{self.pk or ''}"

    def clean(self):
        super().clean()
        if self.started_at and self.ended_at:
            if self.ended_at <= self.started_at and not self.crosses_midnight:
                raise ValidationError({"ended_at": END_BEFORE_START})
            served = self.served_minutes()
            if served <= 0:
                raise ValidationError({"break_minutes": BREAK_TOO_LONG})
            if served > LONGEST_SERVICE:
                raise ValidationError({"ended_at": TOO_LONG})
            self.minutes = served

    def served_minutes(self) -> int:
        start = datetime.combine(self.activity.held_on, self.started_at)
        end = datetime.combine(self.activity.held_on, self.ended_at)
        if self.crosses_midnight:
            end += timedelta(days=1)
        return int((end - start).total_seconds() // 60) - (self.break_minutes or 0)

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), "minutes"})
