"""The tally of a register is always the number of its rows, and the way to any page of it."""

import random
from datetime import date, timedelta

import pytest
from django.core.paginator import Paginator

from cases.models import Household, HouseholdTally
from donations.models import Donation, DonationTally
from jinchuan.ops.tasks import fold_tallies
from jinchuan.shared.admin.changelist import HousePaginator
from jinchuan.shared.clock import now
from tests import factories

FIRST = date(2025, 3, 1)
PAGE = 3


@pytest.fixture
def registers(divisions, officer, monkeypatch):
    """Ways to enter, move and take away bare rows, without what a service would hang on them."""
    monkeypatch.setattr(HousePaginator, "FAR_DOWN", 0)
    donor = factories.individual_donor()
    places = [divisions.a1, divisions.a2, divisions.b1]

    def households(chance, number, many):
        return [
            Household(
                code=f"HJ-{(number + more) * 137:04d}",
                community=chance.choice(places),
                registered_on=FIRST,
                registered_by=officer,
            )
            for more in range(many)
        ]

    def gifts(chance, number, many):
        return [
            Donation(
                code=f"JZ2025-{number + more:04d}",
                donor=donor,
                route="association",
                receipt_status="pending",
                submitted_at=now(),
                submitted_by=officer,
                **_elsewhere(chance),
            )
            for more in range(many)
        ]

    def _elsewhere(chance):
        place = {"division": chance.choice([*places, divisions.home])}
        if not chance.randrange(5):
            return {**place, "state": "pledged", "received_on": None, "pledged_on": FIRST}
        day = FIRST + timedelta(days=chance.randrange(6))
        return {**place, "state": "submitted", "received_on": day, "pledged_on": None}

    return {
        Household: (households, lambda chance: {"community": chance.choice(places)}),
        Donation: (gifts, _elsewhere),
    }


def agrees(model, tally, people) -> None:
    assert list(tally.wrong()) == []
    for person in people:
        rows = model.objects.visible_to(person).order_by(*model._meta.ordering)
        paginator = HousePaginator(
            rows, PAGE, all_rows=rows.all, counted=1, tally=tally.objects.visible_to(person)
        )
        plain = Paginator(rows, PAGE)
        assert (paginator.count, paginator.capped) == (rows.count(), False)
        assert [list(paginator.page(n)) for n in paginator.page_range] == [
            list(plain.page(n)) for n in plain.page_range
        ]


@pytest.mark.parametrize(
    ("model", "tally", "role"),
    [(Household, HouseholdTally, "worker_a"), (Donation, DonationTally, "officer")],
)
def test_whatever_happens_to_a_register_its_tally_tells_its_rows(registers, model, tally, role, request):
    people = [request.getfixturevalue("officer"), request.getfixturevalue(role)]
    enter, elsewhere = registers[model]
    chance, entered = random.Random(30), 0
    agrees(model, tally, people)
    for turn in range(24):
        if turn % 4 == 0:
            model.objects.bulk_create(enter(chance, entered, 4))
            entered += 4
        some = model.objects.filter(pk__in=chance.sample(list(model.objects.values_list("pk", flat=True)), 2))
        if turn % 5:
            some.update(**elsewhere(chance))
        else:
            some[0].delete()
        if turn % 6 == 5:
            fold_tallies()
            lines = tally.objects.values_list("bucket", "place")
            assert len(lines) == len(set(lines))
        agrees(model, tally, people)
    assert model.objects.count() > 4 * PAGE


def test_a_tally_that_was_changed_is_found(registers):
    enter, _ = registers[Household]
    Household.objects.bulk_create(enter(random.Random(1), 1, 1))
    HouseholdTally.objects.update(number=7)
    assert list(HouseholdTally.wrong()) == ["关爱户计数与实有的不符：HJ-01 记为 7，实有 1。"]


def test_the_whole_register_is_told_by_its_tally_and_what_is_narrowed_is_counted(
    registers, officer, client_for
):
    enter, _ = registers[Household]
    Household.objects.bulk_create(enter(random.Random(1), 1, 3))
    HouseholdTally.objects.update(number=40)
    told = HouseholdTally.objects.total()
    page, narrowed = (
        "/admin/cases/household/",
        ("?state__exact=registered", "?q=HJ", "?o=1", "?need_level__exact=ordinary"),
    )

    def number(address):
        return client_for(officer).get(address).context["cl"].result_count

    assert (number(page), [number(page + one) for one in narrowed]) == (told, [3] * 4)
