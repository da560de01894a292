"""Model fields. Each reads what people type with the same parser as its form field, and stores one normal form.

Personal numbers are stored encrypted; beside those that must be found or be unique stands a ``KeyedHashField``.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.lookups import Exact, IsNull

from jinchuan.shared import clock, crypto, identity, money, text
from jinchuan.shared.dates import DateError, parse_day
from jinchuan.shared.fields import form as forms


class SealedFieldError(FieldError, TypeError):
    """A query asked an encrypted column something ciphertext cannot answer."""


EMPTY = {"blank": forms.REQUIRED, "null": forms.REQUIRED}


def _refusal(error):
    return ValidationError(error.message, code=error.code)


class MoneyField(models.DecimalField):
    """An amount in 元 with two places, ``Decimal``. ``signed=True`` is for corrections only.

    Text is read as people type it; numbers are taken as they are, so totals may pass the limit of one entry.
    ``zero=True`` lets a form accept 0.
    """

    default_error_messages = EMPTY

    def __init__(self, verbose_name=None, *, zero=False, signed=False, **kwargs):
        self.zero, self.signed = zero, signed
        super().__init__(verbose_name, **{**kwargs, "max_digits": 14, "decimal_places": 2})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        kwargs |= {key: True for key in ("zero", "signed") if getattr(self, key)}
        return name, path, args, kwargs

    def to_python(self, value):
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return money.parse_yuan(value, zero=True, signed=True)
            except money.MoneyError as error:
                raise _refusal(error) from error
        try:
            amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        except (InvalidOperation, TypeError, ValueError) as error:
            raise ValidationError(money.NOT_A_NUMBER, code="format") from error
        if not amount.is_finite():
            raise ValidationError(money.NOT_A_NUMBER, code="format")
        return amount

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value is not None and value < 0 and not self.signed:
            raise ValidationError(money.NOT_NEGATIVE, code="negative")

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.MoneyFormField, zero=self.zero, signed=self.signed)


class NameField(models.CharField):
    """A person's name: 1–50 characters, Chinese or other letters and ``·``, rare characters included."""

    default_error_messages = EMPTY

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = text.NAME_LIMIT
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def clean(self, value, model_instance):
        if isinstance(value, str) and value:
            try:
                value = text.parse_name(value)
            except text.TextError as error:
                raise _refusal(error) from error
        return super().clean(value, model_instance)

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.NameFormField)


class CreditCodeField(models.CharField):
    """A unified social credit code (GB 32100), 18 characters, stored in capitals."""

    default_error_messages = EMPTY

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 18
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def clean(self, value, model_instance):
        if value:
            value = _parsed(identity.CreditCode, value).value
        return super().clean(value, model_instance)

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.CreditCodeFormField)


class _EmptyExact(Exact):
    """``field=""`` is the one comparison ciphertext can answer."""

    def get_prep_lookup(self):
        if self.rhs != "":
            raise SealedFieldError(_sealed(self.lhs.output_field, "exact"))
        return ""


def _sealed(field, lookup):
    return (
        f"{field.name} is encrypted, so “{lookup}” cannot search it. Search the KeyedHashField beside it "
        f"(<field>__of=text); only {field.name}='' and {field.name}__isnull are possible here."
    )


