"""What every field has: it normalises first, then validates, and answers in Chinese."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.shared import identity, money, text
from jinchuan.shared.dates import DateError

REQUIRED = "请填写这一项。"
REQUIRED_NAMED = "请填写{label}"
REQUIRED_CHOICE = "请选择{label}"
CHOICE_AGAIN = "请从列出的选项里重新选择{label}"

_PARSE_ERRORS = (identity.IdentityError, text.TextError, money.MoneyError, DateError)


def name_required_message(field, label):
    """Give a form field, ours or Django's, a “请填写…” or “请选择…” of its own; a sentence set by hand stays."""
    if field.error_messages.get("required") in (REQUIRED, forms.Field.default_error_messages["required"]):
        chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
        sentence = REQUIRED_CHOICE if chooses else REQUIRED_NAMED
        field.error_messages["required"] = sentence.format(label=label)


def name_choice_message(field, label):
    """Give a choice of Django's a sentence of ours for a value that is not, or no longer, among the choices."""
    messages = field.error_messages
    for kind in (forms.ModelChoiceField, forms.ChoiceField):
        if (
            isinstance(field, kind)
            and messages["invalid_choice"] == kind.default_error_messages["invalid_choice"]
        ):
            messages["invalid_choice"] = CHOICE_AGAIN.format(label=label)


class TypedField(forms.Field):
    """One line of text that means something. A subclass says how to ``read`` it and, if it can, how to take a cell."""

    widget = forms.TextInput
    default_error_messages = {"required": REQUIRED}
    attributes = {"inputmode": "text", "autocomplete": "off"}
    empty_value = ""
    noun = "这一项"
    hint = ""

    def __init__(self, *, empty_value=..., **kwargs):
        if empty_value is not ...:
            self.empty_value = empty_value
        kwargs["help_text"] = kwargs.get("help_text") or self.hint
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | self.attributes

    def to_python(self, value):
        if value is None:
            return self.empty_value
        try:
            if not isinstance(value, str):
                return self.take_cell(value)
            return self.read(value) if text.clean(value) else self.empty_value
        except _PARSE_ERRORS as error:
            suggestion = getattr(error, "suggestion", None)
            params = None if suggestion is None else {"suggestion": suggestion}
            raise ValidationError(error.message, code=error.code, params=params) from error

    def read(self, typed):
        """The value of a text that is not empty."""
        return text.clean(typed)

    def take_cell(self, value):
        """The value of a spreadsheet cell that is not text."""
        return self.read(plain_number(value))

    def refuse(self, sentence, code, **facts):
        """Raise a sentence about this field, by its label."""
        raise ValidationError(sentence.format(label=self.label or self.noun, **facts), code=code)


def plain_number(value):
    """A cell as somebody would have typed it: ``12`` and not ``12.0``, and no noise past the 15 digits Excel keeps."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}".removesuffix(".0")
    return str(value)
