"""A time of day on the day of the activity becomes an instant; what was confirmed with its activity is confirmed itself."""

from datetime import datetime, timedelta

from django.db import migrations

from jinchuan.shared.clock import SHANGHAI

CHUNK = 2000
FILLED = ["started_at", "ended_at", "state", "recorded_at", "recorded_by", "confirmed_at", "confirmed_by"]


def fill(apps, schema_editor):
    Record = apps.get_model("volunteers", "ServiceRecord")
    rows = Record.objects.select_related("activity").filter(started_at=None).order_by("pk")
    while batch := list(rows[:CHUNK]):
        for row in batch:
            _fill(row, row.activity)
        Record.objects.bulk_update(batch, FILLED)


def _fill(row, activity):
    row.started_at = datetime.combine(activity.held_on, row.start_time, SHANGHAI)
    end = datetime.combine(activity.held_on, row.end_time, SHANGHAI)
    row.ended_at = end + timedelta(days=row.crosses_midnight)
    row.recorded_at, row.recorded_by_id = activity.submitted_at, activity.submitted_by_id
    if activity.confirmed_at:
        row.state = "confirmed"
        row.confirmed_at, row.confirmed_by_id = activity.confirmed_at, activity.confirmed_by_id


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0005_record_instants")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
