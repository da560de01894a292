"""The form behind every page of the admin: ours in every field, told by the service what it refuses."""

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.shared.forms import FormBase

from .conflicts import MeetingForm
from .pieces import sealed_fields


class AdminForm(MeetingForm, FormBase, forms.ModelForm):
    """Parses and validates; the page hands what it read to a service (``ScopedAdmin.save_model``).

    A changed row carries the version it was opened with; when others saved it meanwhile, both are shown (``conflicts``).
    Its encrypted fields come empty: left so they stay as they are, filled they are replaced. What a service refused is
    put back by ``refusal``.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    refusal: ValidationError | None = None
    hint = staticmethod(lambda row, name: "")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept = []
        if self.instance.pk is None or not hasattr(self.instance, "version"):
            del self.fields["version"], self.fields["opened"]
        else:
            self.initial["version"] = self.instance.version
            self.keep_marks()
        if self.instance.pk is not None:
            for name in sealed_fields(type(self.instance)):
                if name in self.fields:
                    self._keep(name)

    def _keep(self, name):
        self.sealed[name] = getattr(self.instance, name)
        if getattr(self.instance, name):
            self.kept.append(name)
            self.fields[name].required = False
            self.fields[name].help_text = self.hint(self.instance, name)
        self.initial[name] = ""

    def clean(self):
        cleaned = super().clean()
        for name in self.kept:
            if name in cleaned and not cleaned[name]:
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.refusal is not None:
            self.refuse(self.refusal)
        self.meet()

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The error summary, by a name that no column of ours has (a household has a ``summary``)."""
        return self.summary

    @property
    def opened_version(self) -> int:
        return self.cleaned_data.get("version") or 0
