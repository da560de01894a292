"""Another purpose for a confirmed gift: asked for on the gift's page, with the donor's consent as evidence."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect

from cases.enums import HardshipCategory
from cases.models import Household
from jinchuan.shared.admin import Cell, Panel, Verb, badge, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField
from jinchuan.shared.forms import Form
from organizations.filters import indented_name
from organizations.models import Division, Program

from ..enums import DonationState, Restriction
from ..models import PurposeChange
from ..services import purposes
from .pieces import reason_field, searched, use_words, when

USE_NEEDED = "请选择{what}"
_FIELD_OF = {
    Restriction.HOUSEHOLD: "household",
    Restriction.CATEGORY: "category",
    Restriction.PROGRAM: "program",
    Restriction.COMMUNITY: "community",
}


class PurposeForm(Form):
    restriction = forms.ChoiceField(label="改为", widget=forms.RadioSelect, choices=Restriction)
    household = when(
        forms.ModelChoiceField(
            label="关爱户",
            queryset=Household.objects.none(),
            required=False,
            help_text="按户编号、户主姓名或拼音首字母查找。",
        ),
        "restriction=household",
    )
    category = when(
        forms.ChoiceField(
            label="困难类别", required=False, choices=[("", "请选择"), *HardshipCategory.choices]
        ),
        "restriction=category",
    )
    program = when(
        forms.ModelChoiceField(
            label="项目", queryset=Program.objects.none(), required=False, empty_label="请选择"
        ),
        "restriction=program",
    )
    community = when(
        forms.ModelChoiceField(
            label="社区（村）", queryset=Division.objects.none(), required=False, empty_label="请选择"
        ),
        "restriction=community",
    )
    consented_on = DayFormField(label="捐赠人同意日期", past=True)
    consent_evidence = LineFormField(
        label="同意的凭据", max_chars=120, help_text="例如：捐赠人 2026 年 9 月 1 日书面同意书。"
    )
    reason = reason_field("为什么改变用途")

    def narrow(self, user, rows):
        households = self.fields["household"]
        households.queryset = Household.objects.visible_to(user).present().for_list()
        attrs = households.widget.attrs
        households.widget = searched(PurposeChange, "household")
        households.widget.attrs |= attrs
        households.widget.choices = households.choices
        households.label_from_instance = admin.site._registry[Household].choice_label
        self.fields["program"].queryset = Program.objects.visible_to(user).running_on(today())
        self.fields["community"].queryset = Division.objects.visible_to(user).active().grassroots()
        self.fields["community"].label_from_instance = indented_name
        if not user.has_perm("cases.view_household"):
            del self.fields["household"]
            offered = self.fields["restriction"]
            offered.choices = [one for one in Restriction.choices if one[0] != Restriction.HOUSEHOLD]

    def clean(self):
        cleaned = super().clean()
        chosen = _FIELD_OF.get(cleaned.get("restriction"))
        for name in _FIELD_OF.values():
            if name != chosen:
                self._errors.pop(name, None)
                cleaned[name] = "" if name == "category" else None
            elif name not in self.errors and not cleaned.get(name):
                self.add_error(name, USE_NEEDED.format(what=self.fields[name].label))
        return cleaned


def _to_the_proposal(model_admin, request, row, result):
    return HttpResponseRedirect(row_link(result))


PURPOSE_VERB = Verb(
    "purpose",
    "变更用途",
    "donations.add_purposechange",
    purposes.propose_purpose_change,
    states=(DonationState.CONFIRMED,),
    form=PurposeForm,
    facts=lambda row: [("现在的用途", use_words(purposes.purpose_of(row)))],
    explain="要有捐赠人的同意（慈善法第五十六条）。由另一位工作人员批准后生效，已经分配的不变。",
    respond=_to_the_proposal,
    bulk=False,
)


def purposes_panel(user, donation) -> Panel:
    return Panel(
        "用途变更",
        ("改为", "捐赠人同意日期", "凭据", "提出人", "状态"),
        [
            (
                Cell(use_words(one), row_link(one)),
                zh(one.consented_on),
                one.consent_evidence,
                one.proposed_by.username,
                badge(one),
            )
            for one in PurposeChange.objects.visible_to(user).filter(donation=donation).for_list()
        ],
    )
