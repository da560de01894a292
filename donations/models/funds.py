from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.naming import Named

from ..enums import FUND_OF_ROUTE, FundKind, PlaceKind
from ..querysets import FundQuerySet, PlaceQuerySet

ROUTE_FUNDS = sorted(str(kind) for kind in set(FUND_OF_ROUTE.values()))


class Fund(Named):
    """Who holds money and goods: the association's account, a 公益金, a special fund (慈善法 §54: booked, for its use only)."""

    code = models.CharField("编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("类别", max_length=14, choices=FundKind)
    name = models.CharField("名称", max_length=60)
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="funds",
        verbose_name="所属区划",
        help_text="村（社区）公益金选村（社区），其他选区县。",
    )
    owner = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="funds",
        verbose_name="管理组织",
    )
    rule_document = models.CharField("管理办法或协议", max_length=120, blank=True)
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = "基金（账户）"
        verbose_name_plural = "基金（账户）"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("kind", FundKind, name="fund_kind_known"),
            models.UniqueConstraint(
                fields=["kind", "division"],
                condition=Q(kind__in=ROUTE_FUNDS),
                name="fund_one_of_a_route",
                violation_error_message="这个区划的这类账户已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ROUTE_FUNDS) | ~Q(rule_document=""),
                name="fund_special_has_rules",
                violation_error_message="专项基金、助学金请写明管理办法或协议。",
            ),
        ]

    def __str__(self):
        return self.name


class Place(Named):
    """Where goods lie."""

    name = models.CharField(
        "名称", max_length=60, unique=True, error_messages={"unique": "这个存放点已经登记。"}
    )
    kind = models.CharField("类别", max_length=12, choices=PlaceKind)
    division = models.ForeignKey(
        "organizations.Division", on_delete=models.PROTECT, related_name="places", verbose_name="所在区划"
    )
    keeper = models.CharField("保管人", max_length=50, blank=True)
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "物资存放点"
        verbose_name_plural = "物资存放点"
        ordering = ["name_pinyin", "id"]
        constraints = [constraints.in_choices("kind", PlaceKind, name="place_kind_known")]

    def __str__(self):
        return self.name
