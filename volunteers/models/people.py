from django.db import models

from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import DayField, NameField, PhoneField
from jinchuan.shared.naming import Named

from ..querysets import VolunteerQuerySet

NOT_IN_ORGANIZATION = "这位志愿者已不在本组织，请重新选择参加人。"


class Volunteer(Named):
    """A person who serves with an organisation, under the real name (慈善法 §66)."""

    PERSONAL = {"name": masking.mask_name, "phone": masking.mask_phone}

    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="volunteers",
        verbose_name="所属组织",
    )
    name = NameField("姓名")
    national_number = models.CharField("全国志愿者编号", max_length=30, blank=True)
    phone = PhoneField("联系电话", blank=True)
    joined_on = DayField("加入日期", past=True)
    left_on = DayField("退出日期", past=True, null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿者"
        verbose_name_plural = "志愿者"
        ordering = ["name_pinyin", "id"]
        constraints = [
            constraints.ordered(
                "joined_on", "left_on", name="volunteer_dates_order", message="退出日期不能早于加入日期。"
            )
        ]

    def __str__(self):
        return f"志愿者{self.pk or ''}"
