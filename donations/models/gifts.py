"""Gifts of money and goods: who gave what, by which route, for what use. Confirmed rows never change."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.codes import new_code
from jinchuan.shared.confirming import Confirmed
from jinchuan.shared.fields.model import DayField, MoneyField
from jinchuan.shared.moves import Transition

from ..enums import (
    PERISHABLE,
    DonationState,
    GoodsCategory,
    LineKind,
    ReceiptStatus,
    Restriction,
    Route,
    ValuationBasis,
)
from ..querysets import DonationLineQuerySet, DonationQuerySet, ReceiptQuerySet
from .givers import Donor
from .restricting import restriction_matches

DECLARATION_NEEDED = "指定受益人的，请由捐赠人声明指定的受益人不是自己的利害关系人（慈善法第四十条）。"
EXCEPTION_REASON_NEEDED = "政府代收只限法定例外情形，请写明理由。"
TRACE_CODE_LENGTH = 12
EXPIRED_GOODS = "食品、药品已过保质期，不能登记为捐赠物资。"
GOODS_NEED_NAME = "请填写物资名称。"


def new_trace_code() -> str:
    """What a donor types or scans to see what became of the gift; 60 bits, so nobody finds another's by trying."""
    return new_code(TRACE_CODE_LENGTH)


class Donation(Confirmed):
    """One gift at one date by one route; what was given stands in its lines.

    ``division`` is where the gift counts: the household's community when it is meant for one, else the registration
    division of the organisation that logged it. A confirmed donation changes no more: it is voided with a reason by a
    second person, and a new one is logged.
    """

    code = models.CharField("捐赠编号", max_length=20, unique=True, editable=False)
    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="donations", verbose_name="捐赠方"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="donations",
        verbose_name="登记组织",
        help_text="由哪个组织登记；工作人员登记的为空。",
    )
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="donations",
        editable=False,
        verbose_name="归属区划",
    )
    route = models.CharField("捐赠去向", max_length=24, choices=Route)
    exception_reason = models.CharField("法定例外理由", max_length=200, blank=True)
    restriction = models.CharField("用途指定", max_length=10, choices=Restriction, default=Restriction.NONE)
    household = models.ForeignKey(
        "cases.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="donations",
        verbose_name="指定关爱户",
    )
    category = models.CharField("指定困难类别", max_length=30, blank=True)
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="donations",
        verbose_name="指定项目",
    )
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restricted_donations",
        verbose_name="指定社区（村）",
    )
    declares_no_interest = models.BooleanField("声明受益人不是利害关系人", default=False)
    decision_reference = models.CharField(
        "议事决定", max_length=120, blank=True, help_text="交村（社区）公益金的，写接收决定的会议和编号。"
    )
    pledged_on = DayField("认捐日期", past=True, null=True, blank=True)
    expected_on = models.DateField("预计到账日期", null=True, blank=True)
    received_on = DayField("收到日期", past=True, null=True, blank=True)
    trace_code = models.CharField(
        "查询码", max_length=16, unique=True, editable=False, default=new_trace_code
    )
    receipt_status = models.CharField("捐赠票据", max_length=16, choices=ReceiptStatus)
    receipt_code = models.CharField("票据代码", max_length=20, blank=True)
    receipt_number = models.CharField("票据号码", max_length=20, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=DonationState, default=DonationState.SUBMITTED, editable=False
    )
    submitted_at = models.DateTimeField("提交时间", editable=False)
    submitted_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠"
        verbose_name_plural = "捐赠"
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-received_on", "-id"], name="donation_organization_list"),
            models.Index(fields=["state", "received_on"], name="donation_state_received"),
            # Pages of the register, and of one giver, are found in it alone, the division of who looks included.
            models.Index(fields=["-received_on", "-id", "division"], name="donation_register"),
            models.Index(fields=["donor", "-received_on", "-id", "division"], name="donation_of_giver"),
        ]
        constraints = [
            constraints.in_choices("state", DonationState, name="donation_state_known"),
            constraints.in_choices("route", Route, name="donation_route_known"),
            constraints.in_choices("restriction", Restriction, name="donation_restriction_known"),
            constraints.in_choices("receipt_status", ReceiptStatus, name="donation_receipt_status_known"),
            models.CheckConstraint(
                condition=Q(route=Route.GOVERNMENT_EXCEPTION) & ~Q(exception_reason="")
                | ~Q(route=Route.GOVERNMENT_EXCEPTION) & Q(exception_reason=""),
                name="donation_exception_with_reason",
                violation_error_message=EXCEPTION_REASON_NEEDED,
            ),
            restriction_matches(name="donation_restriction_matches"),
            models.CheckConstraint(
                condition=~Q(route=Route.DIRECT_TO_HOUSEHOLD) | Q(restriction=Restriction.HOUSEHOLD),
                name="donation_direct_names_household",
                violation_error_message="直接送到关爱户的捐赠，请选择是哪一户。",
            ),
            models.CheckConstraint(
                condition=Q(restriction__in=[Restriction.NONE, Restriction.PROGRAM, Restriction.COMMUNITY])
                | Q(declares_no_interest=True),
                name="donation_designated_with_declaration",
                violation_error_message=DECLARATION_NEEDED,
            ),
            models.CheckConstraint(
                condition=Q(receipt_status=ReceiptStatus.ISSUED) & ~Q(receipt_number="")
                | ~Q(receipt_status=ReceiptStatus.ISSUED) & Q(receipt_number="", receipt_code=""),
                name="donation_receipt_number_when_issued",
                violation_error_message="已开具票据的，请填写票据号码；未开具的不填。",
            ),
            constraints.filled_exactly_in(
                "received_on",
                set(DonationState) - {DonationState.PLEDGED, DonationState.LAPSED},
                name="donation_received_when_not_pledged",
                message="请填写收到日期；认捐还没有到账的不填。",
            ),
            constraints.filled_in(
                "pledged_on",
                {DonationState.PLEDGED, DonationState.LAPSED},
                name="donation_pledge_has_date",
                message="认捐要有认捐日期。",
            ),
            constraints.ordered(
                "pledged_on",
                "expected_on",
                name="donation_pledge_dates_order",
                message="预计到账日期不能早于认捐日期。",
            ),
            *Confirmed.confirmed_constraints(
                "donation",
                DonationState,
                noun="捐赠",
                confirm_own="登记人不能确认自己登记的捐赠，请由另一位工作人员确认。",
                void_own="确认人不能作废自己确认的捐赠，请由另一位审核人员办理。",
            ),
        ]

    def __str__(self):
        return self.code


