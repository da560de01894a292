"""What the filters of every list have in common."""

from html import escape

import django_filters
from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from .fields.form import DayFormField


class DayFilter(django_filters.Filter):
    """A day, typed in any usual way."""

    field_class = DayFormField


class TogetherIterator(ModelChoiceIterator):
    """Choices that are shown together are fetched together: on PostgreSQL a cursor for them is three questions."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from map(self.choice, self.queryset.all())


class LongSelect(forms.Select):
    """A choice among many rows: written at once instead of by two templates for each."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = {str(one) for one in self.format_value(value)}
        options = "\n".join(
            f'<option value="{escape(str(key or ""))}"{" selected" * (str(key) in chosen)}>{escape(str(label))}</option>'
            for key, label in self.choices
        )
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return SafeString(f"<select{attributes}>\n{options}\n</select>")


class LongChoiceField(forms.ModelChoiceField):
    """One of many rows, fetched together and written at once."""

    iterator = TogetherIterator
    widget = LongSelect


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
