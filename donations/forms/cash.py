"""A gift of money."""

from jinchuan.intake.drafted import Row
from jinchuan.shared.fields.form import MoneyFormField
from jinchuan.shared.money import in_words, yuan

from ..enums import LineKind
from ..services.gifts import Line
from .gifts import GiftForm


class CashForm(GiftForm):
    """Money: one amount."""

    amount = MoneyFormField(label="金额（元）", help_text="例如 1000 或 1000.50")
    field_order = ["donor_choice", "donor_search", "donor", "donor_kind", "donor_name", "donor_phone"]
    field_order += ["donor_agrees", "amount"]
    amount_anchor = "id_amount"

    def headline(self):
        return self.data.get("amount", "")[:20]

    def gift_lines(self):
        return [Line(kind=LineKind.CASH, value=self.cleaned_data["amount"])]

    def what_rows(self):
        amount = self.cleaned_data["amount"]
        return [Row("金额", f"{yuan(amount)} 元", "id_amount", in_words(amount))]
