"""What was promised, and that it has come."""

from decimal import Decimal

from django import forms
from django.forms.utils import ErrorDict

from jinchuan.intake.drafted import LinedForm, Row, day_choices
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField, MoneyFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import in_words, yuan
from jinchuan.shared.templatetags.house import quantity

from ..enums import LineKind
from ..naming import working_name
from ..services.gifts import Line
from .goods import GoodsForm, GoodsLineForm, goods_rows, stop_expired

EXPECTED_TOO_EARLY = "预计到账日期不能早于认捐日期。"


class PledgedLineForm(GoodsLineForm):
    """What the goods will be good for is known when they come."""

    needs_expiry = False


class PledgeForm(GoodsForm):
    """A promise of money or of goods (认捐): nothing has come yet, so nothing counts yet."""

    line_class = PledgedLineForm
    what = forms.ChoiceField(label="认捐什么", widget=forms.RadioSelect, choices=LineKind)
    amount = MoneyFormField(label="认捐金额（元）", help_text="例如 1000 或 1000.50")
    day = forms.ChoiceField(label="认捐日期", widget=forms.RadioSelect)
    expected_on = DayFormField(
        label="预计到账日期", required=False, help_text="说好了哪天给的填写，到期没有到账会提醒。"
    )
    field_order = ["donor_choice", "donor_search", "donor", "donor_kind", "donor_name", "donor_phone"]
    field_order += ["donor_agrees", "what", "amount", "day", "received_on", "expected_on"]
    amount_anchor = "id_what_field"
    WHEN = {**GoodsForm.WHEN, "amount": ("what", {LineKind.CASH})}

    def __init__(self, content, *, user, **kwargs):
        super().__init__(content, user=user, **kwargs)
        if not self.is_goods:
            leave_out(self.lines)

    @property
    def is_goods(self) -> bool:
        return self.data.get("what") == LineKind.GOODS

    def headline(self):
        return super().headline() if self.is_goods else self.data.get("amount", "")[:20]

    def clean(self):
        cleaned = super(GoodsForm, self).clean()
        expected, pledged = cleaned.get("expected_on"), cleaned.get("on")
        if expected and pledged and expected < pledged:
            self.add_error("expected_on", EXPECTED_TOO_EARLY)
        return cleaned

    def gift(self):
        gift = super().gift()
        gift["pledged_on"] = gift.pop("received_on")
        return gift | {"expected_on": self.cleaned_data["expected_on"]}

    def gift_lines(self):
        if self.is_goods:
            return super().gift_lines()
        return [Line(kind=LineKind.CASH, value=self.cleaned_data["amount"])]

    def line_rows(self):
        return super().line_rows() if self.is_goods else []

    def what_rows(self):
        if self.is_goods:
            return super().what_rows()
        amount = self.cleaned_data["amount"]
        return [Row("认捐金额", f"{yuan(amount)} 元", "id_amount", in_words(amount))]

    def day_rows(self):
        expected = self.cleaned_data["expected_on"]
        return [
            Row("认捐日期", zh(self.cleaned_data["on"]), "id_day_field"),
            Row("预计到账", zh(expected) if expected else "", "id_expected_on"),
        ]

    def _is_double(self):
        """Two promises of the same sum are two promises."""


class ReceiveForm(LinedForm):
    """A pledge has come: when, and how much of it. Filled with what was promised."""

    line_class = GoodsLineForm
    line_word = "件"
    amount = MoneyFormField(label="实际到账（元）")
    day = forms.ChoiceField(label="收到日期", widget=forms.RadioSelect)
    received_on = DayFormField(label="具体日期", past=True)

    def __init__(self, content, *, user, pledge, **kwargs):
        self.pledge = pledge
        super().__init__(content, user=user, **kwargs)
        self.fields["day"].choices = day_choices(self.data.get("day", ""))
        promised = list(pledge.lines.order_by("id"))
        self.cash = sum((one.value for one in promised if one.kind == LineKind.CASH), Decimal(0))
        self.goods = [one for one in promised if one.kind == LineKind.GOODS]
        if not self.cash:
            del self.fields["amount"]
        if not self.goods:
            leave_out(self.lines)

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("day")
        if day != "other":
            self._errors.pop("received_on", None)
            cleaned["received_on"] = day and DayFormField().clean(day)
        if self.goods:
            stop_expired(self.lines, cleaned.get("received_on"))
        return cleaned

    def received(self) -> dict:
        """For ``receive_pledge``."""
        lines = [line.line() for line in self.lines] if self.goods else []
        if self.cash:
            lines.insert(0, Line(kind=LineKind.CASH, value=self.cleaned_data["amount"]))
        return {"received_on": self.cleaned_data["received_on"], "lines": lines}

    def rows(self):
        rows = [Row("认捐", f"{self.pledge.code}（{working_name(self.pledge.donor)}）")]
        if self.cash:
            amount = self.cleaned_data["amount"]
            note = in_words(amount)
            if amount != self.cash:
                note += f"，认捐 {yuan(self.cash)} 元"
            rows.append(Row("实际到账", f"{yuan(amount)} 元", "id_amount", note))
        for one in self.goods:
            rows.append(Row(f"认捐的{one.item}", f"{quantity(one.quantity)} {one.unit}"))
        return [*rows, Row("收到日期", zh(self.cleaned_data["received_on"]), "id_day_field")]

    def line_rows(self):
        return goods_rows(self) if self.goods else []


class LapseForm(Form):
    reason = LineFormField(
        label="不再到账的原因",
        max_chars=200,
        help_text="至少 5 个字，例如：捐赠方经营困难，书面说明不再履行。",
    )


def leave_out(lines) -> None:
    """Lines that are not asked for are not judged."""
    for line in lines:
        line._errors = ErrorDict()
