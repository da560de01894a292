"""Each named constraint of the app, broken at the database."""

from datetime import date

import pytest

from jinchuan.shared.clock import now
from organizations.enums import MobilizationState, OrganizationState, Role
from organizations.services import organizations as registry
from tests import factories
from tests import factories_mobilizing as moving
from tests.provoking import provoke

DAY, DAY_BEFORE = date(2026, 5, 2), date(2026, 5, 1)


def _second_code():
    first, second = factories.approved_organization(), factories.submitted_organization()
    return second, {"uscc": first.uscc}


def _second_invitation():
    first = moving.invitation()
    return moving.invitation(first.mobilization), {"organization": first.organization}


def _partner(**fields):
    fields = {"organization": factories.approved_organization(), "started_on": DAY, **fields}
    return registry.add_partner(factories.program(), by=factories.officer(), **fields)


def _second_partner():
    first = _partner()
    second = _partner(organization=first.organization)
    return second, {"program": first.program}


PROVOCATIONS = {
    "division_level_known": lambda: (factories.home(), {"level": "x"}),
    "division_valid_order": lambda: (
        factories.home(),
        {"is_active": False, "valid_from": DAY, "valid_to": DAY_BEFORE},
    ),
    "division_retired_with_date": lambda: (factories.home(), {"is_active": False}),
    "organization_kind_known": lambda: (factories.submitted_organization(), {"kind": "x"}),
    "organization_state_known": lambda: (factories.submitted_organization(), {"state": "x"}),
    "organization_uscc_unique": _second_code,
    "organization_uscc_unless_filed": lambda: (factories.submitted_organization(), {"uscc": None}),
    "organization_approved_at_with_by": lambda: (factories.submitted_organization(), {"approved_at": now()}),
    "organization_approved_with_date": lambda: (
        factories.submitted_organization(),
        {"state": OrganizationState.APPROVED},
    ),
    "mobilization_kind_known": lambda: (moving.planned_meeting(), {"kind": "x"}),
    "mobilization_state_known": lambda: (moving.planned_meeting(), {"state": "x"}),
    "mobilization_dates_order": lambda: (
        moving.planned_meeting(),
        {"followed_until": moving.yesterday()},
    ),
    "mobilization_meeting_has_place": lambda: (moving.planned_meeting(), {"place": ""}),
    "mobilization_held_at_with_by": lambda: (moving.held_meeting(), {"held_by": None}),
    "mobilization_held_with_time": lambda: (
        moving.planned_meeting(),
        {"state": MobilizationState.HELD},
    ),
    "mobilization_closed_at_with_by": lambda: (moving.closed_meeting(), {"closed_by": None}),
    "mobilization_closed_with_time": lambda: (
        moving.held_meeting(),
        {"state": MobilizationState.CLOSED},
    ),
    "mobilization_cancelled_at_with_by": lambda: (moving.cancelled_meeting(), {"cancelled_by": None}),
    "mobilization_cancelled_with_time": lambda: (
        moving.planned_meeting(),
        {"state": MobilizationState.CANCELLED},
    ),
    "mobilization_cancelled_with_reason": lambda: (moving.cancelled_meeting(), {"cancel_reason": ""}),
    "mobilization_invites_once": _second_invitation,
    "invitation_answer_known": lambda: (moving.invitation(), {"answer": "x"}),
    "invitation_answered_at_with_by": lambda: (moving.answered(), {"answered_by": None}),
    "invitation_answered_with_time": lambda: (moving.invitation(), {"answer": "attending"}),
    "program_kind_known": lambda: (factories.program(), {"kind": "x"}),
    "program_partner_dates_order": lambda: (_partner(), {"ended_on": DAY_BEFORE}),
    "program_partner_once_at_a_time": _second_partner,
    "program_dates_order": lambda: (factories.program(started_on=DAY), {"ended_on": DAY_BEFORE}),
    "user_role_known": lambda: (factories.officer(), {"role": "x"}),
    "user_belongs_where_role_says": lambda: (factories.officer(), {"role": Role.ORG_ADMIN}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_a_deregistered_organization_frees_its_credit_code(db):
    first = factories.approved_organization()
    type(first).objects.filter(pk=first.pk).update(state=OrganizationState.DEREGISTERED)

    assert factories.submitted_organization(uscc=first.uscc).uscc == first.uscc


def test_an_organization_account_cannot_have_a_division_as_well(db):
    account = factories.admin_of(factories.approved_organization())

    provoke("user_belongs_where_role_says", account, division=factories.home())
