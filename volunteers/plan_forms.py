"""The forms about sessions to come and the day itself: the plan, who signs up, who checks in, whose hours are put right."""

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.intake.drafted import Question, Row
from jinchuan.shared import clock
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import (
    DayFormField,
    LineFormField,
    NameFormField,
    PhoneFormField,
    TimeFormField,
    WholeNumberFormField,
)
from jinchuan.shared.forms import Form
from jinchuan.shared.text import clean

from .attendance import roll_of
from .enums import Party
from .forms import CROSSES, ActivityForm, SessionForm
from .models import INSURE_FIRST, Volunteer
from .services.activities import Service
from .spans import instant

CHOOSE_SOMEBODY = "请至少勾选一位志愿者。"
FOUR = "请填写登记的手机号或证件号的最后 4 位。"


class PlanForm(SessionForm):
    """A session to come."""

    field_order = (
        "title",
        "day",
        "starts",
        "ends",
        "next_day",
        "responsible_person",
        "phone",
        "program",
        "street",
        "community",
        "place",
        "content",
        "capacity",
        "to_bring",
        "minimum_age",
        "skills",
        "is_risky",
        "insurance",
        "parties",
    )

    day = DayFormField(label="活动日期")
    starts = TimeFormField(label="开始时间")
    ends = TimeFormField(label="结束时间")
    next_day = forms.BooleanField(label="跨过午夜（第二天凌晨结束）", required=False)
    phone = PhoneFormField(label="负责人电话", help_text="报了名的志愿者会看到，方便联系。")
    capacity = WholeNumberFormField(
        label="需要多少人", required=False, maximum=2000, unit="人", help_text="不限人数的不填。"
    )
    to_bring = LineFormField(label="请带什么", required=False, max_chars=100, help_text="例如：水杯、手套。")
    minimum_age = WholeNumberFormField(label="最低年龄", required=False, maximum=80, unit="周岁")
    skills = LineFormField(
        label="需要的技能", required=False, max_chars=100, help_text="例如：理发、量血压。"
    )
    is_risky = forms.BooleanField(
        label="可能有人身危险（如高处作业、应急救援）",
        required=False,
        help_text="有人身危险的，要先为志愿者买人身意外保险（志愿服务条例第十七条）。",
    )
    insurance = LineFormField(label="保险情况", required=False, max_chars=100)

    def __init__(self, content, *, user, changing=None, **kwargs):
        self.changing = changing
        super().__init__(content, user=user, **kwargs)
        self.fields["content"].label = "打算做什么"

    def clean(self):
        cleaned = super().clean()
        if ends_before(cleaned.get("starts"), cleaned.get("ends"), cleaned["next_day"]):
            self.add_error("ends", CROSSES)
        if cleaned.get("is_risky") and not cleaned.get("insurance") and "insurance" not in self.errors:
            self.add_error("insurance", INSURE_FIRST)
        return cleaned

    def plan(self) -> dict:
        """For ``plan_activity`` and ``change_plan``."""
        cleaned = self.cleaned_data
        plain = ("phone", "to_bring", "minimum_age", "skills", "is_risky", "insurance")
        return {name: cleaned[name] for name in plain} | {
            "what": self.session(),
            "starts_at": instant(cleaned["day"], cleaned["starts"]),
            "ends_at": instant(cleaned["day"], cleaned["ends"], next_day=cleaned["next_day"]),
            "capacity": cleaned["capacity"] or None,
        }

    def refuse(self, refusal):
        """The service speaks of instants, the form of a day and two times."""
        if hasattr(refusal, "error_dict"):
            for theirs, ours in (("starts_at", "day"), ("ends_at", "ends")):
                if theirs in refusal.error_dict:
                    refusal.error_dict[ours] = refusal.error_dict.pop(theirs)
        super().refuse(refusal)

    def questions(self):
        question = self.personal_numbers("content")
        return [question] if question else []

    def rows(self):
        cleaned = self.cleaned_data
        night = "次日 " if cleaned["next_day"] else ""
        people = f"{cleaned['capacity']} 人" if cleaned["capacity"] else "不限"
        return [
            Row("活动名称", cleaned["title"], "id_title"),
            Row(
                "时间",
                f"{zh(cleaned['day'])} {cleaned['starts']:%H:%M}–{night}{cleaned['ends']:%H:%M}",
                "id_day",
            ),
            Row("负责人", cleaned["responsible_person"], "id_responsible_person"),
            Row("负责人电话", cleaned["phone"], "id_phone"),
            Row("服务品牌", str(cleaned["program"] or "不属于项目"), "id_program"),
            Row("所在社区", str(cleaned["community"] or ""), "id_street"),
            Row("地点", cleaned["place"], "id_place"),
            Row("打算做什么", cleaned["content"], "id_content"),
            Row("需要多少人", people, "id_capacity"),
            Row("请带什么", cleaned["to_bring"], "id_to_bring"),
            Row(
                "最低年龄",
                f"{cleaned['minimum_age']} 周岁" if cleaned["minimum_age"] else "",
                "id_minimum_age",
            ),
            Row("需要的技能", cleaned["skills"], "id_skills"),
            Row("保险情况", cleaned["insurance"], "id_insurance"),
            Row("五社参与", "、".join(Party(code).label for code in cleaned["parties"]), "id_parties_field"),
        ]