class DonationTransition(Transition):
    donation = models.ForeignKey(Donation, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "捐赠状态变更"
        verbose_name_plural = "捐赠状态变更"


class DonationLine(models.Model):
    """Cash, or one kind of goods. ``value`` is in 元; null means unvalued: it shows quantity and adds to no sum.

    ``fixed_at`` is set when the donation is confirmed; from then on the database refuses any change (guards.py).
    """

    donation = models.ForeignKey(
        Donation, on_delete=models.PROTECT, related_name="lines", verbose_name="捐赠"
    )
    kind = models.CharField("款物", max_length=6, choices=LineKind)
    item = models.CharField("物资名称", max_length=60, blank=True)
    category = models.CharField("物资类别", max_length=12, choices=GoodsCategory, blank=True)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True, help_text="例如：袋、桶、件。")
    value = MoneyField("金额（折价）", null=True, blank=True)
    valuation_basis = models.CharField("计价依据", max_length=14, choices=ValuationBasis, blank=True)
    expires_on = models.DateField("保质期至", null=True, blank=True)
    fixed_at = models.DateTimeField("定值时间", null=True, blank=True, editable=False)

    objects = DonationLineQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠明细"
        verbose_name_plural = "捐赠明细"
        ordering = ["donation", "id"]
        constraints = [
            constraints.in_choices("kind", LineKind, name="line_kind_known"),
            constraints.positive("value", name="line_value_positive", message="金额必须大于 0。"),
            constraints.positive("quantity", name="line_quantity_positive", message="数量必须大于 0。"),
            models.CheckConstraint(
                condition=Q(kind=LineKind.CASH, value__isnull=False, item="", valuation_basis="")
                | Q(kind=LineKind.GOODS, quantity__isnull=False)
                & ~Q(item="")
                & ~Q(unit="")
                & ~Q(valuation_basis=""),
                name="line_has_what_its_kind_needs",
                violation_error_message="捐款要有金额；捐物要有名称、数量、单位和计价依据。",
            ),
            models.CheckConstraint(
                condition=Q(valuation_basis=ValuationBasis.UNVALUED, value__isnull=True)
                | ~Q(valuation_basis=ValuationBasis.UNVALUED) & Q(value__isnull=False),
                name="line_unvalued_without_value",
                violation_error_message="不计价的物资不填金额，其他计价依据要填金额。",
            ),
        ]

    def __str__(self):
        return f"{self.donation} {self.get_kind_display()}"

    def clean(self):
        super().clean()
        if (
            self.category in PERISHABLE
            and self.expires_on
            and self.donation.received_on
            and self.expires_on < self.donation.received_on
        ):
            raise ValidationError({"expires_on": EXPIRED_GOODS})


class Receipt(models.Model):
    """One official receipt (公益事业捐赠票据) of a gift, issued in the finance department's system: its code and number as text.

    A wrong one is voided there and another issued (财综〔2024〕1号); both stay here.
    """

    donation = models.ForeignKey(
        Donation, on_delete=models.PROTECT, related_name="receipts", verbose_name="捐赠"
    )
    code = models.CharField("票据代码", max_length=20, blank=True)
    number = models.CharField("票据号码", max_length=20)
    issued_on = models.DateField("开具日期")
    voided_on = models.DateField("作废日期", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠票据"
        verbose_name_plural = "捐赠票据"
        ordering = ["donation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "number"],
                name="receipt_number_once",
                violation_error_message="这张票据已经登记在一笔捐赠上，请核对票据代码和号码。",
            ),
            models.UniqueConstraint(
                fields=["donation"],
                condition=Q(voided_on__isnull=True),
                name="receipt_one_in_force",
                violation_error_message="这笔捐赠已有一张没有作废的票据，请先登记它的作废。",
            ),
            constraints.both_or_neither(
                "voided_on",
                constraints.Text("void_reason"),
                name="receipt_void_with_reason",
                message="作废票据要同时填写日期和原因。",
            ),
            constraints.ordered(
                "issued_on", "voided_on", name="receipt_dates_order", message="作废日期不能早于开具日期。"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.number}".strip()
