from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import PhoneField
from jinchuan.shared.naming import FoundByParts, NamePart

from ..enums import DonorKind
from ..querysets import DonorQuerySet

ANONYMOUS_NAME = "匿名"


class Donor(FoundByParts):
    """Whoever gives. Named in print only where they agreed (慈善法 §38, §82; 公益事业捐赠法 §8)."""

    PERSONAL = {"name": masking.mask_name, "phone": masking.mask_phone}

    kind = models.CharField("类别", max_length=14, choices=DonorKind)
    name = models.CharField("名称或姓名", max_length=80)
    organization = models.OneToOneField(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="donor",
        verbose_name="对应的组织",
    )
    known_to = models.ManyToManyField(
        "organizations.Organization",
        blank=True,
        related_name="known_donors",
        verbose_name="登记过的组织",
        help_text="登记过这位捐赠方的组织；别的组织查不到。",
    )
    phone = PhoneField("联系电话", blank=True)
    agrees_to_be_named = models.BooleanField("同意公开名称", default=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DonorQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠方"
        verbose_name_plural = "捐赠方"
        ordering = ["name_pinyin", "id"]
        constraints = [
            constraints.in_choices("kind", DonorKind, name="donor_kind_known"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind=DonorKind.ANONYMOUS),
                name="donor_one_anonymous",
                violation_error_message="匿名捐赠方已经登记，请刷新后直接选择“匿名”。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DonorKind.ANONYMOUS)
                | Q(name=ANONYMOUS_NAME, phone="", agrees_to_be_named=False, organization__isnull=True),
                name="donor_anonymous_has_no_traits",
                violation_error_message="匿名捐赠方不登记名称和联系方式。",
            ),
        ]

    def __str__(self):
        return f"捐赠方{self.pk or ''}"

    @property
    def is_person(self) -> bool:
        return self.kind == DonorKind.INDIVIDUAL


class DonorNamePart(NamePart):
    """What a search for a giver looks up."""

    named = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="name_parts", verbose_name="捐赠方"
    )

    class Meta(NamePart.Meta):
        verbose_name = "捐赠方检索词"
        verbose_name_plural = "捐赠方检索词"
