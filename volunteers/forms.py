"""The form by which a session of volunteer service is logged: the activity, and who served how long."""

from django import forms
from django.core.exceptions import ValidationError

from cases.choosing import household_label
from cases.models import Household
from jinchuan.intake.drafted import DraftedForm, LinedForm, Question, Row, day_choices
from jinchuan.shared import clock
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import (
    DayFormField,
    LineFormField,
    NameFormField,
    ParagraphFormField,
    TimeFormField,
    WholeNumberFormField,
)
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import hours
from organizations.enums import DivisionLevel
from organizations.models import Division, Program

from .doubts import doubts
from .enums import Party
from .models import BREAK_TOO_LONG, TOO_LONG, ServiceRecord, Volunteer
from .services.activities import Service
from .spans import DAY, instant, served

WHO_NEEDED = "请选择志愿者，或填写新志愿者的姓名。"
WHO_TWICE = "这位志愿者前面已经填过，一场活动只填一次。"
WHO_BOTH = "已经选了志愿者，就不用再填新志愿者的姓名。"
CROSSES = "结束时间早于开始时间，请核对。如果服务到第二天凌晨，请勾选“跨过午夜”。"
COMMUNITY_NEEDS_STREET = "请先选择街道（镇），点“列出社区”后再选社区（村）。"


