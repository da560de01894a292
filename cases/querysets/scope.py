"""What one sees of a household, as a condition on any table that hangs on it."""

from django.db.models import Q


def below(user, field) -> Q:
    return Q(**{f"{field}__path__startswith": user.division.path})
