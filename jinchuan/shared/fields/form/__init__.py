"""Form fields, for pages and for cells of a sheet. Each normalises first, then validates, and answers in Chinese.

A page gives text; a sheet may give numbers, dates and times, which are taken as they are where that is safe.
No field renders ``type=number`` or ``maxlength``: a mouse wheel changes the one, the other cuts a paste in silence.
"""

from .base import (
    CHOICE_AGAIN,
    REQUIRED,
    REQUIRED_CHOICE,
    REQUIRED_NAMED,
    TypedField,
    name_choice_message,
    name_required_message,
    plain_number,
)
from .choices import (
    CHOICE_NOT_LISTED,
    CHOICE_UNKNOWN,
    LabelledChoiceField,
)
from .codes import (
    CODE_LOST_DIGITS,
    ID_LOST_DIGITS,
    CitizenIdFormField,
    CreditCodeFormField,
    DisabilityCertificateFormField,
    EmailFormField,
    PhoneFormField,
)
from .days import (
    DAY_HINT,
    DAY_IN_FUTURE,
    DAY_TOO_EARLY,
    TIME_FORM,
    TIME_HINT,
    DayFormField,
    TimeFormField,
    check_day,
)
from .numbers import (
    NUMBER_FORM,
    NUMBER_NOT_POSITIVE,
    NUMBER_PLACES,
    NUMBER_TOO_LARGE,
    NUMBER_TOO_SMALL,
    WHOLE_FORM,
    MoneyFormField,
    QuantityFormField,
    WholeNumberFormField,
)
from .words import (
    TOO_LONG,
    LineFormField,
    NameFormField,
    ParagraphFormField,
)

__all__ = [
    "CHOICE_AGAIN",
    "CHOICE_NOT_LISTED",
    "CHOICE_UNKNOWN",
    "CODE_LOST_DIGITS",
    "DAY_HINT",
    "DAY_IN_FUTURE",
    "DAY_TOO_EARLY",
    "ID_LOST_DIGITS",
    "NUMBER_FORM",
    "NUMBER_NOT_POSITIVE",
    "NUMBER_PLACES",
    "NUMBER_TOO_LARGE",
    "NUMBER_TOO_SMALL",
    "REQUIRED",
    "REQUIRED_CHOICE",
    "REQUIRED_NAMED",
    "TIME_FORM",
    "TIME_HINT",
    "TOO_LONG",
    "WHOLE_FORM",
    "CitizenIdFormField",
    "CreditCodeFormField",
    "DayFormField",
    "DisabilityCertificateFormField",
    "EmailFormField",
    "LabelledChoiceField",
    "LineFormField",
    "MoneyFormField",
    "NameFormField",
    "ParagraphFormField",
    "PhoneFormField",
    "QuantityFormField",
    "TimeFormField",
    "TypedField",
    "WholeNumberFormField",
    "check_day",
    "name_choice_message",
    "name_required_message",
    "plain_number",
]
