from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import CreditCodeField, NameField, PhoneField
from jinchuan.shared.moves import Transition
from jinchuan.shared.naming import Named

from ..enums import NeedCode, OrganizationKind, OrganizationState
from ..querysets import OrganizationQuerySet, SupervisingUnitQuerySet

UNKNOWN_STRENGTH = "请从列出的帮扶专长中选择。"


class SupervisingUnit(Named):
    """业务主管单位 or 行业管理部门. Departments move and are renamed, so they are data."""

    name = models.CharField(
        "名称", max_length=80, unique=True, error_messages={"unique": "这个单位已经登记。"}
    )

    objects = SupervisingUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "业务主管单位"
        verbose_name_plural = "业务主管单位"
        ordering = ["name_pinyin", "id"]

    def __str__(self):
        return self.name


class Organization(Named):
    """A social organisation, enterprise or public body that takes part in the programme."""

    PERSONAL = {
        "contact_phone": masking.mask_phone,
        "responsible_person": masking.mask_name,
        "contact_name": masking.mask_name,
    }

    code = models.CharField("编号", max_length=20, unique=True, editable=False)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=24, choices=OrganizationKind)
    uscc = CreditCodeField(
        "统一社会信用代码", null=True, blank=True, help_text="备案的社区社会组织没有代码，可以不填。"
    )
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="organizations",
        verbose_name="登记区划",
    )
    supervising_unit = models.ForeignKey(
        SupervisingUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name="业务主管单位",
    )
    responsible_person = NameField("负责人")
    contact_name = NameField("联系人", blank=True)
    contact_phone = PhoneField("联系电话", blank=True)
    has_party_group = models.BooleanField("建有党组织", default=False)
    strengths = models.JSONField("帮扶专长", default=list, blank=True)
    capacity = models.PositiveSmallIntegerField("可结对户数", default=1, help_text="最多同时结对多少户。")
    is_charitable = models.BooleanField("慈善组织", default=False)
    may_raise_funds = models.BooleanField("有公开募捐资格", default=False)
    is_tax_deductible = models.BooleanField("有税前扣除资格", default=False)
    state = models.CharField(
        "状态", max_length=12, choices=OrganizationState, default=OrganizationState.DRAFT, editable=False
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
    created_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "社会组织"
        verbose_name_plural = "社会组织"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("kind", OrganizationKind, name="organization_kind_known"),
            constraints.in_choices("state", OrganizationState, name="organization_state_known"),
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(state=OrganizationState.DEREGISTERED),
                name="organization_uscc_unique",
                violation_error_message="这个统一社会信用代码已经登记，请在名册中查找。",
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=False) | Q(kind=OrganizationKind.COMMUNITY_SOCIAL_ORG),
                name="organization_uscc_unless_filed",
                violation_error_message="请填写统一社会信用代码；只有备案的社区社会组织可以不填。",
            ),
            constraints.both_or_neither(
                "approved_at",
                "approved_by",
                name="organization_approved_at_with_by",
                message="批准时间和批准人要同时记录。",
            ),
            constraints.filled_in(
                "approved_at",
                {OrganizationState.APPROVED, OrganizationState.SUSPENDED},
                name="organization_approved_with_date",
                message="已批准的组织要有批准时间。",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if not set(self.strengths or ()) <= set(NeedCode.values):
            raise ValidationError({"strengths": UNKNOWN_STRENGTH})

    @property
    def strength_labels(self) -> list[str]:
        return [NeedCode(code).label for code in self.strengths]

    @property
    def is_approved(self) -> bool:
        return self.state == OrganizationState.APPROVED

    @property
    def is_deregistered(self) -> bool:
        return self.state == OrganizationState.DEREGISTERED


class OrganizationTransition(Transition):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "组织状态变更"
        verbose_name_plural = "组织状态变更"
