"""Break one rule of the database on purpose, past every check in Python, and see which rule answers."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from jinchuan.audit.refusals import refusal_for
from jinchuan.shared import guards

SECOND_RULES = {
    "donation_state_known": ["donation_received_when_not_pledged"],
    "line_kind_known": ["line_has_what_its_kind_needs"],
    "user_role_known": ["user_belongs_where_role_says"],
    "allocation_state_known": ["allocation_approved_by_enough", "allocation_over_when_nothing_is_open"],
    "allocation_target_known": ["allocation_target_matches"],
    "certificate_state_known": ["certificate_issued_whole"],
    "purpose_change_restriction_known": ["purpose_change_matches"],
    "check_in_way_known": ["check_in_by_hand_with_person"],
}
# Rules of guarded tables are provoked with the guards away, for a guard answers before a constraint does.
UNGUARDED = {
    *("lot_kind_known", "lot_amount_positive", "lot_one_of_a_line", "movement_kind_known"),
    "movement_amount_signed_in_corrections_only",
    *("holding_one_at_a_place", "holding_one_without_place"),
    *("story_released_with_date", "story_release_number_once", "story_release_with_digest"),
    *("release_channel_known", "release_channel_once"),
    *("certificate_issued_whole", "certificate_issued_after_notice", "certificate_number_once"),
    *("certificate_issued_by_second_person", "certificate_check_code_once"),
    *("closing_number_unique", "closing_month_once", "closing_one_at_a_time", "closed_figures_once"),
    *("entry_kind_known", "entry_row_or_thing", "entry_not_zero"),
    *(f"check_in_{rule}" for rule in ("of_one_person", "way_known", "by_hand_with_person")),
    *(f"check_in_{rule}" for rule in ("volunteer_number_once", "unknown_number_once", "number_positive")),
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
        for second in SECOND_RULES.get(name, []):
            _without(second, row)
        if name in UNGUARDED:
            _unguarded()
        type(row)._base_manager.filter(pk=row.pk).update(**columns)
    assert _named_by(caught.value, row, constraint)
    assert refusal_for(caught.value).messages == [constraint.violation_error_message]


def _unguarded():
    """The transaction is rolled back, and the guards with it."""
    for guard in guards.registered():
        guard.remove(connection)


def _without(name, row):
    if connection.vendor == "postgresql":
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
