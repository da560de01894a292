"""What every form of ours has in common, in the portal, the admin and the sheets.

A form parses and validates; it never saves. The view hands ``cleaned_data`` to a service, and what the service refuses
comes back into the form with ``refuse``, next to its field and in the summary, with everything typed still there.
"""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.utils import ErrorDict

from .fields.form import (
    DayFormField,
    LineFormField,
    ParagraphFormField,
    QuantityFormField,
    WholeNumberFormField,
    name_choice_message,
    name_required_message,
)

LONGEST_PARAGRAPH = 5000
PLEASE_CHOOSE = "请选择"
NOT_CHOSEN = "不选"


class FormBase:
    """Mixin. No browser bubbles, sentences with the field's own name, and a place for a service's refusal."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            name_required_message(field, field.label or name)
            name_choice_message(field, field.label or name)

    def refuse(self, refusal: ValidationError) -> None:
        """Show what a service refused: next to the field it names where the form has it, else in the summary."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            known = name in self.fields and name != NON_FIELD_ERRORS
            self.add_error(name if known else None, errors)

    def quiet_about(self, refusal: ValidationError) -> None:
        """Show a refusal of another button of the page, and nothing of what was not asked here."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        self.refuse(ValidationError(refusal.messages))

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field or "", sentence) of every error, in the order of the page."""
        rows = [("", message) for message in self.non_field_errors()]
        for bound in self:
            rows += [(bound.id_for_label or bound.auto_id, message) for message in bound.errors]
        return rows


class Form(FormBase, forms.Form):
    pass


def version_sent(text) -> int | None:
    """The version a page was opened with, as its hidden field brings it back; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def house_formfield(field, **kwargs):
    """The form field of a model field: ours for dates, numbers and text, so that a model form parses like any other."""
    if not getattr(field, "choices", None):
        if type(field) is models.DateField:
            kwargs.setdefault("form_class", DayFormField)
        elif type(field) is models.DecimalField:
            kwargs.setdefault("form_class", QuantityFormField)
        elif isinstance(field, models.IntegerField):
            return WholeNumberFormField(
                label=field.verbose_name,
                required=not field.blank,
                help_text=field.help_text,
                initial=field.get_default(),
            )
        elif type(field) is models.TextField:
            kwargs.setdefault("form_class", ParagraphFormField)
            kwargs.setdefault("max_chars", field.max_length or LONGEST_PARAGRAPH)
            kwargs["max_length"] = None
        elif type(field) is models.CharField:
            return _line(field, **kwargs)
        return field.formfield(**kwargs)
    chosen = field.formfield(**kwargs)
    if hasattr(chosen, "choices"):
        nothing = PLEASE_CHOOSE if chosen.required else NOT_CHOSEN
        chosen.choices = [(value, label if value else nothing) for value, label in chosen.choices]
    return chosen


def _line(field, **kwargs):
    """A plain CharField as one cleaned line; too long is said, never cut off."""
    return LineFormField(
        max_chars=field.max_length,
        label=field.verbose_name,
        required=not field.blank,
        help_text=field.help_text,
        **({"initial": field.get_default()} if field.has_default() else {}),
        **{key: kwargs[key] for key in ("widget",) if key in kwargs},
    )


class ModelForm(FormBase, forms.ModelForm):
    """A form whose fields come from a model. It validates; ``save`` is not for it to call."""

    class Meta:
        formfield_callback = house_formfield
