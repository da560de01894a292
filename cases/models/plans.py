from django.db import models

from jinchuan.shared.fields.model import DayField, EncryptedTextField

from ..querysets import CarePlanQuerySet
from .households import OfHousehold


class CarePlan(OfHousehold):
    """一户一策: goals and measures of one household for one year, and what a review found."""

    PERSONAL = {name: (lambda text: "已填写") for name in ("goals", "measures", "review")}

    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="plans", verbose_name="关爱户"
    )
    year = models.PositiveSmallIntegerField("年度")
    goals = EncryptedTextField("帮扶目标")
    measures = EncryptedTextField("帮扶措施")
    drawn_on = DayField("制定日期", past=True)
    reviewed_on = DayField("评估日期", past=True, null=True, blank=True)
    review = EncryptedTextField("评估意见", blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CarePlanQuerySet.as_manager()

    class Meta:
        verbose_name = "帮扶计划"
        verbose_name_plural = "帮扶计划"
        ordering = ["-year", "household"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                name="care_plan_one_a_year",
                violation_error_message="这一户这一年的帮扶计划已经有了，请在原计划上修改。",
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=2023, year__lte=2100),
                name="care_plan_year_real",
                violation_error_message="年度应在 2023 年到 2100 年之间。",
            ),
        ]

    def __str__(self):
        return f"{self.household} {self.year}年"
