"""The forms of the page on reports: which one, and in what words."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.forms import BooleanField, Textarea

from jinchuan.shared.admin import ScopedAdmin
from jinchuan.shared.clock import SHANGHAI, today
from jinchuan.shared.fields.form import LabelledChoiceField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.months import Month
from jinchuan.shared.templatetags.house import zh_time
from organizations.models import User

from .. import facts as fact
from ..enums import ReportKind
from ..periods import Period
from ..services.editions import STALE, stale_words

FIRST_MONTH = Month(2023, 6)
LONGEST_PART = 4000
ONE_SCOPE = "报告范围只选一项：行政区划、社会组织、服务品牌或业务主管单位。"
TAKE_COMPOSED = "这一段改用系统现在写的"
STALE_READ = "已经核对，仍照写的印发"
STALE_EXPLAINED = "{parts}是在数据重新汇总以前写的，系统现在写的已经不同。要改用新的，请先到“改文字”。"
_TAKE = "take_"
SCOPE_HELP = {
    "division": "四项里只选一项；都不选就是全区。",
    "organization": "一个组织自己的情况。",
    "program": "一个服务品牌或项目的情况。",
    "unit": "一个业务主管单位所管的社会组织的情况。",
}


def _periods():
    """Every period that has begun, by kind, the latest first."""
    for kind in ReportKind:
        begun, period = [], Period.of(kind, FIRST_MONTH)
        while period.first <= today():
            begun.append((str(period), period.label))
            period = period.next
        yield kind.label, begun[::-1]


class RequestForm(ScopedAdmin.form):
    """Which period, and about whom."""

    period = LabelledChoiceField(label="期间", choices=_periods)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "period" in self.fields:
            self.fields["period"].initial = str(Month.of(today()).previous)
            for name, help_text in SCOPE_HELP.items():
                self.fields[name].help_text = help_text

    def clean(self):
        cleaned = super().clean()
        if sum(bool(cleaned.get(name)) for name in SCOPE_HELP) > 1:
            raise ValidationError(ONE_SCOPE)
        return cleaned

    def _get_validation_exclusions(self):
        """No scope chosen means the district, which the row does not know yet."""
        return super()._get_validation_exclusions() | set(SCOPE_HELP)


class WordsForm(Form):
    """One box for every part of the paper that is composed from figures, beside it what was composed. Of a part that a person wrote
    on other figures one may take what is composed now."""

    def narrow(self, user, rows):
        [edition] = rows
        stale = fact.stale(edition.facts, edition.words)
        self.told = []
        for part, heading, text in fact.parts(edition.facts):
            lines = len(text) // 30 + text.count("\n") + 2
            self.fields[part] = ParagraphFormField(
                label=heading,
                max_chars=LONGEST_PART,
                required=False,
                widget=Textarea(attrs={"rows": min(max(lines, 4), 16)}),
            )
            if part in stale:
                self.fields[f"{_TAKE}{part}"] = BooleanField(label=TAKE_COMPOSED, required=False)
            self.told.append((part, text, edition.words.get(part) if part in stale else None))

    @property
    def beside(self) -> list[dict]:
        """Every part with its box, the composed text, and where it is stale who wrote it, when, and over which text."""
        return [
            {
                "box": self[part],
                "composed": text.splitlines(),
                "written": written_by(kept) if kept else "",
                "over": kept.get("over", "").splitlines() if kept else [],
                "take": self[f"{_TAKE}{part}"] if kept else None,
            }
            for part, text, kept in self.told
        ]

    def clean(self):
        """Part → text; none for a part whose composed text is taken."""
        cleaned = super().clean()
        return {
            part: "" if cleaned.get(f"{_TAKE}{part}") else cleaned[part]
            for part, _, _ in self.told
            if part in cleaned
        }


class IssueForm(Form):
    """Nothing to fill in, unless a person's words are older than the figures."""

    def narrow(self, user, rows):
        [edition] = rows
        if stale := stale_words(edition):
            self.fields["stale_words_read"] = BooleanField(
                label=STALE_READ,
                help_text=STALE_EXPLAINED.format(parts="、".join(stale)),
                error_messages={"required": STALE.format(parts="、".join(stale))},
            )


def written_by(kept) -> str:
    """Who wrote a part, by name, and when."""
    writer = User.objects.filter(username=kept["by"]).first()
    at = zh_time(datetime.fromisoformat(kept["at"]).astimezone(SHANGHAI)) if kept["at"] else ""
    return f"{writer.name if writer else kept['by']} {at}".strip()


def written(edition) -> dict:
    """What the boxes hold at first: what a person wrote, or else the composed text."""
    return {
        part: edition.words.get(part, {}).get("text", text) for part, _, text in fact.parts(edition.facts)
    }
