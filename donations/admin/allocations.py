"""分配: what is meant for whom, who proposed and who approved it, and how far it has come."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from cases.models import Member
from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    ScopedRelatedFilter,
    Verb,
    badge,
    link_to,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField, NameFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import yuan, zh_date, zh_time
from organizations.filters import PlaceFilter

from ..enums import AllocationState, Signing, TargetKind
from ..models import Allocation, DistributionLine, Movement
from ..services import allocations, distributions
from .holdings import allocations_panel, purpose_words, target_words
from .pieces import figure, in_full, measured, movements_panel, source_facts, steps_panel

A = AllocationState
STAFF_AND_BATCHES = "送到户的一般用“安排发放”打印签收单；一次单独送达、项目支出的，在这里登记。"


class HandOverForm(Form):
    """Delivered at once, without a sheet: one visit, or what a programme spent."""

    recipient = LineFormField(label="受益对象", max_chars=100, help_text="例如：参加夏令营的 20 名学生。")
    delivered_on = DayFormField(label="交付日期", past=True, initial=today)
    venue = LineFormField(label="交付地点", max_chars=80)
    people = LineFormField(label="经办人", max_chars=100)
    signing = forms.ChoiceField(
        label="签收方式",
        widget=forms.RadioSelect,
        choices=[one for one in Signing.choices if one[0] != Signing.DIRECT],
    )
    receiver_name = NameFormField(label="签收人")
    relation = LineFormField(label="与户主关系", max_chars=20, required=False, help_text="本人签收的不填。")

    def narrow(self, user, rows):
        """For a programme somebody must be named; for a household it is the household."""
        if rows[0].target != TargetKind.PROGRAM:
            del self.fields["recipient"]
        else:
            del self.fields["relation"]


WAITS_FOR_SECOND = "{who}已在 {at} 第一次批准。金额较大，要由另一位工作人员第二次批准。"
NEEDS_TWO = "金额较大，要由提出人以外的两位工作人员先后批准。"


class AllocationFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")
    proposed_from = DayFilter(field_name="proposed_on", lookup_expr="gte", label="提出日期从")
    proposed_to = DayFilter(field_name="proposed_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Allocation
        fields = []


class WaitingAllocations(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "approve": ("待批准", lambda rows: rows.waiting()),
        "second": ("等第二人批准", lambda rows: rows.waiting().filter(approved_at__isnull=False)),
        "hand_out": ("已批准，待发放", lambda rows: rows.to_hand_out()),
        "on_the_way": ("发放途中", lambda rows: rows.filter(loaded__gt=0)),
    }


def approval_facts(allocation) -> list[tuple[str, str]]:
    """All that somebody vouches for, in one look."""
    lot = allocation.holding.lot
    facts = [
        ("分配给", f"{allocation.get_target_display()}　{target_words(allocation)}"),
        ("数量（金额）", in_full(allocation.amount, lot)),
    ]
    if allocation.worth is not None and not lot.is_cash:
        facts.append(("折价", f"{yuan(allocation.worth)} 元"))
    facts += [("捐赠用途", purpose_words(allocation.holding)), *source_facts(allocation.holding)[:3]]
    facts.append(("提出人", f"{allocation.proposed_by.username}　{zh(allocation.proposed_on)}"))
    if allocation.authority_document:
        facts.append(("依据", allocation.authority_document))
    if allocation.needs_second:
        facts.append(("两人批准", approval_words(allocation)))
    return facts


def approval_words(allocation) -> str:
    if not allocation.approved_at:
        return NEEDS_TWO
    return WAITS_FOR_SECOND.format(who=allocation.approved_by.username, at=zh_time(allocation.approved_at))


@admin.register(Allocation)
class AllocationAdmin(ScopedAdmin):
    tabs = False
    list_display = [
        "code",
        "shown_item",
        "shown_amount",
        "shown_target",
        "shown_fund",
        "shown_proposed",
        "shown_delivered",
        "badge_state",
    ]
    list_filter = [WaitingAllocations, "state", "target", ("holding__fund", ScopedRelatedFilter)]
    filterset_class = AllocationFilter
    search_fields = ["code", "holding__lot__code", "holding__lot__item", "household__code"]
    search_help_text = "按分配编号、捐赠编号、物资名称、户编号或户主姓名查找。"
    empty_list = "还没有分配。在“款物结存”里选一批款物，点“提出分配”。"
    fieldsets = [
        (
            "分配",
            {
                "fields": [
                    "shown_item",
                    "shown_amount",
                    "shown_worth",
                    "shown_target",
                    "shown_need",
                    "shown_purpose",
                    "shown_authority",
                    "note",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    ("proposed_by", "proposed_at"),
                    ("approved_by", "approved_at"),
                    ("seconded_by", "seconded_at"),
                ]
            },
        ),
    ]
    readonly_fields = [
        "shown_item",
        "shown_amount",
        "shown_worth",
        "shown_target",
        "shown_need",
        "shown_purpose",
        "shown_authority",
    ]
    verbs = (
        Verb(
            "approve",
            "批准",
            "donations.approve_allocation",
            allocations.approve_allocation,
            states=(A.PROPOSED,),
            facts=approval_facts,
            explain="批准后可以发放。提出人不能批准自己提出的分配；金额较大的要两个人先后批准。",
        ),
        Verb(
            "hand_over",
            "登记交付",
            "donations.add_distribution",
            distributions.hand_over,
            states=(A.APPROVED,),
            applies=lambda row: row.open_amount > 0 and row.target != TargetKind.FUND,
            form=HandOverForm,
            facts=lambda row: [
                ("交给", target_words(row)),
                ("这次交付", in_full(row.open_amount, row.holding.lot)),
            ],
            explain=STAFF_AND_BATCHES,
            bulk=False,
        ),
        Verb(
            "cancel",
            "取消分配",
            "donations.change_allocation",
            allocations.cancel_allocation,
            states=(A.PROPOSED, A.APPROVED),
            applies=lambda row: row.open_amount > 0,
            form=ReasonForm,
            facts=lambda row: [
                ("分配给", target_words(row)),
                ("会取消", in_full(row.open_amount, row.holding.lot)),
                ("已交付", measured(row.delivered, row.holding.lot)),
            ],
            explain="还没有交付、也不在发放途中的部分退回未分配；已交付的不变。",
            caution=True,
        ),
    )

    def get_fieldsets(self, request, obj=None):
        """Without the need and the second approver where there is none."""
        without = {"shown_need"} if obj and not obj.need else set()
        if obj and not obj.needs_second:
            without.add(("seconded_by", "seconded_at"))
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in without]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description="款物", ordering="holding__lot__item")
    def shown_item(self, row):
        lot = row.holding.lot
        words = f"{lot.item}（{lot.code}）"
        return link_to(row.holding, words) if self._may_look(row) else words

    def _may_look(self, row):
        """Who sees allocations alone (a street) is led to no page that is closed to it."""
        return getattr(row, "leads_on", False)

    @admin.display(description="数量（金额）", ordering="amount")
    def shown_amount(self, row):
        return measured(row.amount, row.holding.lot)

    @admin.display(description="价值")
    def shown_worth(self, row):
        return "不计价" if row.worth is None else f"{yuan(row.worth)} 元"

    @admin.display(description="分配给", ordering="target")
    def shown_target(self, row):
        return target_words(row)

    @admin.display(description="需求")
    def shown_need(self, row):
        return f"{row.need.code} {row.need.get_need_display()}" if row.need else "--"

    @admin.display(description="依据")
    def shown_authority(self, row):
        return row.authority_document or "--"

    @admin.display(description="捐赠用途")
    def shown_purpose(self, row):
        return purpose_words(row.holding)

    @admin.display(description="基金（账户）", ordering="holding__fund__code")
    def shown_fund(self, row):
        return row.holding.fund.name

    @admin.display(description="提出日期", ordering="proposed_on")
    def shown_proposed(self, row):
        return zh(row.proposed_on)

    @admin.display(description="已交付", ordering="delivered")
    def shown_delivered(self, row):
        return measured(row.delivered, row.holding.lot) if row.delivered else "--"

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        amount = measured(row.amount, row.holding.lot)
        return f"{row.code}　{row.holding.lot.item} {amount} → {target_words(row)}　{row.holding.fund.name}"

    def search_for(self, word):
        people = Member.objects.filter(left_on__isnull=True).called(word)
        return super().search_for(word) | Q(household__in=people.values("household"))

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.leads_on = request.user.has_perm("donations.view_holding")
        return row

    def page_note(self, request, obj):
        if obj is None or obj.state != A.PROPOSED or not obj.needs_second:
            return ""
        return approval_words(obj)

    def panels(self, request, row):
        user = request.user
        lot = row.holding.lot
        yield Panel(
            "到哪一步",
            ("分配", "发放途中", "已交付", "已取消", "还没有发放"),
            [
                tuple(
                    figure(amount, lot)
                    for amount in (row.amount, row.loaded, row.delivered, row.released, row.open_amount)
                )
            ],
            leads=True,
        )
        if user.has_perm("donations.view_donation"):
            donation = lot.line.donation
            links = [(Cell(donation.code, row_link(donation)), Cell(lot.code, row_link(row.holding)))]
            yield Panel("来源", ("捐赠编号", "批次号"), links, leads=True)
        yield deliveries_panel(DistributionLine.objects.visible_to(user).filter(allocation=row))
        if user.has_perm("donations.view_holding"):
            yield movements_panel(Movement.objects.visible_to(user).filter(allocation=row), of_one=False)
        yield steps_panel(row, empty="提出以后还没有办理。")


def deliveries_panel(rows) -> Panel:
    """What was handed out of an allocation, each leading to its sheet."""
    return Panel(
        "发放与签收",
        ("发放明细", "数量（金额）", "发放日期", "签收日期", "结果"),
        [
            (
                Cell(str(one), sheet_link(one.distribution)),
                figure(one.amount, one.allocation.holding.lot),
                zh(one.distribution.held_on),
                zh_date(one.delivered_on),
                badge(one),
            )
            for one in rows.for_list()
        ],
        empty="还没有发放。",
    )


def sheet_link(distribution) -> str:
    try:
        return reverse("admin:donations_distribution_change", args=[distribution.pk])
    except NoReverseMatch:
        return ""


@site.panel("cases.household")
def allocations_of_household(request, household):
    return _allocations_for(request, household=household)


@site.panel("cases.careneed")
def allocations_of_need(request, need):
    return _allocations_for(request, need=need)


def _allocations_for(request, **target):
    user = request.user
    if not user.has_perm("donations.view_allocation"):
        return None
    more = {}
    if user.has_perm("donations.add_allocation"):
        more = {
            "add_url": site.list_url("donations.holding", waiting="free"),
            "add_label": "选款物，提出分配",
        }
    return allocations_panel(Allocation.objects.visible_to(user).filter(**target), "分配的款物", **more)


@site.worklist
def allocations_waiting(user):
    seen = Allocation.objects.visible_to(user)
    if user.has_perm("donations.approve_allocation"):
        yield site.Waiting(
            "待批准的分配",
            seen.waiting().count(),
            site.list_url("donations.allocation", waiting="approve"),
            act="去批准",
        )
    if user.has_perm("donations.add_distribution"):
        yield site.Waiting(
            "已批准、待发放的分配",
            seen.to_hand_out().count(),
            site.list_url("donations.allocation", waiting="hand_out"),
        )


site.shortcut(
    "分配款物", "admin:donations_holding_changelist", "donations.add_allocation", query="waiting=free"
)
