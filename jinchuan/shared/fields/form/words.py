"""Free text and names."""

from django import forms

from jinchuan.shared import text

from .base import TypedField

TOO_LONG = "{label}不能超过 {limit} 字，已写 {count} 字"


class LineFormField(TypedField):
    """One line of free text. Characters are counted after cleaning; nothing is cut.

    ``max_length`` is what Django's own columns call ``max_chars``.
    """

    def __init__(self, *, max_chars=None, max_length=None, **kwargs):
        self.max_chars = max_length if max_chars is None else max_chars
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        count = text.length(value or "")
        if self.max_chars is not None and count > self.max_chars:
            self.refuse(TOO_LONG, "too_long", limit=self.max_chars, count=count)


class ParagraphFormField(LineFormField):
    """Free text in lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def read(self, typed):
        return text.clean_lines(typed)


class NameFormField(TypedField):
    """A person's name."""

    noun = "姓名"

    def read(self, typed):
        return text.parse_name(typed)
