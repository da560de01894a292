"""The world of these tests is built once a file; each test gets a copy of it, and a savepoint of its own."""

from copy import deepcopy

import pytest
from django.db import transaction

from .world import build


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    return deepcopy(built)
