"""Deliveries follow a household that turns out to be another, tell of recent help, and lose who signed for them."""

from datetime import date
from decimal import Decimal

import pytest

from cases import merging
from cases.services.recent_help import recent_help
from donations import consistency, following
from donations.enums import Route, VerificationResult
from donations.models import Allocation, DistributionLine, DistributionLineTransition, Holding, Verification
from donations.services import allocations, distributions, verifications
from tests import factories, factories_book
from tests.cases.test_merges import merge, twins

pytestmark = pytest.mark.django_db

DAY = factories_book.DAY


def test_what_is_meant_for_the_duplicate_or_came_to_it_follows(officer):
    kept, duplicate = twins()
    source = factories_book.holding()
    done, waiting = (factories_book.approved(source, "100", household=duplicate) for _ in range(2))
    factories_book.delivered(factories_book.sent_out(done).lines.get())
    before = following.value_delivered([kept.pk, duplicate.pk])

    merge(kept, duplicate)

    assert set(Allocation.objects.values_list("household", flat=True)) == {kept.pk}
    assert set(DistributionLine.objects.values_list("household", flat=True)) == {kept.pk}
    assert following.value_delivered([kept.pk]) == before == Decimal(100)
    assert factories_book.sent_out(waiting).lines.get().household == kept
    assert [sentence for check in consistency.CHECKS for sentence in check()] == []


def test_a_gift_for_the_duplicate_may_go_to_the_kept_one(officer):
    kept, duplicate = twins()
    donation = factories.confirmed_donation(household=duplicate)
    merge(kept, duplicate)
    source = Holding.objects.get(lot__line__donation=donation)
    row = allocations.propose_allocation(source, by=officer, amount=Decimal(5), household=kept)
    assert row.household == kept


def test_what_was_handed_over_is_recent_help():
    row = factories_book.approved(factories_book.goods_holding(), "2")
    assert recent_help(row.household, "living_supplies", on=DAY) == []
    line = factories_book.delivered(factories_book.sent_out(row).lines.get())
    (told,) = recent_help(row.household, "living_supplies", on=DAY)
    assert (told.on, told.what, told.code) == (DAY, "大米", str(line))
    assert recent_help(row.household, "medical", on=DAY) == []
    assert recent_help(row.household, "cash_relief", on=DAY) == []


def test_a_gift_straight_to_a_household_is_told_once(officer, reviewer):
    from donations.services.gifts import confirm_donation

    household = factories.verified_household()
    donation = factories.submitted_donation(
        household=household, route=Route.DIRECT_TO_HOUSEHOLD, received_on=date(2026, 9, 10)
    )
    (told,) = recent_help(household, "cash_relief", on=DAY)
    assert told.code == donation.code
    confirm_donation(donation, by=reviewer)
    (told,) = recent_help(household, "cash_relief", on=DAY)
    assert told.code.startswith("FF2026-")


def test_who_signed_and_what_was_noted_is_wiped():
    verification = factories_book.verification()
    verifications.note_call(
        verification,
        by=factories.user("reviewer"),
        result=VerificationResult.WITH_ISSUES,
        note="画眉说少了一袋",
    )
    line = verification.line
    distributions.take_back(line, by=factories.officer(), reason="画眉说没有收到")

    following.wipe_notes(line.household)

    line.refresh_from_db()
    assert (line.receiver_name, line.relation, line.note) == ("", "", "")
    assert line.amount == 100
    assert Verification.objects.get().note == "已去标识"
    assert set(DistributionLineTransition.objects.values_list("reason", flat=True)) == {""}
    assert [sentence for check in consistency.CHECKS for sentence in check()] == []


def test_every_way_to_a_household_has_its_rule():
    assert [place for place in merging.without_rule() if place.startswith("donations.")] == []
