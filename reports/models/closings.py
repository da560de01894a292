"""Closed months: the closing, the ledger it books, and what every scope's figures then were."""

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.months import Month
from jinchuan.shared.moves import Transition

from ..enums import ClosingState, EntryKind
from ..querysets import ClosedFiguresQuerySet, ClosingQuerySet, EntryQuerySet, TouchedQuerySet

_ONCE_CLOSED = {ClosingState.CLOSED, ClosingState.REOPENED}


def _person(words):
    return models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=words,
    )


class Closing(models.Model):
    """One closing of one month. It books into the ledger what is counted now and was not booked before, so that a month that
    is closed never changes: what comes late or was wrong is booked by a later closing.

    Only the latest may be reopened, by two people; its lines stay in the ledger and are in force no longer.
    """

    month = models.CharField("月份", max_length=7, editable=False, help_text="例如 2026-10。")
    number = models.PositiveSmallIntegerField("第几次定稿", default=1, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=ClosingState, default=ClosingState.CLOSING, editable=False
    )
    waived = models.JSONField("带着未办事项定稿的理由", default=list, blank=True, editable=False)
    begun_at = models.DateTimeField("提出定稿时间", editable=False)
    begun_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="提出定稿人",
    )
    attempts = models.PositiveSmallIntegerField("入账次数", default=0, editable=False)
    closed_at = models.DateTimeField("定稿时间", null=True, blank=True, editable=False)
    closed_by = _person("定稿人")
    sha256 = models.CharField("数据摘要", max_length=64, blank=True, editable=False)
    lines = models.PositiveIntegerField("入账行数", default=0, editable=False)
    reopening_reason = models.TextField("重新打开的原因", blank=True, editable=False)
    reopening_asked_at = models.DateTimeField("申请重新打开时间", null=True, blank=True, editable=False)
    reopening_asked_by = _person("申请重新打开人")
    reopened_at = models.DateTimeField("重新打开时间", null=True, blank=True, editable=False)
    reopened_by = _person("同意重新打开人")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "月度定稿"
        verbose_name_plural = "月度定稿"
        ordering = ["-month", "-number"]
        permissions = [("close_month", "月度定稿"), ("reopen_month", "同意重新打开已定稿的月份")]
        constraints = [
            constraints.in_choices("state", ClosingState, name="closing_state_known"),
            models.UniqueConstraint(
                fields=["month", "number"],
                name="closing_number_unique",
                violation_error_message="这个月已经有人在定稿，请刷新页面。",
            ),
            models.UniqueConstraint(
                fields=["month"],
                condition=~Q(state=ClosingState.REOPENED),
                name="closing_month_once",
                violation_error_message="这个月已经定稿，或者有人正在定稿，请刷新页面。",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=ClosingState.CLOSING),
                name="closing_one_at_a_time",
                violation_error_message="有一个月正在定稿，请等它完成。",
            ),
            constraints.filled_exactly_in(
                "closed_at", _ONCE_CLOSED, name="closing_closed_with_date", message="定稿要有时间。"
            ),
            constraints.both_or_neither(
                "closed_at",
                "closed_by",
                name="closing_closed_at_with_by",
                message="定稿时间和定稿人要同时记录。",
            ),
            constraints.filled_exactly_in(
                constraints.Text("sha256"),
                _ONCE_CLOSED,
                name="closing_closed_with_digest",
                message="定稿的月份要有数据摘要。",
            ),
            constraints.both_or_neither(
                "reopening_asked_at",
                "reopening_asked_by",
                name="closing_asked_at_with_by",
                message="申请时间和申请人要同时记录。",
            ),
            constraints.both_or_neither(
                "reopening_asked_at",
                constraints.Text("reopening_reason"),
                name="closing_asked_with_reason",
                message="申请重新打开要写明原因。",
            ),
            constraints.filled_exactly_in(
                "reopened_at",
                {ClosingState.REOPENED},
                name="closing_reopened_with_date",
                message="重新打开要有时间。",
            ),
            constraints.both_or_neither(
                "reopened_at",
                "reopened_by",
                name="closing_reopened_at_with_by",
                message="重新打开的时间和同意人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(reopened_by__isnull=True)
                | Q(reopening_asked_by__isnull=False) & ~Q(reopened_by=models.F("reopening_asked_by")),
                name="closing_reopened_by_two",
                violation_error_message="重新打开要由两个人办理：一人申请，另一人同意。",
            ),
        ]

    def __str__(self):
        return f"{self.month} 第{self.number}次定稿"

    @property
    def period(self) -> Month:
        return Month.parse(self.month)


