from django.db import models

from jinchuan.shared.querysets import ScopedQuerySet


class AuditEventQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Auditors and administrators read the whole log; reviewers too, for they answer for it."""
        return self if user.has_perm("audit.view_auditevent") else self.none()

    def of(self, row):
        return self.filter(target_type=row._meta.label, target_id=str(row.pk))


class AuditEvent(models.Model):
    """One act. Text only, no foreign keys: the log never stands in the way of live data, nor falls with it.

    ``digest`` is a keyed hash over the event and the digest before it, so that a removed or edited row is found by
    whoever holds the key (``jinchuan.audit.chain``). Personal values in ``before`` and ``after`` are masked.
    """

    at = models.DateTimeField("时间", db_index=True)
    action = models.CharField("动作", max_length=60, db_index=True)
    actor = models.CharField("账号", max_length=150, blank=True, help_text="空表示系统自动办理。")
    actor_role = models.CharField("角色", max_length=30, blank=True)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象标识", max_length=60)
    target_label = models.CharField("对象", max_length=200, blank=True)
    before = models.JSONField("变更前", default=dict, blank=True)
    after = models.JSONField("变更后", default=dict, blank=True)
    reason = models.TextField("原因", blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    request_id = models.CharField("请求号", max_length=40, blank=True)
    previous_digest = models.CharField("前一条摘要", max_length=64, editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_type", "target_id", "id"], name="audit_event_target")]

    def __str__(self):
        return f"{self.action} {self.target_type}#{self.target_id}"


class ChainHead(models.Model):
    """The newest link of the chain; one row. Locked while an event is appended, so that links never fork."""

    last_event = models.BigIntegerField("最新一条", default=0)
    count = models.BigIntegerField("条数", default=0)
    digest = models.CharField("摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "日志链头"
        verbose_name_plural = "日志链头"

    def __str__(self):
        return f"{self.count} 条"


class KeySentinel(models.Model):
    """A known word, encrypted and hashed when the database was made: wrong keys are noticed before they do harm."""

    sealed = models.TextField("密文")
    fingerprint = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "密钥校验"
        verbose_name_plural = "密钥校验"

    def __str__(self):
        return self.fingerprint[:8]
