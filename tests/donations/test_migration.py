"""A database from before the book, with gifts in every state and by every route, is brought up to it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from donations.enums import AllocationState, DeliveryState, MovementKind
from donations.models import (
    Allocation,
    Distribution,
    DistributionLine,
    Donation,
    Fund,
    Holding,
    Lot,
    Movement,
    Receipt,
)
from jinchuan.ops import consistency
from jinchuan.shared import guards
from organizations.enums import Role
from tests import factories

BEFORE = ("donations", "0002_one_anonymous_donor")
DAY, LOGGED, CONFIRMED, VOIDED = (
    date(2024, 5, 6),
    datetime(2024, 5, 6, 2, tzinfo=UTC),
    datetime(2024, 5, 7, 2, tzinfo=UTC),
    datetime(2024, 5, 9, 2, tzinfo=UTC),
)


@pytest.mark.django_db(transaction=True)
def test_gifts_from_before_the_book():
    """The donations app at 0002 with seven gifts, brought to the present; once, for it takes a while."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    household, people = factories.verified_household(), _people()
    for guard in guards.registered():
        guard.remove(connection)
    executor = MigrationExecutor(connection)
    old = executor.migrate([BEFORE]).apps
    _fill(old, household, people)
    executor = MigrationExecutor(connection)
    executor.migrate(latest)
    guards.install(guards.registered())
    every_confirmed_line_has_its_entries()
    what_went_straight_to_a_household_is_delivered(household)
    a_voided_gift_ends_at_zero()
    receipts_and_trace_codes()
    a_second_run_adds_nothing()
    assert list(consistency.findings()) == []


def _people():
    return [factories.officer(), factories.reviewer(), factories.user(Role.REVIEWER)]


def _fill(old, household, people):
    logged, confirmed, voided = (person.pk for person in people)
    donor = old.get_model("donations", "Donor").objects.create(
        kind="individual", name="王芳", name_pinyin="wang fang", name_search="wangfang wf"
    )
    Old, Line, Moved = (
        old.get_model("donations", name) for name in ("Donation", "DonationLine", "DonationTransition")
    )
    sequence = old.get_model("intake", "Sequence").objects.get_or_create(name="JZ2024")[0]

    def gift(lines, *, state="confirmed", **fields):
        sequence.last += 1
        sequence.save()
        fixed = state in ("confirmed", "voided")
        steps = ["submitted", *(["confirmed"] if fixed else []), *(["voided"] if state == "voided" else [])]
        row = Old.objects.create(
            code=f"JZ2024-{sequence.last:04d}",
            donor=donor,
            division_id=fields.pop("division", factories.home()).pk,
            received_on=DAY,
            state=state,
            submitted_at=LOGGED,
            submitted_by_id=logged,
            confirmed_at=CONFIRMED if fixed else None,
            confirmed_by_id=confirmed if fixed else None,
            voided_at=VOIDED if state == "voided" else None,
            voided_by_id=voided if state == "voided" else None,
            **{"route": "association", "receipt_status": "pending", **fields},
        )
        for before, after in pairwise(steps):
            Moved.objects.create(donation=row, from_state=before, to_state=after, at=CONFIRMED)
        for line in lines:
            Line.objects.create(donation=row, fixed_at=CONFIRMED if fixed else None, **line)

    cash = {"kind": "cash", "value": Decimal("1000.10")}
    rice = {
        "kind": "goods",
        "item": "大米",
        "category": "food",
        "quantity": Decimal("20.5"),
        "unit": "袋",
        "value": Decimal("1271"),
        "valuation_basis": "invoice",
    }
    hats = {**rice, "item": "毛线帽", "category": "clothing", "value": None, "valuation_basis": "unvalued"}
    straight = {
        "route": "direct_to_household",
        "restriction": "household",
        "household_id": household.pk,
        "declares_no_interest": True,
        "receipt_status": "not_applicable",
        "division": household.community,
    }
    gift([cash, rice, hats], receipt_status="issued", receipt_code="62030123", receipt_number="0001")
    gift([cash], receipt_status="issued", receipt_code="62030123", receipt_number="0001")
    gift([rice], state="voided")
    gift([cash, hats], **straight)
    gift([rice], state="voided", **straight)
    gift([cash], state="submitted")
    gift(
        [cash],
        route="community_fund",
        restriction="community",
        community_id=household.community_id,
        division=household.community,
    )


def every_confirmed_line_has_its_entries():
    assert Lot.objects.count() == 9
    held = dict(Holding.objects.values_list("lot__code", "free"))
    assert held == {
        "JZ2024-0001-1": Decimal("1000.10"),
        "JZ2024-0001-2": Decimal("20.5"),
        "JZ2024-0001-3": Decimal("20.5"),
        "JZ2024-0002-1": Decimal("1000.10"),
        "JZ2024-0003-1": 0,
        "JZ2024-0004-1": 0,
        "JZ2024-0004-2": 0,
        "JZ2024-0005-1": 0,
        "JZ2024-0007-1": Decimal("1000.10"),
    }
    assert set(Fund.objects.values_list("kind", flat=True)) == {"association", "direct", "community"}
    assert set(Fund.objects.values_list("code", flat=True)) == {"JJ2024-0001", "JJ2024-0002", "JJ2024-0003"}


def what_went_straight_to_a_household_is_delivered(filled):
    lines = DistributionLine.objects.filter(allocation__holding__lot__line__donation__code="JZ2024-0004")
    assert {(line.state, line.amount, line.value) for line in lines} == {
        (DeliveryState.DELIVERED, Decimal("1000.10"), Decimal("1000.10")),
        (DeliveryState.DELIVERED, Decimal("20.50"), None),
    }
    assert {line.household for line in lines} == {filled}
    assert {line.allocation.state for line in lines} == {AllocationState.SETTLED}
    assert lines[0].snapshot["code"] == filled.code
    assert Lot.objects.get(code="JZ2024-0004-1").delivered_value == Decimal("1000.10")
    assert set(Distribution.objects.values_list("code", flat=True)) == {
        "FF2024-0001",
        "FF2024-0002",
        "FF2024-0003",
    }


def a_voided_gift_ends_at_zero():
    for code in ("JZ2024-0003", "JZ2024-0005"):
        (holding,) = Holding.objects.filter(lot__line__donation__code=code)
        assert (holding.received, holding.adjusted, holding.free) == (Decimal("20.5"), Decimal("-20.5"), 0)
    kinds = Movement.objects.filter(holding__lot__line__donation__code="JZ2024-0005").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        MovementKind.RECEIVE,
        MovementKind.ALLOCATE,
        MovementKind.LOAD,
        MovementKind.DELIVER,
        MovementKind.TAKE_BACK,
        MovementKind.RELEASE,
        MovementKind.VOID,
    ]
    assert Allocation.objects.get(code="FP2024-0003").state == AllocationState.CANCELLED


def receipts_and_trace_codes():
    assert list(Receipt.objects.values_list("donation__code", "number", "issued_on")) == [
        ("JZ2024-0001", "0001", date(2024, 5, 7))
    ]
    assert len(set(Donation.objects.values_list("trace_code", flat=True))) == 7


def a_second_run_adds_nothing():
    tables = (Lot, Holding, Movement, Allocation, DistributionLine, Fund, Receipt)
    before = [table.objects.count() for table in tables]
    import_module("donations.migrations.0004_fill_the_book").fill(apps, None)
    assert [table.objects.count() for table in tables] == before
