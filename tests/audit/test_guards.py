"""The log only grows, by every way into the database."""

import pytest
from django.db import Error, connection, transaction

from jinchuan.audit.guards import GUARDS
from jinchuan.audit.models import AuditEvent
from tests import factories
from tests.guarding import ROUTES, SQLITE_ROUTES

ALL_ROUTES = ROUTES | (SQLITE_ROUTES if connection.vendor == "sqlite" else {})


@pytest.mark.parametrize("route", ALL_ROUTES)
def test_an_event_cannot_be_changed_or_removed(db, route):
    factories.registered_household()
    before = list(AuditEvent.objects.order_by("pk").values())
    assert before

    with pytest.raises(Error), transaction.atomic():
        ALL_ROUTES[route](AuditEvent.objects.last(), "actor", "nobody")

    assert list(AuditEvent.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_guards_are_installed(db, guard):
    assert guard.is_installed(connection)
