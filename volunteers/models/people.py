from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from cases.enums import Sex
from jinchuan.shared import constraints, masking
from jinchuan.shared.clock import today
from jinchuan.shared.fields.model import DayField, KeyedHashField, NameField, PhoneField
from jinchuan.shared.identity import CitizenId, IdentityError, age_on
from jinchuan.shared.naming import Named
from organizations.enums import DivisionLevel

from ..enums import DocumentKind, ServiceCategory, Skill, SocialWorkerLevel, VolunteerKind
from ..fields import DocumentNumberField
from ..querysets import EnrollmentQuerySet, VolunteerQuerySet

NOT_IN_ORGANIZATION = "这位志愿者当天不在本组织的名册里，请重新选择参加人，或先核对加入和退出日期。"
DOCUMENT_TAKEN = "这个证件号码已经登记，同一个人不能登记两次。请联系民政局，由民政局核对后合并。"
NUMBER_TAKEN = "这个全国志愿者编号已经登记，同一个人不能登记两次。请联系民政局，由民政局核对后合并。"
DOCUMENT_WITH_KIND = "证件类型和证件号码要同时填写；没有证件的，证件类型选“未提供”。"
ID_CONTRADICTS = "与身份证号不一致，请核对。"
GUARDIAN_NEEDED = "未满 18 周岁，请填写监护人。"
GUARDIAN_PHONE_NEEDED = "未满 18 周岁，请填写监护人的联系电话。"
CONSENT_NEEDED = "未满 18 周岁，请填写监护人同意的日期。"
COMPANY_NEEDED = "未满 14 周岁，服务时要由监护人陪同，请先与监护人约定并勾选。"
MINOR_AGE, CHILD_AGE = 18, 14
CHOOSE_FROM_LIST = "请从列出的选项中选择。"
GRASSROOTS_ONLY = "请选择居住的社区或村。"
ALREADY_ENROLLED = "这位志愿者已经在本组织的名册里，不用重复登记。"
ENROLLED_TWICE_THEN = "加入日期不能早于上一次退出的日期。"


