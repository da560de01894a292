"""Papers asked for: a worker prints them, whoever asked opens them; the file goes after some days, the row stays."""

import uuid

from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints

from ..enums import PaperKind
from ..querysets import PaperQuerySet


def paper_path(paper, filename="") -> str:
    return f"papers/{uuid.uuid4().hex}.pdf"


class Paper(models.Model):
    """One print of one row, by one person. ``subject`` tells the row by its code; the file holds names and is private.

    It waits until ``finished_at``; then it has a file, which ``printing.purge`` takes away, or a ``failure``.
    """

    kind = models.CharField("单据", max_length=20, choices=PaperKind)
    subject_id = models.CharField("记录标识", max_length=20, editable=False)
    subject = models.CharField("打印对象", max_length=40, editable=False)
    requested_at = models.DateTimeField("提出时间", editable=False)
    requested_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="打印人",
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True, editable=False)
    failure = models.CharField("没有打印的原因", max_length=300, blank=True, editable=False)
    pdf = models.FileField("文件", upload_to=paper_path, blank=True, editable=False)
    pages = models.PositiveIntegerField("页数", null=True, blank=True, editable=False)
    sha256 = models.CharField("摘要", max_length=64, blank=True, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "打印单据"
        verbose_name_plural = "打印单据"
        ordering = ["-requested_at", "-id"]
        constraints = [
            constraints.in_choices("kind", PaperKind, name="paper_kind_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, failure="", sha256="", pdf="")
                | Q(finished_at__isnull=False)
                & (Q(failure="") & ~Q(sha256="") | ~Q(failure="") & Q(sha256="")),
                name="paper_finished_with_file_or_failure",
                violation_error_message="打印完成的单据要有文件或没有打印的原因，二者有其一。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject}"

    @property
    def is_waiting(self) -> bool:
        return self.finished_at is None

    @property
    def is_gone(self) -> bool:
        """It was printed, and its file has been taken away since."""
        return bool(self.sha256) and not self.pdf
