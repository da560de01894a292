"""The form behind every page of the admin: ours in every field, told by the service what it refuses."""

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.shared.errors import Conflict
from jinchuan.shared.forms import FormBase

from .pieces import sealed_fields

DIFFERS = "现在登记的是“{now}”，再保存就以您填的为准。"


class AdminForm(FormBase, forms.ModelForm):
    """Parses and validates; the page hands what it read to a service (``ScopedAdmin.save_model``).

    A changed row carries the version it was opened with. Its encrypted fields come empty: left so they stay as they
    are, filled they are replaced. What a service refused is put back by ``refusal``.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    refusal: ValidationError | None = None
    hint = staticmethod(lambda row, name: "")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept = []
        if self.instance.pk is None or not hasattr(self.instance, "version"):
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version
        if self.instance.pk is not None:
            for name in sealed_fields(type(self.instance)):
                if name in self.fields:
                    self._keep(name)
        if isinstance(self.refusal, Conflict) and self.is_bound and "version" in self.fields:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self.instance.version

    def _keep(self, name):
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
            if isinstance(self.refusal, Conflict):
                self._tell_differences()

    def _tell_differences(self):
        """Where what was typed is not what stands in the row by now: the person decides, field by field."""
        sealed = sealed_fields(type(self.instance))
        for name in self.changed_data:
            if name in self.initial and name not in sealed and name != "version":
                self.add_error(name, DIFFERS.format(now=self._in_words(name, self.initial[name])))

    def _in_words(self, name, value) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            row = field.queryset.filter(pk=value).first()
            return field.label_from_instance(row) if row else "空"
        if isinstance(field, forms.BooleanField):
            return "是" if value else "否"
        words = dict(getattr(field, "choices", ()))
        if isinstance(value, list):
            return "、".join(str(words.get(one, one)) for one in value) or "空"
        return str(words.get(value, value) or "空")

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The error summary, by a name that no column of ours has (a household has a ``summary``)."""
        return self.summary

    @property
    def changes_meanwhile(self) -> list[str]:
        """What somebody else changed since this form was opened."""
        return getattr(self.refusal, "changes", [])

    @property
    def opened_version(self) -> int:
        return self.cleaned_data.get("version") or 0
