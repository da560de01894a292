"""The number of an identity document of any kind. Its kind, beside it, says how it is checked further."""

import re

from django.core.exceptions import ValidationError

from jinchuan.shared.fields.form import CODE_LOST_DIGITS, TypedField
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.identity import normalise_code

DOCUMENT_FORM = "证件号码应为 5 至 20 位字母或数字，请核对。"
_NUMBER = re.compile(r"[0-9A-Z]{5,20}")


def parse_document(typed: str) -> str:
    """A number in capitals, without spaces and hyphens; raises ValidationError."""
    number = normalise_code(typed)
    if not _NUMBER.fullmatch(number):
        raise ValidationError(DOCUMENT_FORM, code="format")
    return number


class DocumentFormField(TypedField):
    noun = "证件号码"
    attributes = TypedField.attributes | {"spellcheck": "false"}

    def read(self, typed):
        return parse_document(typed)

    def take_cell(self, value):
        raise ValidationError(CODE_LOST_DIGITS, code="cell")


class DocumentNumberField(EncryptedTextField):
    """Stored encrypted, in the one form that ``parse_document`` gives."""

    def normalise(self, value):
        return parse_document(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": DocumentFormField, **kwargs})
