"""Givers, and with them their gifts, are found by any part of the name."""

import importlib

import pytest
from django.apps import apps

from donations.consistency import givers_can_be_found
from donations.models import Donation, Donor, DonorNamePart
from donations.services import gifts
from tests import factories

pytestmark = pytest.mark.django_db


def giver(name):
    return gifts.register_donor(by=factories.officer(), kind="individual", name=name)


@pytest.mark.parametrize("typed", ["单小兰", "小兰", "兰", "xiaolan", "SXL", "xl"])
def test_any_part_finds_the_giver_and_the_gifts(typed):
    giver("王大海")
    donor = giver("单小兰")
    donation = factories.submitted_donation(by=factories.officer(), donor=donor)
    assert list(Donor.objects.called(typed)) == [donor]
    assert list(Donation.objects.found_by(typed)) == [donation]


def test_a_new_name_takes_the_place_of_the_old_one():
    donor = giver("单小兰")
    gifts.update_donor(donor, by=factories.officer(), version=donor.version, name="单小梅")
    assert not Donor.objects.called("小兰").exists()
    assert list(Donor.objects.called("xm")) == [donor]
    assert list(givers_can_be_found()) == []


def test_the_check_tells_of_a_giver_who_is_not_found():
    donor = giver("单小兰")
    DonorNamePart.objects.filter(named=donor).first().delete()
    (problem,) = givers_can_be_found()
    assert str(donor) in problem and donor.name not in problem


def test_the_migration_fills_in_what_is_there():
    giver("单小兰")
    kept = set(DonorNamePart.objects.values_list("named", "part"))
    DonorNamePart.objects.all().delete()
    importlib.import_module("donations.migrations.0007_name_parts").fill(apps, None)
    assert kept and set(DonorNamePart.objects.values_list("named", "part")) == kept