class ClosingTransition(Transition):
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "月度定稿状态变更"
        verbose_name_plural = "月度定稿状态变更"


class Entry(models.Model):
    """One line of the ledger: so much of an indicator, for one row of the registers, or for one distinct thing. Never changed.

    ``amount`` is in the smallest unit (次, 分, minutes, days) and negative where something is taken back. The rest is what the
    row was told by when it was booked: its date, its place, whose it is, and ``told``, the values of the indicator's splits.
    ``category`` is empty in the lines of the whole figure; those of the hardship categories stand beside them.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="entries")
    indicator = models.CharField("指标", max_length=40)
    category = models.CharField("困难类别", max_length=40, blank=True)
    source = models.CharField("来源", max_length=60)
    row = models.BigIntegerField("来源记录", null=True)
    thing = models.BigIntegerField("去重对象", null=True)
    on = models.DateField("发生日期")
    division = models.ForeignKey(
        "organizations.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    unit = models.ForeignKey(
        "organizations.SupervisingUnit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    program = models.ForeignKey(
        "organizations.Program", on_delete=models.PROTECT, null=True, related_name="+"
    )
    told = models.TextField("分项", blank=True)
    amount = models.BigIntegerField("数量")
    kind = models.CharField("性质", max_length=10, choices=EntryKind)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "统计台账行"
        verbose_name_plural = "统计台账"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["indicator", "row", "thing"], name="entry_of_row"),
            models.Index(fields=["closing", "indicator"], name="entry_of_closing"),
        ]
        constraints = [
            constraints.in_choices("kind", EntryKind, name="entry_kind_known"),
            models.CheckConstraint(
                condition=Q(row__isnull=True, thing__isnull=False) | Q(row__isnull=False, thing__isnull=True),
                name="entry_row_or_thing",
                violation_error_message="台账的一行属于一条记录，或者一个去重对象。",
            ),
            models.CheckConstraint(
                condition=~Q(amount=0), name="entry_not_zero", violation_error_message="台账的一行不能是 0。"
            ),
        ]

    def __str__(self):
        return f"{self.indicator} {self.on} {self.amount:+}"


class ClosedFigures(models.Model):
    """What the figures of one scope were when a month was closed: added up from the ledger once, so that they are read at the
    same cost in the tenth year as in the first.

    ``whole`` holds indicator → [previous, month, late, correction, month_before] in the smallest unit; ``parts`` the same for
    each part it is told by (``route:direct_to_household``, ``category:orphan``). What is zero throughout is left out.
    ``organizations`` holds what each organisation had of the scope: indicator → organisation → cumulative; nothing in closings
    older than this column.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="figures")
    scope = models.CharField("范围", max_length=30, blank=True, help_text="空为全部；例如 division:12。")
    whole = models.JSONField("数据", default=dict)
    parts = models.JSONField("分项数据", default=dict)
    organizations = models.JSONField("各组织数据", null=True)

    objects = ClosedFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = "定稿数据"
        verbose_name_plural = "定稿数据"
        ordering = ["closing", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "scope"],
                name="closed_figures_once",
                violation_error_message="这一范围的定稿数据已经有了。",
            ),
        ]

    def __str__(self):
        return f"{self.closing_id} {self.scope or '全部'}"


class Touched(models.Model):
    """A row of a register that was written since the last closing, so that it may differ from what was booked. Noted by
    triggers (``reports.ledger.touched``), gone with the next closing. Without a table: anything may differ."""

    table = models.CharField("表", max_length=63)
    row = models.BigIntegerField("记录")
    is_new = models.BooleanField("新登记")

    objects = TouchedQuerySet.as_manager()

    class Meta:
        verbose_name = "定稿以后的改动"
        verbose_name_plural = "定稿以后的改动"
        ordering = ["id"]
        default_permissions = ()
        indexes = [models.Index(fields=["table", "row"], name="touched_row")]

    def __str__(self):
        return f"{self.table}#{self.row}"
