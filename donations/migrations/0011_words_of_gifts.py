"""Gifts are found by a word of their remark and by the name of goods."""

from django.db import migrations

from jinchuan.shared.grams import gram_index


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0010_holding_allocated"),
    ]

    operations = [
        gram_index("donations_donation", "note"),
        gram_index("donations_donationline", "item"),
    ]
