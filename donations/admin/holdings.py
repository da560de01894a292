"""款物结存: what is held where, whose gift it was, and what may be done with it."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.html import format_html

from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    HouseFilterSet,
    OneFilter,
    Panel,
    ScopedAdmin,
    ScopedRelatedFilter,
    Verb,
)
from jinchuan.shared.admin.pieces import badge, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date
from organizations.filters import PlaceFilter

from ..enums import PERISHABLE, LineKind
from ..models import Allocation, Holding, Movement
from ..naming import working_name
from ..services import allocations, corrections, purposes, stock
from .asking import AdjustForm, AllocateForm, DisposeForm, TransferForm, what_it_is_for
from .pieces import (
    figure,
    in_full,
    measured,
    movements_panel,
    source_facts,
    use_words,
)

EXPIRED_NOTE = "已过保质期，不能再分配。请清点后“提出处置”，按损坏或过期核销。"


def is_spoiled(lot) -> bool:
    """Food or medicine past its day: nobody may be given it (慈善法 §36)."""
    return bool(lot.expires_on and lot.expires_on < today() and lot.line.category in PERISHABLE)


def respond_with_result(model_admin, request, row, result):
    """To the page of what was just proposed."""
    return HttpResponseRedirect(row_link(result))


class HoldingFilter(HouseFilterSet):
    division = PlaceFilter(field_name="fund__division", label="基金所在地")

    class Meta(HouseFilterSet.Meta):
        model = Holding
        fields = []


class Remainder(OneFilter):
    title = "结存情况"
    parameter_name = "waiting"
    slices = {
        "free": ("有未分配的", lambda rows: rows.free()),
        "none": ("没有未分配的", lambda rows: rows.filter(free=0)),
        "transit": ("有发放途中的", lambda rows: rows.filter(in_transit__gt=0)),
        "unplaced": ("物资还没有入库", lambda rows: rows.in_stock().filter(place__isnull=True)),
        "expiring": ("快到保质期", lambda rows: rows.expiring()),
        "expired": ("已过保质期", lambda rows: rows.expired()),
    }


class KindFilter(OneFilter):
    title = "款物"
    parameter_name = "kind"
    slices = {
        "cash": ("款项", lambda rows: rows.filter(lot__kind=LineKind.CASH)),
        "goods": ("物资", lambda rows: rows.filter(lot__kind=LineKind.GOODS)),
    }


@admin.register(Holding)
class HoldingAdmin(ScopedAdmin):
    tabs = False
    list_display = [
        "listed_item",
        "shown_free",
        "shown_promised",
        "shown_transit",
        "shown_delivered",
        "listed_where",
        "shown_donor",
        "shown_expires",
    ]
    list_filter = [
        Remainder,
        KindFilter,
        ("fund", ScopedRelatedFilter),
        ("place", ScopedRelatedFilter),
    ]
    filterset_class = HoldingFilter
    search_fields = [
        "lot__code",
        "lot__item",
        "lot__line__donation__donor__name",
        "lot__line__donation__donor__name_search",
    ]
    search_help_text = "按捐赠编号、物资名称、捐赠方或拼音首字母查找。"
    empty_list = "还没有款物。捐赠确认以后，款物出现在这里。"
    ordering = ["-id"]
    fieldsets = [
        (
            "款物",
            {
                "fields": [
                    "shown_item",
                    "shown_lot",
                    "shown_donor",
                    "shown_purpose",
                    "shown_fund",
                    "shown_place",
                    "shown_worth",
                    "shown_expires",
                ]
            },
        ),
    ]
    readonly_fields = [
        "shown_item",
        "shown_lot",
        "shown_donor",
        "shown_purpose",
        "shown_fund",
        "shown_place",
        "shown_worth",
        "shown_expires",
    ]
    verbs = (
        Verb(
            "allocate",
            "提出分配",
            "donations.add_allocation",
            allocations.propose_allocation,
            applies=lambda row: row.free > 0 and not is_spoiled(row.lot),
            form=AllocateForm,
            facts=lambda row: [*source_facts(row)[1:], ("用途", purpose_words(row))],
            initial=what_it_is_for,
            explain="提出后这一部分立即留出，别人不能再分；由另一位工作人员批准后才能发放。",
            respond=respond_with_result,
            bulk=False,
        ),
        Verb(
            "transfer",
            "入库或调拨",
            "donations.change_holding",
            stock.transfer,
            applies=lambda row: row.free > 0 and not row.lot.is_cash,
            form=TransferForm,
            facts=lambda row: source_facts(row)[1:],
            explain="只转未分配的部分；已分配待发的，随签收单出库。",
            respond=respond_with_result,
            bulk=False,
        ),
        Verb(
            "adjust",
            "提出更正",
            "donations.add_adjustment",
            corrections.propose_adjustment,
            form=AdjustForm,
            facts=lambda row: source_facts(row)[1:],
            explain="已确认的捐赠不改动；登记多了或少了，另记一条更正，由另一位工作人员批准后生效。",
            respond=respond_with_result,
            bulk=False,
        ),
        Verb(
            "dispose",
            "提出处置",
            "donations.add_disposal",
            corrections.propose_disposal,
            applies=lambda row: row.free > 0,
            form=DisposeForm,
            facts=lambda row: source_facts(row)[1:],
            explain="退还捐赠人、损坏或过期核销、变卖，由另一位工作人员批准后生效。",
            respond=respond_with_result,
            bulk=False,
        ),
    )

    @admin.display(description="款物", ordering="lot__item")
    def listed_item(self, row):
        return format_html("{} <small>{}</small>", row.lot.item, row.lot.code)

    @admin.display(description="在哪里", ordering="fund__code")
    def listed_where(self, row):
        return format_html("{} <small>{}</small>", row.fund.name, self.shown_place(row))

    @admin.display(description="款物")
    def shown_item(self, row):
        return row.lot.item

    @admin.display(description="批次号")
    def shown_lot(self, row):
        return row.lot.code

    @admin.display(description="捐赠方")
    def shown_donor(self, row):
        return working_name(row.lot.line.donation.donor)

    @admin.display(description="用途")
    def shown_purpose(self, row):
        return purpose_words(row)

    @admin.display(description="基金（账户）")
    def shown_fund(self, row):
        return row.fund.name

    @admin.display(description="存放点")
    def shown_place(self, row):
        if row.place:
            return row.place.name
        return "--" if row.lot.is_cash else "未入库"

    @admin.display(description="未分配", ordering="free")
    def shown_free(self, row):
        return measured(row.free, row.lot)

    @admin.display(description="已分配待发", ordering="promised")
    def shown_promised(self, row):
        return measured(row.promised, row.lot) if row.promised else "--"

    @admin.display(description="发放途中", ordering="in_transit")
    def shown_transit(self, row):
        return measured(row.in_transit, row.lot) if row.in_transit else "--"

    @admin.display(description="已交付", ordering="delivered")
    def shown_delivered(self, row):
        return measured(row.delivered, row.lot) if row.delivered else "--"

    @admin.display(description="这一批的价值")
    def shown_worth(self, row):
        lot = row.lot
        if lot.worth is None:
            return "不计价"
        whole = lot.amount + lot.amount_adjusted
        return in_full(lot.worth, lot) if lot.is_cash else f"{lot.worth:,.2f} 元（共 {measured(whole, lot)}）"

    @admin.display(description="保质期至", ordering="lot__expires_on")
    def shown_expires(self, row):
        expires = row.lot.expires_on
        if expires and expires < today():
            return f"{zh(expires)}（已过）"
        return zh_date(expires)

    def choice_label(self, row):
        return " ".join([row.lot.item, row.lot.code])

    def page_note(self, request, obj):
        return EXPIRED_NOTE if obj and obj.free > 0 and is_spoiled(obj.lot) else ""

    def panels(self, request, row):
        lot = row.lot
        names = [name for name in _WHEREABOUTS if getattr(row, name) or name in _ALWAYS]
        yield Panel(
            "结存",
            tuple(Holding._meta.get_field(name).verbose_name for name in names),
            [tuple(figure(getattr(row, name), lot) for name in names)],
            note="来（收到、转入、更正）和去（其余各项）始终相等。",
            leads=True,
        )
        donation = lot.line.donation
        user = request.user
        if user.has_perm("donations.view_donation"):
            yield Panel(
                "来源",
                ("捐赠编号", "捐赠方", "收到日期", "状态"),
                [
                    (
                        Cell(donation.code, row_link(donation)),
                        working_name(donation.donor),
                        zh_date(donation.received_on),
                        badge(donation),
                    )
                ],
                leads=True,
            )
        yield allocations_panel(Allocation.objects.visible_to(user).filter(holding=row), leads=True)
        others = list(Holding.objects.visible_to(user).filter(lot=lot).exclude(pk=row.pk).for_list())
        if others:
            yield _others_panel(others)
        yield movements_panel(Movement.objects.visible_to(user).filter(holding=row))


_WHEREABOUTS = (
    "received",
    "moved_in",
    "adjusted",
    "free",
    "promised",
    "in_transit",
    "delivered",
    "returned",
    "written_off",
    "sold",
    "moved_out",
)
_ALWAYS = ("free", "promised", "in_transit", "delivered")


def purpose_words(holding) -> str:
    return use_words(purposes.purpose_of(holding.lot.line.donation))


def allocations_panel(rows, title="分配", **more) -> Panel:
    """What was allocated of something, each leading to its page."""
    targets = ("household__code", "household__community__name", "fund__name", "program__name")
    shown = rows.select_related("holding__lot", "household__community", "fund", "program").only(
        *("code", "amount", "delivered", "proposed_on", "state"),
        *(f"holding__lot__{name}" for name in ("kind", "item", "unit")),
        *targets,
    )[:50]
    return Panel(
        title,
        ("分配编号", "款物", "数量（金额）", "分配给", "已交付", "提出日期", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                one.holding.lot.item,
                figure(one.amount, one.holding.lot),
                target_words(one),
                figure(one.delivered, one.holding.lot),
                zh(one.proposed_on),
                badge(one),
            )
            for one in shown
        ],
        empty="还没有分配。",
        **more,
    )


def target_words(allocation) -> str:
    """To whom: a household by code and community, never by name."""
    if allocation.household:
        return f"{allocation.household.code}（{allocation.household.community.short_name}）"
    return allocation.fund.name if allocation.fund else allocation.program.name


def _others_panel(rows) -> Panel:
    """The same lot in other places: it keeps its donor wherever it goes."""
    return Panel(
        "同一批次在别处",
        ("基金（账户）", "存放点", "未分配", "已分配待发", "已交付"),
        [
            (
                Cell(one.fund.name, row_link(one)),
                one.place.name if one.place else "--",
                figure(one.free, one.lot),
                figure(one.promised, one.lot),
                figure(one.delivered, one.lot),
            )
            for one in rows
        ],
    )


@site.worklist
def goods_expiring(user):
    if not user.has_perm("donations.change_holding"):
        return
    seen = Holding.objects.visible_to(user)
    for title, rows, value in (
        ("快到保质期的物资", seen.expiring(), "expiring"),
        ("已过保质期的物资", seen.expired(), "expired"),
    ):
        yield site.Waiting(
            title, rows.count(), site.list_url("donations.holding", waiting=value), urgent=True
        )