class HeldForm(ActivityForm):
    """The hours of a session that was planned: filled from the check-ins, each to be put right before it is submitted.

    A line for everybody as far as lines reach; of the others ``checked_in`` holds who is taken as they checked in, and each
    of them becomes a line when their times are not right.
    """

    def __init__(self, content, *, user, held, **kwargs):
        self.held, self.roll = held, roll_of(held)
        super().__init__(content, user=user, **kwargs)
        if not self.data.getlist("lines") and self.taken:
            self.numbers, self.lines = [], []

    @property
    def taken(self) -> list[Service]:
        """Who is taken as they checked in."""
        asked = set(self.data.getlist("checked_in"))
        lined = {self.data.get(f"line-{number}-volunteer", "") for number in self.data.getlist("lines")}
        return [
            Service(one.person, *one.span(self.held.plan.ends_at))
            for one in self.roll.known
            if str(one.person.pk) in asked - lined
        ]

    def of_known(self):
        return [*super().of_known(), *self.taken]

    def edit(self, intent):
        number = str(max(map(int, self.numbers), default=-1) + 1)
        if intent == "add_line" and not self.numbers:
            self.content["lines"] = [number]
            return f"line-{number}"
        if not intent.startswith("put_right:"):
            return super().edit(intent)
        chosen = intent.removeprefix("put_right:")
        found = next((one for one in self.taken if str(one.volunteer.pk) == chosen), None)
        if found is None or len(self.numbers) >= self.LINES_MOST:
            return "lines"
        self.content |= {"lines": [*self.numbers, number], **line_content(number, found)}
        return f"line-{number}"

    def totals(self):
        times, minutes = super().totals()
        taken = self.taken
        return times + len(taken), minutes + sum(one.minutes for one in taken)

    def line_rows(self):
        taken = self.taken
        told = [Row("按签到登记", f"{len(taken)} 位，起止时间以签到、签退为准", "lines")] if taken else []
        return [*super().line_rows(), *told]

    def questions(self):
        left = len(self.roll.unknown)
        asked = []
        if left:
            asked = [
                Question(
                    key=f"unknown:{left}",
                    title=f"还有 {left} 位签到的人没有核对",
                    text="他们填的姓名和号码与名册对不上，还没有算进这次服务。请先在“现场签到”里核对。",
                    go_on="不计他们，继续",
                    change="先去核对",
                    anchor="lines",
                )
            ]
        return [*asked, *super().questions()]


def filled_from(roll, *, until) -> dict[str, list[str]]:
    """The lines of a newly opened ``HeldForm``: everybody, or where they are too many those that need a look first."""
    services = [Service(one.person, *one.span(until)) for one in roll.known]
    gone = {one.person.pk for one in roll.known if not one.is_here}
    if len(services) > HeldForm.LINES_MOST:
        doubtful = [one for one in services if one.volunteer.pk not in gone or one.minutes <= 0]
        lined = doubtful[: HeldForm.LINES_MOST]
    else:
        lined = services
    content = {"lines": [str(number) for number, _ in enumerate(lined)]} if lined else {}
    for number, one in enumerate(lined):
        content |= line_content(number, one)
    rest = [str(one.volunteer.pk) for one in services if one not in lined]
    return content | ({"checked_in": rest} if rest else {})


