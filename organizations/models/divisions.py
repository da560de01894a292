from django.core.validators import RegexValidator
from django.db import models

from jinchuan.shared import constraints
from jinchuan.shared.naming import Named

from ..enums import DivisionLevel
from ..querysets import DivisionQuerySet

# What a printed page calls them: 龙集里社区, not 龙集里社区居委会.
_PRINTED_WITHOUT = ("居委会", "村委会")


class Division(Named):
    """A place in the administrative tree (GB/T 2260 and the statistical 12-digit code).

    Communities are merged now and then, so a division is retired, never deleted, and keeps its history.
    """

    code = models.CharField(
        "代码",
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{12}$", "行政区划代码应为 12 位数字。")],
        error_messages={"unique": "这个行政区划代码已经登记。"},
    )
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=12, choices=DivisionLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField(
        "路径", max_length=120, unique=True, editable=False, help_text="从省到本级的代码，以 / 分隔。"
    )
    is_active = models.BooleanField("在用", default=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("level", DivisionLevel, name="division_level_known"),
            constraints.ordered(
                "valid_from", "valid_to", name="division_valid_order", message="停用日期不能早于启用日期。"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=True, valid_to__isnull=True)
                | models.Q(is_active=False, valid_to__isnull=False),
                name="division_retired_with_date",
                violation_error_message="停用的区划要填停用日期，在用的区划不填。",
            ),
        ]

    def __str__(self):
        return self.short_name

    @property
    def short_name(self) -> str:
        for ending in _PRINTED_WITHOUT:
            if self.name.endswith(ending):
                stem = self.name.removesuffix(ending)
                return stem if ending == "居委会" else f"{stem}村"
        return self.name

    def clean(self):
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        super().clean()

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), "path", "name_pinyin", "name_search"})
