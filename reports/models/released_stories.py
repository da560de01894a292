"""Stories on their way out: what volunteers and others agreed to, the editions that left the house, and where they stood."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cases.enums import Channel, ConsentGiver
from jinchuan.shared import constraints, masking
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import DayField, NameField

from ..enums import Item
from ..querysets import (
    PublicationConsentQuerySet,
    PublicationQuerySet,
    ReleaseChannelQuerySet,
    StoryReleaseQuerySet,
)
from .stories import Story, StoryPerson, hidden, person_column

MEMBER_ELSEWHERE = "家庭成员的同意登记在关爱对象名册里，不在这里登记。"
GUARDIAN_FOR_MINOR = "这个人未满 18 周岁，要由监护人同意。"


class PublicationConsent(models.Model):
    """What a volunteer or another person agreed to for one story: one item on one channel. A household's member has a
    ``cases.Consent`` for that."""

    PERSONAL = {"guardian_name": masking.mask_name}

    person = models.ForeignKey(
        StoryPerson, on_delete=models.PROTECT, related_name="consents", verbose_name="故事里的人"
    )
    item = models.CharField("公开内容", max_length=20, choices=Item)
    channel = models.CharField("发布渠道", max_length=20, choices=Channel)
    given_by = models.CharField("同意人", max_length=10, choices=ConsentGiver, default=ConsentGiver.SELF)
    guardian_name = NameField("监护人姓名", blank=True)
    evidence = models.CharField(
        "凭据", max_length=100, help_text="例如：签字同意书存于民政局宣传档案第 2 盒。"
    )
    given_on = DayField("同意日期", past=True)
    expires_on = models.DateField("到期日期", null=True, blank=True)
    withdrawn_on = DayField("撤回日期", past=True, null=True, blank=True, editable=False)
    recorded_by = person_column("记录人", null=False, blank=False)

    objects = PublicationConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "宣传同意书"
        verbose_name_plural = "宣传同意书"
        ordering = ["-given_on", "-id"]
        constraints = [
            constraints.in_choices("item", Item, name="publicity_item_known"),
            constraints.in_choices("channel", Channel, name="publicity_channel_known"),
            models.CheckConstraint(
                condition=Q(given_by=ConsentGiver.SELF, guardian_name="")
                | Q(given_by=ConsentGiver.GUARDIAN) & ~Q(guardian_name=""),
                name="publicity_guardian_named",
                violation_error_message="由监护人同意的，请填写监护人姓名；本人同意的不填。",
            ),
            constraints.ordered(
                "given_on",
                "expires_on",
                name="publicity_dates_order",
                message="到期日期不能早于同意日期。",
            ),
            constraints.ordered(
                "given_on",
                "withdrawn_on",
                name="publicity_withdrawal_order",
                message="撤回日期不能早于同意日期。",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_item_display()} {self.get_channel_display()}"

    def clean(self):
        super().clean()
        if self.person_id and self.person.member_id:
            raise ValidationError(MEMBER_ELSEWHERE)
        if self.person_id and self.person.is_minor and self.given_by == ConsentGiver.SELF:
            raise ValidationError({"given_by": GUARDIAN_FOR_MINOR})


def pack_path(release, filename="") -> str:
    return f"stories/{uuid.uuid4().hex}.zip"


class StoryRelease(models.Model):
    """One edition that left the house: exactly these words, people and photos (``digest``), for these channels.

    The row is the order for its own pack (docs/adr/0002): a worker puts the file in place, or says why it cannot.
    """

    PERSONAL = {"title": hidden, "text": hidden}

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="releases", verbose_name="好故事")
    number = models.PositiveSmallIntegerField("版次", editable=False)
    title = models.CharField("标题", max_length=60, editable=False)
    text = models.TextField("正文", editable=False)
    digest = models.CharField("定稿摘要", max_length=64, editable=False)
    released_on = models.DateField("送出日期", editable=False)
    released_at = models.DateTimeField("送出时间", editable=False)
    released_by = person_column("送出人", null=False, blank=False)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True, editable=False)
    failure = models.CharField("没有生成的原因", max_length=300, blank=True, editable=False)
    pack = models.FileField("稿件包", upload_to=pack_path, blank=True, editable=False)
    sha256 = models.CharField("摘要", max_length=64, blank=True, editable=False)

    objects = StoryReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "稿件包"
        verbose_name_plural = "稿件包"
        ordering = ["story", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "number"],
                name="story_release_number_once",
                violation_error_message="这一版已经送出，请刷新页面。",
            ),
            models.CheckConstraint(
                condition=~Q(digest=""),
                name="story_release_with_digest",
                violation_error_message="送出的稿件要有定稿摘要。",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, failure="", sha256="", pack="")
                | Q(finished_at__isnull=False)
                & (Q(failure="") & ~Q(sha256="") | ~Q(failure="") & Q(sha256="")),
                name="story_release_finished_with_file_or_failure",
                violation_error_message="完成的稿件包要有文件或没有生成的原因，二者有其一。",
            ),
        ]

    def __str__(self):
        return f"{self.story}-{self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.finished_at is None


class ReleaseChannel(models.Model):
    """A channel that an edition was released to; the database itself asks for every consent before it takes the row."""

    release = models.ForeignKey(
        StoryRelease, on_delete=models.PROTECT, related_name="channels", verbose_name="稿件包"
    )
    channel = models.CharField("发布渠道", max_length=20, choices=Channel)

    objects = ReleaseChannelQuerySet.as_manager()

    class Meta:
        verbose_name = "送出渠道"
        verbose_name_plural = "送出渠道"
        ordering = ["release", "id"]
        constraints = [
            constraints.in_choices("channel", Channel, name="release_channel_known"),
            models.UniqueConstraint(
                fields=["release", "channel"],
                name="release_channel_once",
                violation_error_message="这个渠道已经在这一版里。",
            ),
        ]

    def __str__(self):
        return f"{self.release} {self.get_channel_display()}"


class Publication(models.Model):
    """Where a released story stood (1 篇次), and when it came down."""

    PERSONAL = {"title": hidden}

    outlet = models.ForeignKey(
        ReleaseChannel, on_delete=models.PROTECT, related_name="publications", verbose_name="送出渠道"
    )
    title = models.CharField("发布标题", max_length=100)
    link = models.URLField("链接", max_length=500, blank=True)
    published_on = DayField("发布日期", past=True)
    recorded_at = models.DateTimeField("登记时间", editable=False)
    recorded_by = person_column("登记人", null=False, blank=False)
    taken_down_on = DayField("撤下日期", past=True, null=True, blank=True, editable=False)
    taken_down_how = models.CharField("怎样撤下", max_length=200, blank=True, editable=False)
    taken_down_by = person_column("登记撤下的人")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "宣传报道"
        verbose_name_plural = "宣传报道台账"
        ordering = ["-published_on", "-id"]
        constraints = [
            constraints.both_or_neither(
                "taken_down_on",
                "taken_down_by",
                name="publication_taken_down_with_by",
                message="撤下日期和登记撤下的人要同时记录。",
            ),
            constraints.both_or_neither(
                "taken_down_on",
                Text("taken_down_how"),
                name="publication_taken_down_with_how",
                message="撤下日期和怎样撤下要同时记录。",
            ),
            constraints.ordered(
                "published_on",
                "taken_down_on",
                name="publication_dates_order",
                message="撤下日期不能早于发布日期。",
            ),
        ]

    def __str__(self):
        return f"{self.outlet.release.story} {self.outlet.get_channel_display()}"

    @property
    def story(self) -> Story:
        return self.outlet.release.story
