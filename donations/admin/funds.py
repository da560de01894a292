"""Who holds money and goods, and where goods lie."""

from django.contrib import admin
from django.db.models import Sum

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, OneFilter, Panel, ScopedAdmin, row_link
from jinchuan.shared.templatetags.house import yuan

from ..enums import FUND_OF_ROUTE, LineKind
from ..models import Fund, Holding, Place
from ..models.lots import BUCKETS
from ..services import funds
from .counts import CountMixin, counts_panel
from .pieces import measured
from .reading import ReadingMixin

GOODS_SHOWN = 20
_SHOWN = ("received", "moved_in", "free", "promised", "in_transit", "delivered", "returned", "moved_out")


class InUse(OneFilter):
    title = "在用"
    parameter_name = "used"
    slices = {
        "yes": ("在用", lambda rows: rows.filter(is_active=True)),
        "no": ("停用", lambda rows: rows.filter(is_active=False)),
    }


class FundForm(ScopedAdmin.form):
    """The accounts of the routes open by themselves; by hand only special funds are entered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields and self.instance.pk is None:
            by_itself = {str(kind) for kind in FUND_OF_ROUTE.values()}
            self.fields["kind"].choices = [
                one for one in self.fields["kind"].choices if one[0] not in by_itself
            ]


@admin.register(Fund)
class FundAdmin(ReadingMixin, ScopedAdmin):
    form = FundForm
    tabs = False
    add_words = "登记专项基金"
    list_display = ["code", "name", "kind", "shown_division", "shown_owner", "shown_used"]
    list_display_links = ["code", "name"]
    list_filter = [InUse, "kind"]
    search_fields = ["code", "name", "name_search", "rule_document"]
    search_help_text = "按编号、名称、拼音首字母或管理办法查找。"
    empty_list = "还没有基金（账户）。收到第一笔捐赠时自动建立；专项基金、助学金在这里登记。"
    autocomplete_fields = ["owner"]
    readonly_fields = ["shown_kind"]
    fieldsets = [
        (
            None,
            {"fields": ["code", "shown_kind", "name", "division", "owner", "rule_document", "is_active"]},
        )
    ]
    add_fieldsets = [(None, {"fields": ["kind", "name", "division", "owner", "rule_document"]})]
    read_as = {"is_active": "shown_used"}

    @admin.display(description="类别")
    def shown_kind(self, row):
        return row.get_kind_display()

    @admin.display(description="所属区划", ordering="division__code")
    def shown_division(self, row):
        return row.division.short_name

    @admin.display(description="管理组织")
    def shown_owner(self, row):
        return row.owner.name if row.owner else "--"

    @admin.display(description="在用", ordering="is_active")
    def shown_used(self, row):
        return "在用" if row.is_active else "停用"

    def choice_label(self, row):
        return row.name

    def choices_for(self, name, rows):
        return rows.active() if name == "division" else rows

    def service_create(self, request, form):
        return funds.open_fund(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return funds.update_fund(row, by=by, version=version, **fields)

    def panels(self, request, row):
        held = Holding.objects.visible_to(request.user).filter(fund=row)
        yield money_panel(held)
        yield goods_panel(
            held.in_stock(), more_url=site.list_url("donations.holding", fund__id__exact=row.pk)
        )


def money_panel(held) -> Panel:
    """元 in every column of the fund's money, that free is what can still be allocated."""
    sums = held.filter(lot__kind=LineKind.CASH).aggregate(**{f"sum_{name}": Sum(name) for name in BUCKETS})
    names = [name for name in BUCKETS if sums[f"sum_{name}"] or name in _SHOWN]
    return Panel(
        "款项（元）",
        tuple(Holding._meta.get_field(name).verbose_name for name in names),
        [tuple(Cell(yuan(sums[f"sum_{name}"] or 0), figure=True) for name in names)],
    )


def goods_panel(rows, **more) -> Panel:
    """What lies here; each kind in its own unit, in no sum."""
    return Panel(
        "在库物资",
        ("物资", "批次号", "存放点", "未分配", "已分配待发"),
        [
            (
                one.lot.item,
                Cell(one.lot.code, row_link(one)),
                one.place.name if one.place else "未入库",
                Cell(measured(one.free, one.lot), figure=True),
                Cell(measured(one.promised, one.lot), figure=True),
            )
            for one in rows.for_list().order_by("lot__item", "pk")[:GOODS_SHOWN]
        ],
        empty="没有在库物资。",
        **more,
    )


@admin.register(Place)
class PlaceAdmin(CountMixin, ScopedAdmin):
    tabs = False
    list_display = ["name", "kind", "shown_division", "keeper", "shown_used"]
    list_filter = [InUse, "kind"]
    search_fields = ["name", "name_search", "keeper"]
    search_help_text = "按名称、拼音首字母或保管人查找。"
    empty_list = "还没有物资存放点。登记以后，物资可以入库、调拨和盘点。"
    fieldsets = [(None, {"fields": ["name", "kind", "division", "keeper", "is_active"]})]
    add_fieldsets = [(None, {"fields": ["name", "kind", "division", "keeper"]})]
    read_as = {"is_active": "shown_used"}

    @admin.display(description="所在区划", ordering="division__code")
    def shown_division(self, row):
        return row.division.short_name

    @admin.display(description="在用", ordering="is_active")
    def shown_used(self, row):
        return "在用" if row.is_active else "停用"

    def choice_label(self, row):
        return row.name

    def choices_for(self, name, rows):
        return rows.active() if name == "division" else rows

    def service_create(self, request, form):
        return funds.add_place(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return funds.update_place(row, by=by, version=version, **fields)

    def panels(self, request, row):
        held = Holding.objects.visible_to(request.user).filter(place=row)
        yield goods_panel(
            held.in_stock(), more_url=site.list_url("donations.holding", place__id__exact=row.pk)
        )
        yield counts_panel(request.user, row)
