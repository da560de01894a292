"""Filters by place: a street stands for everything below it."""

import django_filters
from django_filters.fields import ModelChoiceField

from jinchuan.shared.filters import LongSelect, TogetherIterator

from .models import Division


class PlaceField(ModelChoiceField):
    iterator = TogetherIterator

    def label_from_instance(self, division):
        return indented_name(division)


class PlaceFilter(django_filters.ModelChoiceFilter):
    """Rows in a division or anywhere below it; offers the divisions one may see."""

    field_class = PlaceField

    def __init__(self, *, field_name, label="街道、社区（村）"):
        super().__init__(
            field_name=field_name,
            label=label,
            queryset=lambda request: Division.objects.visible_to(request.user).active().only("name", "path"),
            empty_label="全部",
            widget=LongSelect,
        )

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__path__startswith": value.path}) if value else qs


def indented_name(division) -> str:
    """The name, set in by its depth below the county, so that a long list reads as a tree."""
    return "　" * max(division.path.count("/") - 4, 0) + division.short_name
