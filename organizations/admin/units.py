"""The units that supervise organisations, and how their organisations take part: on the page, and as a sheet to hand over."""

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jinchuan.printing import PrintError, render_now
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, Verb, row_link
from jinchuan.shared.clock import SHANGHAI, now, today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form

from .. import participation
from ..facts import ORGANIZATIONS
from ..models import SupervisingUnit
from ..services import organizations, papers

TEMPLATE = "print/organizations/participation.html"


def first_of_year():
    return today().replace(month=1, day=1)


class SheetForm(Form):
    since = DayFormField(label="从", initial=first_of_year)
    until = DayFormField(label="到", initial=today)


def as_pdf(model_admin, request, unit, facts):
    """The sheet as a file: a page or two, so it is made while one waits (docs/adr/0022)."""
    try:
        made = render_now(
            TEMPLATE,
            {"facts": facts},
            rows=len(facts["annex"]["rows"]),
            title=facts["title"],
            created=now().astimezone(SHANGHAI),
            author=settings.BUREAU_NAME,
        )
    except PrintError as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return None
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{facts['title']}.pdf")
    return response


@admin.register(SupervisingUnit)
class SupervisingUnitAdmin(ScopedAdmin):
    list_display = ["name"]
    search_fields = ["name", "name_search"]
    ordering = ["name_pinyin", "id"]
    fieldsets = [(None, {"fields": ["name"]})]
    empty_list = "还没有业务主管单位。"
    verbs = (
        Verb(
            "sheet",
            "打印参与情况表",
            "organizations.view_mobilizationinvitation",
            papers.print_sheet,
            form=SheetForm,
            explain="所属社会组织参与情况，交给业务主管单位。只有组织和数字，没有关爱户的资料；按编号排列，不排名。",
            bulk=False,
            respond=as_pdf,
        ),
    )

    def panels(self, request, row):
        if not request.user.has_perm("organizations.view_mobilizationinvitation"):
            return
        since, until = first_of_year(), today()
        found = list(participation.organizations_of(row))
        told = ORGANIZATIONS.of([one.pk for one in found], since=since, until=until)
        columns = ORGANIZATIONS.columns
        yield Panel(
            f"所属社会组织（{len(found)}）",
            ("编号", "社会组织", *(column.head for column in columns)),
            [
                (
                    Cell(one.code, row_link(one)),
                    one.name,
                    *(
                        Cell(column.text(value), figure=True)
                        for column, value in zip(columns, told[one.pk], strict=True)
                    ),
                )
                for one in found
            ],
            empty="还没有登记所属社会组织。",
            note=f"{zh(since)}至{zh(until)}。{participation.NOTE}",
        )

    def service_create(self, request, form):
        return organizations.register_supervising_unit(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_supervising_unit(row, by=by, **fields)
