"""What the database refused, in words: the sentence of the constraint that an IntegrityError names."""

from django.apps import apps
from django.db import IntegrityError
from django.db.models import UniqueConstraint

from jinchuan.shared import guards
from jinchuan.shared.errors import Refused

ALREADY_THERE = "同样的记录刚刚已被登记，请刷新后查看。"


def refusal_for(error: IntegrityError) -> Exception:
    """``Refused`` with the sentence of the constraint or guard; the error itself when it names none of ours."""
    text = str(error)
    for constraint in _constraints():
        if constraint.name in text or _sqlite_columns(constraint) in text:
            return Refused(constraint.get_violation_error_message())
    for guard in guards.registered():
        if f"{guard.name}: " in text and guard.sentence:
            return Refused(guard.sentence)
    if "UNIQUE" in text.upper():
        return Refused(ALREADY_THERE)
    return error


def _constraints():
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            constraint.model = model
            yield constraint


def _sqlite_columns(constraint) -> str:
    """SQLite names the columns, not the constraint: “UNIQUE constraint failed: t.a, t.b”."""
    if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
        return constraint.name
    table = constraint.model._meta.db_table
    columns = (constraint.model._meta.get_field(name).column for name in constraint.fields)
    return "UNIQUE constraint failed: " + ", ".join(f"{table}.{column}" for column in columns)
