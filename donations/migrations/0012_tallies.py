"""Gifts are told by day and division. From here on a trigger tells them, installed after ``migrate``."""

import django.db.models.deletion
from django.db import migrations, models


TELL = """
INSERT INTO donations_donationtally (bucket, place_id, number)
SELECT received_on, division_id, count(*) FROM donations_donation GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0011_words_of_gifts"),
        ("organizations", "0003_mobilization"),
    ]

    operations = [
        migrations.CreateModel(
            name="DonationTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(verbose_name="行数")),
                ("bucket", models.DateField(null=True, verbose_name="收到日期")),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.division",
                        verbose_name="归属区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "捐赠计数",
                "verbose_name_plural": "捐赠计数",
            },
        ),
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]
