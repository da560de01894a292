"""The bureau's forms on households and pairings."""

from django import forms

from jinchuan.shared.admin.forms import AdminForm
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import (
    CitizenIdFormField,
    DayFormField,
    LineFormField,
    NameFormField,
    ParagraphFormField,
    PhoneFormField,
)
from jinchuan.shared.forms import Form

from .enums import ExitReason, HardshipCategory, PairingEndReason, ReviewMethod, Sex

CHOOSE = [("", "请选择")]


def small_text():
    return forms.Textarea(attrs={"rows": 3})


class RegisterHouseholdForm(AdminForm):
    """A household with its head, the ID number first: a person registered already is found before anything is typed."""

    id_number = CitizenIdFormField(
        label="户主身份证号",
        required=False,
        help_text="先填身份证号，系统会查是否已经登记；性别和出生日期由它得出。",
    )
    name = NameFormField(label="户主姓名")
    no_id_reason = LineFormField(
        label="无身份证号的原因", max_chars=60, required=False, help_text="有身份证号的不填。"
    )
    sex = forms.ChoiceField(label="性别", choices=Sex, initial=Sex.UNKNOWN, required=False)
    birth_date = DayFormField(label="出生日期", past=True, required=False, help_text="有身份证号的不填。")
    guardian_name = NameFormField(label="监护人", required=False, help_text="户主未满 18 周岁的填写。")
    guardian_phone = PhoneFormField(label="监护人电话", required=False)
    category = forms.ChoiceField(label="困难类别", choices=[*CHOOSE, *HardshipCategory.choices])
    basis = LineFormField(label="依据文件", max_chars=100, help_text="例如：低保证、残疾人证、孤儿认定表。")

    HEAD = ("id_number", "name", "no_id_reason", "birth_date", "guardian_name", "guardian_phone")

    @property
    def head(self) -> dict:
        """The head of the household, for ``register_household``."""
        person = {name: self.cleaned_data.get(name) for name in self.HEAD}
        person["birth_date"] = person["birth_date"] or None
        person["sex"] = self.cleaned_data.get("sex") or Sex.UNKNOWN
        hardship = {"category": self.cleaned_data["category"], "basis": self.cleaned_data["basis"]}
        return {**person, "hardships": [hardship]}


class VerifyForm(Form):
    """What a second person found, and how."""

    method = forms.ChoiceField(label="核实方式", choices=[*CHOOSE, *ReviewMethod.choices])
    evidence = ParagraphFormField(
        label="核实依据",
        max_chars=500,
        widget=small_text(),
        help_text="看了什么、问了谁、查了哪些部门的材料。",
    )
    reviewed_on = DayFormField(label="核实日期", past=True, initial=today)
    valid_until = DayFormField(label="有效期至", required=False, help_text="没有期限的不填。")


class ExitForm(Form):
    reason = forms.ChoiceField(label="退出原因", choices=[*CHOOSE, *ExitReason.choices])
    on = DayFormField(label="退出日期", past=True, initial=today)
    note = ParagraphFormField(label="说明", max_chars=300, required=False, widget=small_text())


class HardshipForm(Form):
    category = forms.ChoiceField(label="困难类别", choices=[*CHOOSE, *HardshipCategory.choices])
    basis = LineFormField(label="依据文件", max_chars=100, help_text="例如：低保证、残疾人证、孤儿认定表。")
    started_on = DayFormField(label="开始日期", past=True, initial=today)


class LeaveForm(Form):
    on = DayFormField(label="离开日期", past=True, initial=today)


class WithdrawForm(Form):
    on = DayFormField(label="撤回日期", past=True, initial=today)


class ActivateForm(Form):
    on = DayFormField(label="结对日期", past=True, initial=today)
    capacity_override = LineFormField(
        label="超出可结对户数的理由", max_chars=200, required=False, help_text="组织的可结对户数已满时才填。"
    )


class EndForm(Form):
    reason = forms.ChoiceField(label="结束原因", choices=[*CHOOSE, *PairingEndReason.choices])
    on = DayFormField(label="结束日期", past=True, initial=today)
    note = ParagraphFormField(
        label="说明",
        max_chars=500,
        required=False,
        widget=small_text(),
        help_text="未送达的物资、下一步由谁接续。",
    )
