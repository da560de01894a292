from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField, NameField

from ..enums import PUBLISHING, Channel, ConsentGiver, ConsentPurpose
from ..querysets import ConsentQuerySet
from .households import OutlivesNames

ORGANIZATION_NEEDED = "向组织提供信息的同意要写明是哪一个组织。"
GUARDIAN_NAME_NEEDED = "由监护人同意的，请填写监护人姓名。"
CHANNEL_NEEDED = "公开宣传的同意要写明一个发布渠道；其他同意不写渠道。"
PERSON_NEEDED = "公开宣传要由每个人分别同意，请选择是哪一位成员。"
GUARDIAN_FOR_MINOR = "这位成员未满 18 周岁，公开宣传要由监护人同意。"


class Consent(OutlivesNames):
    """A household's separate consent for one purpose (PIPL §14, §23, §29, §31). Sharing names the organisation.

    Making public names the person and one channel, each item (story, name, photo) for itself. Withdrawing takes effect at
    once: ``HouseholdQuerySet.shared_with`` and the gate for stories ask for a consent in force at every read.
    """

    PERSONAL = {"guardian_name": masking.mask_name}

    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="consents", verbose_name="关爱户"
    )
    member = models.ForeignKey(
        "cases.Member",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name="涉及成员",
        help_text="不选表示全户。",
    )
    purpose = models.CharField("用途", max_length=30, choices=ConsentPurpose)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name="提供给哪个组织",
    )
    channel = models.CharField("发布渠道", max_length=20, choices=Channel, blank=True)
    given_by = models.CharField("同意人", max_length=10, choices=ConsentGiver, default=ConsentGiver.SELF)
    guardian_name = NameField("监护人姓名", blank=True)
    text_version = models.CharField("同意书版本", max_length=20, default="2023-06")
    given_on = DayField("同意日期", past=True)
    evidence = models.CharField("凭据", max_length=100, help_text="例如：签字同意书存于社区档案第 3 盒。")
    expires_on = models.DateField("到期日期", null=True, blank=True)
    withdrawn_on = DayField("撤回日期", past=True, null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="记录人",
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "同意书"
        verbose_name_plural = "同意书"
        ordering = ["-given_on", "-id"]
        constraints = [
            constraints.in_choices("purpose", ConsentPurpose, name="consent_purpose_known"),
            models.CheckConstraint(
                condition=Q(purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION, organization__isnull=False)
                | ~Q(purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION) & Q(organization__isnull=True),
                name="consent_sharing_names_organization",
                violation_error_message=ORGANIZATION_NEEDED,
            ),
            constraints.filled_exactly_in(
                Text("channel"),
                set(PUBLISHING),
                state="purpose",
                name="consent_publishing_names_channel",
                message=CHANNEL_NEEDED,
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["", *Channel.values]),
                name="consent_channel_known",
                violation_error_message="请从列出的选项中选择。",
            ),
            constraints.filled_in(
                "member",
                set(PUBLISHING),
                state="purpose",
                name="consent_publishing_names_person",
                message=PERSON_NEEDED,
            ),
            models.CheckConstraint(
                condition=Q(given_by=ConsentGiver.SELF) | ~Q(guardian_name=""),
                name="consent_guardian_named",
                violation_error_message=GUARDIAN_NAME_NEEDED,
            ),
            constraints.ordered(
                "given_on", "expires_on", name="consent_dates_order", message="到期日期不能早于同意日期。"
            ),
            constraints.ordered(
                "given_on",
                "withdrawn_on",
                name="consent_withdrawal_order",
                message="撤回日期不能早于同意日期。",
            ),
        ]

    def __str__(self):
        return f"{self.household} {self.get_purpose_display()}"

    def clean(self):
        super().clean()
        if self.member_id and self.household_id and self.member.household_id != self.household_id:
            raise ValidationError({"member": "所选成员不在这一户，请重新选择。"})
        if (
            self.purpose in PUBLISHING
            and self.given_by == ConsentGiver.SELF
            and self.given_on
            and self.member_id
            and self._state.adding
            and self.member.is_minor_on(self.given_on)
        ):
            raise ValidationError({"given_by": GUARDIAN_FOR_MINOR})
