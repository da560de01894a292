"""更正, 处置, 用途变更: what one person asked for and another decides."""

from django.contrib import admin

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, OneFilter, Panel, ScopedAdmin, Verb, link_to, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import yuan, zh_date
from organizations.services.organizations import reason_given

from ..enums import DecisionState
from ..models import Adjustment, Disposal, Movement, PurposeChange
from ..naming import working_name
from ..services import corrections, purposes
from .pieces import (
    RefuseForm,
    in_full,
    measured,
    movements_panel,
    source_facts,
    steps_panel,
    use_words,
)

P = DecisionState.PROPOSED
DECIDE = "donations.decide_correction"


def decisions(service, facts, explain) -> tuple[Verb, Verb]:
    """Approve or not: of everything that one proposes and another decides."""

    def approve(row, *, by):
        return service(row, by=by, approve=True)

    def refuse(row, *, by, reason):
        return service(row, by=by, approve=False, reason=reason_given(reason))

    return (
        Verb("approve", "批准", DECIDE, approve, states=(P,), facts=facts, explain=explain),
        Verb(
            "refuse",
            "不批准",
            DECIDE,
            refuse,
            states=(P,),
            form=RefuseForm,
            facts=facts,
            explain="不批准的，什么也不改变；提出人看到原因后可以另行提出。",
        ),
    )


