"""What becomes of the households a session served when two of them turn out to be one."""

from cases import merging

from .models import ActivityHousehold

PLACE = "volunteers.ActivityHousehold.household"


def follow(merge) -> None:
    """They follow; where both were named for one session, the kept one stands there once."""
    rows = ActivityHousehold.objects.filter(household=merge.duplicate)
    named = ActivityHousehold.objects.filter(household=merge.kept).values("activity")
    dropped, _ = rows.filter(activity__in=named).delete()
    merge.drop(PLACE, dropped)
    rows.update(household=merge.kept)


def declare() -> None:
    merging.moves(PLACE, follow)
