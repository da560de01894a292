from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField, EncryptedTextField
from jinchuan.shared.identity import personal_numbers_in
from jinchuan.shared.moves import Transition
from organizations.enums import NeedCode

from ..enums import CareNeedState, ClaimState
from ..querysets import CareNeedQuerySet, ClaimQuerySet
from .households import OutlivesNames

NAMES_SOMEBODY = "给组织看的说明里不要写姓名、身份证号、电话和门牌号，请改写。"


class CareNeed(OutlivesNames):
    """需求 / 微心愿 of a household: what is needed, how much, until when. Organisations read ``public_words`` only.

    ``open_quantity`` is what nobody has claimed yet; the database keeps it between 0 and ``quantity``.
    """

    PERSONAL = {"description": lambda text: "已填写"}

    code = models.CharField("需求编号", max_length=20, unique=True, editable=False)
    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="needs", verbose_name="关爱户"
    )
    member = models.ForeignKey(
        "cases.Member",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="涉及成员",
        help_text="不选表示全户。",
    )
    visit = models.ForeignKey(
        "cases.Visit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="needs",
        verbose_name="在哪次走访中发现",
    )
    need = models.CharField("需求类别", max_length=20, choices=NeedCode)
    description = EncryptedTextField("具体情况", blank=True, help_text="只有工作人员看得到。")
    public_words = models.CharField(
        "给组织看的说明",
        max_length=200,
        blank=True,
        help_text="例如“一位独居老人需要一床厚棉被”。不写的，组织看不到这条需求。",
    )
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, default=Decimal(1))
    unit = models.CharField("单位", max_length=10, default="件")
    open_quantity = models.DecimalField("尚未认领", max_digits=12, decimal_places=2, editable=False)
    is_urgent = models.BooleanField("急需", default=False)
    raised_on = DayField("提出日期", past=True)
    raised_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    due_on = models.DateField("希望解决日期", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=CareNeedState, default=CareNeedState.OPEN, editable=False
    )
    met_on = models.DateField("解决日期", null=True, blank=True, editable=False)
    met_by = models.CharField(
        "由什么解决", max_length=40, blank=True, editable=False, help_text="交付、服务或办理事项的编号。"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CareNeedQuerySet.as_manager()

    class Meta:
        verbose_name = "需求"
        verbose_name_plural = "需求"
        ordering = ["-raised_on", "-id"]
        indexes = [models.Index(fields=["state", "due_on"], name="care_need_state_due")]
        constraints = [
            constraints.in_choices("need", NeedCode, name="care_need_kind_known"),
            constraints.in_choices("state", CareNeedState, name="care_need_state_known"),
            constraints.positive("quantity", name="care_need_quantity_positive", message="数量必须大于 0。"),
            models.CheckConstraint(
                condition=Q(open_quantity__gte=0, open_quantity__lte=F("quantity")),
                name="care_need_not_over_claimed",
                violation_error_message="认领的数量超过了需要的数量。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CareNeedState.OPEN) | Q(open_quantity__gt=0),
                name="care_need_open_has_open_quantity",
                violation_error_message="已全部认领的需求不再是待对接。",
            ),
            constraints.both_or_neither(
                "met_on",
                Text("met_by"),
                name="care_need_met_on_with_by",
                message="解决日期和由什么解决要同时填写。",
            ),
            constraints.filled_exactly_in(
                "met_on",
                {CareNeedState.MET},
                name="care_need_met_with_date",
                message="已解决的需求要有解决日期。",
            ),
            constraints.ordered(
                "raised_on", "due_on", name="care_need_dates_order", message="希望解决日期不能早于提出日期。"
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        super().clean()
        if personal_numbers_in(self.public_words) or self._names_a_member():
            raise ValidationError({"public_words": NAMES_SOMEBODY})
        if self.member_id and self.household_id and self.member.household_id != self.household_id:
            raise ValidationError({"member": "所选成员不在这一户，请重新选择。"})

    def _names_a_member(self) -> bool:
        if not self.public_words or not self.household_id:
            return False
        names = self.household.members.values_list("name", flat=True)
        return any(len(name) > 1 and name in self.public_words for name in names)


class CareNeedTransition(Transition):
    care_need = models.ForeignKey(CareNeed, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "需求状态变更"
        verbose_name_plural = "需求状态变更"


class Claim(models.Model):
    """An organisation takes on a part of a need, for some days (认领). Live claims never exceed the need."""

    code = models.CharField("认领编号", max_length=20, unique=True, editable=False)
    need = models.ForeignKey(CareNeed, on_delete=models.PROTECT, related_name="claims", verbose_name="需求")
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="claims", verbose_name="认领组织"
    )
    quantity = models.DecimalField("认领数量", max_digits=12, decimal_places=2)
    claimed_on = DayField("认领日期", past=True)
    hold_until = models.DateField("保留至", help_text="到期未兑现的认领自动失效。")
    claimed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="认领人",
    )
    state = models.CharField(
        "状态", max_length=12, choices=ClaimState, default=ClaimState.LIVE, editable=False
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "认领"
        verbose_name_plural = "认领"
        ordering = ["-claimed_on", "-id"]
        constraints = [
            constraints.in_choices("state", ClaimState, name="claim_state_known"),
            constraints.positive("quantity", name="claim_quantity_positive", message="认领数量必须大于 0。"),
            models.UniqueConstraint(
                fields=["need", "organization"],
                condition=Q(state=ClaimState.LIVE),
                name="claim_one_live",
                violation_error_message="本组织已经认领了这条需求，请在“我的认领”里查看。",
            ),
            constraints.ordered(
                "claimed_on", "hold_until", name="claim_hold_order", message="保留期不能早于认领日期。"
            ),
        ]

    def __str__(self):
        return self.code


class ClaimTransition(Transition):
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "认领状态变更"
        verbose_name_plural = "认领状态变更"
