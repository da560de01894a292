"""Student aid (圆梦大学·成就梦想): who is helped through school under which programme, and by whose decision."""

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.moves import Transition

from ..enums import SchoolStage, StudentAidState, StudentHardship
from ..querysets import StudentAidQuerySet

S = StudentAidState
APPROVE_OWN = "提出人不能审批自己提出的助学，请由另一位工作人员审批。"


class StudentAid(models.Model):
    """One student in one programme for one school year. School, grades and scores are not kept (PIPL §6).

    ``community`` is the one that recommended the student; it stays when the household moves.
    """

    PERSONAL = {"evidence": lambda text: "已填写"}

    code = models.CharField("助学编号", max_length=20, unique=True, editable=False)
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        related_name="student_aids",
        verbose_name="助学项目",
    )
    member = models.ForeignKey(
        "cases.Member", on_delete=models.PROTECT, related_name="student_aids", verbose_name="学生"
    )
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="student_aids",
        editable=False,
        verbose_name="推荐社区（村）",
    )
    school_year = models.PositiveSmallIntegerField("学年", help_text="入学那一年，例如 2026。")
    stage = models.CharField("学段", max_length=12, choices=SchoolStage)
    hardship = models.CharField("困难程度", max_length=10, choices=StudentHardship)
    evidence = EncryptedTextField(
        "依据", blank=True, help_text="认定材料的名称和存放处。不写学校名称、成绩和病情。"
    )
    state = models.CharField("状态", max_length=10, choices=S, default=S.PROPOSED, editable=False)
    proposed_at = models.DateTimeField("提出时间", editable=False)
    proposed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="提出人",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="审批人",
    )
    finished_at = models.DateTimeField("完成（撤回）时间", null=True, blank=True, editable=False)
    finished_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="完成（撤回）登记人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = StudentAidQuerySet.as_manager()

    class Meta:
        verbose_name = "助学"
        verbose_name_plural = "助学"
        ordering = ["-school_year", "code"]
        constraints = [
            constraints.in_choices("stage", SchoolStage, name="student_aid_stage_known"),
            constraints.in_choices("hardship", StudentHardship, name="student_aid_hardship_known"),
            constraints.in_choices("state", StudentAidState, name="student_aid_state_known"),
            models.CheckConstraint(
                condition=Q(school_year__gte=2023, school_year__lte=2100),
                name="student_aid_year_real",
                violation_error_message="学年应在 2023 年到 2100 年之间。",
            ),
            models.UniqueConstraint(
                fields=["member", "program", "school_year"],
                condition=~Q(state__in=[S.DECLINED, S.WITHDRAWN]),
                name="student_aid_once_a_year",
                violation_error_message="这位学生这一学年已经在这个项目里。",
            ),
            constraints.both_or_neither(
                "decided_at",
                "decided_by",
                name="student_aid_decided_at_with_by",
                message="审批时间和审批人要同时记录。",
            ),
            constraints.filled_in(
                "decided_at",
                {S.APPROVED, S.COMPLETED, S.DECLINED},
                name="student_aid_decided_with_time",
                message="已审批的助学要有审批时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.PROPOSED) | Q(decided_at__isnull=True),
                name="student_aid_proposed_undecided",
                violation_error_message="待审批的助学没有审批时间。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="student_aid_decided_by_second_person",
                violation_error_message=APPROVE_OWN,
            ),
            constraints.both_or_neither(
                "finished_at",
                "finished_by",
                name="student_aid_finished_at_with_by",
                message="完成（撤回）的时间和登记人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "finished_at",
                {S.COMPLETED, S.WITHDRAWN},
                name="student_aid_finished_with_time",
                message="已完成、已撤回的助学要有登记时间，其他状态没有。",
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        super().clean()
        if self.member_id:
            self.member.household.refuse_if_nameless()

    @property
    def is_live(self) -> bool:
        """Neither declined nor taken back: the one of its programme and school year."""
        return self.state not in (S.DECLINED, S.WITHDRAWN)

    @property
    def street(self):
        return self.community.parent


class StudentAidTransition(Transition):
    student_aid = models.ForeignKey(StudentAid, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "助学状态变更"
        verbose_name_plural = "助学状态变更"
