"""What the lists of visits and of open needs may be narrowed by."""

import django_filters

from jinchuan.shared.filters import DayFilter, HouseFilterSet
from jinchuan.shared.forms import Form
from organizations.enums import NeedCode

from .enums import VisitKind, VisitState
from .models import CareNeed, Visit


class VisitFilter(HouseFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=VisitState.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(label="类型", choices=VisitKind.choices, empty_label="全部")
    since = DayFilter(label="从", field_name="visited_on", lookup_expr="gte")
    until = DayFilter(label="到", field_name="visited_on", lookup_expr="lte")

    class Meta:
        model = Visit
        fields = []
        form = Form


class NeedFilter(HouseFilterSet):
    need = django_filters.ChoiceFilter(label="类别", choices=NeedCode.choices, empty_label="全部")
    urgent = django_filters.ChoiceFilter(
        label="急需", choices=[("1", "只看急需")], empty_label="全部", method="only_urgent"
    )

    class Meta:
        model = CareNeed
        fields = []
        form = Form

    def only_urgent(self, rows, name, value):
        return rows.filter(is_urgent=True) if value else rows
