"""The forms of the certificate pages: for which days and whom, and the words that go with each act."""

from datetime import date

from django import forms

from jinchuan.shared import clock
from jinchuan.shared.fields.form import DayFormField, LineFormField, ParagraphFormField, WholeNumberFormField
from jinchuan.shared.forms import Form

from .services.certificates import NOBODY, PERIOD_FUTURE, PERIOD_ORDER


class PeriodForm(Form):
    """For which days, and from how many hours on volunteers are offered."""

    period_from = DayFormField(label="服务时间从")
    period_to = DayFormField(label="到")
    least = WholeNumberFormField(
        label="至少多少小时",
        required=False,
        maximum=9999,
        unit="小时",
        help_text="不填的列出全部有服务记录的志愿者。",
    )

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("period_from"), cleaned.get("period_to")
        if since and until and since > until:
            self.add_error("period_from", PERIOD_ORDER)
        elif until and until > clock.today():
            self.add_error("period_to", PERIOD_FUTURE)
        return cleaned


def usual_period() -> dict:
    """The year that is over, until the summer; then this one so far."""
    today = clock.today()
    if today.month <= 6:
        first, last = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    else:
        first, last = date(today.year, 1, 1), today
    return {"period_from": first, "period_to": last}


class ChosenForm(Form):
    """Whom, of those who are offered."""

    volunteers = forms.TypedMultipleChoiceField(
        label="志愿者", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": NOBODY}
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteers"].choices = [(one.volunteer.pk, one.volunteer.name) for one in candidates]
        self.fields["volunteers"].error_messages["required"] = NOBODY


class WordsForm(Form):
    """Why an application is declined, a certificate revoked or replaced."""

    reason = ParagraphFormField(
        label="原因", max_chars=200, help_text="至少 5 个字。", widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(Form):
    answer = ParagraphFormField(
        label="核对结果", max_chars=200, help_text="至少 5 个字。", widget=forms.Textarea(attrs={"rows": 3})
    )


class WaiverForm(Form):
    """Issuing without a notice, where the organisation's own rules say so."""

    waiver_rule = LineFormField(
        label="依据本组织的哪一条规定", max_chars=100, help_text="例如：《志愿者管理办法》第 12 条。"
    )
    waiver_reason = LineFormField(label="不公示的原因", max_chars=200, help_text="至少 5 个字。")
