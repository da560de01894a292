"""What is issued stays as it is, by every way into the database; a change of keys is no change."""

import base64
import os

import pytest
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from jinchuan.ops import rotation
from jinchuan.shared import crypto
from tests import factories
from tests import factories_certificates as made
from tests.guarding import ROUTES, SQLITE_KEY_ROUTES, SQLITE_ROUTES, guards_removed
from volunteers import certificate_content as contents
from volunteers.certificate_consistency import certificates_say_what_was_sealed
from volunteers.guards import GUARDS
from volunteers.models import Certificate

IS_SQLITE = connection.vendor == "sqlite"
DOORS = ROUTES | (SQLITE_ROUTES | SQLITE_KEY_ROUTES if IS_SQLITE else {})
pytestmark = pytest.mark.django_db


def _columns(row):
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def _refused(route, row, column, value):
    before = _columns(row)
    with pytest.raises((Error, ProtectedError)), transaction.atomic():
        route(row, column, value)
    assert _columns(row) == before


@pytest.mark.parametrize("state", ["issued", "revoked", "replaced"])
def test_no_door_leads_to_an_issued_certificate(state):
    row = getattr(made, state)()
    for route in DOORS.values():
        _refused(route, Certificate.objects.get(pk=row.pk), "minutes", 9999)


FIXED = {
    "issuer_id": 999999,
    "number": "ZM0001-2026-9999",
    "year": 2020,
    "content_seal": "0" * 64,
    "code_hash": "0" * 64,
    "issued_on": "2020-01-01",
    "period_from": "2020-01-01",
    "waiver_reason": "改过的话",
    "revoked_at": "2020-01-01 00:00:00+00:00",
}


def test_no_word_of_it_changes_once_it_is_revoked():
    row = made.revoked()
    for column, value in FIXED.items():
        _refused(ROUTES["sql_update"], row, column, value)
    for state in ("issued", "replaced", "applied"):
        _refused(ROUTES["sql_update"], row, "state", state)


def test_other_words_under_the_same_key_are_refused():
    row = made.issued()
    context = Certificate._meta.get_field("content").context
    _refused(ROUTES["sql_update"], row, "content", crypto.encrypt("{}", context=context))


def test_a_printed_file_is_not_exchanged():
    paper = made.issued(printed=True).paper
    paper.refresh_from_db()
    assert paper.sha256
    for route in (DOORS[name] for name in DOORS if name != "replace_by_another_key"):
        _refused(route, paper, "pages", 99)


def test_a_new_key_seals_the_same_words(settings):
    row = made.issued()
    before = contents.read(row)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = "k2027:" + base64.b64encode(os.urandom(32)).decode() + "," + old

    outcome = rotation.rotate()

    assert (outcome.left, outcome.refused, outcome.unreadable) == (0, [], [])
    settings.FIELD_KEYS = settings.FIELD_KEYS.partition(",")[0]
    assert contents.read(Certificate.objects.get(pk=row.pk)) == before


def test_other_words_brought_in_with_a_new_key_are_found(settings):
    """The one door of the guard, misused by somebody who holds the keys and the database."""
    row = made.issued()
    settings.FIELD_KEYS = "k2027:" + base64.b64encode(os.urandom(32)).decode() + "," + settings.FIELD_KEYS
    context = Certificate._meta.get_field("content").context
    ROUTES["sql_update"](row, "content", crypto.encrypt('{"minutes": 9999}', context=context))
    assert list(certificates_say_what_was_sealed()) == [contents.TAMPERED.format(number=row.number)]


def test_without_the_guard_each_door_would_be_open():
    row = made.issued()
    with guards_removed():
        ROUTES["update"](row, "minutes", 9999)
    assert Certificate.objects.get(pk=row.pk).minutes == 9999


def test_what_is_not_issued_yet_may_still_be_declined():
    assert made.declined(factories.approved_organization()).state == "declined"


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_guards_are_installed(guard):
    assert guard.is_installed(connection)
