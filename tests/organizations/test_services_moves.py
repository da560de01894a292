"""Who may take an organisation from which state to which: the whole table, cell by cell."""

import pytest

from cases.services.pairings import deregister_organization
from organizations.enums import OrganizationState
from organizations.models import Organization
from organizations.services import organizations as services
from tests import factories
from tests.attempts import BUREAU, Act, attempted, expected

REASON = "年检没有按时办理"
ALL = set(OrganizationState)

ACTS = {
    "approve": Act(services.approve_organization, {"reviewer"}, {"submitted"}, "approved"),
    "return": Act(
        lambda row, by: services.return_organization(row, by=by, reason=REASON),
        {"reviewer"},
        {"submitted"},
        "returned",
    ),
    "resubmit": Act(services.resubmit_organization, BUREAU, {"draft", "returned"}, "submitted"),
    "suspend": Act(
        lambda row, by: services.suspend_organization(row, by=by, reason=REASON),
        {"reviewer"},
        {"approved"},
        "suspended",
    ),
    "resume": Act(services.resume_organization, {"reviewer"}, {"suspended"}, "approved"),
    "deregister": Act(
        lambda row, by: deregister_organization(row, by=by, reason=REASON),
        {"reviewer"},
        {"approved", "suspended"},
        "deregistered",
    ),
    "update": Act(lambda row, by: services.update_organization(row, by=by, capacity=9), BUREAU, ALL),
}


def _draft():
    organization = factories.submitted_organization()
    Organization.objects.filter(pk=organization.pk).update(state=OrganizationState.DRAFT)
    return organization


SITUATIONS = {
    "draft": _draft,
    "submitted": factories.submitted_organization,
    "returned": lambda: services.return_organization(
        factories.submitted_organization(), by=factories.reviewer(), reason=REASON
    ),
    "approved": factories.approved_organization,
    "suspended": factories.suspended_organization,
    "deregistered": lambda: deregister_organization(
        factories.approved_organization(), by=factories.reviewer(), reason=REASON
    ),
}


def test_every_state_is_tried():
    assert set(SITUATIONS) == ALL


@pytest.mark.parametrize("state", SITUATIONS)
def test_who_may_do_what(db, state, request):
    organization = SITUATIONS[state]()

    assert attempted(ACTS, organization, request.getfixturevalue) == expected(ACTS, state)
