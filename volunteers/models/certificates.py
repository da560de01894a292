"""志愿服务记录证明: what an organisation certifies of the service it recorded (志愿服务条例 §19, 民发〔2015〕149号)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jinchuan.shared import constraints
from jinchuan.shared.confirming import person_field
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField
from jinchuan.shared.moves import Transition

from ..certificate_enums import EVER_ISSUED, STANDING, CertificateState
from ..certificate_fields import FrozenTextField
from ..certificate_querysets import (
    CertificateBatchQuerySet,
    CertificateQuerySet,
)

NOTICE_DAYS_LEAST = 7
ISSUE_OWN = "申请人不能开具自己经手申请的证明，请由本组织的另一位管理员开具。"
NOTICE_NOT_OVER = "公示期还没有结束，公示期满的第二天起才能开具。"
ASKED_ALREADY = "这位志愿者在这段时间的证明已经申请或开具过，请在证明列表里查看。"


class CertificateBatch(models.Model):
    """Certificates asked for together, by one person for one stretch of days. How far they have come is read from them."""

    code = models.CharField("批次编号", max_length=20, unique=True, editable=False)
    issuer = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="certificate_batches",
        editable=False,
        verbose_name="开具单位",
    )
    period_from = DayField("服务时间从", editable=False)
    period_to = DayField("到", editable=False)
    asked_at = models.DateTimeField("申请时间", editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="申请经手人",
    )

    objects = CertificateBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "成批证明"
        verbose_name_plural = "成批证明"
        ordering = ["-asked_at", "-id"]
        constraints = [
            constraints.ordered(
                "period_from",
                "period_to",
                name="certificate_batch_period_order",
                message="服务时间的开始日期不能晚于结束日期。",
            )
        ]

    def __str__(self):
        return self.code


class Certificate(models.Model):
    """What one organisation certifies of one volunteer's service in some days: frozen when it is issued, never changed after.

    ``content`` is the sealed JSON of everything that is printed, ``content_seal`` its keyed hash: the key may be changed,
    the words may not. ``number`` is unique per issuer and ``year``; the check code is kept as a keyed hash.
    """

    PERSONAL = {"content": lambda text: "已冻结"}

    code = models.CharField("申请编号", max_length=20, unique=True, editable=False)
    issuer = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="certificates",
        editable=False,
        verbose_name="开具单位",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        on_delete=models.PROTECT,
        related_name="certificates",
        editable=False,
        verbose_name="志愿者",
    )
    batch = models.ForeignKey(
        CertificateBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        editable=False,
        verbose_name="成批证明",
    )
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
        editable=False,
        verbose_name="替换哪一份",
    )
    replacement_reason = models.CharField("替换原因", max_length=200, blank=True, editable=False)
    period_from = DayField("服务时间从", editable=False)
    period_to = DayField("到", editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=CertificateState, default=CertificateState.APPLIED, editable=False
    )
    applied_at = models.DateTimeField("申请时间", editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="申请经手人",
    )
    notice_days = models.PositiveSmallIntegerField("公示天数", default=NOTICE_DAYS_LEAST, editable=False)
    noticed_at = models.DateTimeField("开始公示时间", null=True, blank=True, editable=False)
    noticed_by = person_field("公示人")
    notice_until = DayField("公示至", null=True, blank=True, editable=False)
    waiver_reason = models.CharField("不公示的原因", max_length=200, blank=True, editable=False)
    waiver_rule = models.CharField("本组织的规定", max_length=100, blank=True, editable=False)
    declined_at = models.DateTimeField("不予开具时间", null=True, blank=True, editable=False)
    declined_by = person_field("不予开具经办人")
    issued_at = models.DateTimeField("开具时间", null=True, blank=True, editable=False)
    issued_by = person_field("开具人")
    issued_on = DayField("开具日期", null=True, blank=True, editable=False)
    year = models.PositiveSmallIntegerField("编号年份", null=True, blank=True, editable=False)
    number = models.CharField("证明编号", max_length=30, blank=True, editable=False)
    minutes = models.PositiveIntegerField("服务时长（分钟）", null=True, blank=True, editable=False)
    content = FrozenTextField("证明内容", blank=True, editable=False)
    content_seal = models.CharField("内容指纹", max_length=64, blank=True, editable=False)
    code_hash = models.CharField("查验码指纹", max_length=64, null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True, editable=False)
    revoked_by = person_field("撤销人")
    replaced_at = models.DateTimeField("被替换时间", null=True, blank=True, editable=False)
    replaced_by = person_field("替换人")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿服务记录证明"
        verbose_name_plural = "志愿服务记录证明"
        ordering = ["-applied_at", "-id"]
        permissions = [("issue_certificate", "开具证明"), ("remark_certificate", "提醒核对证明")]
        indexes = [models.Index(fields=["issuer", "state", "notice_until"], name="certificate_waiting")]
        constraints = [
            constraints.in_choices("state", CertificateState, name="certificate_state_known"),
            constraints.ordered(
                "period_from",
                "period_to",
                name="certificate_period_order",
                message="服务时间的开始日期不能晚于结束日期。",
            ),
            constraints.both_or_neither(
                "supersedes",
                Text("replacement_reason"),
                name="certificate_replacement_with_reason",
                message="替换证明要写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=NOTICE_DAYS_LEAST),
                name="certificate_notice_long_enough",
                violation_error_message="公示不能少于 7 天。",
            ),
            constraints.both_or_neither(
                "noticed_at",
                "noticed_by",
                name="certificate_noticed_at_with_by",
                message="公示时间和公示人要同时记录。",
            ),
            constraints.both_or_neither(
                "noticed_at",
                "notice_until",
                name="certificate_noticed_with_end",
                message="公示要写明到哪一天为止。",
            ),
            constraints.filled_in(
                "noticed_at",
                {CertificateState.NOTICED},
                name="certificate_noticed_with_date",
                message="公示中的证明要有公示时间。",
            ),
            constraints.both_or_neither(
                Text("waiver_reason"),
                Text("waiver_rule"),
                name="certificate_waiver_with_rule",
                message="不公示的，原因和依据的本组织规定都要写明。",
            ),
            constraints.both_or_neither(
                "declined_at",
                "declined_by",
                name="certificate_declined_at_with_by",
                message="不予开具的时间和经办人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "declined_at",
                {CertificateState.DECLINED},
                name="certificate_declined_with_date",
                message="不予开具的申请要有办理时间。",
            ),
            constraints.both_or_neither(
                "issued_at",
                "issued_by",
                name="certificate_issued_at_with_by",
                message="开具时间和开具人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(EVER_ISSUED),
                    issued_at__isnull=False,
                    issued_on__isnull=False,
                    year__isnull=False,
                    minutes__gt=0,
                    code_hash__isnull=False,
                )
                & ~Q(number="")
                & ~Q(content="")
                & ~Q(content_seal="")
                | ~Q(state__in=sorted(EVER_ISSUED))
                & Q(
                    issued_at__isnull=True,
                    issued_on__isnull=True,
                    year__isnull=True,
                    minutes__isnull=True,
                    code_hash__isnull=True,
                    number="",
                    content="",
                    content_seal="",
                ),
                name="certificate_issued_whole",
                violation_error_message="已开具的证明要有编号、内容、时长和查验码，没有开具的都没有。",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | ~Q(waiver_reason="")
                | Q(notice_until__isnull=False, issued_on__gt=F("notice_until")),
                name="certificate_issued_after_notice",
                violation_error_message=NOTICE_NOT_OVER,
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("applied_by")),
                name="certificate_issued_by_second_person",
                violation_error_message=ISSUE_OWN,
            ),
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                condition=~Q(number=""),
                name="certificate_number_once",
                violation_error_message="这个证明编号已经用过，请再开具一次。",
            ),
            models.UniqueConstraint(
                fields=["code_hash"],
                name="certificate_check_code_once",
                violation_error_message="这个查验码已经用过，请再开具一次。",
            ),
            models.UniqueConstraint(
                fields=["issuer", "volunteer", "period_from", "period_to"],
                condition=Q(state__in=sorted(STANDING), supersedes__isnull=True),
                name="certificate_once_for_period",
                violation_error_message=ASKED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=~Q(state=CertificateState.DECLINED),
                name="certificate_one_replacement",
                violation_error_message="这份证明已经申请过替换，请先办完那一份。",
            ),
            constraints.both_or_neither(
                "revoked_at",
                "revoked_by",
                name="certificate_revoked_at_with_by",
                message="撤销时间和撤销人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "revoked_at",
                {CertificateState.REVOKED},
                name="certificate_revoked_with_date",
                message="已撤销的证明要有撤销时间。",
            ),
            constraints.both_or_neither(
                "replaced_at",
                "replaced_by",
                name="certificate_replaced_at_with_by",
                message="替换时间和替换人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "replaced_at",
                {CertificateState.REPLACED},
                name="certificate_replaced_with_date",
                message="已被替换的证明要有替换时间。",
            ),
        ]

    def __str__(self):
        return self.number or self.code

    def is_ripe_on(self, day) -> bool:
        """Its notice is over; it may be issued."""
        return self.state == CertificateState.NOTICED and self.notice_until < day


class CertificateTransition(Transition):
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "证明状态变更"
        verbose_name_plural = "证明状态变更"
