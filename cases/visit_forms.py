"""The form by which a visit or a contact is logged: whom, when, how, what was seen; what was settled and found there."""

from datetime import timedelta

from django import forms
from django.urls import reverse

from jinchuan.intake.drafted import LinedForm, Question, Row, day_choices
from jinchuan.shared import clock
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.identity import personal_numbers_in
from organizations.enums import NeedCode

from .choosing import household_label, offer
from .enums import MatterKind, VisitChannel, VisitCondition, VisitKind, VisitState
from .models import CareNeed, Household, Visit
from .services.recent_help import recent_help
from .services.visits import Raised, Settled, day_outside_pairing

NOT_OURS_NOW = (
    "所选的关爱户已不与本组织结对，或不再同意提供信息，请重新选择。写好的内容已存为草稿，可以复制。"
)
WHOSE_NEEDED = "请选择是哪一户"
NOT_AMONG_VISITED = "所选的户不在这次走访里，请在上面一并勾选，或改选"
KIND_NEEDED = "请选择事项类别"
WORDS_NEEDED = "请写一句办理情况"
NEED_NEEDED = "请选择需求类别"
NEED_WORDS_NEEDED = "请写一句需要什么"
NEED_ELSEWHERE = "这条需求不是所选那一户的，请重新选择"
NEXT_TOO_EARLY = "下次走访日期不能早于这次走访"
NEXT_TOO_LATE = "下次走访日期离这次超过一年，请核对年份"
LONGEST_AHEAD = timedelta(days=366)

# What people answer, and what it means: what it is, by which way, and whether somebody was reached.
HOW = {
    "visit": ("上门走访", VisitKind.HOME_VISIT, VisitChannel.IN_PERSON, True),
    "phone": ("打电话", VisitKind.CONTACT, VisitChannel.PHONE, True),
    "video": ("视频", VisitKind.CONTACT, VisitChannel.VIDEO, True),
    "message": ("微信或短信", VisitKind.CONTACT, VisitChannel.MESSAGE, True),
    "missed": ("上门了，没遇到人", VisitKind.HOME_VISIT, VisitChannel.IN_PERSON, False),
    "unanswered": ("打了电话，没接通", VisitKind.CONTACT, VisitChannel.PHONE, False),
}


def how_of(visit) -> str:
    """The answer that a logged visit stands for; empty where it was entered in another way."""
    facts = (visit.kind, visit.channel, visit.was_made)
    return next((key for key, (_, *meant) in HOW.items() if tuple(meant) == facts), "")


class MatterLineForm(Form):
    """Something settled on the visit. A line left empty says nothing was."""

    kind = forms.ChoiceField(
        label="办理了什么事", required=False, choices=[("", "没有"), *MatterKind.choices]
    )
    description = ParagraphFormField(label="办理情况", max_chars=1000, required=False)
    whose = forms.ModelChoiceField(
        label="哪一户的事", queryset=Household.objects.none(), empty_label="就是走访的这一户", required=False
    )
    need = forms.ModelChoiceField(
        label="解决了哪条需求",
        queryset=CareNeed.objects.none(),
        empty_label="不是已登记的需求",
        required=False,
    )
    code = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, households=(), needs=(), **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["whose"], Household, [(row, household_label(row)) for row in households])
        words = [
            (need, f"{need.household.code}：{need.public_words or need.get_need_display()}") for need in needs
        ]
        offer(self.fields["need"], CareNeed, words)

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("kind", "description", "need"))

    def clean(self):
        cleaned = super().clean()
        if not self.is_empty:
            if not cleaned.get("kind") and "kind" not in self.errors:
                self.add_error("kind", KIND_NEEDED)
            if not cleaned.get("description") and "description" not in self.errors:
                self.add_error("description", WORDS_NEEDED)
        return cleaned


