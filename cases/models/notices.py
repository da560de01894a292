from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints

from ..enums import DigestOutcome
from ..querysets import DigestQuerySet, NoticeQuerySet


class Digest(models.Model):
    """One mail that told a person of new reminders, or was to. The row is there before the mail goes out: whoever finds
    it sends no second one (docs/adr/0010). It keeps no address and no words of the mail."""

    user = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="digests", verbose_name="收件人"
    )
    day = models.DateField("日期")
    outcome = models.CharField("结果", max_length=10, choices=DigestOutcome, default=DigestOutcome.SENDING)
    count = models.PositiveIntegerField("提醒条数")
    started_at = models.DateTimeField("开始时间")
    problem = models.CharField("没有发出的原因", max_length=80, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒邮件"
        verbose_name_plural = "提醒邮件"
        ordering = ["-started_at", "-id"]
        constraints = [
            constraints.in_choices("outcome", DigestOutcome, name="digest_outcome_known"),
            models.UniqueConstraint(
                fields=["user", "day"],
                condition=~Q(outcome=DigestOutcome.FAILED),
                name="digest_once_a_day",
                violation_error_message="今天已经给这个账号发过提醒邮件。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.day:%Y-%m-%d}"


class Notice(models.Model):
    """A reminder in a person's inbox. ``key`` says what it is about and how far that has come: each comes once.

    Its words hold codes and dates only; names stand behind the address, for those who may see them. ``digest`` is the
    mail that told of it.
    """

    user = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    key = models.CharField("事由", max_length=80)
    pairing = models.ForeignKey(
        "cases.Pairing",
        on_delete=models.PROTECT,
        null=True,
        related_name="notices",
        verbose_name="结对",
    )
    title = models.CharField("内容", max_length=200)
    url = models.CharField("办理页面", max_length=200)
    created_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    digest = models.ForeignKey(
        Digest, on_delete=models.PROTECT, null=True, related_name="notices", verbose_name="提醒邮件"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "read_at", "-created_at"], name="notice_inbox")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="notice_once",
                violation_error_message="这条提醒已经发过。",
            )
        ]

    def __str__(self):
        return self.key
