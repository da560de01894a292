"""Volunteers of one organisation each become people on rolls."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jinchuan.ops import consistency
from jinchuan.shared import guards
from tests import factories
from volunteers.models import Volunteer

BEFORE = ("volunteers", "0002_voided_by_a_second_person")


@pytest.mark.django_db(transaction=True)
def test_every_volunteer_becomes_a_person_on_one_roll():
    organization, other = factories.approved_organization(), factories.approved_organization()
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    for guard in guards.registered():
        guard.remove(connection)
    old = MigrationExecutor(connection).migrate([BEFORE]).apps.get_model("volunteers", "Volunteer").objects
    rows = [
        (organization, "620302000001", None),
        (other, " 620302000001 ", date(2025, 1, 2)),
        (organization, "ab12", None),
        (organization, "", None),
        (other, "", None),
    ]
    for at, number, left in rows:
        old.create(
            organization_id=at.pk,
            name="李建国",
            name_pinyin="li jianguo",
            national_number=number,
            phone="13909350001",
            joined_on=date(2024, 1, 2),
            left_on=left,
        )
    MigrationExecutor(connection).migrate(leaves)
    guards.install(guards.registered())

    people = list(Volunteer.objects.order_by("pk").prefetch_related("enrollments"))
    assert [one.national_number for one in people] == ["620302000001", "", "", "", ""]
    assert [bool(one.note) for one in people] == [False, True, True, False, False]
    rolls = [roll for one in people for roll in one.enrollments.all()]
    assert [(one.organization_id, one.joined_on, one.left_on) for one in rolls] == [
        (at.pk, date(2024, 1, 2), left) for at, _, left in rows
    ]
    assert {one.phone for one in people} == {"13909350001"}
    assert list(consistency.findings()) == []
