from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.model import PhoneField
from jinchuan.shared.moves import Transition

from ..enums import SignUpState
from ..querysets import OfActivityQuerySet, SignUpQuerySet
from .activities import Activity
from .people import Volunteer

FULL = "名额已满。"
END_BEFORE_BEGINNING = "结束时间要晚于开始时间。"
INSURE_FIRST = "有人身危险的服务，要先为志愿者买人身意外保险，请写明保险情况。"


class ActivityPlan(models.Model):
    """What is said of a session before it is held: when, how many, what to bring (志愿服务条例 §15, §17).

    ``places_left`` is how many of ``capacity`` nobody has taken; it changes by a conditional update.
    """

    PERSONAL = {"phone": masking.mask_phone}

    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, related_name="plan", verbose_name="活动"
    )
    starts_at = models.DateTimeField("计划开始时间")
    ends_at = models.DateTimeField("计划结束时间")
    capacity = models.PositiveSmallIntegerField("需要多少人", null=True, blank=True)
    places_left = models.PositiveSmallIntegerField("剩余名额", null=True, blank=True, editable=False)
    to_bring = models.CharField("请带什么", max_length=100, blank=True)
    minimum_age = models.PositiveSmallIntegerField("最低年龄", null=True, blank=True)
    skills = models.CharField("需要的技能", max_length=100, blank=True)
    is_risky = models.BooleanField("可能有人身危险", default=False)
    insurance = models.CharField("保险情况", max_length=100, blank=True)
    phone = PhoneField("负责人电话")
    planned_at = models.DateTimeField("计划时间", editable=False)
    planned_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="做计划的人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动计划"
        verbose_name_plural = "活动计划"
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="activity_plan_times_order",
                violation_error_message=END_BEFORE_BEGINNING,
            ),
            constraints.both_or_neither(
                "capacity",
                "places_left",
                name="activity_plan_capacity_with_places",
                message="需要多少人和剩余名额要同时记录。",
            ),
            constraints.positive(
                "capacity", name="activity_plan_capacity_positive", message="需要的人数至少是 1。"
            ),
            models.CheckConstraint(
                condition=Q(places_left__isnull=True)
                | Q(places_left__gte=0) & Q(places_left__lte=F("capacity")),
                name="activity_plan_places_within_capacity",
                violation_error_message=FULL,
            ),
            models.CheckConstraint(
                condition=Q(is_risky=False) | ~Q(insurance=""),
                name="activity_plan_risk_insured",
                violation_error_message=INSURE_FIRST,
            ),
        ]

    def __str__(self):
        return f"{self.activity} 计划"

    @property
    def when(self) -> str:
        """2026年9月12日 09:00–11:30."""
        start, end = self.starts_at.astimezone(SHANGHAI), self.ends_at.astimezone(SHANGHAI)
        night = "" if end.date() == start.date() else "次日 "
        return f"{zh(start.date())} {start:%H:%M}–{night}{end:%H:%M}"


class SignUp(models.Model):
    """One volunteer's place in a session to come, or on its waiting list: who asked first comes first."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="sign_ups", verbose_name="活动"
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="sign_ups", verbose_name="志愿者"
    )
    state = models.CharField(
        "状态", max_length=12, choices=SignUpState, default=SignUpState.WAITING, editable=False
    )
    asked_at = models.DateTimeField("报名时间", editable=False)
    asked_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="代报名的人",
    )
    withdrawn_at = models.DateTimeField("退出时间", null=True, blank=True, editable=False)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = "报名"
        verbose_name_plural = "报名"
        ordering = ["activity", "asked_at", "id"]
        constraints = [
            constraints.in_choices("state", SignUpState, name="sign_up_state_known"),
            constraints.filled_exactly_in(
                "withdrawn_at",
                {SignUpState.WITHDRAWN},
                name="sign_up_withdrawn_with_date",
                message="退出报名的要有退出时间。",
            ),
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                condition=~Q(state=SignUpState.WITHDRAWN),
                name="sign_up_once",
                violation_error_message="这位志愿者已经报名，不用重复报名。",
            ),
        ]

    def __str__(self):
        return f"{self.activity} 报名{self.pk or ''}"


class SignUpTransition(Transition):
    sign_up = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "报名状态变更"
        verbose_name_plural = "报名状态变更"
