from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.moves import Transition

from .. import spans
from ..enums import RecordState
from ..naming import span_words
from ..querysets import ServiceRecordQuerySet
from .activities import Activity
from .people import Volunteer

LONGEST_SERVICE = 16 * 60
"""Minutes of one day that are taken without a question."""
END_BEFORE_START = "结束时间早于开始时间，请核对。"
TOO_LONG = "一次服务超过 24 小时，请核对起止时间；跨几天的，请按天分开登记。"
BREAK_TOO_LONG = "休息时间不能等于或超过服务时间。"
CONFIRM_OWN_HOURS = "登记时长的人不能自己确认，请由另一位同事确认。"


class ServiceRecord(models.Model):
    """What one volunteer served in one activity (1 人次): start to end minus breaks, in minutes, travel excluded.

    ``recorded`` until the activity is confirmed; then it never changes. A correction is another row that ``supersedes``
    this one; once a second person has confirmed it, this one is ``corrected`` and counts no more.
    """

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="records", verbose_name="活动"
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="records", verbose_name="志愿者"
    )
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间")
    break_minutes = models.PositiveSmallIntegerField("休息（分钟）", default=0)
    minutes = models.PositiveIntegerField("服务时长（分钟）", editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=RecordState, default=RecordState.RECORDED, editable=False
    )
    recorded_at = models.DateTimeField("登记时间", editable=False)
    recorded_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="确认人",
    )
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        editable=False,
        verbose_name="更正的是",
    )
    reason = models.CharField("更正原因", max_length=200, blank=True, editable=False)

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "服务记录"
        verbose_name_plural = "服务记录"
        ordering = ["activity", "id"]
        indexes = [models.Index(fields=["volunteer", "started_at"], name="service_record_of_person")]
        constraints = [
            constraints.in_choices("state", RecordState, name="service_record_state_known"),
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                condition=Q(state=RecordState.CONFIRMED),
                name="service_record_confirmed_once",
                violation_error_message="同一位志愿者在一次活动中只登记一条服务记录。",
            ),
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                condition=Q(state=RecordState.RECORDED),
                name="service_record_waiting_once",
                violation_error_message="同一位志愿者在一次活动中只登记一条服务记录。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")),
                name="service_record_times_order",
                violation_error_message=END_BEFORE_START,
            ),
            constraints.positive("minutes", name="service_record_minutes_positive", message=BREAK_TOO_LONG),
            models.CheckConstraint(
                condition=Q(minutes__lte=spans.DAY),
                name="service_record_not_too_long",
                violation_error_message=TOO_LONG,
            ),
            constraints.both_or_neither(
                "confirmed_at",
                "confirmed_by",
                name="service_record_confirmed_at_with_by",
                message="确认时间和确认人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "confirmed_at",
                {RecordState.CONFIRMED, RecordState.CORRECTED},
                name="service_record_confirmed_with_date",
                message="已确认的服务记录要有确认时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="service_record_by_second_person",
                violation_error_message=CONFIRM_OWN_HOURS,
            ),
            constraints.both_or_neither(
                "supersedes",
                constraints.Text("reason"),
                name="service_record_correction_with_reason",
                message="更正要写明原因。",
            ),
        ]

    def __str__(self):
        return f"{self.activity} 服务记录{self.pk or ''}"

    @property
    def span(self) -> str:
        return span_words(self)

    @property
    def stands(self) -> bool:
        """As ``querysets.standing`` says it."""
        waiting = self.state == RecordState.RECORDED and self.supersedes_id is None
        return self.state == RecordState.CONFIRMED or waiting

    def clean(self):
        super().clean()
        if self.started_at and self.ended_at:
            if self.ended_at <= self.started_at:
                raise ValidationError({"ended_at": END_BEFORE_START})
            served = self.served_minutes()
            if served <= 0:
                raise ValidationError({"break_minutes": BREAK_TOO_LONG})
            if served > spans.DAY:
                raise ValidationError({"ended_at": TOO_LONG})
            self.minutes = served

    def served_minutes(self) -> int:
        return spans.served(self.started_at, self.ended_at, self.break_minutes)

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), "minutes"})


class ServiceRecordTransition(Transition):
    """Of corrections alone: the first confirmation is the activity's, and its transition tells of it."""

    service_record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "服务记录状态变更"
        verbose_name_plural = "服务记录状态变更"
