"""The bureau's forms on households, pairings and care."""

from django import forms
from django.contrib import admin
from django.db.models import Q

from jinchuan.intake import uploads
from jinchuan.shared import masking
from jinchuan.shared.admin.forms import AdminForm
from jinchuan.shared.admin.pieces import SearchSelectMany
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
from organizations.models import Organization

from .enums import (
    PUBLISHING,
    Channel,
    ConsentGiver,
    ExitReason,
    HardshipCategory,
    PairingEndReason,
    ReviewMethod,
    Sex,
)
from .models import Claim, Household, VisitHousehold

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
    reason = forms.ChoiceField(label="退出原因", choices=[*CHOOSE, *ExitReason.offered()])
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


class PublishingForm(Form):
    """What one person agreed to have made public, where, and until when; guardians sign for children."""

    items = forms.MultipleChoiceField(
        label="同意公开哪些内容",
        choices=[(one.value, one.label) for one in PUBLISHING],
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label="同意在哪些渠道公开", choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    given_by = forms.ChoiceField(label="同意人", choices=ConsentGiver.choices, initial=ConsentGiver.SELF)
    guardian_name = NameFormField(
        label="监护人姓名", required=False, help_text="未满 18 周岁的，由监护人同意。"
    )
    given_on = DayFormField(label="同意日期", past=True, initial=today)
    expires_on = DayFormField(label="到期日期", required=False, help_text="没有期限的不填。")
    evidence = LineFormField(
        label="凭据",
        max_chars=100,
        help_text="例如：签字同意书存于社区档案第 3 盒。同意书上要列明内容和渠道。",
    )


class AssignForm(Form):
    hold_until = DayFormField(
        label="意向保留至",
        required=False,
        help_text="不填为意向日期后 30 天；到期未结对的意向自动失效。",
    )


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


class CloseOutForm(Form):
    """What whoever comes next must know, or why it cannot be had."""

    last_contact_on = DayFormField(label="最后一次联系日期", past=True, required=False)
    goods_outstanding = LineFormField(
        label="尚未交接的款物", max_chars=200, required=False, help_text="没有的写“无”。"
    )
    handover_note = ParagraphFormField(
        label="交接说明",
        max_chars=1000,
        required=False,
        widget=small_text(),
        help_text="这一户的情况、答应过的事、要注意的地方。",
    )
    closeout_waiver = LineFormField(
        label="免办交接的理由", max_chars=200, required=False, help_text="上面三项确实办不了的才填。"
    )


class TransferForm(Form):
    """Who takes over, and what they must know."""

    organization = forms.ModelChoiceField(
        label="接手的组织", queryset=Organization.objects.none(), empty_label="请选择"
    )
    on = DayFormField(
        label="转交日期", past=True, initial=today, help_text="原结对这一天结束，新结对这一天开始。"
    )
    handover_note = ParagraphFormField(
        label="交接说明",
        max_chars=1000,
        widget=small_text(),
        help_text="这一户的情况、答应过的事、要注意的地方；接手的组织照着办。",
    )
    liaison_name = NameFormField(
        label="新的结对干部", required=False, help_text="转“结对帮扶”的填写，辅助结对不填。"
    )
    capacity_override = LineFormField(
        label="超出可结对户数的理由", max_chars=200, required=False, help_text="接手的组织户数已满时才填。"
    )

    def narrow(self, user, rows):
        """Approved organisations that one may see, but not the one that hands over."""
        mine = {row.organization_id for row in rows}
        field = self.fields["organization"]
        field.queryset = Organization.objects.visible_to(user).approved().order_by("name")
        if len(mine) == 1:
            field.queryset = field.queryset.exclude(pk__in=mine)


# Care -----------------------------------------------------------------------------------------------------------


class OpenForm(AdminForm):
    """Texts on what is done for a household are edited by those who work on it: they stand in the form as they are."""

    def _keep(self, name):
        pass


def called(household) -> str:
    """A household in a choice: its code and the masked name of its head."""
    return " ".join(filter(None, [household.code, masking.mask_name(household.head_name or "")]))


class LogVisitForm(OpenForm):
    """A visit of the staff's own, to one household or several."""

    households = forms.ModelMultipleChoiceField(
        label="关爱户",
        queryset=Household.objects.none(),
        widget=SearchSelectMany(VisitHousehold._meta.get_field("household"), admin.site),
        help_text="可以选几户。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = [one.household_id for one in self.instance.visited.all()] if self.instance.pk else []
        seen = Household.objects.visible_to(self.by)
        field = self.fields["households"]
        field.queryset = seen.filter(Q(pk__in=seen.present().values("pk")) | Q(pk__in=named)).with_head()
        field.label_from_instance = called
        self.initial.setdefault("households", named)


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosFormField(forms.FileField):
    """Several photos at once, each looked at before any is kept."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})

    def clean(self, data, initial=None):
        photos = [super(PhotosFormField, self).clean(one, initial) for one in data or [None]]
        for photo in photos:
            uploads.read(photo)
            photo.seek(0)
        return photos


class PhotosForm(Form):
    photos = PhotosFormField(
        label="照片", help_text="可以一次选几张，JPG 或 PNG 照片、PDF 都可以，每个不超过 20 MB。"
    )


class MeetForm(Form):
    met_by = LineFormField(
        label="由什么解决", max_chars=40, help_text="捐赠、志愿服务或办理事项的编号；没有编号的写一句话。"
    )
    on = DayFormField(label="解决日期", past=True, initial=today)


class ReleaseClaimForm(Form):
    """One living claim of a need, taken back by the bureau."""

    claim = forms.ModelChoiceField(label="哪一条认领", queryset=Claim.objects.none(), empty_label="请选择")
    reason = LineFormField(label="原因", max_chars=100)

    def narrow(self, user, rows):
        field = self.fields["claim"]
        field.queryset = Claim.objects.visible_to(user).live().filter(need__in=rows).for_list()
        field.label_from_instance = lambda one: f"{one.code}　{one.organization.name}"
