"""What the stock admin stands over: the same rows in tables with only the indexes Django makes by itself (primary keys,
foreign keys, unique columns). No index, constraint or queryset of ours; encrypted columns are plain text to it.
"""

from django.db import connection, models

from cases.models import (
    CareNeed,
    CarePlan,
    Consent,
    EligibilityReview,
    Hardship,
    Household,
    Matter,
    Member,
    Obligation,
    Pairing,
    Visit,
    VisitHousehold,
)
from donations.models import Donation, DonationLine, Donor
from jinchuan.shared.fields.exact import ExactField
from jinchuan.shared.fields.model import EncryptedTextField

_COPIED = [
    Household,
    Member,
    Hardship,
    Consent,
    EligibilityReview,
    Pairing,
    Visit,
    VisitHousehold,
    Obligation,
    CareNeed,
    Matter,
    CarePlan,
    Donor,
    Donation,
    DonationLine,
]


def _plain(model):
    traits = {field.name: _column(field) for field in model._meta.concrete_fields if not field.primary_key}
    meta = type(
        "Meta", (), {"app_label": "bench", "managed": False, "verbose_name": model._meta.verbose_name}
    )
    return type(f"Plain{model.__name__}", (models.Model,), {**traits, "Meta": meta, "__module__": __name__})


def _column(field):
    kept = {one: getattr(field, one) for one in ("verbose_name", "null", "blank", "editable")}
    if field.is_relation:
        target = field.remote_field.model
        name = field.remote_field.related_name
        kept |= {"on_delete": models.PROTECT, "related_name": name if target in _COPIED else "+"}
        to = f"bench.Plain{target.__name__}" if target in _COPIED else target
        return (models.OneToOneField if field.one_to_one else models.ForeignKey)(to, **kept)
    if isinstance(field, EncryptedTextField):
        return models.TextField(**kept)
    if isinstance(field, models.CharField):
        return models.CharField(
            max_length=field.max_length, choices=field.choices, unique=field.unique, **kept
        )
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return models.DateField(**kept)
    if isinstance(field, ExactField):
        return models.BigIntegerField(**kept)
    plain = field.clone()
    plain.db_index = False
    return plain


_PLAIN = {model: _plain(model) for model in _COPIED}
(
    PlainHousehold,
    PlainMember,
    PlainHardship,
    PlainConsent,
    PlainEligibilityReview,
    PlainPairing,
    PlainVisit,
    PlainVisitHousehold,
    PlainObligation,
    PlainCareNeed,
    PlainMatter,
    PlainCarePlan,
    PlainDonor,
    PlainDonation,
    PlainDonationLine,
) = _PLAIN.values()


def copy_care() -> None:
    """The rows of the care side as they are now."""
    _copy([model for model in _COPIED if model._meta.app_label == "cases"])


def copy_gifts() -> None:
    _copy([Donor, Donation, DonationLine])


def is_copied(model) -> bool:
    plain = _PLAIN[model]
    return plain._meta.db_table in connection.introspection.table_names() and plain.objects.exists()


def _copy(originals) -> None:
    """With the tables, which no migration makes: they are of a measurement only."""
    there = connection.introspection.table_names()
    for plain in _PLAIN.values():
        if plain._meta.db_table not in there:
            plain._meta.managed = True  # or it gets no index of a foreign key
            with connection.schema_editor() as editor:
                editor.create_model(plain)
    with connection.cursor() as cursor:
        for model in originals:
            plain = _PLAIN[model]
            names = ", ".join(connection.ops.quote_name(one.column) for one in plain._meta.concrete_fields)
            cursor.execute(
                f"INSERT INTO {plain._meta.db_table} ({names}) SELECT {names} FROM {model._meta.db_table}"
            )
