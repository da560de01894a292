"""Who may do it at all (the role's permission), and to which rows (``visible_to``). Services ask here too, so that no
door, be it the admin, a sheet or a shell, leads round the rule."""

from django.core.exceptions import PermissionDenied

NOT_ALLOWED = "您的账号没有办理这件事的权限。如果工作需要，请联系系统管理员。"


def require(by, permission, row=None) -> None:
    """Refuse (``PermissionDenied``) unless ``by`` holds the permission and, where given, may see the row.

    ``by=None`` is the system itself: the nightly tasks and the set-up commands.
    """
    if by is None:
        return
    if not by.has_perm(permission):
        raise PermissionDenied(NOT_ALLOWED)
    if row is not None and not type(row)._default_manager.visible_to(by).filter(pk=row.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
