"""What was entered before: volunteers of one organisation become people on rolls, and times of day become instants."""

from datetime import date, datetime, time

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from jinchuan.intake.services import next_code
from jinchuan.ops import consistency
from jinchuan.shared import guards
from jinchuan.shared.clock import SHANGHAI
from tests import factories
from volunteers import spans
from volunteers.models import ServiceRecord, Volunteer

BEFORE = ("volunteers", "0002_voided_by_a_second_person")
DAY, ENTERED, DECIDED = (
    date(2025, 12, 31),
    datetime(2026, 1, 2, 9, tzinfo=SHANGHAI),
    datetime(2026, 1, 3, 9, tzinfo=SHANGHAI),
)
SERVED = [  # start, end, past midnight, break, minutes; from when to when it really was
    (time(9), time(11, 30), False, 0, 150, (2025, 12, 31, 9, 0), (2025, 12, 31, 11, 30)),
    (time(8), time(23, 59), False, 60, 899, (2025, 12, 31, 8, 0), (2025, 12, 31, 23, 59)),
    (time(22), time(1, 30), True, 10, 200, (2025, 12, 31, 22, 0), (2026, 1, 1, 1, 30)),
    (time(18), time(0), True, 0, 360, (2025, 12, 31, 18, 0), (2026, 1, 1, 0, 0)),
    (time(0), time(6), False, 30, 330, (2025, 12, 31, 0, 0), (2025, 12, 31, 6, 0)),
]
STATES = ["submitted", "returned", "confirmed", "voided"]


def _old_people(apps, places):
    people = apps.get_model("volunteers", "Volunteer").objects
    return [
        people.create(
            organization_id=place.pk,
            name="李建国",
            name_pinyin="li jianguo",
            national_number=number,
            phone="13909350001",
            joined_on=date(2024, 1, 2),
            left_on=left,
        )
        for place, number, left in places
    ]


def _old_sessions(apps, organization, people, codes):
    """One in each of the states there were, everybody with the times of a row of ``SERVED``."""
    member, officer, reviewer = factories.admin_of(organization), factories.officer(), factories.reviewer()
    steps = {
        "submitted": [],
        "returned": [("submitted", "returned", officer)],
        "confirmed": [("submitted", "confirmed", officer)],
        "voided": [("submitted", "confirmed", officer), ("confirmed", "voided", reviewer)],
    }
    for code, state in zip(codes, STATES, strict=True):
        confirmed = {"confirmed_at": DECIDED, "confirmed_by_id": officer.pk}
        voided = {"voided_at": DECIDED, "voided_by_id": reviewer.pk}
        activity = apps.get_model("volunteers", "Activity").objects.create(
            code=code,
            title="跨年夜巡",
            organization_id=organization.pk,
            responsible_person="刘红",
            place="社区",
            held_on=DAY,
            content="巡查。",
            state=state,
            submitted_at=ENTERED,
            submitted_by_id=member.pk,
            **(confirmed if state in ("confirmed", "voided") else {}),
            **(voided if state == "voided" else {}),
        )
        for before, after, by in steps[state]:
            apps.get_model("volunteers", "ActivityTransition").objects.create(
                activity=activity, from_state=before, to_state=after, by_id=by.pk, at=DECIDED
            )
        for person, (start, end, crosses, rest, minutes, *_) in zip(people, SERVED, strict=True):
            apps.get_model("volunteers", "ServiceRecord").objects.create(
                activity=activity,
                volunteer=person,
                started_at=start,
                ended_at=end,
                crosses_midnight=crosses,
                break_minutes=rest,
                minutes=minutes,
            )


@pytest.mark.django_db(transaction=True)
def test_what_was_entered_before_arrives_as_it_was():
    """One test, for a way back and forth through the migrations is most of its time."""
    organization, other = factories.approved_organization(), factories.approved_organization()
    with transaction.atomic():
        codes = [next_code("HD", DAY.year) for _ in STATES]
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    for guard in guards.registered():
        guard.remove(connection)
    apps = MigrationExecutor(connection).migrate([BEFORE]).apps
    rows = [
        (organization, "620302000001", None),
        (other, " 620302000001 ", date(2025, 1, 2)),
        (organization, "ab12", None),
        (organization, "", None),
        (other, "", None),
    ]
    _old_people(apps, rows)
    served = _old_people(apps, [(organization, "", None)] * len(SERVED))
    _old_sessions(apps, organization, served, codes)
    MigrationExecutor(connection).migrate(leaves)
    guards.install(guards.registered())

    _people_are_on_rolls(rows)
    _times_are_instants(served)
    assert list(consistency.findings()) == []


def _people_are_on_rolls(rows):
    people = list(Volunteer.objects.order_by("pk").prefetch_related("enrollments")[: len(rows)])
    assert [one.national_number for one in people] == ["620302000001", "", "", "", ""]
    assert [bool(one.note) for one in people] == [False, True, True, False, False]
    rolls = [roll for one in people for roll in one.enrollments.all()]
    assert [(one.organization_id, one.joined_on, one.left_on) for one in rolls] == [
        (at.pk, date(2024, 1, 2), left) for at, _, left in rows
    ]
    assert {one.phone for one in people} == {"13909350001"}


def _times_are_instants(people):
    """In Shanghai, on the day and over midnight, with the minutes that were told; confirmed where their session is."""
    records = list(ServiceRecord.objects.select_related("activity").order_by("activity", "pk"))
    assert [one.volunteer_id for one in records] == [one.pk for one in people] * len(STATES)
    for one, (*_, rest, minutes, start, end) in zip(records, SERVED * len(STATES), strict=True):
        assert one.started_at == datetime(*start, tzinfo=SHANGHAI)
        assert one.ended_at == datetime(*end, tzinfo=SHANGHAI)
        assert (one.break_minutes, one.minutes) == (rest, minutes)
        assert spans.served(one.started_at, one.ended_at, one.break_minutes) == minutes
        confirmed = one.activity.state in ("confirmed", "voided")
        assert one.state == ("confirmed" if confirmed else "recorded")
        told = (one.recorded_at, one.recorded_by, one.confirmed_at, one.confirmed_by)
        assert told == (
            ENTERED,
            one.activity.submitted_by,
            DECIDED if confirmed else None,
            one.activity.confirmed_by,
        )
