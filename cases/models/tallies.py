from django.db import models

from jinchuan.shared.tallies import Tally


class HouseholdTally(Tally):
    """How many households there are, by the first digits of their codes and by community."""

    register = "cases.Household"
    column = "code"
    begins = len("HJ-00")
    placed_by = "community"

    bucket = models.CharField("编号开头", max_length=20)
    place = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="社区（村）",
    )

    class Meta:
        verbose_name = "关爱户计数"
        verbose_name_plural = "关爱户计数"
