"""Writes on accounts: invite with an activation slip, activate, disable. Nobody types a password for somebody else."""

import secrets
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import change, create, lock, record, verb
from jinchuan.intake.models import Invitation
from jinchuan.shared import crypto
from jinchuan.shared.access import NOT_ALLOWED, require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused

from ..enums import ORGANIZATION_ROLES
from ..models import User

CODE_NOT_USABLE = "激活码不对或已经过期，请核对激活单，或请民政局重新发一张。"
OWN_ROLE = "不能修改自己的角色，请由另一位系统管理员办理。"
SHUT_BY_BUREAU = "这个账号由民政局停用，不能由本组织重新开通。如果需要恢复，请联系民政局。"
NOT_YOURSELF = "不能停用自己的账号。"

# 20 letters and digits that are hard to confuse: about 98 bits, typed in groups of four.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 20


@verb
def invite(
    *, by, username, name, role, division=None, organization=None, phone="", email=""
) -> tuple[User, str]:
    """Make an account that can be used once its slip is activated; returns it and the code for the slip.

    An organisation's administrator invites only into the own organisation.
    """
    require(by, "organizations.invite_user")
    _may_give(by, role, organization)
    user = User(
        username=username,
        name=name,
        role=role,
        division=division,
        organization=organization,
        phone=phone,
        email=email,
        is_active=False,
    )
    user.set_unusable_password()
    create(user, by=by, action="invite")
    return user, issue_slip(user, by=by)


@verb
def issue_slip(user, *, by) -> str:
    """A new activation slip for the account, the old ones revoked: for a first sign-in or a forgotten password.

    Returns the code, which is kept nowhere. What the bureau shut, an organisation does not open again.
    """
    require(by, "organizations.invite_user", user)
    _may_give(by, user.role, user.organization)
    if by and by.organization_id and _was_shut_by_bureau(user):
        raise Refused(SHUT_BY_BUREAU)
    user.invitations.usable().update(revoked_at=now())
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    invitation = Invitation(
        user=user,
        code_hash=_hash(code),
        created_at=now(),
        created_by=by,
        expires_at=now() + timedelta(days=settings.INVITATION_DAYS),
    )
    create(invitation, by=by, action="issue_slip")
    return "-".join(code[i : i + 4] for i in range(0, _LENGTH, 4))


def find_invitation(code) -> Invitation | None:
    """The invitation a typed or scanned code belongs to, while it can be used; spaces and dashes do not matter."""
    return (
        Invitation.objects.usable().filter(code_hash=_hash(code)).select_related("user__organization").first()
    )


@verb
def activate(code, password, *, by=None) -> User:
    """Set the password of the account the slip is for. Refuses a used, revoked, expired or unknown code alike."""
    invitation = find_invitation(code)
    if invitation is None:
        raise Refused({"code": CODE_NOT_USABLE})
    invitation = lock(invitation)
    if invitation.used_at or invitation.revoked_at:
        raise Refused({"code": CODE_NOT_USABLE})
    user = lock(invitation.user)
    validate_password(password, user)
    invitation.used_at = now()
    invitation.full_clean()
    invitation.save()
    user.set_password(password)
    user.is_active = True
    user.version += 1
    user.save()
    record("activate", user, by=user)
    return user


@verb
def update_account(user, *, by, version=None, **fields) -> User:
    """Correct an account's particulars. A change of role or place takes effect with the next request."""
    require(by, "organizations.manage_accounts", user)
    if by and by.pk == user.pk and fields.get("role", user.role) != user.role:
        raise Refused({"role": OWN_ROLE})
    return change(user, by=by, version=version, **fields)


@verb
def set_email(user, *, by, email) -> User:
    """Set, or with "" remove, one's own address for mails; an administrator of accounts does it for others."""
    if by is None or by.pk != user.pk:
        require(by, "organizations.manage_accounts", user)
    user = lock(user)
    return user if user.email == email else change(user, by=by, action="set_email", email=email)


@verb
def disable_account(user, *, by, reason="") -> User:
    """Shut the account; its open sessions end with their next request. Not one's own, so that an organisation's last
    administrator is shut by the bureau alone."""
    require(by, "organizations.invite_user", user)
    _may_give(by, user.role, user.organization)
    if by and by.pk == user.pk:
        raise Refused(NOT_YOURSELF)
    user.invitations.usable().update(revoked_at=now())
    return change(user, by=by, action="disable", is_active=False, reason=reason)


@verb
def unlock_account(user, *, by) -> None:
    """Forget the wrong passwords of an account that is locked for a while; its password stays."""
    require(by, "organizations.invite_user", user)
    _may_give(by, user.role, user.organization)
    get_adapter().unlock(context.request, user.username)
    record("unlock", user, by=by)


def _was_shut_by_bureau(user) -> bool:
    """Is it shut, and since it was last opened somebody other than its own organisation shut it?"""
    if User.objects.get(pk=user.pk).is_active:
        return False
    events = AuditEvent.objects.of(user)
    opened = events.filter(action="activate").order_by("-id").first()
    shut = events.filter(action="disable", id__gt=opened.pk if opened else 0)
    return shut.exclude(actor_role__in=[role.value for role in ORGANIZATION_ROLES]).exists()


def _may_give(by, role, organization) -> None:
    """An organisation gives its own roles; officers give organisations theirs; administrators give any."""
    if by is None or by.has_perm("organizations.manage_accounts"):
        return
    if role in ORGANIZATION_ROLES and (not by.organization_id or by.organization_id == organization.pk):
        return
    raise PermissionDenied(NOT_ALLOWED)


def _hash(code) -> str:
    plain = "".join(character for character in code.upper() if character.isalnum())
    return crypto.keyed_hash(plain, purpose="intake.invitation")
