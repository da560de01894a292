from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints

from ..enums import DecisionState

DECIDED_BY_PROPOSER = "提出人不能批准自己提出的事项，请由另一位工作人员办理。"


class Decided(models.Model):
    """What one person proposes with a reason, and another decides. Nothing changes before the decision."""

    state = models.CharField(
        "状态", max_length=10, choices=DecisionState, default=DecisionState.PROPOSED, editable=False
    )
    reason = models.CharField("原因", max_length=200)
    proposed_at = models.DateTimeField("提出时间", editable=False)
    proposed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="提出人",
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="决定人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def constraints_named(prefix) -> list:
        """The constraints of the shared columns, under names of the table's own."""
        return [
            constraints.in_choices("state", DecisionState, name=f"{prefix}_state_known"),
            constraints.both_or_neither(
                "decided_at",
                "decided_by",
                name=f"{prefix}_decided_at_with_by",
                message="决定时间和决定人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "decided_at",
                {DecisionState.APPROVED, DecisionState.REFUSED},
                name=f"{prefix}_decided_with_date",
                message="已经决定的事项要有决定时间。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name=f"{prefix}_decided_by_second_person",
                violation_error_message=DECIDED_BY_PROPOSER,
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name=f"{prefix}_has_reason",
                violation_error_message="请写明原因。",
            ),
        ]
