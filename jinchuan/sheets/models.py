"""Files on their way to records, and how far each has come."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.moves import Transition

from .enums import CHECKED_AND_OVER, OVER, WITH_A_WORKER, ImportState
from .querysets import SheetImportQuerySet


class SheetImport(models.Model):
    """One file somebody handed in for one register: checked, confirmed by the same person, written whole or not at all.

    The row is the truth about it, the message to the worker only says that there is something to do: a worker claims the
    row by a conditional move, and ``done`` is set in the transaction that writes the records. The file itself, what was
    found in it and how far the work is lie sealed beside the database (``keeping``) and go when it is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField("名册", max_length=40, editable=False)
    name = EncryptedTextField("文件名", editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, editable=False)
    uploaded_at = models.DateTimeField("上传时间", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="上传人",
    )
    state = models.CharField(
        "状态", max_length=10, choices=ImportState, default=ImportState.QUEUED, editable=False
    )
    rows = models.PositiveIntegerField("行数", default=0, editable=False)
    new = models.PositiveIntegerField("新增", default=0, editable=False)
    changed = models.PositiveIntegerField("更新", default=0, editable=False)
    same = models.PositiveIntegerField("无变化", default=0, editable=False)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True, editable=False)
    finished_at = models.DateTimeField("写入时间", null=True, blank=True, editable=False)
    dropped_at = models.DateTimeField("文件清除时间", null=True, blank=True, editable=False)
    failure = models.TextField("未导入的原因", blank=True, editable=False)
    run_id = models.UUIDField("本次运行", null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField("开始处理时间", null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = "表格导入"
        verbose_name_plural = "表格导入"
        ordering = ["-uploaded_at"]
        constraints = [
            constraints.in_choices("state", ImportState, name="import_state_known"),
            constraints.filled_exactly_in(
                "run_id",
                WITH_A_WORKER,
                name="import_run_while_worked_on",
                message="只有正在处理的导入才有运行号。",
            ),
            constraints.both_or_neither(
                "run_id",
                "claimed_at",
                name="import_claimed_with_run",
                message="运行号和开始处理时间要同时记录。",
            ),
            constraints.filled_in(
                "confirmed_at",
                {ImportState.CONFIRMED, ImportState.IMPORTING, ImportState.DONE},
                name="import_written_when_confirmed",
                message="确认以后才能写入。",
            ),
            constraints.filled_exactly_in(
                "finished_at",
                {ImportState.DONE},
                name="import_done_with_time",
                message="已导入的要有写入时间。",
            ),
            constraints.filled_in(
                "dropped_at", OVER, name="import_over_without_file", message="办完的导入不再保留文件。"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(state__in=sorted(OVER | CHECKED_AND_OVER)),
                name="import_file_while_needed",
                violation_error_message="还没有办完的导入，文件不能清除。",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="import_by_person")]

    def __str__(self):
        return f"{self.register} {str(self.pk)[:8]}"

    @property
    def has_file(self) -> bool:
        return self.dropped_at is None


class SheetImportTransition(Transition):
    sheet_import = models.ForeignKey(SheetImport, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "表格导入状态变更"
        verbose_name_plural = "表格导入状态变更"
