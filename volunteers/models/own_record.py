"""The volunteer and the own record: the code that opens it, and what the volunteer says is wrong (志愿服务条例 §19)."""

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.moves import Transition

from ..enums import CorrectionState
from ..querysets import CorrectionRequestQuerySet, QueryCodeQuerySet
from .people import Volunteer
from .records import ServiceRecord

ASKED_ALREADY = "这条记录已经有一份更正申请在办理，请等待答复。"


class QueryCode(models.Model):
    """A code on a slip that opens the volunteer's record without signing in. Kept as a keyed hash only.

    One that an organisation printed opens what was recorded by it; the bureau's (no organisation) opens the whole, so
    that nobody who hands a slip over reads in another organisation's records (Order 67: sharing takes consent).
    """

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="codes", verbose_name="志愿者"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="打印单位",
    )
    code_hash = models.CharField("查询码指纹", max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField("打印时间", editable=False)
    issued_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="打印人",
    )
    retired_at = models.DateTimeField("停用时间", null=True, blank=True, editable=False)

    objects = QueryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿服务记录查询码"
        verbose_name_plural = "志愿服务记录查询码"
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organization"],
                condition=Q(retired_at__isnull=True, organization__isnull=False),
                name="query_code_one_of_an_organization",
                violation_error_message="这位志愿者的查询单刚刚打印过，请刷新页面。",
            ),
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(retired_at__isnull=True, organization__isnull=True),
                name="query_code_one_of_the_bureau",
                violation_error_message="这位志愿者的查询单刚刚打印过，请刷新页面。",
            ),
        ]

    def __str__(self):
        return f"查询码{self.pk or ''}"


class CorrectionRequest(models.Model):
    """“我认为有误”: what a volunteer says against one record, and what became of it. The record changes elsewhere."""

    PERSONAL = {"text": lambda text: "已填写", "contact": lambda text: "已填写"}

    record = models.ForeignKey(
        ServiceRecord, on_delete=models.PROTECT, related_name="correction_requests", verbose_name="服务记录"
    )
    text = models.CharField("应当是什么", max_length=300)
    contact = EncryptedTextField("联系方式", blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=CorrectionState, default=CorrectionState.OPEN, editable=False
    )
    asked_at = models.DateTimeField("提出时间", editable=False)
    decided_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="答复人",
    )
    answer = models.CharField("答复", max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "记录更正申请"
        verbose_name_plural = "记录更正申请"
        ordering = ["asked_at", "id"]
        constraints = [
            constraints.in_choices("state", CorrectionState, name="correction_request_state_known"),
            constraints.both_or_neither(
                "decided_at",
                "decided_by",
                name="correction_request_decided_at_with_by",
                message="答复时间和答复人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "decided_at",
                {CorrectionState.ACCEPTED, CorrectionState.DECLINED},
                name="correction_request_decided_with_date",
                message="已答复的申请要有答复时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.OPEN) & ~Q(answer="")
                | Q(state=CorrectionState.OPEN, answer=""),
                name="correction_request_decided_with_answer",
                violation_error_message="答复要写明处理结果，例如改成了什么、为什么不改。",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state=CorrectionState.OPEN),
                name="correction_request_one_open",
                violation_error_message=ASKED_ALREADY,
            ),
        ]

    def __str__(self):
        return f"更正申请{self.pk or ''}"


class CorrectionRequestTransition(Transition):
    correctionrequest = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="transitions"
    )

    class Meta(Transition.Meta):
        verbose_name = "更正申请状态变更"
        verbose_name_plural = "更正申请状态变更"
