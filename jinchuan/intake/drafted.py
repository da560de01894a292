"""Forms that live in a draft: filled from what was typed so far, shown without judging, judged on the way to the check page."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict

from jinchuan.shared import clock, forms
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.identity import personal_numbers_in


@dataclass(frozen=True)
class Row:
    """A line of the check page: what was asked, what was answered, where to change it."""

    label: str
    value: str
    anchor: str = ""
    echo: str = ""


@dataclass(frozen=True)
class Question:
    """Something that looks odd and may be right: asked once, on a page of its own. ``key`` holds the odd value."""

    key: str
    title: str
    text: str
    go_on: str
    change: str
    anchor: str
    url: str = ""
    link: str = ""


class DraftedForm(forms.Form):
    """A form whose content lives in a draft. It is always filled from what was typed so far, complete or not."""

    def __init__(self, content, *, user, **kwargs):
        self.content, self.user = content, user
        super().__init__(data=as_data(content), **kwargs)

    def quiet(self):
        """Show what was typed without judging it yet."""
        self._errors = ErrorDict()
        return self

    @property
    def version(self) -> str:
        """Of the record being corrected, as it was when its form was opened; empty for a new one."""
        return self.data.get("version", "")

    @property
    def opened_version(self) -> int | None:
        return forms.version_sent(self.version)

    def headline(self) -> str:
        """A few words for the list of drafts; no personal data."""
        return ""

    def rows(self) -> list[Row]:
        """What the check page shows. Call when valid."""
        raise TypeError(f"{type(self).__name__} has no rows for the check page")

    def questions(self) -> list[Question]:
        return []

    def personal_numbers(self, name) -> Question | None:
        """Asks once whether a number of a person is needed in a free text that others will read. Call when valid."""
        written = self.cleaned_data[name] or ""
        kinds = personal_numbers_in(written)
        if not kinds:
            return None
        label = self.fields[name].label
        return Question(
            key=f"numbers:{name}:{sha256(written.encode()).hexdigest()[:16]}",
            title=f"“{label}”里有{'和'.join(kinds)}，建议删去",
            text="能看到这条记录的人都会看到它。只写事情本身就可以。",
            go_on="确实需要，继续",
            change="回去删去",
            anchor=f"id_{name}",
        )

    def edit(self, intent: str) -> str | None:
        """Change ``content`` for a button of the form itself (another line, a found donor).

        Returns the anchor to come back to, or None when the intent is none of the form's.
        """
        if intent.startswith("take:"):
            name, _, value = intent.removeprefix("take:").partition(":")
            if name in self.fields:
                self.content[name] = [value]
                return f"id_{name}"
        return None

    @property
    def suggestions(self) -> list[tuple[str, str, str]]:
        """(field, value, words) that an error offers to take over with one tap."""
        found = []
        for name, errors in self.errors.as_data().items():
            for error in errors:
                if error.params and "suggestion" in error.params:
                    value = f"{error.params['suggestion']:f}".removesuffix(".00")
                    found.append((name, value, f"采用 {value} 元"))
        return found


class LinedForm(DraftedForm):
    """A form with lines of one kind. Field ``lines`` holds the numbers of the lines there are, so a line keeps its
    number, and with it what was typed, when another one goes.
    """

    line_class = forms.Form
    line_word = "行"
    lines_before = ""
    """The field that stands right below the lines on the page; empty when they come last."""
    LINES_MOST = 50

    def __init__(self, content, *, user, **kwargs):
        super().__init__(content, user=user, **kwargs)
        typed = [n for n in self.data.getlist("lines") if n.isascii() and n.isdigit() and len(n) < 4]
        self.numbers = list(dict.fromkeys(typed))[: self.LINES_MOST] or ["0"]
        self.lines = [self.make_line(number) for number in self.numbers]

    def make_line(self, number):
        return self.line_class(data=self.data, prefix=f"line-{number}")

    def quiet(self):
        for line in self.lines:
            line._errors = ErrorDict()
        return super().quiet()

    def edit(self, intent):
        if intent == "add_line" and len(self.numbers) < self.LINES_MOST:
            added = str(max(map(int, self.numbers)) + 1)
            self.content["lines"] = [*self.numbers, added]
            return f"line-{added}"
        if intent.startswith("remove_line:"):
            gone = intent.removeprefix("remove_line:")
            kept = [number for number in self.numbers if number != gone]
            for name in [name for name in self.content if name.startswith(f"line-{gone}-")]:
                del self.content[name]
            self.content["lines"] = kept
            return "lines"
        return super().edit(intent)

    def is_valid(self):
        return super().is_valid() and all(line.is_valid() for line in self.lines)

    @property
    def summary(self):
        """Errors of a line are told with its place: “第 2 件：请填写数量”."""
        own = list(super().summary)
        lines = []
        for place, line in enumerate(self.lines, start=1):
            lines += [(anchor, f"第 {place} {self.line_word}：{text}") for anchor, text in line.summary]
        names = list(self.fields)
        below = names[names.index(self.lines_before) :] if self.lines_before else []
        anchors = {self[name].id_for_label or self[name].auto_id for name in below}
        place = next((n for n, (anchor, _) in enumerate(own) if anchor in anchors), len(own))
        return own[:place] + lines + own[place:]

    def line_rows(self) -> list[Row]:
        """What the check page shows of the lines. Call when valid."""
        return []


def day_choices(chosen) -> list[tuple[str, str]]:
    """今天, 昨天, 其他日期. The values are dates, so a draft taken up tomorrow still means the day it was begun."""
    today = clock.today()
    days = {today: "今天", today - timedelta(days=1): "昨天"}
    choices = [(day.isoformat(), f"{word}（{day.month}月{day.day}日）") for day, word in days.items()]
    if chosen not in ("", "other", *(value for value, _ in choices)):
        with suppress(ValidationError):
            choices.append((chosen, zh(DayFormField(past=True).clean(chosen))))
    return [*choices, ("other", "其他日期")]


def as_data(content) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in content.items():
        data.setlist(name, values)
    return data