class ServiceLineForm(Form):
    """What one volunteer served."""

    volunteer = forms.ModelChoiceField(
        label="志愿者", queryset=Volunteer.objects.none(), empty_label="请选择", required=False
    )
    new_name = NameFormField(label="或新志愿者姓名", required=False, help_text="名单里没有的，填真实姓名。")
    started_at = TimeFormField(label="开始时间")
    ended_at = TimeFormField(label="结束时间")
    crosses_midnight = forms.BooleanField(label="跨过午夜（第二天凌晨结束）", required=False)
    break_minutes = WholeNumberFormField(
        label="中间休息（分钟）",
        required=False,
        maximum=600,
        unit="分钟",
        help_text="没有休息的不填。路上的时间不算服务。",
    )

    def __init__(self, *args, volunteers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = Volunteer.objects.filter(pk__in=[v.pk for v in volunteers])
        self.fields["volunteer"].choices = [("", "请选择"), *((v.pk, v.name) for v in volunteers)]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("volunteer") and not cleaned.get("new_name"):
            if not self.errors.keys() & {"volunteer", "new_name"}:
                self.add_error("volunteer", WHO_NEEDED)
        elif cleaned.get("volunteer") and cleaned.get("new_name"):
            self.add_error("new_name", WHO_BOTH)
        if cleaned.get("started_at") and cleaned.get("ended_at"):
            self._check_times(cleaned)
        return cleaned

    def _check_times(self, cleaned):
        if cleaned["ended_at"] <= cleaned["started_at"] and not cleaned["crosses_midnight"]:
            self.add_error("ended_at", CROSSES)
        elif self.minutes <= 0:
            self.add_error("break_minutes", BREAK_TOO_LONG)
        elif self.minutes > DAY:
            self.add_error("ended_at", TOO_LONG)

    @property
    def minutes(self) -> int:
        return served(*self.span(clock.today()), self.cleaned_data.get("break_minutes") or 0)

    def span(self, day):
        """Start and end as instants, on the day of the activity."""
        cleaned = self.cleaned_data
        end = instant(day, cleaned["ended_at"], next_day=cleaned["crosses_midnight"])
        return instant(day, cleaned["started_at"]), end

    def service(self, day, volunteer) -> Service:
        return Service(volunteer, *self.span(day), self.cleaned_data["break_minutes"] or 0)

    @property
    def who(self) -> str:
        volunteer = self.cleaned_data.get("volunteer")
        return volunteer.name if volunteer else self.cleaned_data["new_name"]


class SessionForm(DraftedForm):
    """What a session is, planned or held: name, brand, place, content, parties."""

    title = LineFormField(label="活动名称", max_chars=60, help_text="例如：上门理发、陪老人过重阳节。")
    responsible_person = NameFormField(label="负责人")
    program = forms.ModelChoiceField(
        label="服务品牌（项目）", queryset=Program.objects.none(), empty_label="不属于项目", required=False
    )
    street = forms.ModelChoiceField(
        label="街道（镇）", queryset=Division.objects.none(), empty_label="请选择", required=False
    )
    community = forms.ModelChoiceField(
        label="所在社区（村）", queryset=Division.objects.none(), empty_label="请选择", required=False
    )
    place = LineFormField(label="地点", max_chars=60)
    content = ParagraphFormField(label="做了什么", max_chars=1000)
    parties = forms.MultipleChoiceField(
        label="五社中哪几方参加",
        choices=Party.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, content, *, user, **kwargs):
        super().__init__(content, user=user, **kwargs)
        self.fields["program"].queryset = Program.objects.visible_to(user).running_on(clock.today())
        divisions = Division.objects.visible_to(user).active()
        self.fields["street"].queryset = divisions.filter(
            level__in=[DivisionLevel.SUBDISTRICT, DivisionLevel.TOWN]
        )
        street = self.data.get("street", "")
        if street.isascii() and street.isdigit():
            self.fields["community"].queryset = divisions.grassroots().filter(parent=int(street[:12]))

    def edit(self, intent):
        return "id_community_field" if intent == "street" else super().edit(intent)

    def headline(self):
        return self.data.get("title", "")[:30]

    def session(self) -> dict:
        """The fields of the activity that a plan and a log have in common."""
        names = ("title", "responsible_person", "program", "community", "place", "content", "parties")
        return {name: self.cleaned_data[name] for name in names}


class ActivityForm(SessionForm, LinedForm):
    """One session that was held."""

    line_class = ServiceLineForm
    line_word = "位"
    field_order = (
        "title",
        "day",
        "held_on",
        "responsible_person",
        "program",
        "street",
        "community",
        "place",
        "content",
        "households",
        "beneficiary_households",
        "beneficiary_people",
        "parties",
    )

    day = forms.ChoiceField(label="活动日期", widget=forms.RadioSelect)
    held_on = DayFormField(label="具体日期", past=True)
    households = forms.ModelMultipleChoiceField(
        label="服务了哪几户",
        queryset=Household.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="本组织结对的户。志愿者看不到这里。",
    )
    beneficiary_households = WholeNumberFormField(
        label="惠及多少户", required=False, unit="户", help_text="不填的，按上面勾选的户数计。"
    )
    beneficiary_people = WholeNumberFormField(label="惠及多少人次", required=False, unit="人次")

    def __init__(self, content, *, user, correcting=None, **kwargs):
        self.correcting = correcting
        self.volunteers = list(
            Volunteer.objects.visible_to(user)
            .on_roll_of(user.organization, _day_in(content))
            .order_by("name_pinyin", "id")
        )
        super().__init__(content, user=user, **kwargs)
        self.fields["day"].choices = day_choices(self.data.get("day", ""))
        seen = Household.objects.visible_to(user)
        self.fields["households"].queryset = seen
        self.fields["households"].choices = [(one.pk, household_label(one)) for one in seen.for_cards()]

    def make_line(self, number):
        return self.line_class(data=self.data, prefix=f"line-{number}", volunteers=self.volunteers)

    def clean(self):
        cleaned = super().clean()
        if self.data.get("day") != "other":
            self._errors.pop("held_on", None)
            cleaned["held_on"] = None
        day = cleaned.get("day")
        cleaned["on"] = cleaned.get("held_on") if day == "other" else day and DayFormField().clean(day)
        named = set()
        for line in self.lines:
            if not line.is_valid():
                continue
            volunteer = line.cleaned_data["volunteer"]
            if volunteer and volunteer.pk in named:
                line.add_error("volunteer", WHO_TWICE)
            named.add(volunteer and volunteer.pk)
        return cleaned

    def activity(self) -> dict:
        """For ``log_activity``, ``submit_activity`` and ``correct_activity``, without the services."""
        cleaned = self.cleaned_data
        households = list(cleaned["households"])
        counted = cleaned["beneficiary_households"]
        return self.session() | {
            "held_on": cleaned["on"],
            "households": households,
            "beneficiary_households": len(households) if counted is None else counted,
            "beneficiary_people": cleaned["beneficiary_people"] or 0,
        }

    def rows(self):
        cleaned = self.cleaned_data
        times, minutes = self.totals()
        return [
            Row("活动名称", cleaned["title"], "id_title"),
            Row("活动日期", zh(cleaned["on"]), "id_day_field"),
            Row("负责人", cleaned["responsible_person"], "id_responsible_person"),
            Row("服务品牌", str(cleaned["program"] or "不属于项目"), "id_program"),
            Row("所在社区", str(cleaned["community"] or ""), "id_street"),
            Row("地点", cleaned["place"], "id_place"),
            Row("做了什么", cleaned["content"], "id_content"),
            Row("服务的户", "、".join(one.code for one in cleaned["households"]), "id_households_field"),
            Row(
                "惠及",
                self._reached(),
                "id_beneficiary_households",
            ),
            Row("五社参与", "、".join(Party(code).label for code in cleaned["parties"]), "id_parties_field"),
            Row("合计", f"{times} 人次，{hours(minutes)} 小时", "lines"),
        ]

    def totals(self) -> tuple[int, int]:
        """Person-times and minutes of all who served. Call when valid."""
        return len(self.lines), sum(line.minutes for line in self.lines)

    def _reached(self):
        """Of the two numbers, those that were given."""
        numbers = (("beneficiary_households", "户"), ("beneficiary_people", "人次"))
        given = ((self.cleaned_data[name], unit) for name, unit in numbers)
        return "，".join(f"{number} {unit}" for number, unit in given if number is not None)

    def line_rows(self):
        rows = []
        for number, line in zip(self.numbers, self.lines, strict=True):
            cleaned = line.cleaned_data
            night = "（第二天）" if cleaned["crosses_midnight"] else ""
            rest = f"，休息 {cleaned['break_minutes']} 分钟" if cleaned["break_minutes"] else ""
            text = f"{cleaned['started_at']:%H:%M}–{cleaned['ended_at']:%H:%M}{night}{rest}，共 {hours(line.minutes)} 小时"
            name = line.who if cleaned["volunteer"] else f"{line.who}（新志愿者）"
            rows.append(Row(name, text, f"line-{number}"))
        return rows

    def questions(self):
        found = (self._is_known(), *self._doubts(), self.personal_numbers("content"))
        return [question for question in found if question]

    def _is_known(self):
        """One volunteer entered twice would have two records of service."""
        known = {volunteer.name for volunteer in self.volunteers}
        same = next((line.who for line in self.lines if line.cleaned_data["new_name"] in known), None)
        if same is None:
            return None
        return Question(
            key=f"known:{same}",
            title="这位志愿者是不是登记过？",
            text=f"名单里已有同名的志愿者“{same}”。是同一位的，请直接从名单里选，以免时长分成两份。",
            go_on="不是同一位，继续",
            change="改选志愿者",
            anchor="lines",
        )

    def of_known(self) -> list[Service]:
        """What those on the roll served; who is new has served nowhere else."""
        day = self.cleaned_data["on"]
        chosen = [(line.cleaned_data["volunteer"], line) for line in self.lines]
        return [line.service(day, who) for who, line in chosen if who]

    def _doubts(self):
        """Of each kind the first."""
        records = ServiceRecord.objects.visible_to(self.user)
        first = {}
        for doubt in doubts(self.of_known(), records=records, but=self.correcting):
            first.setdefault(doubt.title, doubt)
        return [
            Question(
                key=one.key,
                title=one.title,
                text=one.text,
                go_on="时间没有错，继续",
                change="改时间",
                anchor="lines",
            )
            for one in first.values()
        ]


def _day_in(content):
    """The day of the session as far as it is typed; today until then."""
    chosen = (content.get("day") or [""])[0]
    typed = (content.get("held_on") or [""])[0] if chosen == "other" else chosen
    try:
        return DayFormField().clean(typed)
    except ValidationError:
        return clock.today()
