"""Forms about volunteers: who they are, and whose roll they are on."""

from django import forms

from jinchuan.shared.admin.forms import AdminForm
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import DayFormField, LineFormField, WholeNumberFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.masking import mask_id, mask_name, mask_phone
from organizations.models import Organization

from .enums import ServiceCategory, Skill
from .growth_forms import FORMS, CommendationForm, EvaluationForm, TrainingForm, VoidForm
from .hours import FIRST_YEAR
from .models import Enrollment, Volunteer


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


class BureauGrowthForm(Form):
    """What the bureau enters for an organisation: which of those whose roll the volunteer is on."""

    organization = forms.ModelChoiceField(
        label="登记单位", queryset=Organization.objects.none(), empty_label="请选择"
    )

    def narrow(self, user, rows):
        self.fields["organization"].queryset = (
            Organization.objects.visible_to(user).filter(enrollments__volunteer__in=rows).distinct()
        )


class BureauTrainingForm(BureauGrowthForm, TrainingForm):
    pass


class BureauCommendationForm(BureauGrowthForm, CommendationForm):
    pass


class BureauEvaluationForm(BureauGrowthForm, EvaluationForm):
    pass


class BureauVoidForm(VoidForm):
    """Which of the standing rows, and why."""

    row = forms.ChoiceField(label="作废哪一条")
    field_order = ("row", "reason")

    def narrow(self, user, rows):
        self.rows = {
            f"{kind}-{one.pk}": one
            for kind, form in FORMS.items()
            for one in form.model.objects.visible_to(user).standing().filter(volunteer__in=rows)
        }
        shown = [(key, f"{one._meta.verbose_name}：{one.told}") for key, one in self.rows.items()]
        self.fields["row"].choices = [("", "请选择"), *shown]

    def clean_row(self):
        return self.rows[self.cleaned_data["row"]]


class MergeForm(Form):
    """A namesake who is the same person; everything of the namesake comes over to the row this page is of."""

    duplicate = forms.ModelChoiceField(
        label="与哪一条是同一个人",
        queryset=Volunteer.objects.none(),
        empty_label="请选择",
        help_text="只列同名（同音）的志愿者。名字写错的，请先更正姓名。",
    )

    def narrow(self, user, rows):
        kept = rows[0]
        field = self.fields["duplicate"]
        alike = Volunteer.objects.visible_to(user).one_each().filter(name_pinyin=kept.name_pinyin)
        field.queryset = alike.exclude(pk=kept.pk).for_list()
        field.label_from_instance = told_apart


def told_apart(row) -> str:
    """Enough of a volunteer to know it from a namesake; nothing in full."""
    rolls = "、".join(one.organization.name for one in row.enrollments.all())
    parts = [mask_name(row.name), mask_id(row.document_number), mask_phone(row.phone), rolls]
    return "　".join(part for part in [str(row), *parts] if part)


class YearForm(Form):
    year = WholeNumberFormField(label="年份", minimum=FIRST_YEAR, maximum=2100)


class NationalForm(YearForm):
    in_full = forms.BooleanField(label="导出完整的姓名、证件号码和电话（不遮盖）", required=False)
    reason = LineFormField(
        label="导出完整号码的原因",
        max_chars=200,
        required=False,
        help_text="勾选上一项的必须填写，至少 5 个字，例如：录入全国志愿服务信息系统。",
    )
