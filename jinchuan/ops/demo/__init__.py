"""The demo district: made-up people and organisations, the published figures of September 2023, and what came after.

The same month always gives the same district. It is played through the real services, so every event carries the date
it would have had.
"""

from django.db import transaction

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import constraints_by_database, record, verb
from jinchuan.shared import clock
from jinchuan.shared.months import Month
from organizations.models import User

from . import (
    care,
    certificates,
    closing_months,
    donations,
    households,
    mobilizing,
    opening,
    pairings,
    present,
    present_care,
    reports,
    service,
    stories,
    using,
    volunteers,
    wishes,
)
from .accounts import PASSWORD, SHOWN
from .district import District

_MARK = "seed_demo"


def end_of_history():
    """The first of this month: whichever day of it the demo is loaded, the district is the same."""
    return Month.of(clock.today()).first


def seed(until=None) -> District:
    """Let the district live from June 2023 up to a day (default: ``end_of_history``), all or nothing."""
    district = District(until or end_of_history())
    district.found()
    for part in (
        households,
        pairings,
        opening,
        donations,
        using,
        service,
        volunteers,
        certificates,
        care,
        wishes,
        mobilizing,
        present,
        present_care,
        stories,
        closing_months,
    ):
        part.plan(district)
    with transaction.atomic(), constraints_by_database():
        _live(district, by=None)
        reports.ask(until or end_of_history())
        reports.issue(district)
        _mark(district.home, by=None)
    return district


def is_loaded() -> bool:
    """Does this database hold the demo district? Its mark stands in the log, which nobody can edit."""
    return AuditEvent.objects.filter(action=_MARK).exists()


def accounts() -> list[tuple[str, str, str]]:
    """(role, username, password) of the shown accounts that can still sign in; empty where there is no demo."""
    if not is_loaded():
        return []
    there = set(User.objects.active().values_list("username", flat=True))
    return [(role.label, username, PASSWORD) for role, username, _ in SHOWN if username in there]


@verb
def _live(district, *, by):
    """One act as far as the log is concerned, which so chains its thousands of events at once, each at its own time."""
    district.timeline.play()


@verb
def _mark(home, *, by):
    record(_MARK, home, by=by, reason="装入演示数据，人物和组织均为虚构")
