"""The book of what was given: lots, what is held where, and the movements between. Amounts are 元 for money, the goods' own
unit for goods."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.exact import ExactField

from ..enums import SIGNED_MOVEMENTS, LineKind, MovementKind
from ..querysets import HoldingQuerySet, LotQuerySet, MovementQuerySet

# Holding's equation: what came in on the left, where it is now on the right.
SOURCES = ("received", "moved_in", "adjusted")
WHEREABOUTS = ("free", "promised", "in_transit", "delivered", "returned", "written_off", "sold", "moved_out")
BUCKETS = SOURCES + WHEREABOUTS
_LABELS = {
    "received": "收到",
    "moved_in": "转入",
    "free": "未分配",
    "promised": "已分配待发",
    "in_transit": "发放途中",
    "delivered": "已交付",
    "returned": "已退还",
    "written_off": "已核销",
    "sold": "已变卖",
    "moved_out": "已转出",
}
NOT_ENOUGH_THERE = "账面数量不够，请刷新后按最新余额办理。"


class Lot(models.Model):
    """A confirmed line as it is handed on (批次): followed from the donor to the household, whole or in parts.

    What goods were sold for is a lot of its own, with the sold one as its ``origin``: the money keeps the purpose of the
    goods (慈善法 §54). ``value`` (元, null when unvalued) is what was fixed at confirmation; corrections stand beside it.
    Deliveries take their share of the value from what is left, so that the last one closes it to the 分.
    """

    code = models.CharField("批次号", max_length=30, unique=True, editable=False)
    line = models.ForeignKey("donations.DonationLine", on_delete=models.PROTECT, related_name="lots")
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proceeds",
        verbose_name="变卖自",
    )
    kind = models.CharField("款物", max_length=6, choices=LineKind)
    item = models.CharField("名称", max_length=60)
    unit = models.CharField("单位", max_length=10)
    expires_on = models.DateField("保质期至", null=True, blank=True)
    opened_on = models.DateField("入账日期")
    amount = ExactField("数量（金额）")
    value = ExactField("价值", null=True, blank=True)
    amount_adjusted = ExactField("数量更正", default=Decimal(0))
    value_adjusted = ExactField("价值更正", default=Decimal(0))
    delivered = ExactField("已交付", default=Decimal(0))
    delivered_value = ExactField("已交付价值", default=Decimal(0))

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "款物批次"
        verbose_name_plural = "款物批次"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("kind", LineKind, name="lot_kind_known"),
            constraints.positive("amount", name="lot_amount_positive", message="数量必须大于 0。"),
            constraints.not_negative("delivered", name="lot_delivered_not_below_zero"),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(origin__isnull=True),
                name="lot_one_of_a_line",
                violation_error_message="这条捐赠明细已经入账。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, value_adjusted=0, delivered_value=0)
                | Q(value__isnull=False, delivered_value__gte=0)
                & Q(delivered_value__lte=F("value") + F("value_adjusted")),
                name="lot_value_not_overspent",
                violation_error_message="交付的价值超过了这批款物的价值。",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_cash(self) -> bool:
        return self.kind == LineKind.CASH

    @property
    def whole(self) -> Decimal:
        """How much it is today, corrections included."""
        return self.amount + self.amount_adjusted

    @property
    def worth(self) -> Decimal | None:
        """元 that the whole lot stands for today; None when it was never valued."""
        return None if self.value is None else self.value + self.value_adjusted


class Holding(models.Model):
    """How much of a lot one fund holds at one place, and what became of it.

    The columns are kept by movements alone, and the database keeps the equation: received + moved in + adjusted = free +
    promised + in transit + delivered + returned + written off + sold + moved out, each but the correction at least 0.
    ``allocated`` is what its allocations add up to, kept apart from the movements: never more than there is to allocate.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holdings", verbose_name="批次")
    fund = models.ForeignKey(
        "donations.Fund", on_delete=models.PROTECT, related_name="holdings", verbose_name="基金（账户）"
    )
    place = models.ForeignKey(
        "donations.Place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holdings",
        verbose_name="存放点",
        help_text="款项和没有入库的物资为空。",
    )
    received = ExactField(_LABELS["received"], default=Decimal(0))
    moved_in = ExactField(_LABELS["moved_in"], default=Decimal(0))
    adjusted = ExactField("更正", default=Decimal(0))
    free = ExactField(_LABELS["free"], default=Decimal(0))
    promised = ExactField(_LABELS["promised"], default=Decimal(0))
    in_transit = ExactField(_LABELS["in_transit"], default=Decimal(0))
    delivered = ExactField(_LABELS["delivered"], default=Decimal(0))
    returned = ExactField(_LABELS["returned"], default=Decimal(0))
    written_off = ExactField(_LABELS["written_off"], default=Decimal(0))
    sold = ExactField(_LABELS["sold"], default=Decimal(0))
    moved_out = ExactField(_LABELS["moved_out"], default=Decimal(0))
    # Kept by the trigger ``allocation_adds_up`` alone, from the allocations themselves (guards.py).
    allocated = ExactField("已分配合计", default=Decimal(0), editable=False)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "款物结存"
        verbose_name_plural = "款物结存"
        ordering = ["lot", "id"]
        indexes = [models.Index(fields=["fund", "place"], name="holding_fund_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "fund", "place"],
                name="holding_one_at_a_place",
                violation_error_message="这批款物在这个存放点已有结存。",
            ),
            models.UniqueConstraint(
                fields=["lot", "fund"],
                condition=Q(place__isnull=True),
                name="holding_one_without_place",
                violation_error_message="这批款物在这个账户已有结存。",
            ),
            models.CheckConstraint(
                condition=Q(
                    received=sum((F(name) for name in WHEREABOUTS[1:]), F(WHEREABOUTS[0]))
                    - F("moved_in")
                    - F("adjusted")
                ),
                name="holding_conserved",
                violation_error_message="来与去不相等：款物不会凭空出现或消失。",
            ),
            models.CheckConstraint(
                condition=Q(
                    allocated__gte=0,
                    allocated__lte=F("free") + F("promised") + F("in_transit") + F("delivered"),
                ),
                name="holding_allocated_within",
                violation_error_message=NOT_ENOUGH_THERE,
            ),
            *(
                constraints.not_negative(
                    name, name=f"holding_{name}_not_below_zero", message=NOT_ENOUGH_THERE
                )
                for name in _LABELS
            ),
        ]

    def __str__(self):
        return f"{self.lot} {self.pk or ''}".strip()


class Movement(models.Model):
    """One line of the book; never changed, never removed (guards.py). What it does to its holding: ``enums.EFFECTS``."""

    holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, related_name="movements", verbose_name="结存"
    )
    kind = models.CharField("事项", max_length=12, choices=MovementKind)
    amount = ExactField("数量（金额）")
    on = models.DateField("日期")
    cause = models.CharField("依据", max_length=40, help_text="引起变动的单据编号。")
    allocation = models.ForeignKey(
        "donations.Allocation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name="分配",
    )
    delivery = models.ForeignKey(
        "donations.DistributionLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name="交付",
    )
    at = models.DateTimeField("记账时间")
    by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
    )

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = "款物变动"
        verbose_name_plural = "款物变动"
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "on"], name="movement_kind_on")]
        constraints = [
            constraints.in_choices("kind", MovementKind, name="movement_kind_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0)
                | Q(amount__lt=0, kind__in=sorted(str(kind) for kind in SIGNED_MOVEMENTS)),
                name="movement_amount_signed_in_corrections_only",
                violation_error_message="数量必须大于 0；只有更正、盘点和作废可以减少。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.cause}"
