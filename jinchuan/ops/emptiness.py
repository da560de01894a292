"""Does the database hold anything that somebody entered?"""

from django.db import connection

from cases.models import Household
from donations.models import Donation
from organizations.models import Organization, User
from volunteers.models import Activity

_TELLING = (User, Organization, Household, Donation, Activity)


def holds_data() -> bool:
    """Not migrated, or migrated and untouched, is empty."""
    there = set(connection.introspection.table_names())
    return any(model._meta.db_table in there and model.objects.exists() for model in _TELLING)
