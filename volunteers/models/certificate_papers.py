"""The print of a certificate, and what the bureau asks about one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.confirming import person_field
from jinchuan.shared.constraints import Text

from ..certificate_querysets import CertificatePaperQuerySet, CertificateRemarkQuerySet
from .certificates import Certificate


def paper_path(paper, filename="") -> str:
    """A name of its own for every print, so that a half-written file is never the one that is opened."""
    return f"certificates/{uuid.uuid4().hex}.pdf"


class CertificatePaper(models.Model):
    """The one print of one certificate. The row is the message to the worker (docs/adr/0002): it waits until
    ``finished_at``, then it has the file, for good, or a ``failure`` that can be tried again."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="paper", verbose_name="证明"
    )
    asked_at = models.DateTimeField("提出时间", editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="开具人",
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True, editable=False)
    failure = models.CharField("没有办成的原因", max_length=300, blank=True, editable=False)
    pdf = models.FileField("文件", upload_to=paper_path, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField("页数", null=True, blank=True, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True, editable=False)

    objects = CertificatePaperQuerySet.as_manager()

    class Meta:
        verbose_name = "证明文件"
        verbose_name_plural = "证明文件"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, failure="", sha256="", pdf="", pages__isnull=True)
                | Q(finished_at__isnull=False, failure="", pages__isnull=False) & ~Q(sha256="") & ~Q(pdf="")
                | Q(finished_at__isnull=False, sha256="", pdf="", pages__isnull=True) & ~Q(failure=""),
                name="certificate_paper_with_file_or_failure",
                violation_error_message="办完的证明要有文件或没有办成的原因，二者有其一。",
            )
        ]

    def __str__(self):
        return f"{self.certificate} 文件"


class CertificateRemark(models.Model):
    """What the bureau asks the issuer to look into, and what the issuer answers. Revoking is the issuer's act alone."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="remarks", verbose_name="证明"
    )
    text = models.TextField("提醒内容", max_length=200)
    made_at = models.DateTimeField("提醒时间", editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="提醒人",
    )
    answer = models.TextField("核对结果", max_length=200, blank=True, editable=False)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    answered_by = person_field("答复人")

    objects = CertificateRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "证明核对提醒"
        verbose_name_plural = "证明核对提醒"
        ordering = ["made_at", "id"]
        constraints = [
            constraints.both_or_neither(
                "answered_at",
                "answered_by",
                name="certificate_remark_answered_at_with_by",
                message="答复时间和答复人要同时记录。",
            ),
            constraints.both_or_neither(
                "answered_at",
                Text("answer"),
                name="certificate_remark_answered_with_words",
                message="答复要写明核对结果。",
            ),
        ]

    def __str__(self):
        return f"{self.certificate} 提醒{self.pk or ''}"
