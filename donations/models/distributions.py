from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.exact import ExactField
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.moves import Transition

from ..enums import DeliveryState, DistributionKind, DistributionState, Signing, VerificationResult
from ..querysets import DistributionLineQuerySet, DistributionQuerySet, VerificationQuerySet

_TOLD = (DeliveryState.DELIVERED, DeliveryState.TAKEN_BACK)


class Distribution(models.Model):
    """发放 on one day at one place: a batch with a sheet to sign, or the single hand-over of a gift made straight to a household."""

    code = models.CharField("发放编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("方式", max_length=8, choices=DistributionKind, default=DistributionKind.BATCH)
    held_on = models.DateField("发放日期")
    venue = models.CharField("发放地点", max_length=80)
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="distributions",
        verbose_name="所在区划",
    )
    people = models.CharField("经办人", max_length=100)
    note = models.CharField("备注", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=DistributionState, default=DistributionState.PLANNED, editable=False
    )
    planned_at = models.DateTimeField("登记时间", editable=False)
    planned_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = "发放"
        verbose_name_plural = "发放"
        ordering = ["-held_on", "-id"]
        constraints = [
            constraints.in_choices("kind", DistributionKind, name="distribution_kind_known"),
            constraints.in_choices("state", DistributionState, name="distribution_state_known"),
        ]

    def __str__(self):
        return self.code


class DistributionTransition(Transition):
    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "发放状态变更"
        verbose_name_plural = "发放状态变更"


class DistributionLine(models.Model):
    """One thing for one household (or, for a programme, for ``recipient``) in a distribution, and what became of it.

    ``snapshot`` tells the household as it was on the day: codes and categories only, no names. ``value`` (元; null when
    unvalued) is the part of the lot's value that went with it, fixed at delivery.
    """

    PERSONAL = {"receiver_name": masking.mask_name}

    distribution = models.ForeignKey(
        Distribution, on_delete=models.PROTECT, related_name="lines", verbose_name="发放"
    )
    number = models.PositiveIntegerField("序号")
    allocation = models.ForeignKey(
        "donations.Allocation", on_delete=models.PROTECT, related_name="deliveries", verbose_name="分配"
    )
    household = models.ForeignKey(
        "cases.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name="关爱户",
    )
    recipient = models.CharField("受益对象", max_length=100, blank=True, help_text="只用于项目支出。")
    amount = ExactField("数量（金额）")
    value = ExactField("价值", null=True, blank=True, editable=False)
    snapshot = models.JSONField("发放时的情况", default=dict, editable=False)
    state = models.CharField(
        "结果", max_length=14, choices=DeliveryState, default=DeliveryState.PLANNED, editable=False
    )
    receiver_name = EncryptedTextField("签收人", blank=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    signing = models.CharField("签收方式", max_length=12, choices=Signing, blank=True)
    delivered_on = models.DateField("签收日期", null=True, blank=True)
    noted_at = models.DateTimeField("登记时间", null=True, blank=True, editable=False)
    noted_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    note = models.CharField("备注", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DistributionLineQuerySet.as_manager()

    class Meta:
        verbose_name = "发放明细"
        verbose_name_plural = "发放明细"
        ordering = ["distribution", "number"]
        indexes = [models.Index(fields=["state", "delivered_on"], name="delivery_state_on")]
        constraints = [
            constraints.in_choices("state", DeliveryState, name="delivery_state_known"),
            constraints.positive("amount", name="delivery_amount_positive", message="数量必须大于 0。"),
            models.UniqueConstraint(
                fields=["distribution", "number"],
                name="delivery_number_once",
                violation_error_message="同一张签收单里的序号不能重复。",
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False, recipient="")
                | Q(household__isnull=True) & ~Q(recipient=""),
                name="delivery_to_somebody",
                violation_error_message="请选择关爱户；项目支出请写明受益对象。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_TOLD, delivered_on__isnull=False) & ~Q(signing="")
                | ~Q(state__in=_TOLD) & Q(delivered_on__isnull=True, signing=""),
                name="delivery_signed_when_delivered",
                violation_error_message="已签收的要有签收日期和签收方式；没有签收的不填。",
            ),
            constraints.both_or_neither(
                "noted_at",
                "noted_by",
                name="delivery_noted_at_with_by",
                message="登记时间和登记人要同时记录。",
            ),
        ]

    def __str__(self):
        return f"{self.distribution}-{self.number:03}"


class DistributionLineTransition(Transition):
    line = models.ForeignKey(DistributionLine, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "发放明细状态变更"
        verbose_name_plural = "发放明细状态变更"


class Verification(models.Model):
    """回访 of a delivered line drawn at random: did it arrive? Not called by who noted the delivery."""

    line = models.OneToOneField(
        DistributionLine, on_delete=models.PROTECT, related_name="verification", verbose_name="发放明细"
    )
    drawn_at = models.DateTimeField("抽取时间")
    drawn_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="抽取人"
    )
    result = models.CharField("回访结果", max_length=14, choices=VerificationResult, blank=True)
    called_on = models.DateField("回访日期", null=True, blank=True)
    called_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回访人",
    )
    note = models.CharField("说明", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = "抽查回访"
        verbose_name_plural = "抽查回访"
        ordering = [F("called_on").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", called_on__isnull=True, called_by__isnull=True)
                | ~Q(result="") & Q(called_on__isnull=False, called_by__isnull=False),
                name="verification_called_with_result",
                violation_error_message="回访结果、日期和回访人要同时记录。",
            ),
            models.CheckConstraint(
                condition=~Q(result=VerificationResult.WITH_ISSUES)
                & ~Q(result=VerificationResult.NOT_RECEIVED)
                | ~Q(note=""),
                name="verification_trouble_is_told",
                violation_error_message="没有收到或有问题的，请写明情况。",
            ),
        ]

    def __str__(self):
        return f"{self.line} 回访"
