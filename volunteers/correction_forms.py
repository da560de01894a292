from django import forms

from jinchuan.shared.fields.form import ParagraphFormField
from jinchuan.shared.forms import Form


class AnswerForm(Form):
    """What the volunteer reads under the own record."""

    answer = ParagraphFormField(
        label="答复",
        max_chars=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="志愿者会看到这段话。",
    )
