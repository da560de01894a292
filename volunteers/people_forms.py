"""Forms about volunteers: who they are, and whose roll they are on."""

from django import forms

from jinchuan.shared.admin.forms import AdminForm
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form
from organizations.models import Organization

from .enums import ServiceCategory, Skill
from .models import Enrollment

ORGANIZATION_NEEDED = "请选择加入的组织。"


def _ticked(label, choices):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class BureauVolunteerForm(AdminForm):
    skills = _ticked("专业技能", Skill.choices)
    services = _ticked("服务类别", ServiceCategory.choices)


class RegisterVolunteerForm(BureauVolunteerForm):
    """A new volunteer and the organisation joined; who is registered elsewhere joins this one, too."""

    organization = forms.ModelChoiceField(
        label="加入的组织", queryset=Organization.objects.none(), empty_label="请选择"
    )
    joined_on = DayFormField(label="加入日期", past=True, initial=today)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(self.by).approved()


class EnrollForm(Form):
    organization = forms.ModelChoiceField(
        label="加入的组织", queryset=Organization.objects.none(), empty_label="请选择"
    )
    joined_on = DayFormField(label="加入日期", past=True, initial=today)

    def narrow(self, user, rows):
        self.fields["organization"].queryset = Organization.objects.visible_to(user).approved()


class LeaveForm(Form):
    enrollment = forms.ModelChoiceField(
        label="退出的组织", queryset=Enrollment.objects.none(), empty_label="请选择"
    )
    left_on = DayFormField(label="退出日期", past=True, initial=today, help_text="从这一天起不在名册里。")

    def narrow(self, user, rows):
        field = self.fields["enrollment"]
        field.queryset = Enrollment.objects.visible_to(user).open().filter(volunteer__in=rows).for_list()
        field.label_from_instance = lambda row: row.organization.name
