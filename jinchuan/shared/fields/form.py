"""Form fields, for pages and for cells of a sheet. Each normalises first, then validates, and answers in Chinese.

A page gives text; a sheet may give numbers, dates and times, which are taken as they are where that is safe.
No field renders ``type=number`` or ``maxlength``: a mouse wheel changes the one, the other cuts a paste in silence.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from jinchuan.shared import clock, identity, money, text
from jinchuan.shared.dates import DATE_FORM, DateError, parse_day, zh

REQUIRED = "请填写这一项。"
REQUIRED_NAMED = "请填写{label}"
REQUIRED_CHOICE = "请选择{label}"
TOO_LONG = "{label}不能超过 {limit} 字，已写 {count} 字"
DAY_IN_FUTURE = "{label}不能晚于今天"
DAY_TOO_EARLY = "{label}不能早于{day}"
DAY_HINT = "例如 2025-07-01"
TIME_FORM = "时间请写成 14:30"
TIME_HINT = "例如 14:30"
NUMBER_FORM = "{label}请用数字填写，例如 50 或 2.5"
NUMBER_PLACES = "{label}最多 {places} 位小数"
NUMBER_NOT_POSITIVE = "{label}必须大于 0"
NUMBER_TOO_LARGE = "{label}不能超过 {limit}，请核对"
NUMBER_TOO_SMALL = "{label}不能小于 {limit}"
WHOLE_FORM = "{label}请填整数，例如 12"
ID_LOST_DIGITS = "身份证号被当成数字，后三位已丢失，请按文本重填"
CODE_LOST_DIGITS = "代码被当成数字，后几位已丢失，请按文本重填"
CHOICE_AGAIN = "请从列出的选项里重新选择{label}"
CHOICE_UNKNOWN = "“{value}”不在选项里，请选：{options}"
CHOICE_NOT_LISTED = "“{value}”不在选项里，请从列表里选"

_PARSE_ERRORS = (identity.IdentityError, text.TextError, money.MoneyError, DateError)
_LIKE_A_FLOAT = re.compile(r"[0-9.]+[eE]\+?[0-9]+")


def name_required_message(field, label):
    """Give a form field, ours or Django's, a “请填写…” or “请选择…” of its own; a sentence set by hand stays."""
    if field.error_messages.get("required") in (REQUIRED, forms.Field.default_error_messages["required"]):
        chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
        sentence = REQUIRED_CHOICE if chooses else REQUIRED_NAMED
        field.error_messages["required"] = sentence.format(label=label)


def name_choice_message(field, label):
    """Give a choice of Django's a sentence of ours for a value that is not, or no longer, among the choices."""
    messages = field.error_messages
    for kind in (forms.ModelChoiceField, forms.ChoiceField):
        if (
            isinstance(field, kind)
            and messages["invalid_choice"] == kind.default_error_messages["invalid_choice"]
        ):
            messages["invalid_choice"] = CHOICE_AGAIN.format(label=label)


def check_day(day, *, label, past=False, earliest=None):
    """Refuse a day after today when only the past makes sense, and a day before ``earliest``."""
    if past and day > clock.today():
        raise ValidationError(DAY_IN_FUTURE.format(label=label), code="future")
    if earliest is not None and day < earliest:
        raise ValidationError(DAY_TOO_EARLY.format(label=label, day=zh(earliest)), code="early")


class TypedField(forms.Field):
    """One line of text that means something. A subclass says how to ``read`` it and, if it can, how to take a cell."""

    widget = forms.TextInput
    default_error_messages = {"required": REQUIRED}
    attributes = {"inputmode": "text", "autocomplete": "off"}
    empty_value = ""
    noun = "这一项"
    hint = ""

    def __init__(self, *, empty_value=..., **kwargs):
        if empty_value is not ...:
            self.empty_value = empty_value
        kwargs["help_text"] = kwargs.get("help_text") or self.hint
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | self.attributes

    def to_python(self, value):
        if value is None:
            return self.empty_value
        try:
            if not isinstance(value, str):
                return self.take_cell(value)
            return self.read(value) if text.clean(value) else self.empty_value
        except _PARSE_ERRORS as error:
            suggestion = getattr(error, "suggestion", None)
            params = None if suggestion is None else {"suggestion": suggestion}
            raise ValidationError(error.message, code=error.code, params=params) from error

    def read(self, typed):
        """The value of a text that is not empty."""
        return text.clean(typed)

    def take_cell(self, value):
        """The value of a spreadsheet cell that is not text."""
        return self.read(plain_number(value))

    def refuse(self, sentence, code, **facts):
        """Raise a sentence about this field, by its label."""
        raise ValidationError(sentence.format(label=self.label or self.noun, **facts), code=code)


def plain_number(value):
    """A cell as somebody would have typed it: ``12`` and not ``12.0``, and no noise past the 15 digits Excel keeps."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}".removesuffix(".0")
    return str(value)


class LineFormField(TypedField):
    """One line of free text. Characters are counted after cleaning; nothing is cut.

    ``max_length`` is what Django's own columns call ``max_chars``.
    """

    def __init__(self, *, max_chars=None, max_length=None, **kwargs):
        self.max_chars = max_length if max_chars is None else max_chars
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        count = text.length(value or "")
        if self.max_chars is not None and count > self.max_chars:
            self.refuse(TOO_LONG, "too_long", limit=self.max_chars, count=count)


class ParagraphFormField(LineFormField):
    """Free text in lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def read(self, typed):
        return text.clean_lines(typed)


class NameFormField(TypedField):
    """A person's name."""

    noun = "姓名"

    def read(self, typed):
        return text.parse_name(typed)


