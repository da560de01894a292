"""Words of the reports app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class ReportKind(TextChoices):
    MONTH = "month", "月报"


class EditionState(States):
    """A report on its way to paper. ``building`` may fall back to ``queued`` when its worker was killed."""

    QUEUED = "queued", "排队中"
    BUILDING = "building", "生成中"
    READY = "ready", "待印发"
    ISSUED = "issued", "已印发"
    FAILED = "failed", "未生成"

    @classmethod
    def moves(cls):
        return {
            cls.QUEUED: {cls.BUILDING, cls.FAILED},
            cls.BUILDING: {cls.READY, cls.QUEUED, cls.FAILED},
            cls.READY: {cls.QUEUED, cls.ISSUED},
            cls.FAILED: {cls.QUEUED},
        }
