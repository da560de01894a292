"""What changes a confirmed gift without touching its row: corrections, returns, losses, sales, counts, another purpose."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.exact import ExactField
from jinchuan.shared.moves import Transition

from ..enums import DisposalKind, Restriction
from ..querysets import AdjustmentQuerySet, DisposalQuerySet, PurposeChangeQuerySet, StockTakeQuerySet
from .deciding import Decided
from .restricting import restriction_matches


class Adjustment(Decided):
    """更正: what a confirmed line says wrongly is put right by a row of its own, never in the line (慈善法 §54)."""

    code = models.CharField("更正编号", max_length=20, unique=True, editable=False)
    holding = models.ForeignKey(
        "donations.Holding", on_delete=models.PROTECT, related_name="adjustments", verbose_name="款物"
    )
    amount = ExactField("数量（金额）增减", default=Decimal(0), help_text="减少写负数；不变写 0。")
    value = ExactField("价值增减", default=Decimal(0), help_text="元；减少写负数；不变写 0。")
    adjusted_on = models.DateField("更正日期")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠更正"
        verbose_name_plural = "捐赠更正"
        ordering = ["-adjusted_on", "-id"]
        constraints = [
            *Decided.constraints_named("adjustment"),
            models.CheckConstraint(
                condition=~Q(amount=0) | ~Q(value=0),
                name="adjustment_changes_something",
                violation_error_message="数量和价值至少更正一项。",
            ),
        ]

    def __str__(self):
        return self.code


class AdjustmentTransition(Transition):
    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "更正状态变更"
        verbose_name_plural = "更正状态变更"


class Disposal(Decided):
    """Goods or money that do not reach anybody: given back to the donor, spoiled, or sold (proceeds to the same purpose, 慈善法 §54)."""

    code = models.CharField("处置编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("处置方式", max_length=10, choices=DisposalKind)
    holding = models.ForeignKey(
        "donations.Holding", on_delete=models.PROTECT, related_name="disposals", verbose_name="款物"
    )
    amount = ExactField("数量（金额）")
    proceeds = ExactField("变卖所得", null=True, blank=True, help_text="元；只有变卖时填写。")
    disposed_on = models.DateField("处置日期")

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = "款物处置"
        verbose_name_plural = "款物处置"
        ordering = ["-disposed_on", "-id"]
        constraints = [
            *Decided.constraints_named("disposal"),
            constraints.in_choices("kind", DisposalKind, name="disposal_kind_known"),
            constraints.positive("amount", name="disposal_amount_positive", message="数量必须大于 0。"),
            models.CheckConstraint(
                condition=Q(kind=DisposalKind.SOLD, proceeds__isnull=False, proceeds__gt=0)
                | ~Q(kind=DisposalKind.SOLD) & Q(proceeds__isnull=True),
                name="disposal_sale_has_proceeds",
                violation_error_message="变卖的请填写变卖所得；其他处置不填。",
            ),
        ]

    def __str__(self):
        return self.code


class DisposalTransition(Transition):
    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "处置状态变更"
        verbose_name_plural = "处置状态变更"


class StockTake(Decided):
    """盘点 of one place on one day: counted by one, confirmed by another; what differs is booked at the confirmation."""

    code = models.CharField("盘点编号", max_length=20, unique=True, editable=False)
    place = models.ForeignKey(
        "donations.Place", on_delete=models.PROTECT, related_name="stock_takes", verbose_name="存放点"
    )
    counted_on = models.DateField("盘点日期")

    objects = StockTakeQuerySet.as_manager()

    class Meta:
        verbose_name = "盘点"
        verbose_name_plural = "盘点"
        ordering = ["-counted_on", "-id"]
        constraints = Decided.constraints_named("stock_take")

    def __str__(self):
        return self.code


class StockTakeTransition(Transition):
    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "盘点状态变更"
        verbose_name_plural = "盘点状态变更"


class StockTakeLine(models.Model):
    """What the book said was there (free and promised) when it was counted, and what was counted."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    holding = models.ForeignKey("donations.Holding", on_delete=models.PROTECT, related_name="counts")
    expected = ExactField("账面数")
    counted = ExactField("实盘数")

    class Meta:
        verbose_name = "盘点明细"
        verbose_name_plural = "盘点明细"
        ordering = ["stock_take", "holding"]
        constraints = [
            constraints.not_negative("counted", name="stock_count_not_below_zero"),
            models.UniqueConstraint(
                fields=["stock_take", "holding"],
                name="stock_count_once",
                violation_error_message="同一批物资在一次盘点里只填一次。",
            ),
        ]

    def __str__(self):
        return f"{self.stock_take} {self.holding}"

    @property
    def difference(self) -> Decimal:
        return self.counted - self.expected


class PurposeChange(Decided):
    """Another use than the donor asked for, with the donor's consent (慈善法 §56, 公益事业捐赠法 §18). The gift's row stays as it was."""

    donation = models.ForeignKey(
        "donations.Donation", on_delete=models.PROTECT, related_name="purpose_changes", verbose_name="捐赠"
    )
    restriction = models.CharField("改为", max_length=10, choices=Restriction)
    household = models.ForeignKey(
        "cases.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purpose_changes",
        verbose_name="指定关爱户",
    )
    category = models.CharField("指定困难类别", max_length=30, blank=True)
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="指定项目",
    )
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="指定社区（村）",
    )
    consented_on = models.DateField("捐赠人同意日期")
    consent_evidence = models.CharField("同意的凭据", max_length=120, help_text="例如：捐赠人书面同意书。")

    objects = PurposeChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "用途变更"
        verbose_name_plural = "用途变更"
        ordering = ["donation", "id"]
        constraints = [
            *Decided.constraints_named("purpose_change"),
            constraints.in_choices("restriction", Restriction, name="purpose_change_restriction_known"),
            restriction_matches(name="purpose_change_matches"),
            models.CheckConstraint(
                condition=~Q(consent_evidence=""),
                name="purpose_change_with_consent",
                violation_error_message="改变用途要有捐赠人的同意，请写明凭据。",
            ),
        ]

    def __str__(self):
        return f"{self.donation} 用途变更"

    def clean(self):
        super().clean()
        if self.consented_on and self.donation_id and self.consented_on < self.donation.received_on:
            raise ValidationError({"consented_on": "同意日期不能早于收到捐赠的日期。"})


class PurposeChangeTransition(Transition):
    purpose_change = models.ForeignKey(PurposeChange, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "用途变更的状态变更"
        verbose_name_plural = "用途变更的状态变更"
