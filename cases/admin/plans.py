"""Care plans: 一户一策, one for a household and a year."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, HouseFilterSet, OneFilter, ScopedAdmin, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date
from organizations.filters import PlaceFilter

from ..forms import OpenForm
from ..models import CarePlan
from ..services import plans
from .care import WorkedOn, counted_panel, ids_of_households_called


class PlanFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")

    class Meta(HouseFilterSet.Meta):
        model = CarePlan
        fields = []


class ReviewedPlans(OneFilter):
    title = "评估"
    parameter_name = "waiting"
    slices = {
        "unreviewed": ("还没有评估", lambda rows: rows.filter(reviewed_on__isnull=True)),
        "reviewed": ("已评估", lambda rows: rows.filter(reviewed_on__isnull=False)),
    }


@admin.register(CarePlan)
class CarePlanAdmin(WorkedOn, ScopedAdmin):
    add_words = "制定帮扶计划"
    form = OpenForm
    worked_on = ("goals", "measures", "review")
    list_display = ["shown_name", "year", "shown_drawn", "shown_reviewed"]
    list_filter = [ReviewedPlans, "year"]
    filterset_class = PlanFilter
    search_fields = ["household__code"]
    search_help_text = "按户编号或户主姓名查找。"
    empty_list = "还没有帮扶计划。一户一年一份。"
    autocomplete_fields = ["household"]
    readonly_fields = ["shown_name"]
    fieldsets = [
        ("计划", {"fields": ["shown_name", "goals", "measures", "drawn_on"]}),
        ("评估", {"fields": ["reviewed_on", "review"]}),
    ]
    add_fieldsets = [(None, {"fields": [("household", "year"), "goals", "measures", "drawn_on"]})]

    @admin.display(description="关爱户", ordering="household__code")
    def shown_name(self, row):
        return row.household.code

    @admin.display(description="制定日期", ordering="drawn_on")
    def shown_drawn(self, row):
        return zh(row.drawn_on)

    @admin.display(description="评估日期", ordering="reviewed_on")
    def shown_reviewed(self, row):
        return zh_date(row.reviewed_on)

    def choice_label(self, row):
        return f"{row.household.code} {row.year}年"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows

    def search_for(self, word):
        return super().search_for(word) | Q(household__in=ids_of_households_called(word))

    def get_changeform_initial_data(self, request):
        return {"year": today().year, "drawn_on": today(), "household": request.GET.get("household", "")}

    def service_create(self, request, form):
        return plans.draw_plan(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return plans.update_plan(row, by=by, version=version, **fields)


@site.panel("cases.household")
def plans_of_household(request, household):
    user = request.user
    if not user.has_perm("cases.view_careplan"):
        return None
    works = user.has_perm("cases.change_careplan")
    return counted_panel(
        request,
        "计划",
        ("年度", "目标", "措施", "制定日期", "评估日期"),
        CarePlan.objects.visible_to(user).filter(household=household),
        lambda one: (
            Cell(f"{one.year}年", row_link(one)),
            one.goals if works else "已填写",
            one.measures if works else "已填写",
            zh(one.drawn_on),
            zh_date(one.reviewed_on),
        ),
        empty="还没有帮扶计划。一户一年一份。",
        add_url=f"{reverse('admin:cases_careplan_add')}?household={household.pk}"
        if user.has_perm("cases.add_careplan")
        else "",
        add_label="制定帮扶计划",
    )