class EncryptedTextField(models.Field):
    """Text stored as AES-256-GCM ciphertext bound to this column; ``""`` stays ``""`` and None stays None.

    A value that does not decrypt raises: ciphertext never reaches a page. Only ``isnull`` and ``exact ""`` can be
    queried. Beware: ``dumpdata`` writes the clear text.
    """

    description = "encrypted text"
    default_error_messages = EMPTY

    def get_internal_type(self):
        return "TextField"

    def to_python(self, value):
        return value if value is None or isinstance(value, str) else str(value)

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if self.unique or self.db_index:
            errors.append(
                checks.Error(
                    f"{self.name} is encrypted, so a unique constraint or an index on it means nothing.",
                    hint="Put it on a KeyedHashField(source=..., purpose=...) beside it.",
                    obj=self,
                    id="jinchuan.E001",
                )
            )
        return errors

    @property
    def context(self):
        """What the ciphertext is bound to; a value copied into another column does not decrypt."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_lookup(self, lookup_name):
        if lookup_name == "exact":
            return _EmptyExact
        if lookup_name == "isnull":
            return IsNull
        raise SealedFieldError(_sealed(self, lookup_name))

    def get_prep_value(self, value):
        value = self.to_python(super().get_prep_value(value))
        return crypto.encrypt(value, context=self.context) if value else value

    def from_db_value(self, value, expression, connection):
        return crypto.decrypt(value, context=self.context) if value else value

    def normalise(self, value):
        """The one form in which a value is stored and hashed; raises ValidationError."""
        return text.strip_invisible(str(value))

    def clean(self, value, model_instance):
        if isinstance(value, str) and value:
            value = self.normalise(value)
        return super().clean(value, model_instance)

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.ParagraphFormField)


class CitizenIdField(EncryptedTextField):
    """A citizen ID number (GB 11643), 18 characters, encrypted."""

    def normalise(self, value):
        return _parsed(identity.CitizenId, value, today=clock.today()).value

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.CitizenIdFormField)


class DisabilityCertificateField(EncryptedTextField):
    """A disability certificate number, 20 characters, encrypted because it holds the citizen ID number."""

    def normalise(self, value):
        return _parsed(identity.DisabilityCertificate, value, today=clock.today()).value

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.DisabilityCertificateFormField)


class PhoneField(EncryptedTextField):
    """A mobile or landline number as digits, encrypted."""

    def normalise(self, value):
        return _parsed(identity.Phone, value).digits

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.PhoneFormField)


class EmailAddressField(EncryptedTextField):
    """An e-mail address, encrypted."""

    def normalise(self, value):
        try:
            return text.parse_email(value)
        except text.TextError as error:
            raise _refusal(error) from error

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.EmailFormField)


class KeyedHashField(models.CharField):
    """The keyed hash of an encrypted field of the same row: lets it be found exactly, or be unique.

    Filled from ``source`` when the row is cleaned and again when it is saved; None when the source is empty, so a
    unique constraint passes over rows without a number. Search with ``<field>__of="what somebody typed"``.
    A ``save(update_fields=…)`` that names the source must name this field too, and ``update()`` leaves it behind.
    """

    def __init__(self, verbose_name=None, *, source, purpose, **kwargs):
        self.source, self.purpose = source, purpose
        super().__init__(verbose_name, **{**kwargs, "max_length": 64, "null": True, "editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "editable"):
            del kwargs[fixed]
        return name, path, args, kwargs | {"source": self.source, "purpose": self.purpose}

    def digest(self, value):
        """The hash under which ``value`` would be stored, or None when it is empty. Raises ValidationError."""
        if value is None or value == "":
            return None
        normal = self.model._meta.get_field(self.source).normalise(value)
        return crypto.keyed_hash(normal, purpose=self.purpose)

    def clean(self, value, model_instance):
        try:
            return self.digest(getattr(model_instance, self.source))
        except ValidationError:
            return None  # the source field says what is wrong with it

    def pre_save(self, model_instance, add):
        value = self.digest(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


@KeyedHashField.register_lookup
class Of(Exact):
    """``number_hash__of="６２０…x"``: rows whose source is this text, however it was typed; nothing if it is none."""

    lookup_name = "of"

    def get_prep_lookup(self):
        try:
            return self.lhs.output_field.digest(self.rhs) or "-"
        except ValidationError:
            return "-"

    def get_rhs_op(self, connection, rhs):
        return connection.operators["exact"] % rhs


class DayField(models.DateField):
    """A date people mean (``*_on``). ``past=True`` refuses days after today; ``earliest`` refuses days before it."""

    default_error_messages = EMPTY

    def __init__(self, verbose_name=None, *, past=False, earliest=None, **kwargs):
        self.past, self.earliest = past, earliest
        super().__init__(verbose_name, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.past:
            kwargs["past"] = True
        if self.earliest is not None:
            kwargs["earliest"] = self.earliest
        return name, path, args, kwargs

    def to_python(self, value):
        if isinstance(value, datetime):
            return clock.day_of(value)
        if isinstance(value, str) and value:
            try:
                return parse_day(value)
            except DateError as error:
                raise _refusal(error) from error
        return super().to_python(value)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value is not None:
            forms.check_day(value, label=str(self.verbose_name), past=self.past, earliest=self.earliest)

    def formfield(self, **kwargs):
        return _formfield(self, kwargs, forms.DayFormField, past=self.past, earliest=self.earliest)


def _parsed(kind, value, **kwargs):
    try:
        return kind.parse(value, **kwargs)
    except identity.IdentityError as error:
        raise _refusal(error) from error


def _formfield(field, kwargs, form_class, **options):
    """Django's form field for a model field, as ``form_class`` and without Django's ``max_length`` truncation."""
    if field.null:
        options["empty_value"] = None
    return models.Field.formfield(field, **{"form_class": form_class, **options, **kwargs})
