"""What the filters of every list have in common."""

import django_filters

from .fields.form import DayFormField


class DayFilter(django_filters.Filter):
    """A day, typed in any usual way."""

    field_class = DayFormField


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