def line_content(number, one) -> dict[str, list[str]]:
    """A service (or a service record) as if its line had just been typed."""
    start, end = (instant.astimezone(clock.SHANGHAI) for instant in (one.started_at, one.ended_at))
    values = {
        "volunteer": str(one.volunteer.pk),
        "started_at": f"{start:%H:%M}",
        "ended_at": f"{end:%H:%M}",
        "break_minutes": str(one.break_minutes or ""),
        **({"crosses_midnight": "on"} if end.date() != start.date() else {}),
    }
    return {f"line-{number}-{name}": [value] for name, value in values.items()}


class VolunteersForm(Form):
    """Tick the names of those who come."""

    volunteers = forms.ModelMultipleChoiceField(
        label="哪些志愿者参加",
        queryset=Volunteer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE_SOMEBODY},
    )

    def __init__(self, *args, volunteers, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["volunteers"], volunteers)


class CameForm(Form):
    """One volunteer at the door, without a phone."""

    volunteer = forms.ModelChoiceField(label="志愿者", queryset=Volunteer.objects.none(), empty_label=None)

    def __init__(self, *args, volunteers, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["volunteer"], volunteers, first=[("", "请选择")])


class ResolveForm(Form):
    """Who the unknown person was."""

    volunteer = forms.ModelChoiceField(
        label="是名册里的哪一位", queryset=Volunteer.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args, volunteers, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["volunteer"], volunteers, first=[("", "都不是，登记为新志愿者")])


class DismissForm(Form):
    reason = LineFormField(label="不计入的原因", max_chars=100, help_text="例如：重复签到、没有参加。")


class CancelForm(Form):
    reason = LineFormField(
        label="取消的原因", max_chars=200, help_text="至少 5 个字，例如：有大风沙尘，改期再办。"
    )


class CheckInForm(Form):
    """On the volunteer's own phone. Nothing here says who is known."""

    name = NameFormField(label="您的姓名")
    tail = LineFormField(
        label="手机号或证件号的最后 4 位", max_chars=8, help_text="登记为志愿者时填的那个号码。"
    )

    def clean_tail(self):
        tail = clean(self.cleaned_data["tail"]).replace(" ", "").upper()
        if len(tail) != 4 or not (tail.isascii() and tail.isalnum()):
            raise ValidationError(FOUR)
        return tail


class RecordCorrectionForm(Form):
    """Other times for hours that are confirmed."""

    started_on = DayFormField(label="开始日期", past=True)
    started_at = TimeFormField(label="开始时间")
    ended_at = TimeFormField(label="结束时间")
    crosses_midnight = forms.BooleanField(label="跨过午夜（第二天凌晨结束）", required=False)
    break_minutes = WholeNumberFormField(
        label="中间休息（分钟）", required=False, maximum=1000, unit="分钟", help_text="几次休息加在一起。"
    )
    reason = LineFormField(
        label="为什么更正",
        max_chars=200,
        help_text="至少 5 个字，例如：本人提出，签到表上是 11 点半离开。",
    )

    def clean(self):
        cleaned = super().clean()
        if ends_before(cleaned.get("started_at"), cleaned.get("ended_at"), cleaned["crosses_midnight"]):
            self.add_error("ended_at", CROSSES)
        return cleaned

    @staticmethod
    def as_recorded(record) -> dict:
        """What the form is filled with when it is opened."""
        start, end = (one.astimezone(clock.SHANGHAI) for one in (record.started_at, record.ended_at))
        return {
            "started_on": start.date(),
            "started_at": start.time(),
            "ended_at": end.time(),
            "crosses_midnight": end.date() != start.date(),
            "break_minutes": record.break_minutes or None,
        }


def correction_of(cleaned) -> dict:
    """For ``correct_record``, from what a ``RecordCorrectionForm`` holds."""
    day = cleaned["started_on"]
    return {
        "started_at": instant(day, cleaned["started_at"]),
        "ended_at": instant(day, cleaned["ended_at"], next_day=cleaned["crosses_midnight"]),
        "break_minutes": cleaned["break_minutes"] or 0,
        "reason": cleaned["reason"],
    }


def ends_before(start, end, next_day) -> bool:
    """Of two times of day, as far as both are given."""
    return start is not None and end is not None and end <= start and not next_day


def offer(field, volunteers, first=()) -> None:
    """Names in full: it is the organisation's own roll, and it must tell its people apart."""
    field.queryset = Volunteer.objects.filter(pk__in=[one.pk for one in volunteers])
    field.choices = [*first, *((one.pk, one.name) for one in volunteers)]
