"""A register as of a date: what it read like on a day, to be read only."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import path, reverse

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Panel
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form


class AsOfForm(Form):
    on = DayFormField(label="截至", past=True)


class AsOfMixin:
    """Subclasses say ``as_of_heads``, ``as_of_rows(user, day)`` and ``as_of_cells(row)``."""

    as_of_heads = ()

    def get_urls(self):
        view = self.admin_site.admin_view(self.as_of_view)
        return [path("as-of/", view, name=self._address("as_of")), *super().get_urls()]

    def list_links(self, request):
        return [*super().list_links(request), ("按日期查看", reverse(f"admin:{self._address('as_of')}"))]

    def as_of_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied(NOT_ALLOWED)
        form = AsOfForm(request.GET if "on" in request.GET else None, initial={"on": today().isoformat()})
        page, panel, day = None, None, None
        if form.is_bound and form.is_valid():
            day = form.cleaned_data["on"]
            page = Paginator(self.as_of_rows(request.user, day), self.list_per_page).get_page(
                request.GET.get("p")
            )
            panel = Panel(
                f"截至{zh(day)}，共 {page.paginator.count} 条",
                self.as_of_heads,
                [self.as_of_cells(row) for row in page],
                empty="那一天还没有记录。",
            )
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name_plural}：按日期查看",
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "panel": panel,
            "page": page,
            "day": day,
            "back": self._list_address(),
        }
        return TemplateResponse(request, "admin/as_of.html", context)
