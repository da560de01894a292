from django.db import models

from jinchuan.shared.tallies import Tally


class DonationTally(Tally):
    """How many gifts there are, by the day they were received (none: not received yet) and the division they count in."""

    register = "donations.Donation"
    column = "received_on"
    descending = True
    placed_by = "division"

    bucket = models.DateField("收到日期", null=True)
    place = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="归属区划",
    )

    class Meta:
        verbose_name = "捐赠计数"
        verbose_name_plural = "捐赠计数"