class VisitForm(LinedForm):
    """One visit or contact."""

    line_class = MatterLineForm
    line_word = "件"
    lines_before = "need"
    LINES_MOST = 10

    households = forms.MultipleChoiceField(label="走访了哪一户", widget=forms.CheckboxSelectMultiple)
    day = forms.ChoiceField(label="走访日期", widget=forms.RadioSelect)
    visited_on = DayFormField(label="走访日期", past=True)
    how = forms.ChoiceField(
        label="方式",
        widget=forms.RadioSelect,
        choices=[(key, label) for key, (label, *_) in HOW.items()],
    )
    condition = forms.ChoiceField(label="情况", widget=forms.RadioSelect, choices=VisitCondition.choices)
    visitors = LineFormField(label="走访人员", max_chars=100, help_text="几个人一起去的，用顿号隔开。")
    people_met = LineFormField(
        label="见到的人", max_chars=100, required=False, help_text="例如：本人、儿子、邻居。"
    )
    notes = ParagraphFormField(
        label="情况说明",
        max_chars=5000,
        required=False,
        help_text="看到的、听到的、答应的事。不要写身份证号和电话。",
    )
    next_on = DayFormField(label="下次走访日期", required=False)
    need = forms.ChoiceField(label="发现的新需求", required=False, choices=[("", "没有"), *NeedCode.choices])
    need_words = ParagraphFormField(label="需要什么", max_chars=500, required=False)
    whose_need = forms.ModelChoiceField(
        label="哪一户的需求",
        queryset=Household.objects.none(),
        empty_label="就是走访的这一户",
        required=False,
    )

    def __init__(self, content, *, user, correcting=None, **kwargs):
        self.correcting = correcting
        self.known = {str(row.pk): row for row in _households(user, correcting)}
        self.needs = list(
            CareNeed.objects.visible_to(user)
            .unmet()
            .filter(household__in=list(self.known.values()))
            .select_related("household")
            .order_by("household__code", "code")
        )
        super().__init__(content, user=user, **kwargs)
        rows = self.known.values()
        self.fields["households"].choices = [(str(row.pk), household_label(row)) for row in rows]
        self.fields["households"].error_messages["invalid_choice"] = NOT_OURS_NOW
        self.fields["day"].choices = _days(self.data.get("day", ""))
        offer(self.fields["whose_need"], Household, [(row, household_label(row)) for row in rows])

    def make_line(self, number):
        return self.line_class(
            data=self.data, prefix=f"line-{number}", households=self.known.values(), needs=self.needs
        )

    @property
    def has_several(self) -> bool:
        return len(self.known) > 1

    @property
    def more_is_open(self) -> bool:
        """Whether something beyond the usual was typed, or judged."""
        names = {"need", "need_words", "whose_need"}
        typed = names | {f"line-{n}-{name}" for n in self.numbers for name in ("kind", "description", "need")}
        judged = any(line.is_bound and line.errors for line in self.lines) or names & self.errors.keys()
        return bool(judged) or len(self.lines) > 1 or any(self.data.get(name) for name in typed)

    def clean(self):
        cleaned = super().clean()
        if self.data.get("day") != "other":
            self._errors.pop("visited_on", None)
            cleaned["visited_on"] = None
        day = cleaned.get("day")
        cleaned["on"] = cleaned.get("visited_on") if day == "other" else day and DayFormField().clean(day)
        cleaned["chosen"] = [self.known[pk] for pk in cleaned.get("households") or ()]
        _, cleaned["kind"], cleaned["channel"], cleaned["was_made"] = HOW.get(
            cleaned.get("how"), ("", None, None, None)
        )
        if not cleaned["was_made"]:
            self._errors.pop("condition", None)
            cleaned["condition"] = ""
        self._check_next(cleaned)
        self._check_pairings(cleaned)
        self._check_matters(cleaned)
        self._check_need(cleaned)
        return cleaned

    def _check_next(self, cleaned):
        on, later = cleaned.get("on"), cleaned.get("next_on")
        if on and later and later < on:
            self.add_error("next_on", NEXT_TOO_EARLY)
        elif on and later and later - on > LONGEST_AHEAD:
            self.add_error("next_on", NEXT_TOO_LATE)

    def _check_pairings(self, cleaned):
        """The day must lie within the pairing of every household chosen."""
        if not cleaned.get("on"):
            return
        organization = self.correcting.organization if self.correcting else self.user.organization
        for household in cleaned["chosen"]:
            sentence = day_outside_pairing(organization, household, cleaned["on"])
            if sentence:
                self.add_error("visited_on" if cleaned["day"] == "other" else "day", sentence)
                return

    def _check_matters(self, cleaned):
        cleaned["matters"] = []
        for line in self.lines:
            if not line.is_valid() or line.is_empty:
                continue
            need = line.cleaned_data["need"]
            whose = line.cleaned_data["whose"] or (need and self.known[str(need.household_id)])
            whose = self._whose(line, "whose", whose, cleaned["chosen"])
            if whose and need and need.household_id != whose.pk:
                line.add_error("need", NEED_ELSEWHERE)
            elif whose:
                cleaned["matters"].append(
                    Settled(
                        kind=line.cleaned_data["kind"],
                        description=line.cleaned_data["description"],
                        household=whose,
                        need=need,
                        code=line.cleaned_data["code"],
                    )
                )

    def _check_need(self, cleaned):
        cleaned["raised"] = []
        need, words = cleaned.get("need"), cleaned.get("need_words")
        if words and not need and "need" not in self.errors:
            self.add_error("need", NEED_NEEDED)
        if not need:
            return
        if not words and "need_words" not in self.errors:
            self.add_error("need_words", NEED_WORDS_NEEDED)
        whose = self._whose(self, "whose_need", cleaned.get("whose_need"), cleaned["chosen"])
        if whose and words:
            cleaned["raised"] = [Raised(need=need, description=words, household=whose)]

    @staticmethod
    def _whose(form, name, whose, chosen):
        """The household something is about: the one named, or the only one visited."""
        if not chosen or name in form.errors:
            return None
        if whose is None and len(chosen) == 1:
            return chosen[0]
        if whose is None:
            form.add_error(name, WHOSE_NEEDED)
        elif whose not in chosen:
            form.add_error(name, NOT_AMONG_VISITED)
            return None
        return whose

    def refuse(self, refusal):
        """The service's word on the day goes next to whichever of the two fields is on screen."""
        errors = getattr(refusal, "error_dict", {})
        if "visited_on" in errors and self.data.get("day") != "other":
            errors["day"] = errors.pop("visited_on")
        super().refuse(refusal)

    def visit(self) -> dict:
        """For ``log_visit`` and ``correct_visit``."""
        cleaned = self.cleaned_data
        plain = ("kind", "channel", "was_made", "condition", "visitors", "people_met", "notes", "next_on")
        return {name: cleaned[name] for name in plain} | {
            "households": cleaned["chosen"],
            "visited_on": cleaned["on"],
            "matters": cleaned["matters"],
            "raised": cleaned["raised"],
        }

    def rows(self):
        cleaned = self.cleaned_data
        rows = [
            Row(
                "走访了", "、".join(household_label(row) for row in cleaned["chosen"]), "id_households_field"
            ),
            Row("走访日期", zh(cleaned["on"]), "id_day_field"),
            Row("方式", HOW[cleaned["how"]][0], "id_how_field"),
            Row("走访人员", cleaned["visitors"], "id_visitors"),
        ]
        if cleaned["was_made"]:
            condition = VisitCondition(cleaned["condition"]).label
            rows.insert(3, Row("情况", condition, "id_condition_field"))
            rows.append(Row("见到的人", cleaned["people_met"], "id_people_met"))
        rows.append(Row("情况说明", cleaned["notes"], "id_notes"))
        rows.append(Row("下次走访日期", zh(cleaned["next_on"]) if cleaned["next_on"] else "", "id_next_on"))
        for found in cleaned["raised"]:
            label = f"新需求：{NeedCode(found.need).label}"
            rows.append(Row(label, self._about(found.household, found.description), "id_need"))
        return rows

    def line_rows(self):
        return [
            Row(MatterKind(one.kind).label, self._about(one.household, one.description), "lines")
            for one in self.cleaned_data["matters"]
        ]

    def _about(self, household, words):
        several = len(self.cleaned_data["chosen"]) > 1
        return f"{household.code}：{words}" if several else words

    # What looks odd and may be right --------------------------------------------------------------------

    def questions(self):
        found = (self._same_day(), self._numbers(), self._helped_already())
        return [question for question in found if question]

    def _same_day(self):
        """The same household on the same day once more."""
        visits = (
            Visit.objects.visible_to(self.user)
            .exclude(state=VisitState.VOIDED)
            .filter(visited_on=self.cleaned_data["on"])
            .order_by("code")
        )
        if self.correcting:
            visits = visits.exclude(pk=self.correcting.pk)
        for household in self.cleaned_data["chosen"]:
            if visit := visits.to(household).first():
                day = self.cleaned_data["on"]
                when = "今天" if day == clock.today() else f"{day.month}月{day.day}日"
                return Question(
                    key=f"same:{visit.code}:{household.code}",
                    title="这一天已经有一条记录",
                    text=f"{household_label(household)} {when}已有一条走访联系（{visit.code}，"
                    f"{visit.get_kind_display()}）。同一次走访不用再记。",
                    go_on="是另一次，继续",
                    change="返回修改",
                    anchor="id_day_field",
                    url=reverse("care:visit", kwargs={"code": visit.code}),
                    link=f"查看 {visit.code}",
                )
        return None

    def _numbers(self):
        """Numbers that should not stand in free text: advised against, never refused."""
        texts = {"情况说明": ("id_notes", self.cleaned_data["notes"])}
        texts["需要什么"] = ("id_need_words", self.cleaned_data["need_words"])
        for number, line in zip(self.numbers, self.lines, strict=True):
            texts[f"办理情况{number}"] = (f"line-{number}", line.cleaned_data["description"])
        for label, (anchor, text) in texts.items():
            if kinds := personal_numbers_in(text or ""):
                words = "、".join(kinds)
                return Question(
                    key=f"numbers:{anchor}:{words}",
                    title=f"说明里有{words}",
                    text=f"“{label.rstrip('0123456789')}”里有{words}，建议删去：户档案里已有登记，写在说明里容易外传。",
                    go_on="确需保留，继续",
                    change="去删除",
                    anchor=anchor,
                )
        return None

    def _helped_already(self):
        """The same kind of help reached the household days ago."""
        asked = [(one.household, one.need.need, "lines") for one in self.cleaned_data["matters"] if one.need]
        asked += [(one.household, one.need, "id_need") for one in self.cleaned_data["raised"]]
        own = set(self.correcting.matters.values_list("code", flat=True)) if self.correcting else set()
        for household, need, anchor in asked:
            for one in recent_help(household, need, on=self.cleaned_data["on"]):
                if one.code not in own:
                    return Question(
                        key=f"helped:{household.code}:{need}:{one.code}",
                        title="这一户刚得到过同类帮助",
                        text=f"{household_label(household)} {one.on.month}月{one.on.day}日已有“"
                        f"{NeedCode(need).label}”方面的帮助（{one.what}）。请确认不是同一件事。",
                        go_on="不是同一件事，继续",
                        change="返回修改",
                        anchor=anchor,
                    )
        return None


def _households(user, correcting) -> list:
    """Those shared with the organisation now; a returned visit may also keep the ones it was made to."""
    shared = Household.objects.visible_to(user).with_head().select_related("community")
    rows = list(shared.order_by("head_pinyin", "code"))
    if correcting:
        known = {row.pk for row in rows}
        for visited in correcting.visited.all():
            if visited.household_id not in known:
                visited.household.head_name = ""
                rows.append(visited.household)
    return rows


def _days(chosen) -> list[tuple[str, str]]:
    """今天, 昨天, 前天, 其他日期."""
    before = clock.today() - timedelta(days=2)
    choices = [choice for choice in day_choices(chosen) if choice[0] != before.isoformat()]
    choices.insert(2, (before.isoformat(), f"前天（{before.month}月{before.day}日）"))
    return choices
