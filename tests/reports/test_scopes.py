"""Figures of one organisation, one programme, the organisations of one supervising unit: their own and nobody else's."""

from datetime import date

import pytest

from jinchuan.shared.months import Month
from organizations.models import SupervisingUnit
from reports.enums import ReportKind
from reports.indicators import INDICATORS
from reports.periods import Period
from reports.reading import read
from tests import factories

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(ReportKind.MONTH, Month(2026, 9))


def test_the_figures_of_an_organisation_are_its_own(org_a, admin_a, org_b, admin_b):
    factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 3))
    factories.confirmed_activity(org_b, by=admin_b, held_on=date(2026, 9, 4))
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 31))
    told = read(SEPTEMBER, org_a)
    assert (told["service_sessions"].cumulative, told["service_sessions"].month) == (1, 1)
    assert (told["donations_confirmed_count"].cumulative, told["donations_confirmed_count"].month) == (1, 0)
    assert read(SEPTEMBER, org_b)["donations_confirmed_count"].cumulative == 0
    assert "obligations_missed" not in told  # duties of organisations are worklists, never printed


def test_the_figures_of_a_supervising_unit_are_those_of_its_organisations(org_a, admin_a, org_b, admin_b):
    factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 3))
    factories.confirmed_activity(org_b, by=admin_b, held_on=date(2026, 9, 4))
    org_a.supervising_unit = SupervisingUnit.objects.create(name="金川区教育局", name_pinyin="jinchuanqu")
    org_a.save()
    assert read(SEPTEMBER, org_a.supervising_unit)["service_sessions"].cumulative == 1


def test_the_figures_of_a_programme_are_what_was_done_under_it(org_a, admin_a):
    program = factories.program()
    factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 3), program=program)
    factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 4))
    assert read(SEPTEMBER, program)["service_sessions"].cumulative == 1
    assert "paired_households" not in read(SEPTEMBER, program)


def test_every_indicator_reads_every_scope_that_it_tells(org_a, divisions):
    scopes = (divisions.home, org_a, factories.program(), SupervisingUnit(pk=1))
    for indicator in INDICATORS.values():
        for scope in scopes:
            if indicator.tells(scope):
                assert indicator.queryset(scope).count() == 0, indicator.code
