from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.exact import ExactField
from jinchuan.shared.moves import Transition

from ..enums import AllocationState, TargetKind
from ..querysets import AllocationQuerySet

APPROVE_OWN = "提出人不能批准自己提出的分配，请由另一位工作人员批准。"
SECOND_IS_FIRST = "两次批准要由两位不同的工作人员办理。"


class Allocation(models.Model):
    """A part of what is held, meant for a household, a need, a fund or a programme (分配).

    ``amount`` = open + ``loaded`` (on the way in a batch) + ``delivered`` + ``released`` (given up again), in the lot's
    measure. Who proposes does not approve; above a set amount two others approve.
    """

    code = models.CharField("分配编号", max_length=20, unique=True, editable=False)
    holding = models.ForeignKey(
        "donations.Holding", on_delete=models.PROTECT, related_name="allocations", verbose_name="款物"
    )
    target = models.CharField("分配给", max_length=10, choices=TargetKind)
    household = models.ForeignKey(
        "cases.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name="关爱户",
    )
    need = models.ForeignKey(
        "cases.CareNeed",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name="需求",
    )
    fund = models.ForeignKey(
        "donations.Fund",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations_in",
        verbose_name="转入基金",
    )
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name="项目",
    )
    amount = ExactField("数量（金额）")
    loaded = ExactField("发放途中", default=Decimal(0), editable=False)
    delivered = ExactField("已交付", default=Decimal(0), editable=False)
    released = ExactField("已取消", default=Decimal(0), editable=False)
    worth = ExactField("价值", null=True, blank=True, editable=False)
    authority_document = models.CharField(
        "依据", max_length=120, blank=True, help_text="会议纪要、协议或村（社区）议事决定的名称和编号。"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    needs_second = models.BooleanField("需要两人批准", default=False, editable=False)
    proposed_on = models.DateField("提出日期", editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=AllocationState, default=AllocationState.PROPOSED, editable=False
    )
    proposed_at = models.DateTimeField("提出时间", editable=False)
    proposed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="提出人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="批准人",
    )
    seconded_at = models.DateTimeField("第二次批准时间", null=True, blank=True, editable=False)
    seconded_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="第二批准人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = "分配"
        verbose_name_plural = "分配"
        ordering = ["-proposed_on", "-id"]
        indexes = [models.Index(fields=["state", "proposed_on"], name="allocation_state_list")]
        constraints = [
            constraints.in_choices("state", AllocationState, name="allocation_state_known"),
            constraints.in_choices("target", TargetKind, name="allocation_target_known"),
            constraints.positive("amount", name="allocation_amount_positive", message="数量必须大于 0。"),
            models.CheckConstraint(
                condition=Q(loaded__gte=0, delivered__gte=0, released__gte=0)
                & Q(amount__gte=F("loaded") + F("delivered") + F("released")),
                name="allocation_not_overdrawn",
                violation_error_message="发放、交付和取消的数量超过了分配的数量。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[AllocationState.SETTLED, AllocationState.CANCELLED],
                    amount=F("delivered") + F("released"),
                )
                | Q(
                    state__in=[AllocationState.PROPOSED, AllocationState.APPROVED],
                    amount__gt=F("delivered") + F("released"),
                ),
                name="allocation_over_when_nothing_is_open",
                violation_error_message="还有没交付也没取消的数量，不能办结。",
            ),
            models.CheckConstraint(
                condition=Q(target=TargetKind.HOUSEHOLD, household__isnull=False, need__isnull=True)
                & Q(fund__isnull=True)
                | Q(target=TargetKind.NEED, household__isnull=False, need__isnull=False, fund__isnull=True)
                | Q(target=TargetKind.FUND, household__isnull=True, need__isnull=True, fund__isnull=False)
                & Q(program__isnull=True)
                | Q(target=TargetKind.PROGRAM, household__isnull=True, need__isnull=True, fund__isnull=True)
                & Q(program__isnull=False),
                name="allocation_target_matches",
                violation_error_message="请选择与“分配给”对应的对象，并清空其余几项。",
            ),
            constraints.both_or_neither(
                "approved_at",
                "approved_by",
                name="allocation_approved_at_with_by",
                message="批准时间和批准人要同时记录。",
            ),
            constraints.both_or_neither(
                "seconded_at",
                "seconded_by",
                name="allocation_seconded_at_with_by",
                message="第二次批准的时间和批准人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AllocationState.PROPOSED, AllocationState.CANCELLED])
                | Q(approved_at__isnull=False) & (Q(needs_second=False) | Q(seconded_at__isnull=False)),
                name="allocation_approved_by_enough",
                violation_error_message="批准的人数不够，不能发放。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="allocation_approver_did_not_propose",
                violation_error_message=APPROVE_OWN,
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | ~Q(seconded_by=F("proposed_by")) & ~Q(seconded_by=F("approved_by")),
                name="allocation_second_is_another",
                violation_error_message=SECOND_IS_FIRST,
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def open_amount(self) -> Decimal:
        """What is neither on the way, delivered nor given up."""
        return self.amount - self.loaded - self.delivered - self.released


class AllocationTransition(Transition):
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "分配状态变更"
        verbose_name_plural = "分配状态变更"
