from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import clock, constraints, masking
from jinchuan.shared.confirming import Confirmed
from jinchuan.shared.fields.model import DayField, NameField
from jinchuan.shared.moves import Transition

from ..enums import ActivityState, Party
from ..querysets import ActivityQuerySet, OfActivityQuerySet

HOURS_OWN = "登记人不能核对自己登记的时长，请由本组织的另一位同事核对。"
HELD_IN_FUTURE = "日期不能晚于今天。还没有举办的活动，请先做活动计划。"
VOID_OWN = "确认人不能作废自己确认的活动，请由另一位审核人员办理。"


class Activity(Confirmed):
    """One session of volunteer service (1 场)."""

    PERSONAL = {"responsible_person": masking.mask_name}

    code = models.CharField("活动编号", max_length=20, unique=True, editable=False)
    title = models.CharField("活动名称", max_length=60)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name="组织单位",
    )
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="服务品牌（项目）",
    )
    responsible_person = NameField("负责人")
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="所在社区（村）",
    )
    place = models.CharField("地点", max_length=60)
    held_on = DayField("日期", db_index=True)
    content = models.TextField("服务内容", max_length=1000)
    beneficiary_households = models.PositiveIntegerField("惠及户数", default=0)
    beneficiary_people = models.PositiveIntegerField("惠及人次", default=0)
    parties = models.JSONField("五社参与", default=list, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=ActivityState, default=ActivityState.SUBMITTED, editable=False
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    hours_confirmed_at = models.DateTimeField("组织核对时长的时间", null=True, blank=True, editable=False)
    hours_confirmed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="核对时长的人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿服务活动"
        verbose_name_plural = "志愿服务活动"
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-held_on", "-id"], name="activity_organization_list")
        ]
        constraints = [
            constraints.in_choices("state", ActivityState, name="activity_state_known"),
            constraints.both_or_neither(
                "submitted_at",
                "submitted_by",
                name="activity_submitted_at_with_by",
                message="提交时间和登记人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "submitted_at",
                ActivityState.logged(),
                name="activity_submitted_with_date",
                message="已提交的活动要有提交时间，还没有提交的不能有。",
            ),
            constraints.both_or_neither(
                "hours_confirmed_at",
                "hours_confirmed_by",
                name="activity_hours_at_with_by",
                message="核对时长的时间和核对人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(hours_confirmed_at__isnull=True)
                | Q(state__in=sorted({*ActivityState.logged()} - {ActivityState.RETURNED})),
                name="activity_hours_after_submission",
                violation_error_message="时长在提交以后核对，退回修改的要重新核对。",
            ),
            models.CheckConstraint(
                condition=Q(hours_confirmed_by__isnull=True)
                | ~Q(hours_confirmed_by=models.F("submitted_by")),
                name="activity_hours_by_second_person",
                violation_error_message=HOURS_OWN,
            ),
            *Confirmed.confirmed_constraints(
                "activity",
                ActivityState,
                noun="活动",
                confirm_own="登记人不能确认自己登记的活动，请由另一位工作人员确认。",
                void_own=VOID_OWN,
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        super().clean()
        if not set(self.parties or ()) <= set(Party.values):
            raise ValidationError({"parties": "请从五社中选择参与方。"})
        if self.held_on and self.state in ActivityState.logged() and self.held_on > clock.today():
            raise ValidationError({"held_on": HELD_IN_FUTURE})

    @property
    def party_labels(self) -> list[str]:
        return [Party(code).label for code in self.parties]


class ActivityTransition(Transition):
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "活动状态变更"
        verbose_name_plural = "活动状态变更"


class ActivityHousehold(models.Model):
    """A household that a session served. Seen by who may see the household, never by volunteers."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="served", verbose_name="活动"
    )
    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="activities", verbose_name="服务的户"
    )

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动服务的户"
        verbose_name_plural = "活动服务的户"
        ordering = ["activity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "household"],
                name="activity_household_once",
                violation_error_message="这一户已经选过，不用重复选择。",
            )
        ]

    def __str__(self):
        return f"{self.activity} {self.household}"
