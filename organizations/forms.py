"""The bureau's forms on organisations and accounts."""

from django import forms

from jinchuan.shared.admin.forms import AdminForm
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import DayFormField, ParagraphFormField
from jinchuan.shared.forms import Form

from .enums import ORGANIZATION_ROLES, STAFF_ROLES, NeedCode, Role

ROLE_NEEDS_ORGANIZATION = "组织的账号，请选择所属组织。"
ROLE_NEEDS_DIVISION = "工作人员的账号，请选择所属区划。"
ONE_PLACE_ONLY = "组织的账号不选区划，工作人员的账号不选组织。"


class OrganizationForm(AdminForm):
    strengths = forms.MultipleChoiceField(
        label="帮扶专长", choices=NeedCode, required=False, widget=forms.CheckboxSelectMultiple
    )


class AccountForm(AdminForm):
    """A new account. Nobody types a password: an activation slip is printed instead."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "role" in self.fields and not self.by.has_perm("organizations.manage_accounts"):
            words = dict(Role.choices)
            self.fields["role"].choices = [
                (role.value, words[role]) for role in Role if role in ORGANIZATION_ROLES
            ]

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role")
        if role in ORGANIZATION_ROLES and "organization" in self.fields and not cleaned.get("organization"):
            self.add_error("organization", ROLE_NEEDS_ORGANIZATION)
        elif role in STAFF_ROLES and "division" in self.fields and not cleaned.get("division"):
            self.add_error("division", ROLE_NEEDS_DIVISION)
        elif role and cleaned.get("organization") and cleaned.get("division"):
            self.add_error("division", ONE_PLACE_ONLY)
        return cleaned


class DisableForm(Form):
    reason = ParagraphFormField(
        label="停用原因",
        max_chars=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：人员离职。",
    )


class RetireForm(Form):
    on = DayFormField(label="停用日期", initial=today)
