"""What a list of activities may be narrowed by."""

import django_filters
from django import forms

from jinchuan.shared.fields.form import DayFormField

from .enums import ActivityState
from .models import Activity


class DayFilter(django_filters.Filter):
    field_class = DayFormField


class ActivityFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=ActivityState.choices, empty_label="全部")
    since = DayFilter(label="从", field_name="held_on", lookup_expr="gte")
    until = DayFilter(label="到", field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Activity
        fields = []
        form = forms.Form
