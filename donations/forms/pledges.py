"""What was promised, and that it has come."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

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
REST_NEEDED = "到账的比认捐的少，请选择其余部分还会不会给。"
REST_REASON_NEEDED = "请写明其余部分为什么不再到账，至少 5 个字。"


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
    rest = forms.ChoiceField(
        label="没有全部到账的，其余部分",
        required=False,
        widget=forms.RadioSelect,
        choices=[("later", "以后还给，留作一笔新的认捐"), ("lapses", "不再给了")],
        help_text="全部到账的不用选。",
    )
    rest_reason = LineFormField(label="不再到账的原因", max_chars=200, required=False)

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
        if not self.errors and all(line.is_valid() for line in self.lines) and self.outstanding():
            if not cleaned["rest"]:
                self.add_error("rest", REST_NEEDED)
            elif cleaned["rest"] == "lapses" and len(cleaned["rest_reason"]) < 5:
                self.add_error("rest_reason", REST_REASON_NEEDED)
        return cleaned

    def received(self) -> dict:
        """For ``receive_pledge``."""
        rest = self.outstanding()
        lapses = self.cleaned_data["rest_reason"] if rest and self.cleaned_data["rest"] == "lapses" else ""
        return {
            "received_on": self.cleaned_data["received_on"],
            "lines": self._came(),
            "rest": [] if lapses else rest,
            "rest_lapses": lapses,
        }

    def _came(self) -> list[Line]:
        lines = [line.line() for line in self.lines] if self.goods else []
        if self.cash:
            lines.insert(0, Line(kind=LineKind.CASH, value=self.cleaned_data["amount"]))
        return lines

    def outstanding(self) -> list[Line]:
        """What was promised and has not come: money by the 分, goods by name and unit, valued in proportion."""
        rest = []
        if self.cash and self.cleaned_data["amount"] < self.cash:
            rest.append(Line(kind=LineKind.CASH, value=self.cash - self.cleaned_data["amount"]))
        came = Counter()
        for line in self._came():
            came[line.item, line.unit] += line.quantity or 0
        for one in self.goods:
            here = min(one.quantity, came[one.item, one.unit])
            came[one.item, one.unit] -= here
            if here < one.quantity:
                rest.append(_part_of(one, one.quantity - here))
        return rest

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
        rows.append(Row("收到日期", zh(self.cleaned_data["received_on"]), "id_day_field"))
        return [*rows, *self._rest_rows()]

    def _rest_rows(self):
        rest = "、".join(
            f"{yuan(one.value)} 元"
            if one.kind == LineKind.CASH
            else f"{one.item}{quantity(one.quantity)}{one.unit}"
            for one in self.outstanding()
        )
        if not rest:
            return []
        if self.cleaned_data["rest"] == "later":
            return [Row("其余部分", f"{rest}，留作一笔新的认捐", "id_rest_field")]
        return [Row("其余部分", f"{rest}，不再到账：{self.cleaned_data['rest_reason']}", "id_rest_field")]

    def line_rows(self):
        return goods_rows(self) if self.goods else []


def _part_of(line, amount) -> Line:
    """So much of promised goods."""
    value = line.value and (line.value * amount / line.quantity).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Line(
        kind=LineKind.GOODS,
        value=value,
        item=line.item,
        category=line.category,
        quantity=amount,
        unit=line.unit,
        valuation_basis=line.valuation_basis,
    )


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
