"""Reads of gifts and givers."""

from datetime import date
from decimal import Decimal

from donations.enums import DonorKind
from donations.models import Donation, DonationLine, Donor
from donations.services import gifts as services
from jinchuan.shared.months import Month
from tests import factories


def test_a_giver_known_to_several_comes_once(member_a, org_a, org_b, outsider_org):
    donor = services.donor_for_organization(org_a, by=member_a)
    donor.known_to.add(org_a, org_b, outsider_org)

    assert list(Donor.objects.visible_to(member_a)) == [donor]
    assert Donor.objects.visible_to(member_a).get(pk=donor.pk) == donor


def test_the_anonymous_giver_is_known_to_who_entered_it(member_a, member_b, outsider):
    for member in (member_a, member_b):
        services.register_donor(by=member, kind=DonorKind.ANONYMOUS)

    assert Donor.objects.visible_to(member_a).count() == 1
    assert Donor.objects.visible_to(member_b).count() == 1
    assert Donor.objects.visible_to(outsider).count() == 0


def test_only_confirmed_gifts_count(member_a):
    confirmed = factories.confirmed_donation(by=member_a, lines=[factories.cash("100.00"), factories.goods()])
    factories.submitted_donation(by=member_a)
    factories.returned_donation(by=member_a)
    factories.voided_donation(by=member_a)

    assert list(Donation.objects.confirmed()) == [confirmed]
    assert {line.donation for line in DonationLine.objects.confirmed()} == {confirmed}
    assert Donation.objects.with_totals().get(pk=confirmed.pk).total_value == Decimal("1300.00")


def test_a_month_has_its_first_and_its_last_day(officer):
    days = ["2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01"]
    for day in days:
        factories.submitted_donation(received_on=date.fromisoformat(day))

    found = Donation.objects.in_month(Month(2026, 9)).order_by("received_on")

    assert [str(donation.received_on) for donation in found] == days[1:3]
