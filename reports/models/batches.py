"""Reports that are asked for together, and who is sent them when they are issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.enums import DigestOutcome
from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import EmailAddressField, KeyedHashField, NameField

from ..enums import ReportKind
from ..periods import Period
from ..querysets import ReportBatchQuerySet, ReportMailQuerySet, ReportRecipientQuerySet
from .editions import ReportEdition


class ReportBatch(models.Model):
    """All reports of a period: the district's, each street's and town's, each organisation's, each supervising unit's, each
    programme's. There is one before the period is closed (open figures) and one after each closing (``is_final``).

    How far it has come is read from its editions. ``finished_at`` is set by whoever finds the last of them done, once a
    ``round``; trying again what failed begins a new round.
    """

    kind = models.CharField("种类", max_length=10, choices=ReportKind, editable=False)
    period = models.CharField("期间", max_length=7, editable=False)
    number = models.PositiveSmallIntegerField("版次", default=1, editable=False)
    is_final = models.BooleanField("按定稿数据", default=False, editable=False)
    requested_at = models.DateTimeField("提出时间", editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="提出人",
    )
    round = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)
    started_at = models.DateTimeField("本轮开始时间", editable=False)
    finished_at = models.DateTimeField("本轮完成时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "成批报告"
        verbose_name_plural = "成批报告"
        ordering = ["-requested_at", "-id"]
        constraints = [
            constraints.in_choices("kind", ReportKind, name="report_batch_kind_known"),
            models.UniqueConstraint(
                fields=["kind", "period", "number", "is_final"],
                name="report_batch_once",
                violation_error_message="这一期的报告已经成批提出过，请在成批报告列表中打开。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, round__gte=1),
                name="report_batch_counts_from_one",
                violation_error_message="版次和轮次从 1 开始。",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=models.F("started_at")),
                name="report_batch_finished_after_start",
                violation_error_message="完成时间不能早于开始时间。",
            ),
        ]

    def __str__(self):
        return f"{self.kind}:{self.period}:{self.number}:{'final' if self.is_final else 'draft'}"

    @property
    def period_value(self) -> Period:
        return Period.parse(self.kind, self.period)

    @property
    def title(self) -> str:
        """2026年10月成批报告（定稿前）, 2026年第三季度成批报告（定稿后，第2版）."""
        again = f"，第{self.number}版" if self.number > 1 else ""
        return f"{self.period_value.label}成批报告（{'定稿后' if self.is_final else '定稿前'}{again}）"


class BatchEdition(models.Model):
    """One report of a batch. A report may be of two: as a draft before the closing, and for good after it."""

    batch = models.ForeignKey(
        ReportBatch, on_delete=models.PROTECT, related_name="papers", verbose_name="成批报告"
    )
    edition = models.ForeignKey(
        ReportEdition, on_delete=models.PROTECT, related_name="batches", verbose_name="报告"
    )

    class Meta:
        verbose_name = "批内报告"
        verbose_name_plural = "批内报告"
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "edition"],
                name="batch_edition_once",
                violation_error_message="这份报告已经在这一批里。",
            )
        ]

    def __str__(self):
        return f"{self.batch} {self.edition}"


class ReportRecipient(models.Model):
    """Somebody outside the system to whom the bureau has the issued reports of a place mailed."""

    PERSONAL = {"name": masking.mask_name, "email": masking.mask_email}

    name = NameField("姓名")
    workplace = models.CharField("单位和职务", max_length=60)
    email = EmailAddressField("电子邮箱")
    email_hash = KeyedHashField(source="email", purpose="email")
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="report_recipients",
        verbose_name="收哪里的报告",
    )
    is_active = models.BooleanField("发送", default=True, help_text="不再发送的，取消勾选；发过的记录保留。")
    added_at = models.DateTimeField("登记时间", editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReportRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "报告收件人"
        verbose_name_plural = "报告收件人"
        ordering = ["workplace", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email_hash", "division"],
                name="report_recipient_once",
                violation_error_message="这个邮箱已经登记收这里的报告，请在列表里查找。",
            )
        ]

    def __str__(self):
        return f"收件人{self.pk}"


class ReportMail(models.Model):
    """One issued report on its way to one person. The row is there before the mail goes out: whoever finds it sends no second
    one (docs/adr/0010). It keeps no address. ``again_*``: somebody had it sent once more, which is a mail of its own."""

    edition = models.ForeignKey(
        ReportEdition, on_delete=models.PROTECT, related_name="mails", verbose_name="报告"
    )
    recipient = models.ForeignKey(
        ReportRecipient, on_delete=models.PROTECT, related_name="mails", verbose_name="收件人"
    )
    outcome = models.CharField("结果", max_length=10, choices=DigestOutcome, default=DigestOutcome.SENDING)
    started_at = models.DateTimeField("开始时间")
    problem = models.CharField("没有发出的原因", max_length=80, blank=True)
    again_at = models.DateTimeField("要求再发的时间", null=True, blank=True, editable=False)
    again_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="要求再发的人",
    )

    objects = ReportMailQuerySet.as_manager()

    class Meta:
        verbose_name = "报告邮件"
        verbose_name_plural = "报告邮件"
        ordering = ["-started_at", "-id"]
        constraints = [
            constraints.in_choices("outcome", DigestOutcome, name="report_mail_outcome_known"),
            models.UniqueConstraint(
                fields=["edition", "recipient"],
                condition=~Q(outcome=DigestOutcome.FAILED),
                name="report_mail_once",
                violation_error_message="这份报告已经给这位收件人发过。",
            ),
            constraints.both_or_neither(
                "again_at",
                "again_by",
                name="report_mail_again_at_with_by",
                message="要求再发的时间和人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(again_at=None) | Q(outcome=DigestOutcome.FAILED),
                name="report_mail_again_when_failed",
                violation_error_message="没有发出的邮件才能要求再发。",
            ),
        ]

    def __str__(self):
        return f"{self.edition} {self.recipient}"

    @property
    def is_lost(self) -> bool:
        """It did not go out, or may not have, and nobody asked yet to have it sent once more."""
        return self.outcome in (DigestOutcome.FAILED, DigestOutcome.UNCLEAR) and self.again_at is None
