"""What a list of gifts may be narrowed by. The choices stand in the address; a value that makes no sense is left out."""

import django_filters

from jinchuan.shared.filters import DayFilter, HouseFilterSet
from jinchuan.shared.forms import Form

from .enums import DonationState, LineKind
from .models import Donation, DonationLine


class DonationFilter(HouseFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=DonationState.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(
        label="款物", choices=LineKind.choices, empty_label="全部", method="of_kind"
    )
    since = DayFilter(label="从", field_name="received_on", lookup_expr="gte")
    until = DayFilter(label="到", field_name="received_on", lookup_expr="lte")

    class Meta:
        model = Donation
        fields = []
        form = Form

    def of_kind(self, rows, name, value):
        """Not through a join, which the totals of the list would share."""
        return (
            rows.filter(pk__in=DonationLine.objects.filter(kind=value).values("donation")) if value else rows
        )
