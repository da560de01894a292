"""Form fields that only a sheet needs: words for yes and no, several words in one cell, a row of another register.

``field_of`` gives the form field of a model's column, so that a cell is read exactly as a page reads it.
"""

import re

from django.db import models

from jinchuan.shared import text
from jinchuan.shared.fields.form import LabelledChoiceField, TypedField
from jinchuan.shared.forms import Form, house_formfield

NOT_FOUND = "没有“{value}”，请按名册里的写法填写"
SEVERAL = "“{value}”有 {count} 个，请写全称或代码"
YES, NO = "是", "否"

# Of ten thousand names in a sheet only the newest are remembered.
_REMEMBERED = 500
_SEPARATORS = re.compile(r"[、,，;；/\n]+")


class YesNoFormField(LabelledChoiceField):
    """是, 否, or empty: ``True``, ``False``, ``None`` (not said)."""

    def __init__(self, **kwargs):
        super().__init__(choices=[("yes", YES), ("no", NO)], **kwargs)

    def to_python(self, value):
        if isinstance(value, bool):
            return "yes" if value else "no"
        return {"√": "yes", "有": "yes", "无": "no"}.get(typed := super().to_python(value), typed)

    def clean(self, value):
        return {"yes": True, "no": False}.get(super().clean(value))


class WordsFormField(TypedField):
    """Several words of a list in one cell, parted by 、: a list of their codes."""

    empty_value = ()

    def __init__(self, *, choices, **kwargs):
        self.one = LabelledChoiceField(choices=choices, required=False)
        super().__init__(**kwargs)

    def read(self, typed):
        words = [word for word in _SEPARATORS.split(text.clean_lines(typed)) if word.strip()]
        return list(dict.fromkeys(self.one.clean(word) for word in words))


class LookupFormField(TypedField):
    """A row of another register, by any name people write for it, among those the person at the sheet may see.

    ``find(typed, by, memory)`` gives the rows of that name; ``options(by)`` the names for the drop-down, if there is one.
    """

    empty_value = None

    def __init__(self, *, find, options=None, not_found=NOT_FOUND, **kwargs):
        self.find, self.options, self.not_found = find, options, not_found
        self.by, self.memory = None, {}
        super().__init__(**kwargs)

    def read(self, typed):
        typed = text.clean(typed)
        key = (self.find, typed)
        if key not in self.memory:
            self._make_room()
            self.memory[key] = list(self.find(typed, self.by, self.memory))
        found = self.memory[key]
        if len(found) != 1:
            sentence, code = (SEVERAL, "several") if found else (self.not_found, "unknown")
            self.refuse(sentence, code, value=typed[:30], count=len(found))
        return found[0]

    def _make_room(self):
        """Forget the oldest name; what the ``find`` functions keep for themselves stays."""
        if len(self.memory) >= _REMEMBERED:
            oldest = next((key for key in self.memory if isinstance(key, tuple)), None)
            self.memory.pop(oldest, None)


class LookupsFormField(LookupFormField):
    """Several rows of another register in one cell, parted by 、; each counts once."""

    empty_value = ()

    def read(self, typed):
        words = [word for word in _SEPARATORS.split(text.clean_lines(typed)) if word.strip()]
        return list(dict.fromkeys(super(LookupsFormField, self).read(word) for word in words))


def field_of(model, name, **overrides):
    """The form field of a model's column for a cell; ``overrides`` are attributes such as ``required`` or ``label``."""
    column = model._meta.get_field(name)
    common = {"label": column.verbose_name, "help_text": column.help_text, "required": not column.blank}
    if isinstance(column, models.BooleanField):
        field = YesNoFormField(**common | {"required": False})
    elif column.choices:
        field = LabelledChoiceField(choices=column.flatchoices, **common | {"required": not column.blank})
    else:
        field = house_formfield(column)
    for attribute, value in overrides.items():
        setattr(field, attribute, value)
    return field


class RowForm(Form):
    """What a row of a sheet is read by. Knows who holds the sheet, and remembers what was looked up for earlier rows."""

    def __init__(self, data=None, *, by=None, memory=None):
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, LookupFormField):
                field.by, field.memory = by, {} if memory is None else memory

    def read(self, cells):
        """Read the next row by the same form: making a form anew takes longer than reading by it."""
        self.data = cells
        self.full_clean()
        return self

    @property
    def given(self) -> dict:
        """The cleaned values of the cells that were filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", (), [])}


def seen_by(model, by):
    """The rows of ``model`` that a person may see; the system (None) sees all."""
    rows = model._default_manager
    return rows.all() if by is None else rows.visible_to(by)


__all__ = [
    "LookupFormField",
    "LookupsFormField",
    "RowForm",
    "WordsFormField",
    "YesNoFormField",
    "field_of",
    "seen_by",
]
