"""What the filters of every list have in common."""

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from .fields.form import DayFormField


class DayFilter(django_filters.Filter):
    """A day, typed in any usual way."""

    field_class = DayFormField


class LongSelect(forms.Select):
    """A choice among many rows: written at once instead of by two templates for each."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                ("" if key is None else key, mark_safe(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>\n{}\n</select>", attributes, options)


class HouseFilterSet(django_filters.FilterSet):
    """Filters stand in the address. A value that makes no sense is left out, and ``ignored`` says so."""

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        wrong = self.form.errors.keys()
        self.ignored = bool(wrong)
        if wrong:
            kept = {name: value for name, value in data.items() if name not in wrong}
            super().__init__(kept, **kwargs)
        self.used = any(self.form.cleaned_data.values()) if self.form.is_valid() else False
