"""Meetings (动员会) and appeals (倡议书): who was invited, and who answered. Nothing here is a duty or a target."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField
from jinchuan.shared.moves import Transition

from ..enums import ANSWERS, Answer, MobilizationKind, MobilizationState
from ..querysets import MobilizationInvitationQuerySet, MobilizationQuerySet

S = MobilizationState
PLACE_NEEDED = "动员会要写明地点。"
ANSWER_OF_OTHER_KIND = "动员会答复“参加”或“不能参加”，倡议书答复“响应”或“不能参加”。"


class Mobilization(models.Model):
    """A meeting to which organisations are invited, or an appeal that is sent to them.

    ``followed_until`` ends the days in which one looks for what came of it; it is no deadline for anybody.
    """

    code = models.CharField("编号", max_length=20, unique=True, editable=False)
    kind = models.CharField("形式", max_length=10, choices=MobilizationKind)
    title = models.CharField("标题", max_length=80)
    held_on = DayField("召开（发出）日期", db_index=True)
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    host = models.ForeignKey(
        "organizations.SupervisingUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mobilizations",
        verbose_name="主办单位",
        help_text="不选表示民政局主办。",
    )
    outline = models.TextField("内容", max_length=3000, help_text="议程，或倡议书的正文。")
    followed_until = DayField(
        "后续情况看到哪一天", blank=True, help_text="不填为 60 天以后，只用来汇集后续情况。"
    )
    state = models.CharField("状态", max_length=10, choices=S, default=S.PLANNED, editable=False)
    planned_at = models.DateTimeField("登记时间", editable=False)
    planned_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    held_at = models.DateTimeField("登记召开（发出）的时间", null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="登记召开（发出）的人",
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="办结人",
    )
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="取消人",
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MobilizationQuerySet.as_manager()

    class Meta:
        verbose_name = "动员会与倡议书"
        verbose_name_plural = "动员会与倡议书"
        ordering = ["-held_on", "-id"]
        constraints = [
            constraints.in_choices("kind", MobilizationKind, name="mobilization_kind_known"),
            constraints.in_choices("state", MobilizationState, name="mobilization_state_known"),
            constraints.ordered(
                "held_on",
                "followed_until",
                name="mobilization_dates_order",
                message="后续情况的截止日期不能早于召开（发出）日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind=MobilizationKind.APPEAL) | ~Q(place=""),
                name="mobilization_meeting_has_place",
                violation_error_message=PLACE_NEEDED,
            ),
            constraints.both_or_neither(
                "held_at",
                "held_by",
                name="mobilization_held_at_with_by",
                message="登记召开（发出）的时间和登记人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "held_at",
                {S.HELD, S.CLOSED},
                name="mobilization_held_with_time",
                message="已召开（发出）的要有登记时间，其他状态没有。",
            ),
            constraints.both_or_neither(
                "closed_at",
                "closed_by",
                name="mobilization_closed_at_with_by",
                message="办结时间和办结人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "closed_at",
                {S.CLOSED},
                name="mobilization_closed_with_time",
                message="已办结的要有办结时间，其他状态没有。",
            ),
            constraints.both_or_neither(
                "cancelled_at",
                "cancelled_by",
                name="mobilization_cancelled_at_with_by",
                message="取消时间和取消人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "cancelled_at",
                {S.CANCELLED},
                name="mobilization_cancelled_with_time",
                message="已取消的要有取消时间，其他状态没有。",
            ),
            constraints.both_or_neither(
                "cancelled_at",
                Text("cancel_reason"),
                name="mobilization_cancelled_with_reason",
                message="取消时间和取消原因要同时记录。",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_meeting(self) -> bool:
        return self.kind == MobilizationKind.MEETING

    @property
    def takes_answers(self) -> bool:
        """A meeting is answered before it is held, an appeal once it is out."""
        return self.state == (S.PLANNED if self.is_meeting else S.HELD)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return ANSWERS[MobilizationKind(self.kind)]


class MobilizationTransition(Transition):
    mobilization = models.ForeignKey(Mobilization, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "动员状态变更"
        verbose_name_plural = "动员状态变更"


class MobilizationInvitation(models.Model):
    """One organisation, invited to one meeting or sent one appeal. It answers or not, as it likes.

    ``words`` are its own: what it intends to do, or why it cannot come. ``attended`` is null until staff noted it.
    """

    mobilization = models.ForeignKey(
        Mobilization, on_delete=models.PROTECT, related_name="invitations", verbose_name="动员会与倡议书"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="mobilization_invitations",
        verbose_name="社会组织",
    )
    invited_at = models.DateTimeField("邀请时间", editable=False)
    invited_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="邀请人",
    )
    answer = models.CharField(
        "答复", max_length=10, choices=Answer, default=Answer.NONE, editable=False, db_index=True
    )
    words = models.CharField("附言", max_length=300, blank=True, editable=False)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="答复人",
    )
    attended = models.BooleanField("到会", null=True, blank=True, editable=False)
    note = models.CharField("备注", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MobilizationInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "邀请"
        verbose_name_plural = "邀请与答复"
        ordering = ["organization__code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mobilization", "organization"],
                name="mobilization_invites_once",
                violation_error_message="这个组织已经邀请过了。",
            ),
            constraints.in_choices("answer", Answer, name="invitation_answer_known"),
            constraints.both_or_neither(
                "answered_at",
                "answered_by",
                name="invitation_answered_at_with_by",
                message="答复时间和答复人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "answered_at",
                {Answer.ATTENDING, Answer.SUPPORTS, Answer.DECLINED},
                state="answer",
                name="invitation_answered_with_time",
                message="有答复的要有答复时间，没有答复的不写。",
            ),
        ]

    def __str__(self):
        return f"{self.mobilization} {self.organization.code}"

    def clean(self):
        super().clean()
        if self.answer not in (Answer.NONE, *self.mobilization.answers):
            raise ValidationError(ANSWER_OF_OTHER_KIND)

    @property
    def was_told_to_staff(self) -> bool:
        """The answer came by telephone, and somebody of the bureau wrote it down."""
        return bool(self.answered_by_id) and not self.answered_by.is_of_organization
