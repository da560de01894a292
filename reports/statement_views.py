"""本组织统计: the issued statements of one's own organisation, to read, open and print. Nobody else's, and no drafts."""

from decimal import Decimal

from csp.decorators import csp_replace
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator

from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.money import yuan

from . import facts as fact
from .models import ReportEdition
from .services.editions import note_opened

COLUMNS = ("previous", "month", "correction", "cumulative")


def own(user):
    """Of one's own organisation, and out."""
    return ReportEdition.objects.visible_to(user).issued().filter(organization=user.organization_id)


class Statements(ListPage):
    permission = "reports.view_reportedition"
    organization_only = True
    template_name = "statements/statements.html"

    def rows(self):
        return own(self.request.user).for_list().order_by("-issued_at", "-pk")


class Statement(Page):
    """The figures on screen, as they are printed, and the file."""

    permission = "reports.view_reportedition"
    organization_only = True

    def get(self, request, serial):
        edition = get_object_or_404(own(request.user).with_scope(), serial=serial)
        lines = [
            {"name": line["name"], "unit": line["unit"]}
            | {key: _shown(line, key) for key in COLUMNS}
            | {"corrected": bool(Decimal(str(line["correction"])))}
            for line in fact.in_order(edition.facts["indicators"]).values()
        ]
        context = {"edition": edition, "lines": lines, "period": edition.period_value}
        return render(request, "statements/statement.html", context)


class StatementFile(Page):
    permission = "reports.view_reportedition"
    organization_only = True

    @method_decorator(csp_replace({"object-src": ["'self'"]}))  # or a browser does not show it in its viewer
    def get(self, request, serial):
        edition = get_object_or_404(own(request.user).with_scope(), serial=serial)
        note_opened(edition, by=request.user)
        return FileResponse(
            edition.pdf.open(),
            content_type="application/pdf",
            filename=f"{edition.scope_name}{edition.title}.pdf",
        )


def _shown(line, key):
    value = Decimal(str(line[key]))
    return yuan(value) if line["unit"] == "元" else f"{value.normalize():f}"
