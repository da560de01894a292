"""The forms on good stories: the bureau's short ones, and the one an organisation writes a story in."""

from django import forms

from cases.enums import Channel
from cases.models import Household, Member, Pairing
from jinchuan.intake.drafted import LinedForm, Row, day_choices
from jinchuan.shared import clock, masking
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import (
    DayFormField,
    LineFormField,
    NameFormField,
    ParagraphFormField,
)
from jinchuan.shared.forms import Form
from organizations.models import Program
from volunteers.models import Activity, Volunteer

from . import clearing
from .enums import Shown
from .models import ReleaseChannel

CHOOSE = [("", "请选择")]
WHO_NEEDED = "请选择是哪一位，或填写姓名；没有具体人物的，这一行空着。"
WHO_TWICE = "选了名单里的人，就不用再填姓名。"
ALIAS_NEEDED = "请填写化名，例如“秋奶奶”。"
TEXT_MOST = 10000
# Another name first: it is what most stories need.
OFFERED = [(one.value, one.label) for one in (Shown.ALIAS, Shown.SURNAME, Shown.FULL, Shown.HIDDEN)]


class ChannelsForm(Form):
    """Where the story is to go."""

    channels = forms.MultipleChoiceField(
        label="发布渠道", choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )


class ExplainForm(Form):
    """Which find may stay, and why."""

    mark = forms.ChoiceField(label="哪一处")
    reason = ParagraphFormField(
        label="理由",
        max_chars=200,
        help_text="至少 5 个字，例如：全国道德模范，公开人物；“高兴”在这里不是人名。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def narrow(self, user, rows):
        found = {one.mark: one for one in clearing.findings(rows[0]) if one.may_be_explained}
        self.fields["mark"].choices = [
            *CHOOSE,
            *(
                (mark, f"{one.where}　{one.found.kind.label}　{one.found.sample}")
                for mark, one in found.items()
            ),
        ]


class PersonForm(Form):
    """Somebody who appears, and how. Members are those of the household the story is about."""

    member = forms.ModelChoiceField(
        label="家庭成员", queryset=Member.objects.none(), required=False, empty_label="不选"
    )
    volunteer = forms.ModelChoiceField(
        label="志愿者", queryset=Volunteer.objects.none(), required=False, empty_label="不选"
    )
    other_name = NameFormField(label="其他人姓名", required=False)
    shown = forms.ChoiceField(label="怎样出现", choices=OFFERED)
    alias = LineFormField(label="化名", max_chars=20, required=False, help_text="选“化名”的填写。")
    photo = forms.BooleanField(label="照片里有这个人", required=False)
    is_minor = forms.BooleanField(
        label="未满 18 周岁", required=False, help_text="家庭成员由名册得出，不用勾选。"
    )

    def narrow(self, user, rows):
        story = rows[0]
        self.fields["member"].queryset = members_near(story, user)
        self.fields["member"].label_from_instance = person_label
        volunteers = Volunteer.objects.visible_to(user)
        self.fields["volunteer"].queryset = (
            volunteers.filter(enrollments__organization=story.organization_id).distinct()
            if story.organization_id
            else volunteers.none()
        )
        self.fields["volunteer"].label_from_instance = lambda row: masking.mask_name(row.name)


class PhotoForm(Form):
    """A photo and what it shows."""

    photo = forms.FileField(
        label="照片",
        help_text="JPG 或 PNG，不超过 20 MB。拍摄地点等信息会自动去掉。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    caption = LineFormField(label="照片说明", max_chars=100, required=False)


class PublicationForm(Form):
    """Where it stood."""

    channel = forms.ChoiceField(label="渠道", choices=())
    title = LineFormField(label="发布标题", max_chars=100)
    published_on = DayFormField(label="发布日期", past=True, initial=today)
    link = forms.URLField(
        label="链接",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="报纸、电视等没有链接的不填。",
    )

    def narrow(self, user, rows):
        there = ReleaseChannel.objects.filter(release__story=rows[0]).values_list("channel", flat=True)
        self.fields["channel"].choices = [
            *CHOOSE,
            *((value, label) for value, label in Channel.choices if value in set(there)),
        ]


class TakeDownForm(Form):
    on = DayFormField(label="撤下日期", past=True, initial=today)
    how = LineFormField(
        label="怎样撤下", max_chars=200, help_text="例如：10月8日电话通知融媒体中心，当日删除并回复。"
    )


def members_near(story, user):
    """Members of the household the story is about, of those the person sees."""
    household = story.household_id or (story.pairing.household_id if story.pairing_id else None)
    return (
        Member.objects.visible_to(user).filter(household=household).select_related("household").order_by("pk")
    )


def person_label(member) -> str:
    mask = masking.mask_child_name if member.is_minor_on(today()) else masking.mask_name
    return f"{member.household.code} {mask(member.name)}（{member.get_relation_display()}）"


# The portal -------------------------------------------------------------------------------------------------------


class PersonLineForm(Form):
    """One person of the story. An empty line is nobody."""

    who = forms.ChoiceField(label="是哪一位", required=False)
    name = NameFormField(label="或其他人的姓名", required=False)
    shown = forms.ChoiceField(label="怎样出现", choices=OFFERED, required=False)
    alias = LineFormField(
        label="化名", max_chars=20, required=False, help_text="选“化名”的填写，例如“秋奶奶”。"
    )
    photo = forms.BooleanField(label="照片里有这个人", required=False)
    is_minor = forms.BooleanField(label="未满 18 周岁", required=False)

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [("", "请选择"), *people]

    @property
    def is_nobody(self) -> bool:
        return not self.cleaned_data.get("who") and not self.cleaned_data.get("name")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("who") and cleaned.get("name"):
            self.add_error("name", WHO_TWICE)
        told = cleaned.get("alias") or cleaned.get("photo") or cleaned.get("is_minor")
        if self.is_nobody and told and not self.errors:
            self.add_error("who", WHO_NEEDED)
        shown = cleaned.get("shown") or Shown.ALIAS
        if not self.is_nobody and shown == Shown.ALIAS and not cleaned.get("alias"):
            self.add_error("alias", ALIAS_NEEDED)
        cleaned["shown"] = shown
        return cleaned

    def person(self) -> dict:
        """For ``show_person``."""
        cleaned = self.cleaned_data
        kind, _, key = cleaned["who"].partition(":")
        named = {"other_name": cleaned["name"]}
        if kind == "m":
            named = {"member": Member.objects.get(pk=key)}
        elif kind == "v":
            named = {"volunteer": Volunteer.objects.get(pk=key)}
        alias = cleaned["alias"] if cleaned["shown"] == Shown.ALIAS else ""
        return named | {
            "shown": cleaned["shown"],
            "alias": alias,
            "photo": cleaned["photo"],
            "is_minor": cleaned["is_minor"],
        }


class StoryForm(LinedForm):
    """A story as it is written on a phone: what happened, about what, who appears, the photos' captions."""

    line_class = PersonLineForm
    line_word = "位"

    title = LineFormField(label="标题", max_chars=60, help_text="例如：一盏新灯。标题里不写真名。")
    day = forms.ChoiceField(label="发生日期", widget=forms.RadioSelect)
    happened_on = DayFormField(label="具体日期", past=True)
    text = ParagraphFormField(
        label="正文",
        max_chars=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="写真实的人和事。人物用化名，不写身份证号、电话、楼栋门牌、学校。",
    )
    captions = ParagraphFormField(
        label="照片说明",
        required=False,
        max_chars=600,
        help_text="一行写一张，按上传的顺序。没有照片的不填。",
    )
    activity = forms.ModelChoiceField(
        label="志愿服务活动", queryset=Activity.objects.none(), empty_label="不选", required=False
    )
    program = forms.ModelChoiceField(
        label="服务品牌（项目）", queryset=Program.objects.none(), empty_label="不选", required=False
    )
    household = forms.ModelChoiceField(
        label="结对的关爱户", queryset=Household.objects.none(), empty_label="不选", required=False
    )

    def __init__(self, content, *, user, correcting=None, **kwargs):
        self.correcting = correcting
        households = Household.objects.visible_to(user)
        members = (
            Member.objects.visible_to(user).present().select_related("household").order_by("household", "pk")
        )
        volunteers = Volunteer.objects.visible_to(user).order_by("name_pinyin", "pk")
        self.people = [
            *((f"m:{one.pk}", person_label(one)) for one in members),
            *((f"v:{one.pk}", f"志愿者 {one.name}") for one in volunteers),
        ]
        super().__init__(content, user=user, **kwargs)
        self.fields["activity"].queryset = Activity.objects.visible_to(user)
        self.fields["activity"].label_from_instance = lambda one: f"{one.code} {one.title}"
        self.fields["program"].queryset = Program.objects.visible_to(user).running_on(clock.today())
        self.fields["household"].queryset = households
        self.fields["day"].choices = day_choices(self.data.get("day", ""))

    def make_line(self, number):
        return self.line_class(data=self.data, prefix=f"line-{number}", people=self.people)

    def clean(self):
        cleaned = super().clean()
        if self.data.get("day") != "other":
            self._errors.pop("happened_on", None)
            cleaned["happened_on"] = None
        day = cleaned.get("day")
        cleaned["on"] = cleaned.get("happened_on") if day == "other" else day and DayFormField().clean(day)
        return cleaned

    def story(self) -> dict:
        """For ``write_story`` and ``edit_story``."""
        cleaned = self.cleaned_data
        names = ("title", "text", "activity", "program", "household")
        return {name: cleaned[name] for name in names} | {
            "happened_on": cleaned["on"],
            "pairing": self._pairing(),
        }

    def _pairing(self):
        household = self.cleaned_data["household"]
        if household is None:
            return None
        running = Pairing.objects.visible_to(self.user).running()
        return running.filter(household=household).order_by("pk").last()

    def shown_people(self) -> list[dict]:
        return [line.person() for line in self.lines if not line.is_nobody]

    def caption_list(self) -> list[str]:
        return [line.strip()[:100] for line in self.cleaned_data["captions"].splitlines() if line.strip()]

    def rows(self):
        cleaned = self.cleaned_data
        return [
            Row("标题", cleaned["title"], "id_title"),
            Row("发生日期", zh(cleaned["on"]), "id_day_field"),
            Row("正文", cleaned["text"], "id_text"),
            Row("照片说明", "；".join(self.caption_list()), "id_captions"),
            Row("志愿服务活动", str(cleaned["activity"] or ""), "id_activity"),
            Row("服务品牌", str(cleaned["program"] or ""), "id_program"),
            Row("关爱户", str(cleaned["household"] or ""), "id_household"),
        ]

    def line_rows(self):
        words = dict(self.people)
        return [
            Row(
                words.get(line.cleaned_data["who"]) or masking.mask_name(line.cleaned_data["name"]),
                f"{Shown(line.cleaned_data['shown']).label}{'　' if line.cleaned_data['alias'] else ''}"
                f"{line.cleaned_data['alias']}{'，照片里有' if line.cleaned_data['photo'] else ''}",
                f"line-{number}",
            )
            for number, line in zip(self.numbers, self.lines, strict=True)
            if not line.is_nobody
        ]

    def questions(self):
        found = (
            self.personal_numbers("title"),
            self.personal_numbers("text"),
            self.personal_numbers("captions"),
        )
        return [question for question in found if question]
