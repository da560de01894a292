"""Gifts: look, confirm, return, void, receive what was pledged. A gift itself is logged on the form page."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from jinchuan.intake.models import Attachment
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    MoneyFilter,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    row_link,
)
from jinchuan.shared.dates import zh
from jinchuan.shared.money import in_words
from jinchuan.shared.templatetags.house import quantity, yuan, zh_date, zh_time
from organizations.filters import PlaceFilter

from ..enums import DonationState, Route
from ..models import Allocation, Donation, DonationTally, Holding
from ..naming import working_name
from ..querysets import gift_called
from ..services import gifts
from .holdings import allocations_panel
from .pieces import figure, steps_panel, use_words
from .purposes import PURPOSE_VERB, purposes_panel
from .receipts import RECEIPT_VERBS, receipts_panel

S = DonationState


class DonationFilter(HouseFilterSet):
    place = PlaceFilter(field_name="division")
    received_from = DayFilter(field_name="received_on", lookup_expr="gte", label="收到日期从")
    received_to = DayFilter(field_name="received_on", lookup_expr="lte", label="到")
    value_from = MoneyFilter(field_name="total_value", lookup_expr="gte", label="金额从（元）")
    value_to = MoneyFilter(field_name="total_value", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Donation
        fields = []


class WaitingGifts(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "pledged": ("认捐待到账", lambda rows: rows.pledged()),
        "overdue": ("认捐逾期未到", lambda rows: rows.overdue()),
    }


def what_is_confirmed(donation) -> list[tuple[str, str]]:
    """Amount and giver once more, before somebody vouches for them."""
    total = donation.total_value
    unvalued = [line for line in donation.lines.all() if line.value is None]
    facts = [
        ("捐赠方", working_name(donation.donor)),
        ("金额（含物资折价）", f"{yuan(total)} 元　{in_words(total)}" if total else "物资未计价"),
    ]
    if unvalued:
        words = "、".join(f"{line.item} {quantity(line.quantity)} {line.unit}" for line in unvalued)
        facts.append(("另有不计价物资", words))
    facts.append(("收到日期", zh_date(donation.received_on)))
    if donation.route == Route.DIRECT_TO_HOUSEHOLD:
        facts.append(("同时记下", f"分配和送达：{donation.household.code} 已经直接收到，不再另外登记"))
    return facts


def what_was_pledged(donation) -> list[tuple[str, str]]:
    total = donation.total_value
    return [
        ("捐赠方", working_name(donation.donor)),
        ("认捐", f"{yuan(total)} 元　{in_words(total)}" if total else "物资未计价"),
        ("认捐日期", zh_date(donation.pledged_on)),
        ("预计到账", zh_date(donation.expected_on)),
    ]


CONCERNS = {
    "shown_pledged": lambda row: row.pledged_on,
    "shown_received": lambda row: row.received_on,
    "exception_reason": lambda row: row.exception_reason,
    "shown_decision": lambda row: row.route == Route.COMMUNITY_FUND,
    "shown_declares": lambda row: row.declares_no_interest,
    "note": lambda row: row.note,
    "confirmed_by": lambda row: row.confirmed_at,
    "confirmed_at": lambda row: row.confirmed_at,
    "voided_by": lambda row: row.voided_at,
    "voided_at": lambda row: row.voided_at,
}


@admin.register(Donation)
class DonationAdmin(ScopedAdmin):
    tabs = False
    sheet = "donations"
    list_display = [
        "code",
        "shown_received",
        "shown_donor",
        "shown_organization",
        "route",
        "shown_cash",
        "shown_goods",
        "badge_state",
    ]
    list_counted = 10_000
    list_tally = DonationTally
    list_filter = [WaitingGifts, "state", "route", "restriction", "receipt_status"]
    filterset_class = DonationFilter
    search_fields = [
        "code",
        "donor__name",
        "donor__name_search",
        "organization__name",
        "organization__name_search",
        "lines__item",
        "note",
    ]
    search_help_text = "按捐赠编号、捐赠方、登记组织、物资名称、备注里的字或拼音首字母查找。"
    empty_list = "还没有捐赠。"
    fieldsets = [
        (
            "捐赠",
            {
                "fields": [
                    "shown_donor",
                    "shown_total",
                    "shown_received",
                    "shown_pledged",
                    "route",
                    "exception_reason",
                    "shown_decision",
                    "shown_use",
                    "shown_declares",
                    "note",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "shown_organization",
                    "shown_division",
                    "shown_receipt",
                    "trace_code",
                    "submitted_by",
                    "submitted_at",
                    "confirmed_by",
                    "confirmed_at",
                    "voided_by",
                    "voided_at",
                ]
            },
        ),
    ]
    readonly_fields = [
        "shown_donor",
        "shown_total",
        "shown_received",
        "shown_pledged",
        "shown_decision",
        "shown_use",
        "shown_declares",
        "shown_organization",
        "shown_division",
        "shown_receipt",
    ]
    verbs = (
        Verb(
            "confirm",
            "确认",
            "donations.confirm_donation",
            gifts.confirm_donation,
            states=(S.SUBMITTED,),
            facts=what_is_confirmed,
            explain="确认后计入统计，金额和明细不能再改。登记人不能确认自己登记的捐赠。",
        ),
        Verb(
            "return",
            "退回",
            "donations.confirm_donation",
            gifts.return_donation,
            states=(S.SUBMITTED,),
            form=ReasonForm,
            facts=what_is_confirmed,
            explain="退回给登记人修改，修改后再提交。",
        ),
        Verb(
            "lapse",
            "取消认捐",
            "donations.change_donation",
            gifts.lapse_pledge,
            states=(S.PLEDGED,),
            form=ReasonForm,
            facts=what_was_pledged,
            explain="认捐不会再到账了。写明原因；公开承诺的认捐，法律只允许特定情形不再履行（慈善法第四十一条）。",
            caution=True,
            bulk=False,
        ),
        *RECEIPT_VERBS,
        PURPOSE_VERB,
        Verb(
            "void",
            "作废",
            "donations.void_donation",
            gifts.void_donation,
            states=(S.CONFIRMED,),
            form=ReasonForm,
            facts=what_is_confirmed,
            explain="作废后不再计入统计，记录保留；更正的捐赠另行登记。由确认人以外的第二人办理。",
            caution=True,
        ),
    )

    def get_fieldsets(self, request, obj=None):
        """Without what does not concern this gift: the fields of other routes, of pledges, of voids."""
        without = {name for name, concerns in CONCERNS.items() if obj and not concerns(obj)}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in without]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def search_for(self, word):
        return gift_called(word)

    @admin.display(description="捐赠方", ordering="donor__name_pinyin")
    def shown_donor(self, row):
        return working_name(row.donor)

    @admin.display(description="登记组织", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name if row.organization else "工作人员"

    @admin.display(description="归属区划")
    def shown_division(self, row):
        return row.division.short_name

    @admin.display(description="收到日期", ordering="received_on")
    def shown_received(self, row):
        return zh(row.received_on) if row.received_on else f"{zh(row.pledged_on)}认捐"

    @admin.display(description="认捐")
    def shown_pledged(self, row):
        if not row.pledged_on:
            return "不是认捐"
        expected = f"，预计{zh(row.expected_on)}到账" if row.expected_on else ""
        return f"{zh(row.pledged_on)}认捐{expected}"

    @admin.display(description="捐款（元）", ordering="cash_value")
    def shown_cash(self, row):
        return yuan(row.cash_value)

    @admin.display(description="捐物折价（元）", ordering="goods_value")
    def shown_goods(self, row):
        return yuan(row.goods_value)

    @admin.display(description="合计")
    def shown_total(self, row):
        return f"{yuan(row.total_value)} 元　{in_words(row.total_value)}" if row.total_value else "物资未计价"

    @admin.display(description="议事决定")
    def shown_decision(self, row):
        return row.decision_reference or "没有填写，请向社区（村）核对"

    @admin.display(description="用途")
    def shown_use(self, row):
        return use_words(row)

    @admin.display(description="利害关系声明")
    def shown_declares(self, row):
        return "捐赠人声明受益人不是利害关系人" if row.declares_no_interest else "不适用"

    @admin.display(description="捐赠票据")
    def shown_receipt(self, row):
        return " ".join(
            filter(None, [row.get_receipt_status_display(), row.receipt_code, row.receipt_number])
        )

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        total = f"{yuan(row.total_value)} 元" if row.total_value else "物资未计价"
        day = zh_date(row.received_on or row.pledged_on)
        return f"{row.code}　{working_name(row.donor)}　{day}　{total}"

    def page_links(self, request, row):
        if not request.user.has_perm("donations.change_donation"):
            return []
        if row.state == S.PLEDGED:
            return [("登记到账", reverse("donations:receive_new", args=[row.code]))]
        if row.state == S.RETURNED:
            return [("修改后重新提交", reverse("donations:correct_new", args=[row.code]))]
        return []

    def panels(self, request, row):
        yield Panel(
            "明细",
            ("款物", "名称", "类别", "数量", "金额（元）", "计价依据", "保质期至"),
            [
                (
                    line.get_kind_display(),
                    line.item or "--",
                    line.get_category_display() or "--",
                    f"{quantity(line.quantity)} {line.unit}" if line.quantity else "--",
                    yuan(line.value) if line.value is not None else "不计价",
                    line.get_valuation_basis_display() or "--",
                    zh_date(line.expires_on),
                )
                for line in row.lines.all()
            ],
            leads=True,
        )
        user = request.user
        if user.has_perm("donations.view_holding"):
            yield where_it_is(Holding.objects.visible_to(user).filter(lot__line__donation=row))
            allocated = Allocation.objects.visible_to(user).filter(holding__lot__line__donation=row)
            yield allocations_panel(allocated)
        yield receipts_panel(user, row)
        if row.purpose_changes.exists():
            yield purposes_panel(user, row)
        files = Attachment.objects.visible_to(request.user).of(row)
        yield Panel(
            "附件",
            ("文件", "类型", "大小", "上传时间"),
            [
                (
                    Cell(one.name, file_address(one)),
                    one.content_type,
                    f"{max(one.size // 1024, 1)} KB",
                    zh_time(one.uploaded_at),
                )
                for one in files
            ],
            empty="没有附件。",
        )
        yield steps_panel(row, empty="提交以后还没有办理。")


def where_it_is(rows) -> Panel:
    """What became of every line: where it is held, and how far it has come."""
    held = [one for one in rows.for_list() if any(getattr(one, name) for name in (*_STAGES, *_ENDED))]
    return Panel(
        "款物去向",
        ("款物", "在哪里", "未分配", "已分配待发", "发放途中", "已交付", "退还、核销、变卖"),
        [
            (
                Cell(one.lot.item, row_link(one)),
                " · ".join(filter(None, [one.fund.name, one.place and one.place.name])),
                *(figure(getattr(one, name), one.lot) for name in _STAGES),
                figure(sum(getattr(one, name) for name in _ENDED), one.lot),
            )
            for one in held
        ],
        empty="确认以后，款物记入账面，去向列在这里。",
        leads=True,
    )


_STAGES = ("free", "promised", "in_transit", "delivered")
_ENDED = ("returned", "written_off", "sold")


def file_address(attachment) -> str:
    try:
        return reverse("intake:attachment", args=[attachment.pk])
    except NoReverseMatch:
        return ""
