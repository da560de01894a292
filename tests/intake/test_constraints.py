"""Each named constraint of the app, broken at the database."""

from datetime import timedelta

import pytest

from jinchuan.intake.models import Invitation
from jinchuan.shared.clock import now
from organizations.enums import Role
from organizations.services import accounts
from tests import factories
from tests.provoking import provoke


def _invitation():
    organization = factories.approved_organization()
    accounts.invite(
        by=factories.officer(),
        username="xinren",
        name="李秀英",
        role=Role.ORG_MEMBER,
        organization=organization,
    )
    return Invitation.objects.get()


PROVOCATIONS = {
    "invitation_dates_order": lambda: (_invitation(), {"expires_at": now() - timedelta(days=1)}),
    "invitation_used_or_revoked": lambda: (_invitation(), {"used_at": now(), "revoked_at": now()}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
