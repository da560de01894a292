"""What the allocations of a holding add up to becomes a column that a trigger keeps. The one that added them up goes."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F, Q

import jinchuan.shared.fields.exact


def drop_the_old_trigger(apps, schema_editor):
    """SQLite builds the table anew, and would stumble over triggers that name it. The new ones come after ``migrate``."""
    on = " ON donations_allocation" if schema_editor.connection.vendor == "postgresql" else ""
    for event in ("update", "delete", "replace"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS allocation_within_holding_{event}{on}")
    if on:
        for function in ("refuse", "keep"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS allocation_within_holding_{function}")


ADD_UP = """
UPDATE donations_holding SET allocated = COALESCE((
    SELECT SUM(amount - released) FROM donations_allocation
    WHERE holding_id = donations_holding.id AND NOT (target = 'fund' AND state = 'settled')
), 0)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0009_disclosure_is_a_paper"),
    ]

    operations = [
        migrations.RunPython(drop_the_old_trigger, migrations.RunPython.noop),
        migrations.AddField(
            model_name="holding",
            name="allocated",
            field=jinchuan.shared.fields.exact.ExactField(
                default=Decimal("0"), editable=False, verbose_name="已分配合计"
            ),
        ),
        migrations.RunSQL(ADD_UP, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("allocated__gte", 0),
                    ("allocated__lte", F("free") + F("promised") + F("in_transit") + F("delivered")),
                ),
                name="holding_allocated_within",
                violation_error_message="账面数量不够，请刷新后按最新余额办理。",
            ),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(fields=["donor", "-received_on", "-id", "division"], name="donation_of_giver"),
        ),
    ]
