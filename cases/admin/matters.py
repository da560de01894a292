"""Matters settled for households: difficulties solved, deeds done, policies explained and applied."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    link_to,
    row_link,
)
from jinchuan.shared.admin.preview import step
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from organizations.filters import PlaceFilter

from ..enums import VisitState
from ..forms import OpenForm
from ..models import Matter
from ..services import visits
from .care import (
    PutRight,
    WaitingCare,
    WorkedOn,
    counted_panel,
    ids_of_households_called,
    returned_to,
    steps_panel,
)

V = VisitState


class MatterFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")
    settled_from = DayFilter(field_name="settled_on", lookup_expr="gte", label="办结日期从")
    settled_to = DayFilter(field_name="settled_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Matter
        fields = []


def stand_alone(rows):
    """Those that do not go the way of a visit that is still to be decided."""
    return rows.waiting().exclude(visit__state__in=[V.SUBMITTED, V.RETURNED])


class WaitingMatters(WaitingCare):
    slices = {"submitted": ("待确认", stand_alone)}


def answered(row, result) -> list[str]:
    return [*step(row, result), *([f"需求 {row.need.code} 由它解决。"] if row.need else [])]


@admin.register(Matter)
class MatterAdmin(PutRight, WorkedOn, ScopedAdmin):
    form = OpenForm
    worked_on = ("description",)
    list_display = ["code", "shown_day", "shown_household", "kind", "shown_organization", "badge_state"]
    list_filter = [WaitingMatters, "state", "kind"]
    filterset_class = MatterFilter
    search_fields = ["code", "household__code", "organization__name", "organization__name_search"]
    search_help_text = "按事项编号、户编号、户主姓名或组织名称查找。"
    empty_list = "还没有办理事项。"
    autocomplete_fields = ["household", "need"]
    readonly_fields = ["linked_household", "shown_organization", "shown_visit", "shown_need"]
    fieldsets = [
        (
            "事项",
            {
                "fields": [
                    "linked_household",
                    ("kind", "settled_on"),
                    "description",
                    "shown_organization",
                    ("shown_visit", "shown_need"),
                ]
            },
        ),
        (
            "登记",
            {
                "fields": [
                    "code",
                    ("submitted_by", "submitted_at"),
                    ("confirmed_by", "confirmed_at"),
                    ("voided_by", "voided_at"),
                ]
            },
        ),
    ]
    add_fieldsets = [(None, {"fields": ["household", "kind", "settled_on", "description", "need"]})]
    verbs = (
        Verb(
            "confirm",
            "确认",
            "cases.confirm_matter",
            visits.confirm_matter,
            states=(V.SUBMITTED,),
            explain="由登记人以外的第二人确认，从此计数；它对应的需求同时办结。随走访登记的，请在走访上确认。",
            previewed=True,
            says=answered,
        ),
        Verb(
            "return",
            "退回",
            "cases.confirm_matter",
            visits.return_matter,
            states=(V.SUBMITTED,),
            form=ReasonForm,
            explain="退回登记人修改。",
            previewed=True,
        ),
        Verb(
            "void",
            "作废",
            "cases.void_matter",
            visits.void_matter,
            states=(V.CONFIRMED,),
            form=ReasonForm,
            explain="这件事不再计数，记录保留；由它解决的需求重新开放。由确认人以外的另一位审核人员办理。",
            caution=True,
            previewed=True,
        ),
    )

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="关爱户")
    def linked_household(self, row):
        return link_to(row.household)

    @admin.display(description="办结日期", ordering="settled_on")
    def shown_day(self, row):
        return zh(row.settled_on)

    @admin.display(description="办理的人", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name if row.organization else "工作人员"

    @admin.display(description="相关走访")
    def shown_visit(self, row):
        return link_to(row.visit) if row.visit else "--"

    @admin.display(description="相关需求")
    def shown_need(self, row):
        return link_to(row.need, row.need.code) if row.need else "--"

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{row.household.code}　{row.get_kind_display()}　{zh(row.settled_on)}"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows.unmet() if name == "need" else rows

    def search_for(self, word):
        return super().search_for(word) | Q(household__in=ids_of_households_called(word))

    def get_changeform_initial_data(self, request):
        asked = {name: request.GET[name] for name in ("household", "need") if name in request.GET}
        return {"settled_on": today(), **asked}

    def service_create(self, request, form):
        return visits.log_matter(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return visits.correct_matter(row, by=by, version=version, **fields)

    def stands_alone(self, row) -> bool:
        """What was settled on a visit is put right together with it."""
        return row.visit is None or row.visit.state not in (V.SUBMITTED, V.RETURNED)

    def panels(self, request, row):
        yield steps_panel(row)


@site.panel("cases.household")
def matters_of_household(request, household):
    user = request.user
    if not user.has_perm("cases.view_matter"):
        return None
    return counted_panel(
        request,
        "事项",
        ("编号", "办结日期", "类别", "办理的人", "状态"),
        Matter.objects.visible_to(user)
        .filter(household=household)
        .select_related("organization")
        .only("code", "settled_on", "kind", "state", "organization__name"),
        lambda one: (
            Cell(one.code, row_link(one)),
            zh(one.settled_on),
            one.get_kind_display(),
            one.organization.name if one.organization else "工作人员",
            badge(one),
        ),
        empty="还没有办理事项。",
        add_url=f"{reverse('admin:cases_matter_add')}?household={household.pk}"
        if user.has_perm("cases.add_matter")
        else "",
        add_label="登记办理事项",
        more_url=site.list_url("cases.matter", q=household.code),
    )


@site.worklist
def matters_returned(user):
    if user.has_perm("cases.change_matter"):
        mine = returned_to(user, Matter.objects.visible_to(user))
        yield site.Waiting(
            "退回给您的事项",
            mine.count(),
            site.list_url("cases.matter", waiting="mine"),
            act="去修改",
            urgent=True,
        )


@site.worklist
def matters_waiting(user):
    if user.has_perm("cases.confirm_matter"):
        yield site.Waiting(
            "待确认事项",
            stand_alone(Matter.objects.visible_to(user)).count(),
            site.list_url("cases.matter", waiting="submitted"),
            act="去确认",
        )
