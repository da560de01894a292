"""Organisations, programmes, divisions and accounts, through their services."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.services.pairings import deregister_organization
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import STALE
from jinchuan.intake.models import Invitation
from jinchuan.shared.clock import now, today, travel
from jinchuan.shared.errors import Conflict, Refused
from organizations.enums import OrganizationState, Role
from organizations.models import Division, User
from organizations.services import accounts, organizations
from tests import factories
from tests.factories import PASSWORD

CLOSED = "章程到期，自愿注销"


# Organisations -----------------------------------------------------------------------------------------------


def test_a_registered_organization_waits_for_approval(officer):
    organization = factories.submitted_organization(by=officer)

    assert organization.state == OrganizationState.SUBMITTED
    assert organization.created_by == officer
    assert organization.code == "ZZ-0001"


def test_approval_keeps_who_and_when(officer, reviewer):
    organization = organizations.approve_organization(
        factories.submitted_organization(by=officer), by=reviewer
    )

    assert organization.approved_by == reviewer
    assert organization.approved_at is not None
    assert organization.is_approved


def test_nobody_approves_what_they_registered(reviewer):
    organization = factories.submitted_organization(by=reviewer)

    with pytest.raises(Refused) as refusal:
        organizations.approve_organization(organization, by=reviewer)

    assert refusal.value.messages == [organizations.OWN_APPROVAL]


def test_a_credit_code_is_registered_once(officer):
    first = factories.submitted_organization()

    with pytest.raises(ValidationError) as refusal:
        factories.submitted_organization(uscc=first.uscc)

    assert refusal.value.messages == ["这个统一社会信用代码已经登记，请在名册中查找。"]


@pytest.mark.parametrize("reason", ["", "  ", None, "太少了"])
def test_sending_back_needs_a_reason_to_act_on(reviewer, reason):
    with pytest.raises(Refused) as refusal:
        organizations.return_organization(factories.submitted_organization(), by=reviewer, reason=reason)

    assert refusal.value.message_dict == {"reason": [organizations.RETURN_REASON]}


def test_a_stale_save_says_what_changed_meanwhile(officer, second_officer):
    organization = factories.approved_organization(capacity=5)
    opened = organization.version
    organizations.update_organization(organization, by=second_officer, version=opened, capacity=8)

    with pytest.raises(Conflict) as conflict:
        organizations.update_organization(organization, by=officer, version=opened, capacity=6)

    assert conflict.value.messages == [STALE]
    assert [change.split("（")[0] for change in conflict.value.changes] == ["可结对户数：5 → 8"]
    organization.refresh_from_db()
    assert organization.capacity == 8


def test_deregistering_ends_pairings_and_shuts_accounts_and_slips(reviewer, pairing_a, admin_a):
    organization = pairing_a.organization
    intention = factories.intention(organization=organization)
    _, code = accounts.invite(
        by=admin_a, username="xinren", name="李秀英", role=Role.ORG_MEMBER, organization=organization
    )

    organization = deregister_organization(organization, by=reviewer, reason=CLOSED)

    pairing_a.refresh_from_db()
    intention.refresh_from_db()
    assert organization.state == OrganizationState.DEREGISTERED
    assert (pairing_a.state, pairing_a.end_reason, pairing_a.ended_on) == (
        "ended",
        "organization_closed",
        today(),
    )
    assert intention.state == "cancelled"
    assert not organization.users.active().exists()
    with pytest.raises(Refused) as refusal:
        accounts.activate(code, PASSWORD)
    assert refusal.value.messages == [accounts.CODE_NOT_USABLE]


def test_deregistering_is_all_or_nothing(reviewer, pairing_a):
    with pytest.raises(Refused):
        deregister_organization(pairing_a.organization, by=reviewer, reason="短")

    pairing_a.refresh_from_db()
    assert pairing_a.state == "active"
    assert pairing_a.organization.users.active().exists()


# Divisions and programmes ------------------------------------------------------------------------------------


def test_divisions_are_loaded_once(divisions):
    rows = [
        {
            "code12": d.code,
            "name": d.name,
            "level": d.level,
            "parent_code12": d.parent.code if d.parent else "",
        }
        for d in Division.objects.select_related("parent")
    ]

    assert organizations.load_divisions(rows, by=None) == 0
    assert Division.objects.count() == len(rows)


def test_a_division_in_use_is_not_retired(administrator, household_a, divisions):
    with pytest.raises(Refused) as refusal:
        organizations.retire_division(divisions.a1, by=administrator)

    assert refusal.value.messages == [organizations.IN_USE]


def test_an_empty_division_is_retired_with_its_date(administrator, divisions):
    retired = organizations.retire_division(divisions.a2, by=administrator)

    assert (retired.is_active, retired.valid_to) == (False, today())
    assert retired not in Division.objects.active()


def test_a_program_gets_a_running_code(officer):
    assert [factories.program().code, factories.program().code] == ["XM-0001", "XM-0002"]


# Accounts ----------------------------------------------------------------------------------------------------


def _invite(by, organization, role=Role.ORG_MEMBER, username="xinren"):
    return accounts.invite(by=by, username=username, name="李秀英", role=role, organization=organization)


def test_an_invited_account_works_once_activated(org_a, admin_a):
    user, code = _invite(admin_a, org_a)
    assert (user.is_active, user.has_usable_password()) == (False, False)

    user = accounts.activate(code, PASSWORD)

    assert user.is_active
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_read_however_it_is_typed(org_a, admin_a, typed):
    _, code = _invite(admin_a, org_a)

    assert accounts.find_invitation(typed(code)) is not None


def test_the_code_itself_is_kept_nowhere(org_a, admin_a):
    _, code = _invite(admin_a, org_a)
    plain = code.replace("-", "")

    invitation = Invitation.objects.values().get()
    logged = str(list(AuditEvent.objects.values()))

    assert plain not in str(invitation) and code not in str(invitation)
    assert plain not in logged and code not in logged


def _used(code, user, by):
    accounts.activate(code, PASSWORD)


def _replaced(code, user, by):
    accounts.issue_slip(user, by=by)


def _disabled(code, user, by):
    accounts.disable_account(user, by=by)


@pytest.mark.parametrize("spoil", [_used, _replaced, _disabled])
def test_a_spent_code_opens_nothing(org_a, admin_a, spoil):
    user, code = _invite(admin_a, org_a)
    spoil(code, user, admin_a)

    with pytest.raises(Refused) as refusal:
        accounts.activate(code, "Another-Word-2617")

    assert refusal.value.message_dict == {"code": [accounts.CODE_NOT_USABLE]}


def test_a_code_runs_out(org_a, admin_a, settings):
    _, code = _invite(admin_a, org_a)

    with (
        travel(now() + timedelta(days=settings.INVITATION_DAYS, seconds=1)),
        pytest.raises(Refused) as refusal,
    ):
        accounts.activate(code, PASSWORD)

    assert refusal.value.messages == [accounts.CODE_NOT_USABLE]


def test_a_wrong_code_is_answered_like_a_spent_one(db):
    with pytest.raises(Refused) as refusal:
        accounts.activate("2345-6789-ABCD-EFGH-JKLM", PASSWORD)

    assert refusal.value.messages == [accounts.CODE_NOT_USABLE]


def test_a_weak_password_leaves_the_code_usable(org_a, admin_a):
    _, code = _invite(admin_a, org_a)

    with pytest.raises(ValidationError):
        accounts.activate(code, "12345678")

    assert accounts.find_invitation(code) is not None
    assert accounts.activate(code, PASSWORD).is_active


INVITING = [
    # who, the role given, the organisation it is for, allowed
    ("admin_a", Role.ORG_MEMBER, "org_a", True),
    ("admin_a", Role.ORG_ADMIN, "org_a", True),
    ("admin_a", Role.ORG_MEMBER, "org_b", False),
    ("admin_a", Role.OFFICER, None, False),
    ("admin_a", Role.ADMINISTRATOR, None, False),
    ("member_a", Role.ORG_MEMBER, "org_a", False),
    ("officer", Role.ORG_ADMIN, "org_a", True),
    ("officer", Role.OFFICER, None, False),
    ("reviewer", Role.REVIEWER, None, False),
    ("leader", Role.ORG_MEMBER, "org_a", False),
    ("worker_a", Role.ORG_MEMBER, "org_a", False),
    ("clerk", Role.ORG_MEMBER, "org_a", False),
    ("auditor", Role.ORG_MEMBER, "org_a", False),
    ("administrator", Role.ORG_ADMIN, "org_a", True),
    ("administrator", Role.REVIEWER, None, True),
]


@pytest.mark.parametrize(("who", "role", "where", "allowed"), INVITING)
def test_who_may_give_which_role(request, divisions, who, role, where, allowed):
    by = request.getfixturevalue(who)
    organization = request.getfixturevalue(where) if where else None
    arguments = {
        "username": "xinren",
        "name": "李秀英",
        "role": role,
        "organization": organization,
        "division": None if organization else divisions.home,
    }

    if allowed:
        user, _ = accounts.invite(by=by, **arguments)
        assert user.role == role
    else:
        with pytest.raises(PermissionDenied):
            accounts.invite(by=by, **arguments)
        assert not User.objects.filter(username="xinren").exists()


def test_nobody_shuts_their_own_account(admin_a):
    with pytest.raises(Refused) as refusal:
        accounts.disable_account(admin_a, by=admin_a)

    assert refusal.value.messages == [accounts.NOT_YOURSELF]


def test_an_admin_shuts_only_accounts_of_the_own_organization(admin_a, member_a, member_b):
    with pytest.raises(PermissionDenied):
        accounts.disable_account(member_b, by=admin_a)

    assert not accounts.disable_account(member_a, by=admin_a).is_active


def test_an_organization_does_not_open_what_the_bureau_shut(officer, admin_a, member_a):
    accounts.disable_account(member_a, by=officer, reason="泄露了关爱户的信息")
    accounts.disable_account(member_a, by=admin_a)

    with pytest.raises(Refused) as refusal:
        accounts.issue_slip(member_a, by=admin_a)

    assert refusal.value.messages == [accounts.SHUT_BY_BUREAU]
    accounts.activate(accounts.issue_slip(member_a, by=officer), PASSWORD)
    accounts.disable_account(member_a, by=admin_a)
    assert accounts.activate(accounts.issue_slip(member_a, by=admin_a), PASSWORD).is_active


def test_the_superuser_of_the_command_line_sees_no_cases(db):
    user = User.objects.create_superuser(
        "root", PASSWORD, name="李建国", role=Role.ADMINISTRATOR, division=factories.home()
    )

    assert user.is_superuser is False
    assert not user.has_perm("cases.view_household")


def test_a_suspended_organisation_is_resumed_not_approved_anew(reviewer):
    organization = factories.suspended_organization()
    with pytest.raises(Refused, match=organizations.RESUME_INSTEAD):
        organizations.approve_organization(organization, by=factories.user(Role.REVIEWER))


def test_nobody_gives_themselves_another_role(administrator):
    with pytest.raises(Refused, match=accounts.OWN_ROLE):
        accounts.update_account(administrator, by=administrator, role=Role.OFFICER)
