"""Good stories: what was written, who and what it shows, and what of it was explained."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cases.enums import Channel
from jinchuan.shared import constraints, masking
from jinchuan.shared.fields.model import DayField, NameField
from jinchuan.shared.moves import Transition

from ..enums import OUT, FindingKind, Shown, StoryState
from ..querysets import OfStoryQuerySet, StoryPersonQuerySet, StoryPhotoQuerySet, StoryQuerySet

S = StoryState
NAMELESS_TITLE = "已去标识"
CHECK_OWN = "写稿的人不能审核自己的稿件，请由另一位工作人员审核。"
ONE_PERSON = "请选择一位家庭成员或志愿者，或填写其他人的姓名，三者选一。"
ALIAS_NEEDED = "用化名的，请填写化名；不用化名的不填。"
NEVER_SHOWN = "孤儿和事实无人抚养儿童只能用化名或不出现，也不能有照片。"
HIDDEN_WITHOUT_PHOTO = "不出现的人不能有照片。"
CHANNELS_KNOWN = "请从列出的渠道中选择。"


def hidden(text) -> str:
    return "已填写"


def person_column(verbose_name, **options):
    options = {"null": True, "blank": True, "editable": False, **options}
    return models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=verbose_name,
        **options,
    )


class Story(models.Model):
    """One story. What it tells stands still from the moment all consents are there; a change takes it back to be checked."""

    PERSONAL = {"title": hidden, "text": hidden}

    code = models.CharField("编号", max_length=20, unique=True, editable=False)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("正文", max_length=10000)
    happened_on = DayField("发生日期", past=True)
    division = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="stories",
        editable=False,
        verbose_name="所属区划",
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="涉及组织",
    )
    activity = models.ForeignKey(
        "volunteers.Activity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="志愿服务活动",
    )
    program = models.ForeignKey(
        "organizations.Program",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="服务品牌（项目）",
    )
    pairing = models.ForeignKey(
        "cases.Pairing",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="结对",
    )
    household = models.ForeignKey(
        "cases.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="关爱户",
    )
    channels = models.JSONField("发布渠道", default=list, blank=True, editable=False)
    digest = models.CharField("定稿摘要", max_length=64, blank=True, editable=False)
    state = models.CharField("状态", max_length=12, choices=S, default=S.DRAFT, editable=False)
    written_at = models.DateTimeField("写稿时间", editable=False)
    written_by = person_column("写稿人", null=False, blank=False)
    text_by = person_column("最后改稿人", null=False, blank=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    checked_at = models.DateTimeField("审核时间", null=True, blank=True, editable=False)
    checked_by = person_column("审核人")
    consented_at = models.DateTimeField("同意齐备时间", null=True, blank=True, editable=False)
    consented_by = person_column("核对同意的人")
    released_on = models.DateField("首次送出日期", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True, editable=False)
    withdrawn_by = person_column("撤下的人")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = "好故事"
        verbose_name_plural = "好故事"
        ordering = ["-written_at", "-id"]
        permissions = [
            ("check_story", "审核好故事"),
            ("release_story", "送出好故事"),
        ]
        constraints = [
            constraints.in_choices("state", S, name="story_state_known"),
            constraints.filled_in(
                "submitted_at",
                {S.SUBMITTED, S.CHECKED, S.CONSENTED, S.RELEASED, S.PUBLISHED},
                name="story_submitted_with_date",
                message="提交的稿件要有提交时间。",
            ),
            constraints.both_or_neither(
                "checked_at",
                "checked_by",
                name="story_checked_at_with_by",
                message="审核时间和审核人要同时记录。",
            ),
            constraints.filled_in(
                "checked_at",
                {S.CHECKED, S.CONSENTED, S.RELEASED, S.PUBLISHED},
                name="story_checked_with_date",
                message="已审核的稿件要有审核时间。",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("written_by")),
                name="story_checked_by_second_person",
                violation_error_message=CHECK_OWN,
            ),
            constraints.both_or_neither(
                "consented_at",
                "consented_by",
                name="story_consented_at_with_by",
                message="核对同意的时间和核对人要同时记录。",
            ),
            constraints.filled_in(
                "consented_at",
                {S.CONSENTED, S.RELEASED, S.PUBLISHED},
                name="story_consented_with_date",
                message="同意齐备的稿件要有核对时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CONSENTED, S.RELEASED, S.PUBLISHED]) | ~Q(digest=""),
                name="story_consented_with_digest",
                violation_error_message="同意齐备的稿件要有定稿摘要。",
            ),
            constraints.filled_in(
                "released_on",
                set(OUT),
                name="story_released_with_date",
                message="送出的稿件要有送出日期。",
            ),
            constraints.both_or_neither(
                "withdrawn_at",
                "withdrawn_by",
                name="story_withdrawn_at_with_by",
                message="撤下时间和撤下的人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "withdrawn_at",
                {S.WITHDRAWN},
                name="story_withdrawn_with_date",
                message="已撤下的稿件要有撤下时间，其他状态没有。",
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        super().clean()
        if not set(self.channels or ()) <= set(Channel.values):
            raise ValidationError({"channels": CHANNELS_KNOWN})

    def clean_fields(self, exclude=None):
        """A story whose people are nameless now (cases.retaining) has no words any more, and still has a life."""
        wiped = {"text"} if self.title == NAMELESS_TITLE and not self._state.adding else set()
        super().clean_fields(exclude={*(exclude or ()), *wiped})

    @property
    def channel_labels(self) -> list[str]:
        return [Channel(code).label for code in self.channels]


class StoryTransition(Transition):
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "好故事状态变更"
        verbose_name_plural = "好故事状态变更"


class StoryPerson(models.Model):
    """Somebody a story tells of, and how they are shown: a member of a household, a volunteer, or another person by name.

    ``is_minor`` and ``is_protected`` are what the register knows (the first may be ticked as well): a protected child, an
    orphan or one whom in fact nobody raises, can never be recognised, whoever agrees.
    """

    PERSONAL = {"other_name": masking.mask_name, "alias": hidden}

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="people", verbose_name="好故事")
    member = models.ForeignKey(
        "cases.Member",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="家庭成员",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="志愿者",
    )
    other_name = NameField("其他人姓名", blank=True)
    shown = models.CharField("怎样出现", max_length=10, choices=Shown, default=Shown.ALIAS)
    alias = models.CharField("化名", max_length=20, blank=True)
    photo = models.BooleanField("有照片", default=False)
    is_minor = models.BooleanField("未满 18 周岁", default=False)
    is_protected = models.BooleanField("不得识别的儿童", default=False, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = StoryPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "故事里的人"
        verbose_name_plural = "故事里的人"
        ordering = ["story", "id"]
        constraints = [
            constraints.in_choices("shown", Shown, name="story_person_shown_known"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, volunteer__isnull=True, other_name="")
                | Q(member__isnull=True, volunteer__isnull=False, other_name="")
                | Q(member__isnull=True, volunteer__isnull=True) & ~Q(other_name=""),
                name="story_person_is_one",
                violation_error_message=ONE_PERSON,
            ),
            models.CheckConstraint(
                condition=Q(shown=Shown.ALIAS) & ~Q(alias="") | ~Q(shown=Shown.ALIAS) & Q(alias=""),
                name="story_person_alias_named",
                violation_error_message=ALIAS_NEEDED,
            ),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(shown__in=[Shown.ALIAS, Shown.HIDDEN], photo=False),
                name="story_person_protected_not_shown",
                violation_error_message=NEVER_SHOWN,
            ),
            models.CheckConstraint(
                condition=~Q(shown=Shown.HIDDEN) | Q(photo=False),
                name="story_person_hidden_without_photo",
                violation_error_message=HIDDEN_WITHOUT_PHOTO,
            ),
            models.UniqueConstraint(
                fields=["story", "member"],
                name="story_member_once",
                violation_error_message="这位成员已经在这篇故事里。",
            ),
            models.UniqueConstraint(
                fields=["story", "volunteer"],
                name="story_volunteer_once",
                violation_error_message="这位志愿者已经在这篇故事里。",
            ),
        ]

    def __str__(self):
        return f"{self.story} 人物{self.pk or ''}"

    @property
    def name(self) -> str:
        """The real name, in full."""
        if self.member_id:
            return self.member.name
        return self.volunteer.name if self.volunteer_id else self.other_name

    @property
    def masked_name(self) -> str:
        mask = masking.mask_child_name if self.is_minor else masking.mask_name
        return mask(self.name)

    @property
    def shown_as(self) -> str:
        """What stands in the story for this person."""
        if self.shown == Shown.FULL:
            return self.name
        if self.shown == Shown.SURNAME:
            return f"{masking.surname_of(self.name)}某某"
        return self.alias if self.shown == Shown.ALIAS else ""


class StoryPhoto(models.Model):
    """A photo of a story with its caption. The file is an attachment: its place and camera were taken out as it came in."""

    PERSONAL = {"caption": hidden}

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="photos", verbose_name="好故事")
    attachment = models.OneToOneField(
        "intake.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name="照片"
    )
    number = models.PositiveSmallIntegerField("序号")
    caption = models.CharField("照片说明", max_length=100, blank=True)
    is_used = models.BooleanField("随稿使用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = StoryPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "故事照片"
        verbose_name_plural = "故事照片"
        ordering = ["story", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "number"],
                name="story_photo_number_once",
                violation_error_message="照片的序号重复了，请刷新页面再试。",
            )
        ]

    def __str__(self):
        return f"{self.story} 照片{self.number}"


class FindingWaiver(models.Model):
    """Why something that was found in a text may stay: said by who checks, of exactly these words (kept as a keyed hash)."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="waivers", verbose_name="好故事")
    kind = models.CharField("类别", max_length=20, choices=FindingKind)
    mark = models.CharField("内容指纹", max_length=64)
    reason = models.CharField("理由", max_length=200)
    waived_at = models.DateTimeField("说明时间")
    waived_by = person_column("说明人", null=False, blank=False)

    objects = OfStoryQuerySet.as_manager()

    class Meta:
        verbose_name = "审核说明"
        verbose_name_plural = "审核说明"
        ordering = ["story", "id"]
        constraints = [
            constraints.in_choices("kind", FindingKind, name="finding_kind_known"),
            models.UniqueConstraint(
                fields=["story", "mark"],
                name="finding_waived_once",
                violation_error_message="这一处已经说明过。",
            ),
        ]

    def __str__(self):
        return f"{self.story} {self.get_kind_display()}"
