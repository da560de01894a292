"""What was confirmed before there was a book gets its entries."""

from django.db import migrations

from donations.models.gifts import new_trace_code


def fill(apps, schema_editor):
    Donation = apps.get_model("donations", "Donation")
    for donation in Donation.objects.filter(trace_code=None).order_by("pk").iterator():
        Donation.objects.filter(pk=donation.pk).update(trace_code=new_trace_code())


class Migration(migrations.Migration):
    dependencies = [("donations", "0003_the_book")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