class Volunteer(Named):
    """A person who serves, under the real name (慈善法 §66; 志愿服务条例 §7), once, whatever the organisations.

    A community volunteer or a social worker. Whom they serve with, and since when, is told by ``Enrollment``.
    """

    PERSONAL = {
        "name": masking.mask_name,
        "birth_date": lambda day: f"{day.year}年" if hasattr(day, "year") else "已填写",
        "document_number": masking.mask_id,
        "phone": masking.mask_phone,
        "guardian_name": masking.mask_name,
        "guardian_phone": masking.mask_phone,
    }

    name = NameField("姓名")
    kind = models.CharField("人员类别", max_length=16, choices=VolunteerKind, default=VolunteerKind.COMMUNITY)
    document_kind = models.CharField(
        "证件类型", max_length=16, choices=DocumentKind, default=DocumentKind.NOT_GIVEN
    )
    document_number = DocumentNumberField("证件号码", blank=True)
    document_hash = KeyedHashField("证件指纹", source="document_number", purpose="volunteer_document")
    sex = models.CharField("性别", max_length=8, choices=Sex, default=Sex.UNKNOWN)
    birth_date = DayField("出生日期", past=True, null=True, blank=True)
    national_number = models.CharField(
        "全国志愿者编号",
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(r"^[0-9A-Z]{6,30}$", "全国志愿者编号由 6 至 30 位数字或大写字母组成，请核对。")
        ],
        help_text="全国志愿服务信息系统给的编号，没有的不填。",
    )
    phone = PhoneField("联系电话", blank=True)
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteers",
        verbose_name="居住社区（村）",
    )
    skills = models.JSONField("专业技能", default=list, blank=True)
    services = models.JSONField("服务类别", default=list, blank=True)
    worker_level = models.CharField(
        "社会工作者职业水平", max_length=16, choices=SocialWorkerLevel, blank=True
    )
    worker_certificate = models.CharField("社会工作者证书编号", max_length=40, blank=True)
    guardian_name = NameField("监护人", blank=True)
    guardian_phone = PhoneField("监护人电话", blank=True)
    guardian_consent_on = DayField("监护人同意日期", past=True, null=True, blank=True)
    guardian_accompanies = models.BooleanField("服务时由监护人陪同", default=False)
    note = models.CharField("备注", max_length=200, blank=True)
    registered_on = DayField("登记日期", past=True, default=today, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        editable=False,
        verbose_name="并入",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿者"
        verbose_name_plural = "志愿者"
        ordering = ["name_pinyin", "id"]
        constraints = [
            constraints.in_choices("kind", VolunteerKind, name="volunteer_kind_known"),
            constraints.in_choices("document_kind", DocumentKind, name="volunteer_document_kind_known"),
            constraints.in_choices("sex", Sex, name="volunteer_sex_known"),
            models.CheckConstraint(
                condition=Q(document_kind=DocumentKind.NOT_GIVEN, document_number="")
                | ~Q(document_kind=DocumentKind.NOT_GIVEN) & ~Q(document_number=""),
                name="volunteer_document_with_kind",
                violation_error_message=DOCUMENT_WITH_KIND,
            ),
            models.UniqueConstraint(
                fields=["document_kind", "document_hash"],
                condition=Q(merged_into__isnull=True),
                name="volunteer_document_unique",
                violation_error_message=DOCUMENT_TAKEN,
            ),
            models.UniqueConstraint(
                fields=["national_number"],
                condition=Q(merged_into__isnull=True) & ~Q(national_number=""),
                name="volunteer_national_number_unique",
                violation_error_message=NUMBER_TAKEN,
            ),
            models.CheckConstraint(
                condition=Q(kind=VolunteerKind.SOCIAL_WORKER) | Q(worker_level="", worker_certificate=""),
                name="volunteer_certificate_of_social_worker",
                violation_error_message="只有社会工作者填写职业水平和证书编号。",
            ),
            models.CheckConstraint(
                condition=Q(worker_level__in=["", *SocialWorkerLevel.values]),
                name="volunteer_worker_level_known",
                violation_error_message=CHOOSE_FROM_LIST,
            ),
            models.CheckConstraint(
                condition=Q(guardian_consent_on__isnull=True) | ~Q(guardian_name=""),
                name="volunteer_consent_of_a_guardian",
                violation_error_message="填写了监护人同意的日期，请同时填写监护人。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="volunteer_not_merged_into_itself",
                violation_error_message="同一条记录不能与自己合并。",
            ),
        ]

    def __str__(self):
        return f"志愿者{self.pk or ''}"

    def clean(self):
        """A citizen ID says the birth date and the sex; a minor serves with a guardian's consent (志愿服务条例 §15)."""
        super().clean()
        errors = self._document_errors() | self._guardian_errors()
        if not set(self.skills or ()) <= set(Skill.values):
            errors["skills"] = CHOOSE_FROM_LIST
        if not set(self.services or ()) <= set(ServiceCategory.values):
            errors["services"] = CHOOSE_FROM_LIST
        if self.community_id and self.community.level not in (DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE):
            errors["community"] = GRASSROOTS_ONLY
        if errors:
            raise ValidationError(errors)

    def _document_errors(self) -> dict[str, str]:
        if self.document_kind != DocumentKind.CITIZEN_ID or not self.document_number:
            return {}
        try:
            identity = CitizenId.parse(self.document_number, today=today())
        except IdentityError as error:
            return {"document_number": error.message}
        errors = {}
        if self.birth_date and self.birth_date != identity.birth_date:
            errors["birth_date"] = ID_CONTRADICTS
        if self.sex != Sex.UNKNOWN and self.sex != identity.sex:
            errors["sex"] = ID_CONTRADICTS
        self.birth_date, self.sex = identity.birth_date, identity.sex
        return errors

    def _guardian_errors(self) -> dict[str, str]:
        age = self.age_on(today())
        if age is None or age >= MINOR_AGE:
            return {}
        needed = {
            "guardian_name": GUARDIAN_NEEDED,
            "guardian_phone": GUARDIAN_PHONE_NEEDED,
            "guardian_consent_on": CONSENT_NEEDED,
        }
        if age < CHILD_AGE:
            needed["guardian_accompanies"] = COMPANY_NEEDED
        return {name: sentence for name, sentence in needed.items() if not getattr(self, name)}

    @property
    def code(self) -> str:
        """How the organisation's pages address the row; tells nothing of the person."""
        return str(self.pk)

    def age_on(self, day) -> int | None:
        return age_on(self.birth_date, day) if self.birth_date else None

    @property
    def tails(self) -> set[str]:
        """The last four characters of the phone and of the document: by them somebody is told from a namesake."""
        return {number[-4:].upper() for number in (self.phone, self.document_number) if len(number) >= 4}

    @property
    def is_minor(self) -> bool:
        age = self.age_on(today())
        return age is not None and age < MINOR_AGE

    @property
    def skill_labels(self) -> list[str]:
        return [Skill(code).label for code in self.skills]

    @property
    def service_labels(self) -> list[str]:
        return [ServiceCategory(code).label for code in self.services]


class Enrollment(models.Model):
    """A volunteer on the roll of an organisation, from ``joined_on`` to the day before ``left_on``."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.PROTECT, related_name="enrollments", verbose_name="志愿者"
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="enrollments",
        verbose_name="所属组织",
    )
    joined_on = DayField("加入日期", past=True)
    left_on = DayField("退出日期", past=True, null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿者加入记录"
        verbose_name_plural = "志愿者加入记录"
        ordering = ["volunteer", "joined_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organization"],
                condition=Q(left_on__isnull=True),
                name="enrollment_one_open",
                violation_error_message=ALREADY_ENROLLED,
            ),
            constraints.ordered(
                "joined_on", "left_on", name="enrollment_dates_order", message="退出日期不能早于加入日期。"
            ),
        ]

    def __str__(self):
        return f"{self.volunteer} 加入{self.pk or ''}"

    def clean(self):
        """Two stays with one organisation do not overlap."""
        super().clean()
        if not (self.volunteer_id and self.organization_id and self.joined_on):
            return
        others = Enrollment.objects.filter(
            volunteer=self.volunteer_id, organization=self.organization_id, left_on__gt=self.joined_on
        ).exclude(pk=self.pk)
        if self.left_on is not None:
            others = others.filter(joined_on__lt=self.left_on)
        if others.exists():
            raise ValidationError({"joined_on": ENROLLED_TWICE_THEN})
