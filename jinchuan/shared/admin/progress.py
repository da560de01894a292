"""Rows whose file a worker makes: the page tells how far it is, and asks again until it is there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django_htmx.http import HttpResponseClientRefresh

from .pieces import row_link


class ProgressMixin:
    """A subclass names its fragment and says what stands in it (``progress_of``)."""

    change_form_template = "admin/progress.html"
    progress_template = ""

    def progress_of(self, row) -> dict:
        """What the fragment shows, on its own and inside the page; ``is_waiting`` while it asks again."""
        return {"is_waiting": row.is_waiting}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= self._progress(obj) if obj else {}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:object_id>/progress/", view, name=self._address("progress")), *super().get_urls()]

    def progress_view(self, request, object_id):
        """Asked for by the page every few seconds; what is finished brings the whole page, which has other buttons now."""
        context = self._progress(self.seen(request, object_id))
        if request.htmx and not context["is_waiting"]:
            return HttpResponseClientRefresh()
        return TemplateResponse(request, self.progress_template, context)

    def seen(self, request, object_id):
        """The row of a page or a file beside the form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def address_of(self, row, name) -> str:
        return reverse(f"admin:{self._address(name)}", args=[row.pk])

    def _progress(self, row) -> dict:
        return {
            "progress_template": self.progress_template,
            "progress_address": self.address_of(row, "progress"),
            "page_address": row_link(row),
            **self.progress_of(row),
        }