class Undecided(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {"decide": ("待批准", lambda rows: rows.waiting())}


class DecidedAdmin(ScopedAdmin):
    """What the registers of proposals have in common. They are proposed on the page of what they are about."""

    tabs = False
    decided_fields = (
        "办理",
        {"fields": [("proposed_by", "proposed_at"), ("decided_by", "decided_at")]},
    )
    list_filter = [Undecided, "state"]

    @admin.display(description="提出人", ordering="proposed_at")
    def shown_proposer(self, row):
        return row.proposed_by.username

    def panels(self, request, row):
        yield steps_panel(row, empty="提出以后还没有办理。")


class OfHoldingAdmin(DecidedAdmin):
    """About a part of the book."""

    search_fields = ["code", "holding__lot__code", "holding__lot__item", "reason"]
    readonly_fields = ["shown_item", "shown_amount"]

    @admin.display(description="款物", ordering="holding__lot__item")
    def shown_item(self, row):
        return f"{row.holding.lot.item}（{row.holding.lot.code}）"

    @admin.display(description="数量（金额）", ordering="amount")
    def shown_amount(self, row):
        return measured(row.amount, row.holding.lot)

    @admin.display(description="基金（账户）")
    def shown_fund(self, row):
        return row.holding.fund.name

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{row.holding.lot.item} {measured(row.amount, row.holding.lot)}　{row.reason}"

    def panels(self, request, row):
        holding, donation = row.holding, row.holding.lot.line.donation
        yield Panel(
            "对应款物",
            ("批次号", "捐赠编号", "基金（账户）", "存放点", "未分配"),
            [
                (
                    Cell(holding.lot.code, row_link(holding)),
                    Cell(donation.code, row_link(donation)),
                    holding.fund.name,
                    holding.place.name if holding.place else "--",
                    Cell(measured(holding.free, holding.lot), figure=True),
                )
            ],
            leads=True,
        )
        yield movements_panel(Movement.objects.visible_to(request.user).filter(cause=row.code))
        yield from super().panels(request, row)


def signed(amount, lot) -> str:
    return "不变" if not amount else f"{'增加' if amount > 0 else '减少'} {measured(abs(amount), lot)}"


def adjustment_facts(row) -> list[tuple[str, str]]:
    facts = [*source_facts(row.holding), ("数量（金额）", signed(row.amount, row.holding.lot))]
    if row.value and not row.holding.lot.is_cash:
        facts.append(("折价", f"{'增加' if row.value > 0 else '减少'} {yuan(abs(row.value))} 元"))
    return [*facts, ("原因", row.reason), ("提出人", row.proposed_by.username)]


@admin.register(Adjustment)
class AdjustmentAdmin(OfHoldingAdmin):
    list_display = ["code", "shown_item", "shown_change", "shown_on", "shown_proposer", "badge_state"]
    search_help_text = "按更正编号、捐赠编号、物资名称或原因查找。"
    empty_list = "还没有更正。在“款物结存”里打开一批款物，点“提出更正”。"
    fieldsets = [
        ("更正", {"fields": ["shown_item", "shown_change", "shown_value", "adjusted_on", "reason"]}),
        DecidedAdmin.decided_fields,
    ]
    readonly_fields = ["shown_item", "shown_change", "shown_value"]
    verbs = decisions(
        corrections.decide_adjustment, adjustment_facts, "批准后记入账面，原来的捐赠登记不改动。"
    )

    @admin.display(description="数量（金额）", ordering="amount")
    def shown_change(self, row):
        return signed(row.amount, row.holding.lot)

    @admin.display(description="折价增减")
    def shown_value(self, row):
        return f"{row.value:+,.2f} 元" if row.value else "不变"

    @admin.display(description="更正日期", ordering="adjusted_on")
    def shown_on(self, row):
        return zh(row.adjusted_on)


def disposal_facts(row) -> list[tuple[str, str]]:
    facts = [
        ("处置方式", row.get_kind_display()),
        ("数量（金额）", in_full(row.amount, row.holding.lot)),
        *source_facts(row.holding),
    ]
    if row.proceeds:
        facts.append(("变卖所得", f"{yuan(row.proceeds)} 元"))
    return [*facts, ("原因", row.reason), ("提出人", row.proposed_by.username)]


@admin.register(Disposal)
class DisposalAdmin(OfHoldingAdmin):
    list_display = ["code", "kind", "shown_item", "shown_amount", "shown_on", "shown_proposer", "badge_state"]
    list_filter = [*DecidedAdmin.list_filter, "kind"]
    search_help_text = "按处置编号、捐赠编号、物资名称或原因查找。"
    empty_list = "还没有处置。在“款物结存”里打开一批款物，点“提出处置”。"
    fieldsets = [
        (
            "处置",
            {"fields": ["kind", "shown_item", "shown_amount", "shown_proceeds", "disposed_on", "reason"]},
        ),
        DecidedAdmin.decided_fields,
    ]
    readonly_fields = ["shown_item", "shown_amount", "shown_proceeds"]
    verbs = decisions(
        corrections.decide_disposal,
        disposal_facts,
        "批准后这一部分从结存里减去；变卖所得记入同一基金，用途不变。",
    )

    @admin.display(description="变卖所得")
    def shown_proceeds(self, row):
        return f"{yuan(row.proceeds)} 元" if row.proceeds else "--"

    @admin.display(description="处置日期", ordering="disposed_on")
    def shown_on(self, row):
        return zh(row.disposed_on)


def purpose_facts(row) -> list[tuple[str, str]]:
    return [
        ("捐赠", f"{row.donation.code}　{working_name(row.donation.donor)}"),
        ("现在的用途", use_words(purposes.purpose_of(row.donation))),
        ("改为", use_words(row)),
        ("捐赠人同意", f"{zh(row.consented_on)}　{row.consent_evidence}"),
        ("原因", row.reason),
        ("提出人", row.proposed_by.username),
    ]


@admin.register(PurposeChange)
class PurposeChangeAdmin(DecidedAdmin):
    list_display = ["shown_donation", "shown_to", "shown_consented", "shown_proposer", "badge_state"]
    search_fields = ["donation__code", "reason", "consent_evidence"]
    search_help_text = "按捐赠编号、同意的凭据或原因查找。"
    empty_list = "还没有用途变更。在捐赠页面上点“变更用途”。"
    ordering = ["-id"]
    fieldsets = [
        (
            "用途变更",
            {
                "fields": [
                    "linked_donation",
                    "shown_from",
                    "shown_to",
                    "consented_on",
                    "consent_evidence",
                    "reason",
                ]
            },
        ),
        DecidedAdmin.decided_fields,
    ]
    readonly_fields = ["linked_donation", "shown_from", "shown_to"]
    verbs = decisions(
        purposes.decide_purpose_change,
        purpose_facts,
        "批准后，没有分配的部分按新的用途分配；已经分配的不变。",
    )

    @admin.display(description="捐赠", ordering="donation__code")
    def shown_donation(self, row):
        return row.donation.code

    @admin.display(description="捐赠")
    def linked_donation(self, row):
        return link_to(row.donation, row.donation.code)

    @admin.display(description="捐赠时指定")
    def shown_from(self, row):
        return use_words(row.donation)

    @admin.display(description="改为", ordering="restriction")
    def shown_to(self, row):
        return use_words(row)

    @admin.display(description="捐赠人同意日期", ordering="consented_on")
    def shown_consented(self, row):
        return zh_date(row.consented_on)

    def choice_label(self, row):
        return f"{row.donation.code} 改为{use_words(row)}"


@site.worklist
def proposals_waiting(user):
    if not user.has_perm(DECIDE):
        return
    for model in (Adjustment, Disposal, PurposeChange):
        yield site.Waiting(
            f"待批准的{model._meta.verbose_name}",
            model.objects.visible_to(user).waiting().count(),
            site.list_url(model._meta.label_lower, waiting="decide"),
            act="去批准",
        )
