from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.clock import today
from jinchuan.shared.moves import Transition

from ..enums import ObligationKind, Outcome, WindowKind
from ..querysets import ObligationQuerySet, ServiceStandardQuerySet

SEASON_NEEDS_DAYS = "“每年的一段时间”要写明从几月几日到几月几日；其他期间不写。"


class ServiceStandard(models.Model):
    """How often a paired household is to be called on. Norms are data: a new version applies to windows that begin
    after it takes effect; what was owed before stays owed by the old one."""

    name = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=200, help_text="哪份文件、第几条。")
    effective_from = models.DateField(
        "生效日期", unique=True, error_messages={"unique": "这一天已有一版标准生效。"}
    )
    entered_on = models.DateField(
        "登记日期", default=today, editable=False, help_text="登记之前的日子不计入任务。"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ServiceStandardQuerySet.as_manager()

    class Meta:
        verbose_name = "走访联系标准"
        verbose_name_plural = "走访联系标准"
        ordering = ["-effective_from"]

    def __str__(self):
        return self.name


class StandardRule(models.Model):
    """One duty of a standard: so many times within each window, with some days of grace after it."""

    standard = models.ForeignKey(
        ServiceStandard, on_delete=models.PROTECT, related_name="rules", verbose_name="标准"
    )
    kind = models.CharField("事项", max_length=16, choices=ObligationKind)
    window = models.CharField("期间", max_length=10, choices=WindowKind)
    times = models.PositiveSmallIntegerField("次数", default=1)
    grace_days = models.PositiveSmallIntegerField("宽限天数", default=15)
    season_first_month = models.PositiveSmallIntegerField("从几月", null=True, blank=True)
    season_first_day = models.PositiveSmallIntegerField("从几日", null=True, blank=True)
    season_last_month = models.PositiveSmallIntegerField("到几月", null=True, blank=True)
    season_last_day = models.PositiveSmallIntegerField("到几日", null=True, blank=True)

    class Meta:
        verbose_name = "标准条目"
        verbose_name_plural = "标准条目"
        ordering = ["standard", "id"]
        constraints = [
            constraints.in_choices("kind", ObligationKind, name="standard_rule_kind_known"),
            constraints.in_choices("window", WindowKind, name="standard_rule_window_known"),
            constraints.positive("times", name="standard_rule_times_positive", message="次数必须大于 0。"),
            models.CheckConstraint(
                condition=Q(window=WindowKind.SEASON)
                & Q(season_first_month__isnull=False, season_first_day__isnull=False)
                & Q(season_last_month__isnull=False, season_last_day__isnull=False)
                | ~Q(window=WindowKind.SEASON)
                & Q(season_first_month__isnull=True, season_first_day__isnull=True)
                & Q(season_last_month__isnull=True, season_last_day__isnull=True),
                name="standard_rule_season_has_days",
                violation_error_message=SEASON_NEEDS_DAYS,
            ),
        ]

    def __str__(self):
        return f"{self.get_window_display()}{self.get_kind_display()}{self.times}次"

    def clean(self):
        super().clean()
        if self.window == WindowKind.SEASON:
            try:
                date(2024, self.season_first_month, self.season_first_day)
                date(2024, self.season_last_month, self.season_last_day)
            except (TypeError, ValueError) as error:
                raise ValidationError(SEASON_NEEDS_DAYS) from error


class Obligation(models.Model):
    """One duty of one pairing in one window, [window_start, window_end): the ``ordinal``-th of the rule's ``times``.

    Met inside the window, late within the grace after it, missed when the grace is over. A missed one stays missed, stops
    nagging, and can be waived with a reason. When the pairing ends inside the window, the window ends with it, and what
    was not due by then lapses (docs/adr/0008).
    """

    pairing = models.ForeignKey(
        "cases.Pairing", on_delete=models.PROTECT, related_name="obligations", verbose_name="结对"
    )
    rule = models.ForeignKey(
        StandardRule, on_delete=models.PROTECT, related_name="obligations", verbose_name="标准条目"
    )
    ordinal = models.PositiveSmallIntegerField("第几次", default=1)
    window_start = models.DateField("期间开始")
    window_end = models.DateField("期间结束", help_text="不含当天。")
    grace_until = models.DateField("宽限至", help_text="不含当天。")
    state = models.CharField("结果", max_length=8, choices=Outcome, default=Outcome.OPEN, editable=False)
    met_by = models.ForeignKey(
        "cases.Visit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="完成的走访",
    )
    judged_on = models.DateField("判定日期", null=True, blank=True)
    waived_at = models.DateTimeField("免除时间", null=True, blank=True)
    waived_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="免除人",
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "走访联系任务"
        verbose_name_plural = "走访联系任务"
        ordering = ["window_end", "pairing_id", "ordinal"]
        # The order of the list of duties in a state, which is so read without sorting.
        indexes = [
            models.Index(
                fields=["state", "window_end", "pairing", "ordinal"], name="obligation_state_due_order"
            )
        ]
        constraints = [
            constraints.in_choices("state", Outcome, name="obligation_state_known"),
            models.UniqueConstraint(
                fields=["pairing", "rule", "window_start", "ordinal"],
                name="obligation_once",
                violation_error_message="这一期的任务已经生成。",
            ),
            models.CheckConstraint(
                condition=Q(window_start__lt=F("window_end"), window_end__lte=F("grace_until")),
                name="obligation_window_order",
                violation_error_message="期间的起止日期前后颠倒。",
            ),
            constraints.filled_exactly_in(
                "met_by",
                {Outcome.MET, Outcome.LATE},
                name="obligation_met_by_a_visit",
                message="完成的任务要有完成它的走访。",
            ),
            constraints.both_or_neither(
                "waived_at",
                "waived_by",
                name="obligation_waived_at_with_by",
                message="免除时间和免除人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "waived_at",
                {Outcome.WAIVED},
                name="obligation_waived_with_date",
                message="免除的任务要有免除时间。",
            ),
        ]

    def __str__(self):
        return f"{self.pairing} {self.rule} {self.window_start}"


class ObligationTransition(Transition):
    """Kept for what people decide (waivers); the nightly judging is set-based and leaves ``judged_on``."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "任务结果变更"
        verbose_name_plural = "任务结果变更"
