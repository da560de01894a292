"""New keys for old values, while people work."""

import base64
import os

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Household, Member
from jinchuan.audit import keycheck
from jinchuan.audit.models import AuditEvent, KeySentinel
from jinchuan.ops import rotation
from jinchuan.shared import crypto
from tests.access.world import build
from tests.once import built_once

built = built_once(build)


@pytest.fixture
def rows(built, db):
    """The rows of the world, as they were built: what a test does to them is undone after it."""


@pytest.fixture
def new_key(settings):
    """``new_key()`` puts a new key in front of the ring; ``new_key.alone()`` takes the old ones away."""
    old = settings.FIELD_KEYS
    new = "k2026:" + base64.b64encode(os.urandom(32)).decode()

    class Ring:
        def __call__(self):
            settings.FIELD_KEYS = f"{new},{old}"

        def alone(self):
            settings.FIELD_KEYS = new

        def back(self):
            settings.FIELD_KEYS = old

    return Ring()


def tokens() -> dict:
    """Every stored token, as it stands in the database."""
    found = {}
    for place in rotation.places():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {place.key}, {place.column} FROM {place.table} WHERE {place.column} <> ''"
            )
            found |= {(place.label, pk): token for pk, token in cursor.fetchall()}
    return found


def clear() -> dict:
    return {
        (model._meta.label, row.pk): [getattr(row, name) for name in names]
        for model, names in (
            (Household, ("address", "phone", "summary")),
            (Member, ("id_number", "guardian_phone", "id_hash")),
        )
        for row in model.objects.all()
    }


def test_every_value_is_under_the_new_key_and_says_the_same(rows, new_key):
    before = clear()
    new_key()

    outcome = rotation.rotate()
    new_key.alone()

    stored = tokens()
    assert outcome.written == len(stored) > 30
    assert (outcome.left, outcome.refused, outcome.unreadable) == (0, [], [])
    assert all(crypto.writes_with(token) for token in stored.values())
    assert clear() == before


def test_every_app_with_sealed_columns_is_reached():
    tables = {place.table.partition("_")[0] for place in rotation.places()}

    assert tables >= {"cases", "organizations", "donations", "volunteers", "intake", "audit"}


def test_the_old_key_may_go_then(rows, new_key):
    """At the next start the keys are tried on the sealed word: it must have moved too."""
    new_key()
    rotation.rotate()
    new_key.alone()

    keycheck.verify()


def test_run_again_it_finds_nothing(rows, new_key):
    new_key()
    rotation.rotate()
    stored, events = tokens(), AuditEvent.objects.count()

    assert rotation.rotate().written == 0
    assert (tokens(), AuditEvent.objects.count()) == (stored, events)


def test_interrupted_it_goes_on_where_it_was(rows, new_key, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    total = len(tokens())
    new_key()
    seen = []

    def stop(place, done, total):
        seen.append(done)
        if len(seen) > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(stop)
    done = sum(crypto.writes_with(token) for token in tokens().values())
    outcome = rotation.rotate()

    assert 0 < done < total
    assert (outcome.written, outcome.left) == (total - done, 0)


def test_who_saves_meanwhile_is_not_overwritten(rows, new_key, monkeypatch):
    """Between reading and writing somebody corrects the address."""
    new_key()
    household = Household.objects.first()
    original = crypto.decrypt

    def decrypt(token, *, context):
        if context == "cases.household.address":
            monkeypatch.setattr(crypto, "decrypt", original)
            Household.objects.filter(pk=household.pk).update(address="新华里9栋")
        return original(token, context=context)

    monkeypatch.setattr(crypto, "decrypt", decrypt)
    outcome = rotation.rotate()

    assert Household.objects.get(pk=household.pk).address == "新华里9栋"
    assert outcome.left == 0


def test_control_an_unconditional_write_would_lose_the_edit(rows, new_key, monkeypatch):
    new_key()
    household = Household.objects.first()
    original = crypto.decrypt
    before = household.address

    def decrypt(token, *, context):
        if context == "cases.household.address":
            monkeypatch.setattr(crypto, "decrypt", original)
            Household.objects.filter(pk=household.pk).update(address="新华里9栋")
        return original(token, context=context)

    def unconditional(place, pk, token, outcome):
        text = crypto.decrypt(token, context=place.context)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {place.table} SET {place.column} = %s WHERE {place.key} = %s",
                [crypto.encrypt(text, context=place.context), pk],
            )
        return 1

    monkeypatch.setattr(crypto, "decrypt", decrypt)
    monkeypatch.setattr(rotation, "_again", unconditional)
    rotation.rotate()

    assert Household.objects.get(pk=household.pk).address == before


def test_what_an_old_process_wrote_meanwhile_is_seen(rows, new_key):
    """A process that was not restarted still writes under the old key: the count at the end says so."""
    new_key()
    new_key.back()
    token = crypto.encrypt("龙首里1栋", context="cases.household.address")
    new_key()
    household = Household.objects.first()
    last = rotation.places()[-1]

    def report(place, done, total):
        if place == last:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE cases_household SET address = %s WHERE id = %s", [token, household.pk])

    assert rotation.rotate(report).left == 1
    assert rotation.rotate().left == 0
    assert Household.objects.get(pk=household.pk).address == "龙首里1栋"


def test_a_value_that_no_key_opens_is_told_and_left(rows, new_key):
    new_key()
    household = Household.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_household SET address = 'k0:AAAA' WHERE id = %s", [household.pk])

    outcome = rotation.rotate()

    assert outcome.unreadable == [f"cases_household.address {household.pk}"]
    assert outcome.left == 1


def test_versions_and_states_are_not_touched(rows, new_key):
    before = list(Household.objects.order_by("pk").values_list("version", "state"))
    new_key()
    rotation.rotate()

    assert list(Household.objects.order_by("pk").values_list("version", "state")) == before


def test_the_command_reports_and_proves(rows, new_key, capsys):
    total = len(tokens())
    new_key()

    call_command("rotate_keys", "--check")
    assert capsys.readouterr().out.splitlines()[-1] == f"共 {total} 条还用旧密钥。"
    call_command("rotate_keys")

    out = capsys.readouterr().out.splitlines()
    assert out[-2:] == [f"重新加密 {total} 条。", "没有一条再用旧密钥，可以从 FIELD_KEYS 中去掉它。"]
    assert any(line.startswith("cases_household.address：") for line in out)
    event = AuditEvent.objects.get(action="rotate_keys")
    assert event.after == {"rows": str(total), "left": "0"}
    assert KeySentinel.objects.count() == 1


def test_the_command_fails_while_something_is_left(rows, new_key):
    new_key()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_household SET address = 'k0:AAAA'")

    with pytest.raises(CommandError, match="旧密钥还不能去掉"):
        call_command("rotate_keys")


def test_a_guard_is_respected(rows, new_key):
    """If one day a guarded table has a sealed column, its rows are reported and the guard stands."""
    from jinchuan.shared import guards

    guard = guards.Guard(name="test_household_fixed", table="cases_household", message="不能改动")
    with connection.cursor() as cursor:
        for statement in guard.statements(connection.vendor):
            cursor.execute(statement)
    new_key()

    try:
        outcome = rotation.rotate()
    finally:
        guard.remove(connection)

    assert len(outcome.refused) == outcome.left > 0
    assert all(line.startswith("cases_household.") for line in outcome.refused)
