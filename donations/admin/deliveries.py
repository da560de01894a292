"""发放明细: the list of what is handed out, and of what nobody has signed for yet."""

from django.contrib import admin

from jinchuan.shared.admin import DayFilter, HouseFilterSet, ReasonForm, ScopedAdmin, Verb, link_to
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import yuan, zh_date
from organizations.filters import PlaceFilter

from ..enums import DeliveryState
from ..measures import measured
from ..models import DistributionLine
from ..services import distributions
from .pieces import steps_panel

S = DeliveryState


class DeliveryFilter(HouseFilterSet):
    place = PlaceFilter(field_name="distribution__division")
    held_from = DayFilter(field_name="distribution__held_on", lookup_expr="gte", label="发放日期从")
    held_to = DayFilter(field_name="distribution__held_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = DistributionLine
        fields = []


@admin.register(DistributionLine)
class DeliveryAdmin(ScopedAdmin):
    tabs = False
    list_display = [
        "shown_code",
        "shown_held",
        "shown_household",
        "shown_item",
        "shown_amount",
        "shown_delivered",
        "badge_state",
    ]
    list_filter = ["state", "signing"]
    filterset_class = DeliveryFilter
    ordering = ["distribution__held_on", "distribution", "number"]
    search_fields = ["distribution__code", "household__code", "allocation__holding__lot__item"]
    search_help_text = "按发放编号、户编号或物品查找。"
    empty_list = "还没有发放明细。"
    fieldsets = [
        (
            "明细",
            {
                "fields": [
                    "shown_batch",
                    "shown_household",
                    "shown_item",
                    "shown_amount",
                    "shown_value",
                    "receiver_name",
                    "relation",
                    "signing",
                    "shown_delivered",
                    "note",
                ]
            },
        )
    ]
    readonly_fields = [
        "shown_batch",
        "shown_household",
        "shown_item",
        "shown_amount",
        "shown_value",
        "shown_delivered",
    ]
    verbs = (
        Verb(
            "drop",
            "移出签收单",
            "donations.change_distribution",
            distributions.drop_line,
            states=(S.PLANNED,),
            explain="从还没有发出的签收单上去掉；分配仍然有效，可以放到别的发放里。",
        ),
        Verb(
            "take_back",
            "收回",
            "donations.take_back_distributionline",
            distributions.take_back,
            states=(S.DELIVERED,),
            form=ReasonForm,
            explain="登记错了，或者其实没有收到：收回后不再计入统计，款物退回待发放，可以重新发放。",
            caution=True,
        ),
    )

    @admin.display(description="发放明细", ordering="number")
    def shown_code(self, row):
        return str(row)

    @admin.display(description="发放")
    def shown_batch(self, row):
        return link_to(row.distribution)

    @admin.display(description="发放日期", ordering="distribution__held_on")
    def shown_held(self, row):
        return zh(row.distribution.held_on)

    @admin.display(description="户", ordering="household__code")
    def shown_household(self, row):
        return (
            f"{row.household.code}　{row.household.community.short_name}" if row.household else row.recipient
        )

    @admin.display(description="款物", ordering="allocation__holding__lot__item")
    def shown_item(self, row):
        return row.allocation.holding.lot.item

    @admin.display(description="数量（金额）", ordering="amount")
    def shown_amount(self, row):
        return measured(row.amount, row.allocation.holding.lot)

    @admin.display(description="价值")
    def shown_value(self, row):
        return "不计价或还没有送到" if row.value is None else f"{yuan(row.value)} 元"

    @admin.display(description="签收日期", ordering="delivered_on")
    def shown_delivered(self, row):
        return zh_date(row.delivered_on)

    def choice_label(self, row):
        return str(row)

    def act_label(self, row):
        lot = row.allocation.holding.lot
        return f"{row}　{lot.item} {measured(row.amount, lot)}　{self.shown_household(row)}"

    def panels(self, request, row):
        yield steps_panel(row)
