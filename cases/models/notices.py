from django.db import models

from ..querysets import NoticeQuerySet


class Notice(models.Model):
    """A reminder in a person's inbox. ``key`` says what it is about and how far that has come: each comes once.

    Its words hold codes and dates only; names stand behind the address, for those who may see them.
    """

    user = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    key = models.CharField("事由", max_length=80)
    title = models.CharField("内容", max_length=200)
    url = models.CharField("办理页面", max_length=200)
    created_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

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
