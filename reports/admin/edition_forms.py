"""The forms of the page on reports: which one, and in what words."""

from django.core.exceptions import ValidationError
from django.forms import Textarea

from jinchuan.shared.admin import ScopedAdmin
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import LabelledChoiceField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.months import Month

from .. import facts as fact
from ..enums import ReportKind
from ..periods import Period

FIRST_MONTH = Month(2023, 6)
LONGEST_PART = 4000
ONE_SCOPE = "报告范围只选一项：行政区划、社会组织、服务品牌或业务主管单位。"
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
    """One box for every part of the paper that is composed from figures."""

    def narrow(self, user, rows):
        [edition] = rows
        for part, heading, text in fact.parts(edition.facts):
            lines = len(text) // 40 + text.count("\n") + 2
            self.fields[part] = ParagraphFormField(
                label=heading,
                max_chars=LONGEST_PART,
                required=False,
                help_text=f"系统写的：{text}",
                widget=Textarea(attrs={"rows": min(max(lines, 3), 14)}),
            )


def written(edition) -> dict:
    """What the boxes hold at first: what a person wrote, or else the composed text."""
    return {
        part: edition.words.get(part, {}).get("text", text) for part, _, text in fact.parts(edition.facts)
    }
