"""Divisions: staff may add and retire them; merged communities keep their history."""

from django.contrib import admin

from jinchuan.shared.admin import HouseFilterSet, ScopedAdmin, Verb

from ..filters import PlaceFilter
from ..forms import RetireForm
from ..models import Division
from ..services import organizations


class DivisionFilter(HouseFilterSet):
    place = PlaceFilter(field_name="pk", label="上级区划")

    class Meta(HouseFilterSet.Meta):
        model = Division
        fields = []

    def filter_queryset(self, queryset):
        place = self.form.cleaned_data.get("place")
        return queryset.filter(path__startswith=place.path) if place else queryset


@admin.register(Division)
class DivisionAdmin(ScopedAdmin):
    list_display = ["code", "name", "level", "parent", "shown_active"]
    list_display_links = ["code", "name"]
    list_filter = ["level", "is_active"]
    filterset_class = DivisionFilter
    search_fields = ["code", "name", "name_search"]
    search_help_text = "按名称、拼音首字母或 12 位代码查找。"
    empty_list = "还没有行政区划。"
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["code", "name", "level", "parent", "valid_from", "shown_active", "valid_to"]})
    ]
    add_fieldsets = [(None, {"fields": ["code", "name", "level", "parent", "valid_from"]})]
    readonly_fields = ["shown_active", "valid_to"]
    verbs = (
        Verb(
            "retire",
            "停用",
            "organizations.change_division",
            organizations.retire_division,
            form=RetireForm,
            applies=lambda row: row.is_active,
            explain="撤并的区划停用后不能再选，历史记录保留。还有在册关爱户或下级区划的不能停用。",
            bulk=False,
            caution=True,
        ),
    )

    @admin.display(description="在用", ordering="is_active")
    def shown_active(self, row):
        return "在用" if row.is_active else "已停用"

    def choice_label(self, row):
        return row.short_name

    def service_create(self, request, form):
        return organizations.add_division(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_division(row, by=by, version=version, **fields)