class CreditCodeFormField(TypedField):
    """A unified social credit code."""

    noun = "统一社会信用代码"
    attributes = TypedField.attributes | {"spellcheck": "false"}

    def read(self, typed):
        if _LIKE_A_FLOAT.fullmatch(typed.strip()):
            raise ValidationError(CODE_LOST_DIGITS, code="cell")
        return identity.CreditCode.parse(typed).value

    def take_cell(self, value):
        raise ValidationError(CODE_LOST_DIGITS, code="cell")


class CitizenIdFormField(TypedField):
    """A citizen ID number. A number cell has lost its last three digits; they are never guessed."""

    noun = "身份证号"
    attributes = TypedField.attributes | {"spellcheck": "false"}

    def read(self, typed):
        try:
            return identity.CitizenId.parse(typed, today=clock.today()).value
        except identity.IdentityError as error:
            code = identity.normalise_code(typed)
            if _LIKE_A_FLOAT.fullmatch(typed.strip()) or (len(code) == 18 and code.endswith("000")):
                raise ValidationError(ID_LOST_DIGITS, code="cell") from error
            raise

    def take_cell(self, value):
        raise ValidationError(ID_LOST_DIGITS, code="cell")


class DisabilityCertificateFormField(TypedField):
    """A disability certificate number."""

    noun = "残疾人证号"
    attributes = TypedField.attributes | {"spellcheck": "false"}

    def read(self, typed):
        if _LIKE_A_FLOAT.fullmatch(typed.strip()):
            raise ValidationError(CODE_LOST_DIGITS, code="cell")
        return identity.DisabilityCertificate.parse(typed, today=clock.today()).value

    def take_cell(self, value):
        raise ValidationError(CODE_LOST_DIGITS, code="cell")


class PhoneFormField(TypedField):
    """A mobile or landline number; the value is its digits, shown again as people write it."""

    noun = "电话号码"
    attributes = TypedField.attributes | {"inputmode": "tel"}

    def read(self, typed):
        return identity.Phone.parse(typed).digits

    def prepare_value(self, value):
        try:
            return identity.Phone.parse(value or "").display
        except identity.IdentityError:
            return value


class EmailFormField(TypedField):
    """An e-mail address."""

    noun = "电子邮箱"
    attributes = TypedField.attributes | {
        "inputmode": "email",
        "autocomplete": "email",
        "spellcheck": "false",
    }

    def read(self, typed):
        return text.parse_email(typed)


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


class DayFormField(TypedField):
    """A day, typed in any usual way. ``past`` refuses days after today, ``earliest`` days before it."""

    noun = "日期"
    hint = DAY_HINT
    empty_value = None

    def __init__(self, *, past=False, earliest=None, **kwargs):
        self.past, self.earliest = past, earliest
        super().__init__(**kwargs)

    def read(self, typed):
        return parse_day(typed)

    def take_cell(self, value):
        if isinstance(value, datetime):
            return clock.day_of(value)
        if isinstance(value, date):
            return value
        if isinstance(value, bool | time):
            raise ValidationError(DATE_FORM, code="format")
        return parse_day(plain_number(value))

    def validate(self, value):
        super().validate(value)
        if value is not None:
            check_day(value, label=self.label or self.noun, past=self.past, earliest=self.earliest)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


class TimeFormField(TypedField):
    """A time of day to the minute: 14:30, 14：30, 1430, 14点30分, 14点半, 下午2:30."""

    noun = "时间"
    hint = TIME_HINT
    empty_value = None
    _TIME = re.compile(
        r"(?P<half>上午|早上|中午|下午|晚上)?(?P<hour>[0-9]{1,2})(?:[:.点时](?P<minute>[0-9]{1,2}|半|整)?分?(?::00)?)"
    )
    _RUN_TOGETHER = re.compile(r"(?P<half>)(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})")

    def read(self, typed):
        folded = text.fold_digits(typed)
        match = self._TIME.fullmatch(folded) or self._RUN_TOGETHER.fullmatch(folded)
        if match is None:
            raise ValidationError(TIME_FORM, code="format")
        minute = {None: 0, "整": 0, "半": 30}.get(match["minute"])
        minute = int(match["minute"]) if minute is None else minute
        hour = int(match["hour"])
        if match["half"] in {"下午", "晚上", "中午"} and hour < (10 if match["half"] == "中午" else 12):
            hour += 12
        if hour > 23 or minute > 59:
            raise ValidationError(TIME_FORM, code="format")
        return time(hour, minute)

    def take_cell(self, value):
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0, tzinfo=None)
        raise ValidationError(TIME_FORM, code="format")

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value


class LabelledChoiceField(forms.ChoiceField):
    """A choice given by its value or, in a sheet, by the Chinese word for it."""

    default_error_messages = {"required": REQUIRED}

    def to_python(self, value):
        typed = text.clean(plain_number(value)) if value is not None else ""
        by_word = {text.clean(str(label)): str(key) for key, label in self._pairs()}
        values = {str(key) for key, _ in self._pairs()}
        return typed if typed in values else by_word.get(typed, typed)

    def validate(self, value):
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            words = [str(label) for key, label in self._pairs() if key not in (None, "")]
            sentence = CHOICE_UNKNOWN if len(words) <= 12 else CHOICE_NOT_LISTED
            shown = sentence.format(value=value[:20], options="、".join(words))
            raise ValidationError(shown, code="invalid_choice")

    def _pairs(self):
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                yield from label
            else:
                yield key, label


def _cell_number(value, sentence):
    """A number cell as ``Decimal``; anything else that is not text is refused with the sentence."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    raise ValidationError(sentence, code="format")
