"""Amounts that a database adds up: ``Decimal`` with two places in Python, whole hundredths in the column.

SQLite keeps a decimal column as a float, in which 0.3 - 0.1 - 0.2 is not 0, so that a CHECK over sums would refuse what is
right. Integers add up the same on both engines.
"""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models

_HUNDREDTH = Decimal("0.01")
TOO_FINE = "最多保留两位小数。"


class ExactField(models.BigIntegerField):
    """An amount of at most two decimal places, in 元 or in the unit of the goods."""

    empty_strings_allowed = False

    @property
    def validators(self):
        return self._validators

    def to_python(self, value):
        if value is None or value == "":
            return None
        try:
            amount = Decimal(str(value))
            if amount != amount.quantize(_HUNDREDTH):
                raise ValidationError(TOO_FINE, code="too_fine")
        except InvalidOperation as error:
            raise ValidationError("请填写数字。", code="format") from error
        return amount.quantize(_HUNDREDTH)

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int(self.to_python(value) * 100)

    def from_db_value(self, value, expression, connection):
        return None if value is None else (Decimal(value) / 100).quantize(_HUNDREDTH)

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return models.DecimalField(self.verbose_name, max_digits=14, decimal_places=2).formfield(**kwargs)


def exact(amount) -> models.Value:
    """An amount for use in an expression beside ``F("free")``."""
    return models.Value(amount, output_field=ExactField())
