"""What comes in before it is a record: drafts, submission tokens, attached files, invitations, running numbers."""

import uuid

from django.conf import settings
from django.db import models

from jinchuan.shared import constraints
from jinchuan.shared.fields.model import EncryptedTextField

from .querysets import AttachmentQuerySet, DraftQuerySet, InvitationQuerySet


class Draft(models.Model):
    """What a person has typed into one opened form so far; its id stands in the form's address.

    One row per opened form, so two tabs are two drafts. Kept on the server, for phones are shared; gone when the form is
    submitted or after ``DRAFT_DAYS``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts", verbose_name="填写人"
    )
    form = models.CharField("表单", max_length=40)
    title = models.CharField("标题", max_length=60, blank=True)
    content = EncryptedTextField("内容")
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间")

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = "草稿"
        ordering = ["-saved_at"]

    def __str__(self):
        return f"{self.form} {str(self.pk)[:8]}"


class Submission(models.Model):
    """A form sent once: its token, and the row it became. The token is unique, so sent twice is still one row."""

    token = models.UUIDField("表单号", unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提交人"
    )
    form = models.CharField("表单", max_length=40)
    digest = models.CharField("内容摘要", max_length=64)
    target_type = models.CharField("记录类型", max_length=60)
    target_id = models.CharField("记录标识", max_length=60)
    at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = "提交"
        verbose_name_plural = "提交"

    def __str__(self):
        return f"{self.form} → {self.target_type}#{self.target_id}"


def _attachment_path(attachment, filename) -> str:
    """A name of our own: what the file was called on somebody's phone never reaches the disk."""
    return f"attachments/{attachment.pk.hex[:2]}/{attachment.pk.hex}{attachment.extension}"


class Attachment(models.Model):
    """A photo or PDF that belongs to one record and is seen exactly by those who may see the record.

    While its form is still open it belongs to the draft (``parent_type`` ``intake.Draft``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent_type = models.CharField("所属记录类型", max_length=60)
    parent_id = models.CharField("所属记录", max_length=60)
    file = models.FileField("文件", upload_to=_attachment_path)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=40)
    extension = models.CharField("后缀", max_length=8)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要", max_length=64)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["uploaded_at"]
        indexes = [models.Index(fields=["parent_type", "parent_id"], name="attachment_parent")]

    def __str__(self):
        return str(self.pk)


class Invitation(models.Model):
    """An activation slip: a one-use code with a short life, by which one person sets the password of one account.

    Only a keyed hash of the code is kept; the code itself is on the printed slip and nowhere else.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations", verbose_name="账号"
    )
    code_hash = models.CharField("激活码指纹", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("发出时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发出人"
    )
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("启用时间", null=True, blank=True)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "激活单"
        verbose_name_plural = "激活单"
        ordering = ["-created_at"]
        constraints = [
            constraints.ordered(
                "created_at", "expires_at", name="invitation_dates_order", message="有效期不能早于发出时间。"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
                violation_error_message="已启用的激活单不能再收回。",
            ),
        ]

    def __str__(self):
        return f"激活单{self.pk or ''}"


class Sequence(models.Model):
    """A running number (JZ2026 → 31 means JZ2026-0031 was the last one given)."""

    name = models.CharField("名称", max_length=20, unique=True)
    last = models.PositiveIntegerField("最后的号", default=0)

    class Meta:
        verbose_name = "编号"
        verbose_name_plural = "编号"

    def __str__(self):
        return f"{self.name} {self.last}"
