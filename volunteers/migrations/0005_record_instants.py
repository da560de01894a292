"""Service records get instants, states and the people behind them; 0006 fills them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies = [
        ("volunteers", "0004_growth"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("servicerecord", "service_record_once"),
        migrations.RemoveConstraint("servicerecord", "service_record_not_too_long"),
        migrations.RenameField("servicerecord", "started_at", "start_time"),
        migrations.RenameField("servicerecord", "ended_at", "end_time"),
        migrations.AddField(
            "servicerecord", "started_at", models.DateTimeField("开始时间", null=True)
        ),
        migrations.AddField("servicerecord", "ended_at", models.DateTimeField("结束时间", null=True)),
        migrations.AddField(
            "servicerecord",
            "state",
            models.CharField(
                "状态",
                max_length=12,
                choices=[
                    ("recorded", "待确认"),
                    ("confirmed", "已确认"),
                    ("corrected", "已更正"),
                    ("declined", "不予更正"),
                ],
                default="recorded",
                editable=False,
            ),
        ),
        migrations.AddField(
            "servicerecord", "recorded_at", models.DateTimeField("登记时间", null=True, editable=False)
        ),
        migrations.AddField(
            "servicerecord",
            "recorded_by",
            models.ForeignKey(**PERSON, null=True, editable=False, verbose_name="登记人"),
        ),
        migrations.AddField(
            "servicerecord",
            "confirmed_at",
            models.DateTimeField("确认时间", null=True, blank=True, editable=False),
        ),
        migrations.AddField(
            "servicerecord",
            "confirmed_by",
            models.ForeignKey(**PERSON, null=True, blank=True, editable=False, verbose_name="确认人"),
        ),
    ]
