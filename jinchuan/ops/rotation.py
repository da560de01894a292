"""Writing every encrypted value again under the first key of ``FIELD_KEYS``, while the site runs.

Row by row, and only if the value is still the one that was read: whoever saves a row meanwhile writes it under the new key
anyway, and is never overwritten. What is done stays done, so an interrupted run is simply started again. Guards stay in
place; a row they refuse is reported and keeps its old key.

The index key (``INDEX_KEY``) is not part of this: its hashes stand under unique rules and chain the log, so it is not
changed on a running system.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from jinchuan.audit.models import KeySentinel
from jinchuan.audit.services import record, verb
from jinchuan.shared import crypto
from jinchuan.shared.fields.model import EncryptedTextField

BATCH = 200


@dataclass(frozen=True)
class Place:
    """One encrypted column of one table."""

    table: str
    key: str
    column: str
    context: str

    @property
    def label(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass
class Outcome:
    """What a run wrote again, what guards refused, what no key of the ring opens, and what is left under an old key."""

    written: int = 0
    refused: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    left: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.left


def places() -> list[Place]:
    """Every encrypted column, and the sealed word by which wrong keys are noticed."""
    found = [
        Place(model._meta.db_table, model._meta.pk.column, column.column, column.context)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for column in model._meta.local_concrete_fields
        if isinstance(column, EncryptedTextField)
    ]
    return [*found, Place(KeySentinel._meta.db_table, "id", "sealed", "audit.KeySentinel.sealed")]


def waiting(place) -> int:
    """How many values of a column stand under an old key."""
    condition, parameters = _old(place)
    with connection.cursor() as cursor:
        query = f"SELECT count(*) FROM {_name(place.table)} WHERE {condition}"  # noqa: S608 — names from the models
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]


def rotate(report=lambda place, done, total: None) -> Outcome:
    """Write everything again that stands under an old key; ``report`` hears how far each column is.

    Ends with the proof: every column is counted again, so what an old process wrote meanwhile is seen.
    """
    outcome = Outcome()
    for place in places():
        total, done = waiting(place), 0
        if total:
            report(place, 0, total)
        for batch in _batches(place):
            with transaction.atomic():
                for pk, token in batch:
                    outcome.written += _again(place, pk, token, outcome)
            done += len(batch)
            report(place, min(done, total), total)
    outcome.left = sum(waiting(place) for place in places())
    _note(outcome, by=None)
    return outcome


def _again(place, pk, token, outcome) -> int:
    """One value under the new key, unless somebody changed it since it was read."""
    try:
        text = crypto.decrypt(token, context=place.context)
    except crypto.DecryptionError:
        outcome.unreadable.append(f"{place.label} {pk}")
        return 0
    sealed = crypto.encrypt(text, context=place.context)
    table, key, column = _name(place.table), _name(place.key), _name(place.column)
    update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update, [sealed, pk, token])
            return cursor.rowcount
    except IntegrityError as error:
        outcome.refused.append(f"{place.label} {pk}: {error}")
        return 0


def _batches(place) -> Iterator[list]:
    """Values under an old key in the order of their rows, a batch at a time, each row once."""
    condition, parameters = _old(place)
    table, key, column = _name(place.table), _name(place.key), _name(place.column)
    wanted = f"SELECT {key}, {column} FROM {table} WHERE {condition}"  # noqa: S608
    last = None
    while True:
        beyond = f" AND {key} > %s" if last is not None else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"{wanted}{beyond} ORDER BY {key} LIMIT {BATCH}",
                [*parameters, *([last] if last is not None else [])],
            )
            batch = cursor.fetchall()
        if not batch:
            return
        yield batch
        last = batch[-1][0]


def _old(place) -> tuple[str, list]:
    """SQL for “not empty, and not under the key that writes now”; the rule is that of ``crypto.writes_with``."""
    prefix = crypto.encrypt("", context=place.context).partition(":")[0] + ":"
    column = _name(place.column)
    return f"{column} <> '' AND substr({column}, 1, %s) <> %s", [len(prefix), prefix]


def _name(identifier) -> str:
    return connection.ops.quote_name(identifier)


@verb
def _note(outcome, *, by) -> None:
    sentinel = KeySentinel.objects.order_by("pk").first()
    if sentinel and (outcome.written or outcome.left):
        after = {"rows": str(outcome.written), "left": str(outcome.left)}
        record("rotate_keys", sentinel, by=by, after=after)
