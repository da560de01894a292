"""Whoever has the database in hand can break the log, but not unseen."""

import pytest
from django.db import connection

from jinchuan.audit import chain
from jinchuan.audit.models import AuditEvent, ChainHead
from tests import factories
from tests.guarding import guards_removed


@pytest.fixture
def log(db):
    """A log of some length, as its primary keys."""
    for _ in range(10):
        factories.registered_household()
    assert chain.breaks() == []
    return list(AuditEvent.objects.order_by("id").values_list("pk", flat=True))


def _sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _named(pk, sentences):
    return any(f"操作记录 {pk} " in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "nobody"),
        ("action", "look"),
        ("target_id", "999"),
        ("reason", "改过"),
        ("address", "127.0.0.7"),
        ("after", '{"value": "1"}'),
        ("at", "2026-01-01 00:00:00+00:00"),
        ("digest", "0" * 64),
    ],
)
def test_ten_edited_events_are_ten_reported(log, column, value):
    edited = log[3:33:3]
    assert len(edited) == 10
    with guards_removed():
        for pk in edited:
            _sql(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", value, pk)

    sentences = chain.breaks()

    assert [pk for pk in edited if not _named(pk, sentences)] == []


def test_ten_deleted_events_are_ten_reported(log):
    deleted = log[3:33:3]
    assert len(deleted) == 10
    with guards_removed():
        for pk in deleted:
            _sql("DELETE FROM audit_auditevent WHERE id = %s", pk)

    sentences = chain.breaks()

    assert [pk for pk in deleted if not _named(pk + 1, sentences)] == []


def test_ten_pairs_that_changed_places_are_reported(log):
    swapped = log[2:32:3]
    assert len(swapped) == 10
    with guards_removed():
        for pk in swapped:
            _sql("UPDATE audit_auditevent SET id = -1 WHERE id = %s", pk)
            _sql("UPDATE audit_auditevent SET id = %s WHERE id = %s", pk, pk + 1)
            _sql("UPDATE audit_auditevent SET id = %s WHERE id = -1", pk + 1)

    sentences = chain.breaks()

    assert [pk for pk in swapped if not _named(pk, sentences)] == []


def test_a_log_cut_short_at_its_end_is_reported(log):
    with guards_removed():
        _sql("DELETE FROM audit_auditevent WHERE id > %s", log[-5])

    assert len(chain.breaks()) == 1


def test_an_event_put_in_without_the_key_is_reported(log):
    event = AuditEvent.objects.get(pk=log[-1])
    event.pk = log[-1] + 1
    event.previous_digest = event.digest
    event.save(force_insert=True)

    assert _named(event.pk, chain.breaks())


def test_a_new_head_does_not_hide_a_cut(log):
    with guards_removed():
        _sql("DELETE FROM audit_auditevent WHERE id = %s", log[5])
    ChainHead.objects.update(count=len(log) - 1)

    assert _named(log[6], chain.breaks())
