"""Break one rule of the database on purpose, past every check in Python, and see which rule answers."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from jinchuan.audit.refusals import refusal_for

SECOND_RULES = {
    "line_kind_known": "line_has_what_its_kind_needs",
    "user_role_known": "user_belongs_where_role_says",
}


def constraint_of(row, name):
    return next(constraint for constraint in row._meta.constraints if constraint.name == name)


def provoke(name, row, /, **columns) -> None:
    """Write ``columns`` into ``row`` with one UPDATE; the constraint ``name`` must refuse it, with its own sentence.

    A value outside the choices may break a second rule that lists the cases of that column. PostgreSQL then answers
    with the first by name, so the second is taken away for the moment.
    """
    constraint = constraint_of(row, name)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _without(SECOND_RULES.get(name), row)
        type(row)._base_manager.filter(pk=row.pk).update(**columns)
    assert _named_by(caught.value, row, constraint)
    assert refusal_for(caught.value).messages == [constraint.violation_error_message]


def _without(name, row):
    if name and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {row._meta.db_table} DROP CONSTRAINT {name}")


def _named_by(error, row, constraint) -> bool:
    if connection.vendor == "postgresql":
        return error.__cause__.diag.constraint_name == constraint.name
    text = str(error)
    if isinstance(constraint, UniqueConstraint):
        columns = (f"{row._meta.db_table}.{row._meta.get_field(name).column}" for name in constraint.fields)
        return text == "UNIQUE constraint failed: " + ", ".join(columns)
    return text == f"CHECK constraint failed: {constraint.name}"
