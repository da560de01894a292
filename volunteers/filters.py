"""What a list of activities may be narrowed by."""

import django_filters

from jinchuan.shared.filters import DayFilter, HouseFilterSet
from jinchuan.shared.forms import Form

from .certificate_enums import CertificateState
from .enums import ActivityState
from .models import Activity, Certificate


class ActivityFilter(HouseFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=ActivityState.choices, empty_label="全部")
    since = DayFilter(label="从", field_name="held_on", lookup_expr="gte")
    until = DayFilter(label="到", field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Activity
        fields = []
        form = Form


class CertificateFilter(HouseFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=CertificateState.choices, empty_label="全部")

    class Meta:
        model = Certificate
        fields = []
        form = Form
