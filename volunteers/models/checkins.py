import secrets

from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints, crypto, masking
from jinchuan.shared.fields.model import EncryptedTextField, KeyedHashField, NameField

from ..enums import CheckInWay
from ..querysets import CheckInQuerySet, OfActivityQuerySet
from .activities import Activity
from .people import Volunteer

NOW_OPEN = "这场活动的签到已经打开，不用再打开一次。"


def new_code() -> str:
    """160 random bits: what the QR on the poster holds."""
    return secrets.token_urlsafe(20)


class CheckInWindow(models.Model):
    """While it lasts, who scans the code of the day checks in. Opening it anew makes a new code; the old poster is dead."""

    PERSONAL = {"code": lambda code: "已生成"}

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="check_in_windows", verbose_name="活动"
    )
    code = EncryptedTextField("签到码", editable=False)
    code_hash = KeyedHashField(source="code", purpose="check-in code", unique=True)
    opens_at = models.DateTimeField("开始签到")
    closes_at = models.DateTimeField("结束签到")
    opened_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="打开签到的人",
    )
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="关闭签到的人",
    )

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "签到时段"
        verbose_name_plural = "签到时段"
        ordering = ["activity", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="check_in_window_times_order",
                violation_error_message="签到结束时间要晚于开始时间。",
            ),
            constraints.both_or_neither(
                "closed_at",
                "closed_by",
                name="check_in_window_closed_at_with_by",
                message="关闭时间和关闭签到的人要同时记录。",
            ),
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(closed_at__isnull=True),
                name="check_in_window_one_open",
                violation_error_message=NOW_OPEN,
            ),
        ]

    def __str__(self):
        return f"{self.activity} 签到{self.pk or ''}"

    def is_open(self, at) -> bool:
        return self.closed_at is None and self.opens_at <= at < self.closes_at


class UnknownPerson(models.Model):
    """Who checked in under a name and number that fit none of the organisation's volunteers.

    Nobody is turned away at the door: the organiser says afterwards who it was, or that it was nobody.
    """

    PERSONAL = {"name": masking.mask_name, "tail": lambda tail: "已填写"}

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="unknown_people", verbose_name="活动"
    )
    name = NameField("填写的姓名")
    tail = EncryptedTextField("填写的后四位")
    typed_hash = models.CharField("填写内容的摘要", max_length=64, editable=False)
    volunteer = models.ForeignKey(
        Volunteer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="是哪位志愿者",
    )
    dismissed_because = models.CharField("不计入的原因", max_length=100, blank=True)
    resolved_at = models.DateTimeField("核对时间", null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="核对人",
    )

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "待核对的签到人"
        verbose_name_plural = "待核对的签到人"
        ordering = ["activity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "typed_hash"],
                name="unknown_person_once",
                violation_error_message="这个姓名和后四位已经签到过。",
            ),
            constraints.both_or_neither(
                "resolved_at",
                "resolved_by",
                name="unknown_person_resolved_at_with_by",
                message="核对时间和核对人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, volunteer__isnull=True, dismissed_because="")
                | Q(resolved_at__isnull=False, volunteer__isnull=False, dismissed_because="")
                | Q(resolved_at__isnull=False, volunteer__isnull=True) & ~Q(dismissed_because=""),
                name="unknown_person_resolved_one_way",
                violation_error_message="请选择是哪位志愿者，或写明不计入的原因。",
            ),
        ]

    def __str__(self):
        return f"{self.activity} 待核对{self.pk or ''}"


def typed_hash(name, tail) -> str:
    return crypto.keyed_hash(f"{name}\0{tail}", purpose="checked in as")


class CheckIn(models.Model):
    """Somebody came (odd ``number``) or went (even), at the time of the server. Rows are only ever added."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="check_ins", verbose_name="活动"
    )
    volunteer = models.ForeignKey(
        Volunteer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name="志愿者",
    )
    unknown = models.ForeignKey(
        UnknownPerson,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name="待核对的签到人",
    )
    number = models.PositiveSmallIntegerField("第几次")
    at = models.DateTimeField("时间")
    way = models.CharField("方式", max_length=10, choices=CheckInWay, default=CheckInWay.SCAN)
    noted_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代签的人",
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = "签到"
        verbose_name_plural = "签到"
        ordering = ["activity", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=False, unknown__isnull=True)
                | Q(volunteer__isnull=True, unknown__isnull=False),
                name="check_in_of_one_person",
                violation_error_message="一次签到只属于一个人。",
            ),
            models.UniqueConstraint(
                fields=["activity", "volunteer", "number"],
                condition=Q(volunteer__isnull=False),
                name="check_in_volunteer_number_once",
                violation_error_message="刚才已经签过，请刷新后再看。",
            ),
            models.UniqueConstraint(
                fields=["unknown", "number"],
                condition=Q(unknown__isnull=False),
                name="check_in_unknown_number_once",
                violation_error_message="刚才已经签过，请刷新后再看。",
            ),
            constraints.positive("number", name="check_in_number_positive"),
            constraints.in_choices("way", CheckInWay, name="check_in_way_known"),
            models.CheckConstraint(
                condition=Q(way=CheckInWay.BY_HAND, noted_by__isnull=False)
                | Q(way=CheckInWay.SCAN, noted_by__isnull=True),
                name="check_in_by_hand_with_person",
                violation_error_message="代签要记下是谁代签的。",
            ),
        ]

    def __str__(self):
        return f"{self.activity} 签到第{self.pk or ''}条"

    @property
    def is_arrival(self) -> bool:
        return self.number % 2 == 1
