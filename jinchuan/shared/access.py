"""Who may do it at all (the role's permission), and to which rows (``visible_to``). Services ask here too, so that no
door, be it the admin, a sheet or a shell, leads round the rule."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views import View

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


class Page(View):
    """A page of the portal. Says what one must be allowed to do at all; rows are fetched through ``visible_to``."""

    permission = ""
    organization_only = False

    def dispatch(self, request, *args, **kwargs):
        if self.organization_only and not request.user.is_of_organization:
            return redirect("admin:index")
        if self.permission and not request.user.has_perm(self.permission):
            raise PermissionDenied(NOT_ALLOWED)
        return super().dispatch(request, *args, **kwargs)


class ListPage(Page):
    """A list, a page at a time. A page number that makes no sense shows the nearest page there is."""

    template_name = ""
    page_size = 20

    def rows(self):
        """The queryset, scoped and in a stable order."""
        raise TypeError(f"{type(self).__name__} does not say which rows it lists")

    def context(self) -> dict:
        return {}

    def get(self, request, **kwargs):
        asked = request.GET.get("page", "")
        page = Paginator(self.rows(), self.page_size).get_page(
            1 if asked.startswith("-") or asked == "0" else asked
        )
        return render(request, self.template_name, {"page": page, **self.context()})
