"""A scripted day: every act leaves exactly the lines it should, and nothing else does."""

import pytest

from cases.services import households, pairings
from donations.models import Fund
from donations.services import gifts as giving
from donations.services import receipts
from jinchuan.audit import chain
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from organizations.enums import Role
from organizations.services import accounts, organizations
from tests import factories
from volunteers.services import activities

DAYS = 8


class Day:
    """Who acts, and what they did: each step with the lines it leaves."""

    def __init__(self, second):
        self.officer, self.reviewer, self.second = factories.officer(), factories.reviewer(), second
        self.community = factories.division(factories.COMMUNITY_A1)
        self.acts = 0

    def does(self, lines, call):
        before = AuditEvent.objects.count()
        result = call()
        written = AuditEvent.objects.order_by("id")[before:]
        assert [event.action for event in written] == lines
        self.acts += 1
        return result

    def is_refused(self, call):
        before = AuditEvent.objects.count()
        with pytest.raises(Refused):
            call()
        assert AuditEvent.objects.count() == before
        self.acts += 1


def _organization(day):
    row = day.does(["create", "move:submitted"], factories.submitted_organization)
    row = day.does(["move:approved"], lambda: organizations.approve_organization(row, by=day.reviewer))
    row = day.does(["change"], lambda: organizations.update_organization(row, by=day.officer, capacity=3))
    user, code = day.does(
        ["invite", "issue_slip"],
        lambda: accounts.invite(
            by=day.officer, username=f"xin{row.pk}", name="李秀英", role=Role.ORG_ADMIN, organization=row
        ),
    )
    user = day.does(["activate"], lambda: accounts.activate(code, factories.PASSWORD))
    day.is_refused(lambda: accounts.activate(code, factories.PASSWORD))
    return row, user


def _pairing(day, organization, admin):
    row = day.does(
        ["create", "create", "create"],
        lambda: factories.registered_household(by=day.officer, community=day.community),
    )
    row = day.does(
        ["create", "move:verified"],
        lambda: households.verify_household(row, by=day.reviewer, method="home_visit", evidence="入户看过"),
    )
    pairing = day.does(
        ["intend"],
        lambda: pairings.register_intention(by=day.officer, household=row, organization=organization),
    )
    day.is_refused(lambda: pairings.activate_pairing(pairing, by=day.officer))
    day.does(["create"], lambda: factories.sharing_consent(row, organization))
    day.does(["household_confirms"], lambda: pairings.confirm_for_household(pairing, by=day.officer))
    day.does(["organization_confirms"], lambda: pairings.confirm_for_organization(pairing, by=admin))
    day.does([], lambda: pairings.confirm_for_organization(pairing, by=admin))
    day.does(["move:active", "move:active"], lambda: pairings.activate_pairing(pairing, by=day.officer))
    return row


def _gift(day, admin, household):
    donor = day.does(["create"], lambda: giving.donor_for_organization(admin.organization, by=admin))
    lines = [factories.cash(), factories.goods()]
    gift = day.does(
        ["submit", "line", "line"],
        lambda: factories.submitted_donation(by=admin, donor=donor, household=household, lines=lines),
    )
    day.does(["move:returned"], lambda: giving.return_donation(gift, by=day.officer, reason=factories.REASON))
    day.does(
        ["move:submitted", "correct", "line"],
        lambda: giving.correct_donation(gift, by=admin, lines=[factories.cash()]),
    )
    # The first gift of a route opens its account.
    opened = [] if Fund.objects.exists() else ["create"]
    day.does(["move:confirmed", *opened], lambda: giving.confirm_donation(gift, by=day.second))
    day.is_refused(lambda: giving.confirm_donation(gift, by=day.second))
    day.does(["note_receipt"], lambda: receipts.note_receipt(gift, by=day.officer, status="waived"))
    day.does(["move:voided"], lambda: giving.void_donation(gift, by=day.reviewer, reason=factories.REASON))


def _service(day, admin):
    volunteer = day.does(["create", "join"], lambda: factories.volunteer(admin.organization, by=admin))
    served = [factories.service(volunteer)]
    activity = day.does(
        ["submit", "records"], lambda: factories.submitted_activity(by=admin, services=served)
    )
    day.does(["move:confirmed"], lambda: activities.confirm_activity(activity, by=day.officer))
    day.does(
        ["move:voided"], lambda: activities.void_activity(activity, by=day.reviewer, reason=factories.REASON)
    )


def _leave(day, household, organization):
    consent = household.consents.get()
    day.does(["withdraw"], lambda: households.withdraw_consent(consent, by=day.officer))
    day.does(
        ["move:ended", "move:verified", "move:exited"],
        lambda: households.exit_household(
            household, by=day.officer, reason="moved_away", on=None, note="随子女迁往外地"
        ),
    )
    day.does(
        ["move:deregistered", "disable"],
        lambda: pairings.deregister_organization(organization, by=day.reviewer, reason="自愿申请注销"),
    )


def test_every_act_of_a_day_is_in_the_log_and_nothing_else(second_officer):
    day = Day(second_officer)

    for _ in range(DAYS):
        organization, admin = _organization(day)
        household = _pairing(day, organization, admin)
        _gift(day, admin, household)
        _service(day, admin)
        _leave(day, household, organization)

    assert day.acts >= 200
    assert chain.breaks() == []
    assert {event.actor for event in AuditEvent.objects.exclude(actor_role="")} >= {
        "officer",
        "reviewer",
        "second_officer",
    }
