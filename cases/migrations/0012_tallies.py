"""Households are told by the first digits of their codes and by community."""

import django.db.models.deletion
from django.db import migrations, models


TELL = """
INSERT INTO cases_householdtally (bucket, place_id, number)
SELECT substr(code, 1, 5), community_id, count(*) FROM cases_household GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_consent_channels"),
        ("organizations", "0003_mobilization"),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseholdTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(verbose_name="行数")),
                ("bucket", models.CharField(max_length=20, verbose_name="编号开头")),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.division",
                        verbose_name="社区（村）",
                    ),
                ),
            ],
            options={
                "verbose_name": "关爱户计数",
                "verbose_name_plural": "关爱户计数",
            },
        ),
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]
