"""Choices by their value or by the word for it."""

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.shared import text

from .base import REQUIRED, plain_number

CHOICE_UNKNOWN = "“{value}”不在选项里，请选：{options}"
CHOICE_NOT_LISTED = "“{value}”不在选项里，请从列表里选"


class LabelledChoiceField(forms.ChoiceField):
    """A choice given by its value or, in a sheet, by the Chinese word for it."""

    default_error_messages = {"required": REQUIRED}

    def to_python(self, value):
        typed = text.clean(plain_number(value)) if value is not None else ""
        by_word = {text.clean(str(label)): str(key) for key, label in self._pairs()}
        values = {str(key) for key, _ in self._pairs()}
        return typed if typed in values else by_word.get(typed, typed)

    def validate(self, value):
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            words = [str(label) for key, label in self._pairs() if key not in (None, "")]
            sentence = CHOICE_UNKNOWN if len(words) <= 12 else CHOICE_NOT_LISTED
            shown = sentence.format(value=value[:20], options="、".join(words))
            raise ValidationError(shown, code="invalid_choice")

    def _pairs(self):
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                yield from label
            else:
                yield key, label
