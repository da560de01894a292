"""Who signs in to the demo district: one shown account per role, and those who stand behind the history."""

from django.contrib.auth.hashers import make_password

from jinchuan.audit.services import create, verb
from jinchuan.shared.clock import now
from organizations.enums import Role
from organizations.models import User

PASSWORD = "qilian-xue-2023"

# Role, username, name. The division worker looks after one street; the last two belong to one organisation.
SHOWN = [
    (Role.OFFICER, "officer", "许静"),
    (Role.REVIEWER, "reviewer", "孟建军"),
    (Role.LEADER, "leader", "方志明"),
    (Role.DIVISION_WORKER, "worker", "白雪梅"),
    (Role.ASSOCIATION_CLERK, "clerk", "汤丽萍"),
    (Role.ORG_ADMIN, "org_admin", "向晓东"),
    (Role.ORG_MEMBER, "org_member", "苏晓燕"),
    (Role.AUDITOR, "auditor", "石国栋"),
    (Role.ADMINISTRATOR, "admin", "丁立新"),
]
WORKER_STREET = "620302001000"


@verb
def open_account(*, by, username, name, role, password=None, **place) -> User:
    """An account that is active at once. Without a password nobody can sign in to it."""
    user = User(username=username, name=name, role=role, **place)
    user.password = password or make_password(None)
    create(user, by=by)
    User.objects.filter(pk=user.pk).update(created_at=now())  # the column itself only knows the real clock
    return user
