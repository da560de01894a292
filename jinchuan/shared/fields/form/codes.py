"""What identifies or reaches somebody: numbers with check characters, telephone numbers, addresses of e-mail."""

import re

from django.core.exceptions import ValidationError

from jinchuan.shared import clock, identity, text

from .base import TypedField

ID_LOST_DIGITS = "身份证号被当成数字，后三位已丢失，请按文本重填"
CODE_LOST_DIGITS = "代码被当成数字，后几位已丢失，请按文本重填"

_LIKE_A_FLOAT = re.compile(r"[0-9.]+[eE]\+?[0-9]+")


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
