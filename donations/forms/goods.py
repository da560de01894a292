"""A gift of goods, in lines."""

from django import forms

from jinchuan.intake.drafted import LinedForm, Row
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField, MoneyFormField, QuantityFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import in_words, yuan
from jinchuan.shared.templatetags.house import quantity

from ..enums import PERISHABLE, GoodsCategory, LineKind, ValuationBasis
from ..models import EXPIRED_GOODS
from ..services.gifts import Line
from .gifts import GiftForm

VALUE_NEEDED = "请填写折价金额；不计价的，计价依据请选“不计价（只记数量）”。"
VALUE_NOT_NEEDED = "不计价的物资不填金额。"
EXPIRY_NEEDED = "食品、药品请填写保质期。"


class GoodsLineForm(Form):
    """One kind of goods."""

    item = LineFormField(label="物资名称", max_chars=60, help_text="例如：大米、棉被。")
    category = forms.ChoiceField(label="物资类别", choices=[("", "请选择"), *GoodsCategory.choices])
    quantity = QuantityFormField(label="数量", max_digits=12, decimal_places=2)
    unit = LineFormField(label="单位", max_chars=10, help_text="例如：袋、桶、件。")
    valuation_basis = forms.ChoiceField(
        label="计价依据",
        choices=[("", "请选择"), *ValuationBasis.choices],
    )
    value = MoneyFormField(label="这些物资共折价（元）", required=False, help_text="不计价的不填。")
    expires_on = DayFormField(label="保质期至", required=False, help_text="食品、药品要填，例如 2027-03-01")

    needs_expiry = True

    def clean(self):
        cleaned = super().clean()
        unvalued = cleaned.get("valuation_basis") == ValuationBasis.UNVALUED
        if unvalued and cleaned.get("value") is not None:
            self.add_error("value", VALUE_NOT_NEEDED)
        if cleaned.get("valuation_basis") and not unvalued:
            self._need("value", VALUE_NEEDED)
        if self.needs_expiry and cleaned.get("category") in PERISHABLE:
            self._need("expires_on", EXPIRY_NEEDED)
        return cleaned

    def _need(self, name, sentence):
        if name not in self.errors and self.cleaned_data.get(name) is None:
            self.add_error(name, sentence)

    def line(self) -> Line:
        cleaned = self.cleaned_data
        return Line(
            kind=LineKind.GOODS,
            value=cleaned["value"],
            item=cleaned["item"],
            category=cleaned["category"],
            quantity=cleaned["quantity"],
            unit=cleaned["unit"],
            valuation_basis=cleaned["valuation_basis"],
            expires_on=cleaned["expires_on"],
        )


class GoodsForm(LinedForm, GiftForm):
    """Goods: one or several lines."""

    line_class = GoodsLineForm
    line_word = "件"
    lines_before = "day"
    amount_anchor = "lines"

    def headline(self):
        return self.data.get(f"line-{self.numbers[0]}-item", "")[:20]

    def clean(self):
        cleaned = super().clean()
        stop_expired(self.lines, cleaned.get("on"))
        return cleaned

    def gift_lines(self):
        return [line.line() for line in self.lines]

    def line_rows(self):
        return goods_rows(self)

    def what_rows(self):
        total = self.total
        if total is None:
            return [Row("折价合计", "不计价", "lines")]
        return [Row("折价合计", f"{yuan(total)} 元", "lines", in_words(total))]


def stop_expired(lines, received) -> None:
    """Expired food and medicine is no gift (慈善法 §36)."""
    for line in lines:
        expires = line.cleaned_data.get("expires_on") if line.is_valid() else None
        if received and expires and line.cleaned_data["category"] in PERISHABLE and expires < received:
            line.add_error("expires_on", EXPIRED_GOODS)


def goods_rows(form) -> list[Row]:
    """The lines of a form on its check page."""
    rows = []
    for number, line in zip(form.numbers, form.lines, strict=True):
        given = line.line()
        basis = ValuationBasis(given.valuation_basis).label
        worth = basis if given.value is None else f"折价 {yuan(given.value)} 元（{basis}）"
        until = f"，保质期至{zh(given.expires_on)}" if given.expires_on else ""
        text = f"{quantity(given.quantity)} {given.unit}，{worth}{until}"
        rows.append(Row(given.item, text, f"line-{number}"))
    return rows
