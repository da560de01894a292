"""Amounts of money, quantities, whole numbers."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from jinchuan.shared import money, text

from .base import TypedField

NUMBER_FORM = "{label}请用数字填写，例如 50 或 2.5"
NUMBER_PLACES = "{label}最多 {places} 位小数"
NUMBER_NOT_POSITIVE = "{label}必须大于 0"
NUMBER_TOO_LARGE = "{label}不能超过 {limit}，请核对"
NUMBER_TOO_SMALL = "{label}不能小于 {limit}"
WHOLE_FORM = "{label}请填整数，例如 12"


class MoneyFormField(TypedField):
    """An amount in 元. ``zero`` and ``signed`` as in ``money.parse_yuan``; an error about 万元 carries a suggestion."""

    noun = "金额"
    attributes = TypedField.attributes | {"inputmode": "decimal"}
    empty_value = None

    def __init__(self, *, zero=False, signed=False, **kwargs):
        self.rules = {"zero": zero, "signed": signed}
        super().__init__(**kwargs)

    def read(self, typed):
        return money.parse_yuan(typed, **self.rules)

    def take_cell(self, value):
        return money.check_yuan(_cell_number(value, money.NOT_A_NUMBER), **self.rules)

    def prepare_value(self, value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class QuantityFormField(TypedField):
    """A quantity above 0, ``Decimal`` with at most ``places`` decimals. ``unit``, when given, may be typed after it.

    ``max_digits`` and ``decimal_places`` are what Django's own columns say instead of ``maximum`` and ``places``.
    """

    noun = "数量"
    attributes = TypedField.attributes | {"inputmode": "decimal"}
    empty_value = None
    form = NUMBER_FORM
    number = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|-?\.[0-9]+")

    def __init__(self, *, places=2, maximum=None, unit="", max_digits=None, decimal_places=None, **kwargs):
        self.places, self.unit = places if decimal_places is None else decimal_places, unit
        if maximum is None:
            maximum = 10 ** (max_digits - self.places) - 1 if max_digits else 10**9
        self.maximum = maximum
        super().__init__(**kwargs)

    def read(self, typed):
        digits = text.fold_digits(typed)
        if self.unit:
            digits = digits.removesuffix(self.unit)
        if len(digits) > 40 or not self.number.fullmatch(digits):
            self.refuse(self.form, "format")
        return self.within(Decimal(digits.replace(",", "")))

    def take_cell(self, value):
        amount = _cell_number(value, self.form.format(label=self.label or self.noun))
        if not amount.is_finite():
            self.refuse(self.form, "format")
        return self.within(amount)

    def within(self, amount):
        if amount <= 0:
            self.refuse(NUMBER_NOT_POSITIVE, "positive")
        if amount > self.maximum:
            self.refuse(NUMBER_TOO_LARGE, "limit", limit=self.maximum)
        if amount != round(amount, self.places):
            self.refuse(NUMBER_PLACES, "places", places=self.places)
        return amount

    def prepare_value(self, value):
        if not isinstance(value, Decimal):
            return value
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain


class WholeNumberFormField(QuantityFormField):
    """A whole number from ``minimum`` to ``maximum`` (``min_value`` and ``max_value`` of Django's columns), ``int``."""

    noun = "人数"
    attributes = TypedField.attributes | {"inputmode": "numeric"}
    form = WHOLE_FORM

    def __init__(self, *, minimum=0, maximum=999_999, unit="", min_value=None, max_value=None, **kwargs):
        self.minimum = minimum if min_value is None else min_value
        super().__init__(places=0, maximum=maximum if max_value is None else max_value, unit=unit, **kwargs)

    def within(self, amount):
        if amount != amount.to_integral_value():
            self.refuse(WHOLE_FORM, "format")
        if amount < self.minimum:
            self.refuse(NUMBER_TOO_SMALL, "minimum", limit=self.minimum)
        if amount > self.maximum:
            self.refuse(NUMBER_TOO_LARGE, "limit", limit=self.maximum)
        return int(amount)


def _cell_number(value, sentence):
    """A number cell as ``Decimal``; anything else that is not text is refused with the sentence."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    raise ValidationError(sentence, code="format")
