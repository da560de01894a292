from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.confirming import Confirmed
from jinchuan.shared.fields.model import DayField, EncryptedTextField
from jinchuan.shared.moves import Transition

from ..enums import MatterKind, VisitChannel, VisitCondition, VisitKind, VisitState
from ..querysets import MatterQuerySet, VisitHouseholdQuerySet, VisitQuerySet
from .households import OfHousehold, OutlivesNames

VOID_OWN = "确认人不能作废自己确认的记录，请由另一位审核人员办理。"


class Recorded(Confirmed):
    """What somebody logs of a household, and a second person confirms: only then it counts."""

    state = models.CharField(
        "状态", max_length=12, choices=VisitState, default=VisitState.SUBMITTED, editable=False
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

    class Meta:
        abstract = True

    @staticmethod
    def constraints_named(prefix) -> list:
        """The constraints of the shared columns, under names of the table's own."""
        return [
            constraints.in_choices("state", VisitState, name=f"{prefix}_state_known"),
            *Confirmed.confirmed_constraints(
                prefix,
                VisitState,
                noun="记录",
                confirm_own="登记人不能确认自己的记录，请由另一位工作人员确认。",
                void_own=VOID_OWN,
            ),
        ]


class Visit(Recorded):
    """A home visit (走访探视) or a contact (联系交流), made or attempted, to one household or several on one day."""

    PERSONAL = {
        "visitors": lambda text: "已填写",
        "people_met": lambda text: "已填写",
        "notes": lambda text: "已填写",
    }

    code = models.CharField("走访编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("方式", max_length=12, choices=VisitKind)
    channel = models.CharField("途径", max_length=12, choices=VisitChannel, default=VisitChannel.IN_PERSON)
    was_made = models.BooleanField("见到或联系上了", default=True)
    visited_on = DayField("日期", past=True, db_index=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="走访组织",
        help_text="由哪个组织走访；工作人员自己走访的为空。",
    )
    visitors = models.CharField("走访人员", max_length=100)
    people_met = models.CharField("见到的人", max_length=100, blank=True)
    condition = models.CharField("情况", max_length=12, choices=VisitCondition, blank=True)
    notes = EncryptedTextField("情况说明", blank=True)
    next_on = models.DateField("下次走访日期", null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访联系"
        verbose_name_plural = "走访联系"
        ordering = ["-visited_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-visited_on", "-id"], name="visit_organization_list")
        ]
        constraints = [
            *Recorded.constraints_named("visit"),
            constraints.in_choices("kind", VisitKind, name="visit_kind_known"),
            constraints.in_choices("channel", VisitChannel, name="visit_channel_known"),
            models.CheckConstraint(
                condition=~Q(kind=VisitKind.HOME_VISIT) | Q(channel=VisitChannel.IN_PERSON),
                name="visit_home_in_person",
                violation_error_message="走访探视是上门当面进行的；电话、视频、微信请选“联系交流”。",
            ),
            models.CheckConstraint(
                condition=Q(was_made=True) & ~Q(condition="") | Q(was_made=False, condition=""),
                name="visit_condition_when_made",
                violation_error_message="见到或联系上的，请选择情况；没有见到的，不选情况。",
            ),
            constraints.ordered(
                "visited_on", "next_on", name="visit_next_order", message="下次走访日期不能早于这次走访。"
            ),
        ]

    def __str__(self):
        return self.code


class VisitTransition(Transition):
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "走访状态变更"
        verbose_name_plural = "走访状态变更"


class VisitHousehold(OfHousehold):
    """One household reached by one visit (1 人次). Its pairing is the one that was open on the day, fixed when saved."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="visited", verbose_name="走访")
    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="visited", verbose_name="关爱户"
    )
    pairing = models.ForeignKey(
        "cases.Pairing",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visited",
        verbose_name="所属结对",
        help_text="走访当天正在进行的结对；工作人员的走访为空。",
    )

    objects = VisitHouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "走访的户"
        verbose_name_plural = "走访的户"
        ordering = ["visit", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "household"],
                name="visit_household_once",
                violation_error_message="同一次走访中，一户只登记一次。",
            )
        ]

    def __str__(self):
        return f"{self.visit} {self.household}"


class Matter(Recorded, OutlivesNames):
    """Something settled for a household (1 件): a difficulty solved, a deed done, a policy explained or applied."""

    PERSONAL = {"description": lambda text: "已填写"}

    code = models.CharField("事项编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("类别", max_length=20, choices=MatterKind)
    household = models.ForeignKey(
        "cases.Household", on_delete=models.PROTECT, related_name="matters", verbose_name="关爱户"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matters",
        verbose_name="办理组织",
    )
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matters",
        verbose_name="相关走访",
    )
    need = models.ForeignKey(
        "cases.CareNeed",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matters",
        verbose_name="相关需求",
    )
    settled_on = DayField("办结日期", past=True, db_index=True)
    description = EncryptedTextField("办理情况")

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = "办理事项"
        verbose_name_plural = "办理事项"
        ordering = ["-settled_on", "-id"]
        constraints = [
            *Recorded.constraints_named("matter"),
            constraints.in_choices("kind", MatterKind, name="matter_kind_known"),
        ]

    def __str__(self):
        return self.code


class MatterTransition(Transition):
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "事项状态变更"
        verbose_name_plural = "事项状态变更"
