"""Fields for people who type Chinese: model fields here, their form fields in ``fields.form``."""

from jinchuan.shared.fields.model import (
    CitizenIdField,
    CreditCodeField,
    DayField,
    DisabilityCertificateField,
    EmailAddressField,
    EncryptedTextField,
    KeyedHashField,
    MoneyField,
    NameField,
    PhoneField,
    SealedFieldError,
)

__all__ = [
    "CitizenIdField",
    "CreditCodeField",
    "DayField",
    "DisabilityCertificateField",
    "EmailAddressField",
    "EncryptedTextField",
    "KeyedHashField",
    "MoneyField",
    "NameField",
    "PhoneField",
    "SealedFieldError",
]
