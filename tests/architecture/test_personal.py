"""Personal data is declared where it is kept, masked by its own declaration, and never part of a row's name."""

from copy import deepcopy

import pytest
from django.apps import apps
from django.db import connection

from jinchuan.shared.fields.model import CitizenIdField, EncryptedTextField, NameField, PhoneField
from tests.access.world import build
from tests.once import built_once

MODELS = [model for model in apps.get_models() if model._meta.app_label not in {"mfa", "account"}]
DECLARED = [model for model in MODELS if getattr(model, "PERSONAL", None)]


built = built_once(build)


@pytest.fixture
def world(built, db):
    return deepcopy(built)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_names_phones_and_numbers_are_declared(model):
    personal = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, NameField | PhoneField | CitizenIdField)
    }

    assert personal <= set(getattr(model, "PERSONAL", {}))


@pytest.mark.parametrize("model", DECLARED, ids=lambda model: model._meta.label)
def test_what_is_declared_exists(model):
    assert set(model.PERSONAL) <= {field.name for field in model._meta.concrete_fields}


def test_phones_numbers_and_addresses_are_sealed_in_the_database(world):
    """Read past the model, as a thief would."""
    words = [
        word
        for canary, word in (world.a.canaries | world.b.canaries | world.hidden).items()
        if canary.endswith((" phone", "contact_phone", " id_number", " address", " email"))
    ]
    assert len(words) >= 20
    for model in MODELS:
        columns = [
            field.column for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)
        ]
        if columns:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")
                stored = str(cursor.fetchall())
            assert [word for word in words if word in stored] == []


def test_the_name_of_a_row_gives_nobody_away(world):
    canaries = world.a.canaries | world.b.canaries | world.hidden
    told = {
        (model._meta.label, canary)
        for model in MODELS
        for row in model._base_manager.all()
        for canary, word in canaries.items()
        if word in str(row) or word in repr(row)
    }

    assert told == set()


def test_masks_of_the_declarations_hide_the_value(world):
    shown = {
        (model._meta.label, name)
        for model in DECLARED
        for row in model._base_manager.all()
        for name, mask in model.PERSONAL.items()
        if (value := getattr(row, name)) and str(value) == str(mask(value))
    }

    assert shown == set()
