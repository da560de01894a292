from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField, EncryptedTextField, NameField
from jinchuan.shared.moves import Transition

from ..enums import (
    OPEN_PAIRING_STATES,
    RUNNING_PAIRING_STATES,
    STARTED_PAIRING_STATES,
    PairingEndReason,
    PairingRole,
    PairingState,
)
from ..querysets import PairingQuerySet


class Pairing(models.Model):
    """The bond between one household and one organisation, from intention to end; ``[started_on, ended_on)``.

    A new spell is a new row whose ``previous`` is the old one. The history is never overwritten.
    """

    PERSONAL = {"liaison_name": masking.mask_name, "handover_note": lambda text: "已填写"}

    code = models.CharField("结对编号", max_length=20, unique=True, editable=False)
    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="pairings", verbose_name="关爱户"
    )
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="pairings", verbose_name="组织"
    )
    role = models.CharField("结对方式", max_length=12, choices=PairingRole, default=PairingRole.AUXILIARY)
    liaison_name = NameField("联系人（结对干部）", blank=True)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name="上一段结对",
    )
    intended_on = DayField("意向日期", past=True)
    hold_until = models.DateField("意向保留至", help_text="到期未结对的意向自动失效。")
    organization_confirmed_at = models.DateTimeField("组织确认时间", null=True, blank=True, editable=False)
    organization_confirmed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="组织确认人",
    )
    household_confirmed_at = models.DateTimeField("关爱户确认时间", null=True, blank=True, editable=False)
    household_confirmed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="关爱户确认记录人",
    )
    capacity_override = models.CharField("超出可结对户数的理由", max_length=200, blank=True, editable=False)
    started_on = DayField("结对日期", past=True, null=True, blank=True, editable=False)
    ended_on = DayField("结束日期", past=True, null=True, blank=True, editable=False)
    end_reason = models.CharField(
        "结束原因", max_length=20, choices=PairingEndReason, blank=True, editable=False
    )
    last_contact_on = DayField("最后一次联系日期", past=True, null=True, blank=True, editable=False)
    goods_outstanding = models.CharField(
        "尚未交接的款物", max_length=200, blank=True, editable=False, help_text="没有的写“无”。"
    )
    handover_note = EncryptedTextField("交接说明", blank=True, editable=False)
    closeout_waiver = models.CharField("免办交接的理由", max_length=200, blank=True, editable=False)
    end_note = models.TextField("结束说明", blank=True, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=PairingState, default=PairingState.INTENTION, editable=False
    )
    created_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = "结对"
        verbose_name_plural = "结对"
        ordering = ["-intended_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "state"], name="pairing_organization_state"),
            models.Index(fields=["state", "hold_until"], name="pairing_state_hold"),
        ]
        constraints = [
            constraints.in_choices("state", PairingState, name="pairing_state_known"),
            constraints.in_choices("role", PairingRole, name="pairing_role_known"),
            models.UniqueConstraint(
                fields=["household", "organization"],
                condition=Q(state__in=OPEN_PAIRING_STATES),
                name="pairing_one_open",
                violation_error_message="这一户与这个组织已有意向或正在结对，不用重复登记。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(role=PairingRole.LEAD, state__in=RUNNING_PAIRING_STATES),
                name="pairing_one_lead",
                violation_error_message="这一户已有结对干部，一户只能有一个；请先结束原来的结对。",
            ),
            constraints.both_or_neither(
                "organization_confirmed_at",
                "organization_confirmed_by",
                name="pairing_organization_confirmed_at_with_by",
                message="组织的确认时间和确认人要同时记录。",
            ),
            constraints.both_or_neither(
                "household_confirmed_at",
                "household_confirmed_by",
                name="pairing_household_confirmed_at_with_by",
                message="关爱户的确认时间和记录人要同时记录。",
            ),
            constraints.both_or_neither(
                "ended_on",
                Text("end_reason"),
                name="pairing_end_date_with_reason",
                message="结束日期和结束原因要同时填写。",
            ),
            constraints.filled_exactly_in(
                "ended_on",
                {PairingState.ENDED},
                name="pairing_ended_with_date",
                message="已结束的结对要有结束日期，其他状态没有。",
            ),
            constraints.filled_exactly_in(
                "started_on",
                STARTED_PAIRING_STATES,
                name="pairing_started_with_date",
                message="结对中的要有结对日期，意向没有。",
            ),
            constraints.filled_in(
                "last_contact_on",
                {PairingState.ENDING},
                name="pairing_ending_with_closeout",
                message="结束办理中的结对要写明最后一次联系日期，或者写明免办交接的理由。",
                unless=Text("closeout_waiver"),
            ),
            constraints.ordered(
                "intended_on", "started_on", name="pairing_start_order", message="结对日期不能早于意向日期。"
            ),
            constraints.ordered(
                "started_on", "ended_on", name="pairing_end_order", message="结束日期不能早于结对日期。"
            ),
            constraints.ordered(
                "intended_on", "hold_until", name="pairing_hold_order", message="意向保留期不能早于意向日期。"
            ),
            constraints.filled_in(
                "organization_confirmed_at",
                STARTED_PAIRING_STATES,
                name="pairing_active_organization_confirmed",
                message="结对前要有组织的确认。",
            ),
            constraints.filled_in(
                "household_confirmed_at",
                STARTED_PAIRING_STATES,
                name="pairing_active_household_confirmed",
                message="结对前要有关爱户的确认。",
            ),
        ]

    def __str__(self):
        return self.code


class PairingTransition(Transition):
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "结对状态变更"
        verbose_name_plural = "结对状态变更"
