from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from jinchuan.shared import constraints, masking
from jinchuan.shared.clock import today
from jinchuan.shared.constraints import Text
from jinchuan.shared.fields.model import (
    CitizenIdField,
    DayField,
    EncryptedTextField,
    KeyedHashField,
    NameField,
    PhoneField,
)
from jinchuan.shared.identity import CitizenId
from jinchuan.shared.moves import Transition
from jinchuan.shared.naming import FoundByParts
from organizations.enums import DivisionLevel

from ..enums import ExitReason, HardshipCategory, HouseholdState, NeedLevel, Relation, ReviewMethod, Sex
from ..querysets import EligibilityReviewQuerySet, HardshipQuerySet, HouseholdQuerySet, MemberQuerySet
from ..retaining import WIPED

GRASSROOTS_ONLY = "请选择所在的社区或村。"
GUARDIAN_NEEDED = "未满 18 周岁，请填写监护人。"
ID_CONTRADICTS = "与身份证号不一致，请核对。"
NAMELESS = "{household} 已去标识，资料不能再修改或补充。"
NO_ID_REASON = "没有身份证号的，请写明原因，例如“户口簿儿童，尚未办证”。"


class Household(models.Model):
    """关爱户, the unit of pairing. Its people are ``Member`` rows; one of them is the head."""

    PERSONAL = {
        "phone": masking.mask_phone,
        "address": masking.mask_address,
        "summary": lambda text: "已填写",
    }

    code = models.CharField("户编号", max_length=20, unique=True, editable=False)
    community = models.ForeignKey(
        "organizations.Division",
        on_delete=models.PROTECT,
        related_name="households",
        verbose_name="所在社区（村）",
    )
    address = EncryptedTextField("详细地址", blank=True)
    phone = PhoneField("联系电话", blank=True)
    summary = EncryptedTextField("困难情况", blank=True, help_text="不要写病情诊断、宗教信仰和服刑原因。")
    need_level = models.CharField("困难程度", max_length=10, choices=NeedLevel, default=NeedLevel.ORDINARY)
    registered_on = DayField("登记日期", past=True)
    registered_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    state = models.CharField(
        "状态", max_length=12, choices=HouseholdState, default=HouseholdState.REGISTERED, editable=False
    )
    exited_on = models.DateField("退出日期", null=True, blank=True, editable=False)
    exit_reason = models.CharField("退出原因", max_length=20, choices=ExitReason, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        editable=False,
        verbose_name="并入",
    )
    deidentify_proposed_at = models.DateTimeField("提出去标识时间", null=True, blank=True, editable=False)
    deidentify_proposed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="提出去标识的人",
    )
    deidentified_at = models.DateTimeField("去标识时间", null=True, blank=True, editable=False)
    deidentified_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="确认去标识的人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "关爱户"
        verbose_name_plural = "关爱户"
        ordering = ["code"]
        constraints = [
            constraints.in_choices("state", HouseholdState, name="household_state_known"),
            constraints.in_choices("need_level", NeedLevel, name="household_need_level_known"),
            constraints.both_or_neither(
                "exited_on",
                Text("exit_reason"),
                name="household_exit_date_with_reason",
                message="退出日期和退出原因要同时填写。",
            ),
            constraints.filled_exactly_in(
                "exited_on",
                {HouseholdState.EXITED},
                name="household_exited_with_date",
                message="已退出的户要有退出日期，其他状态没有。",
            ),
            constraints.ordered(
                "registered_on",
                "exited_on",
                name="household_dates_order",
                message="退出日期不能早于登记日期。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=False, exit_reason=ExitReason.MERGED)
                | Q(merged_into__isnull=True) & ~Q(exit_reason=ExitReason.MERGED),
                name="household_merged_with_reason",
                violation_error_message="合并的户要写明并入哪一户，没有合并的户不写。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="household_not_merged_into_itself",
                violation_error_message="一户不能与自己合并。",
            ),
            constraints.both_or_neither(
                "deidentify_proposed_at",
                "deidentify_proposed_by",
                name="household_deidentify_proposed_at_with_by",
                message="提出去标识的时间和提出人要同时记录。",
            ),
            constraints.both_or_neither(
                "deidentified_at",
                "deidentified_by",
                name="household_deidentified_at_with_by",
                message="去标识的时间和确认人要同时记录。",
            ),
            models.CheckConstraint(
                condition=Q(deidentified_at__isnull=True)
                | Q(state=HouseholdState.EXITED, deidentify_proposed_at__isnull=False),
                name="household_deidentified_after_exit_and_proposal",
                violation_error_message="只有已退出、并且有人提出去标识的户才能去标识。",
            ),
            models.CheckConstraint(
                condition=Q(deidentified_by__isnull=True)
                | ~Q(deidentified_by=models.F("deidentify_proposed_by")),
                name="household_deidentified_by_second_person",
                violation_error_message="提出去标识的人不能自己确认，请由另一位工作人员确认。",
            ),
            models.CheckConstraint(
                condition=Q(deidentified_at__isnull=True) | Q(address="", phone="", summary=""),
                name="household_nameless_without_particulars",
                violation_error_message="去标识的户不再有住址、电话和困难情况。",
            ),
        ]

    def __str__(self):
        return self.code

    def refuse_if_nameless(self):
        """What was de-identified stays as it is: whatever is added would tell who they were (PIPL §47)."""
        if self.deidentified_at:
            raise ValidationError(NAMELESS.format(household=self))

    def clean(self):
        super().clean()
        self.refuse_if_nameless()
        if self.community_id and self.community.level not in (DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE):
            raise ValidationError({"community": GRASSROOTS_ONLY})


class HouseholdTransition(Transition):
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        verbose_name = "关爱户状态变更"
        verbose_name_plural = "关爱户状态变更"


class OfHousehold(models.Model):
    """A row that tells something of a household: none is added or changed once the household is de-identified."""

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.household_id:
            self.household.refuse_if_nameless()


class OutlivesNames(OfHousehold):
    """A row that may still be confirmed, voided, withdrawn or released once its household is de-identified. None is added
    then, and no word is put back where one was wiped."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        if self._stays_wiped():
            exclude = {*(exclude or ()), *(name.removesuffix("?") for name in WIPED[self._meta.label][1])}
        super().clean_fields(exclude=exclude)

    def clean(self):
        if self._stays_wiped():
            models.Model.clean(self)
        else:
            super().clean()

    def _stays_wiped(self) -> bool:
        if self._state.adding or not self.household_id or not self.household.deidentified_at:
            return False
        wiped = WIPED[self._meta.label][1].items()
        return all(getattr(self, name.removesuffix("?")) in ("", value) for name, value in wiped)


class EligibilityReview(OfHousehold):
    """A second person's finding that the household's hardship is real, and how it was found (入户 / 邻里 / 部门联审)."""

    PERSONAL = {"evidence": lambda text: "已填写"}

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="reviews", verbose_name="关爱户"
    )
    method = models.CharField("核实方式", max_length=12, choices=ReviewMethod)
    evidence = models.TextField("核实依据", help_text="看了什么、问了谁、哪些部门的材料。")
    reviewed_on = DayField("核实日期", past=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    submitted_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    reviewed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name="核实人"
    )

    objects = EligibilityReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "困难核实"
        verbose_name_plural = "困难核实"
        ordering = ["-reviewed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(submitted_by=models.F("reviewed_by")),
                name="review_by_second_person",
                violation_error_message="登记人不能核实自己登记的户，请由另一位工作人员核实。",
            ),
            constraints.ordered(
                "reviewed_on", "valid_until", name="review_dates_order", message="有效期不能早于核实日期。"
            ),
        ]

    def __str__(self):
        return f"{self.household} {self.get_method_display()}"


class Member(FoundByParts):
    """A person of a household (共同生活的家庭成员)."""

    PERSONAL = {
        "name": masking.mask_name,
        "id_number": masking.mask_id,
        "birth_date": lambda day: f"{day.year}年" if hasattr(day, "year") else "已填写",
        "guardian_name": masking.mask_name,
        "guardian_phone": masking.mask_phone,
    }

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="members", verbose_name="关爱户"
    )
    name = NameField("姓名")
    relation = models.CharField("与户主关系", max_length=12, choices=Relation)
    id_number = CitizenIdField("身份证号", blank=True)
    id_hash = KeyedHashField("证件指纹", source="id_number", purpose="citizen_id")
    no_id_reason = models.CharField("无身份证号的原因", max_length=60, blank=True)
    sex = models.CharField("性别", max_length=8, choices=Sex, default=Sex.UNKNOWN)
    birth_date = DayField("出生日期", past=True, null=True, blank=True)
    guardian_name = NameField("监护人", blank=True)
    guardian_phone = PhoneField("监护人电话", blank=True)
    joined_on = DayField("加入日期", past=True)
    left_on = DayField("离开日期", past=True, null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "家庭成员"
        verbose_name_plural = "家庭成员"
        ordering = ["household", "id"]
        # People who left are found by their number, too; the unique index holds those who are there.
        indexes = [models.Index(fields=["id_hash"], name="member_id_hash")]
        constraints = [
            constraints.in_choices("relation", Relation, name="member_relation_known"),
            constraints.in_choices("sex", Sex, name="member_sex_known"),
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=Q(left_on__isnull=True),
                name="member_id_unique_while_present",
                violation_error_message="该身份证号已登记在另一户，请先在名册中查找。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation=Relation.HEAD, left_on__isnull=True),
                name="member_one_head",
                violation_error_message="一户只有一位户主。",
            ),
            constraints.ordered(
                "joined_on", "left_on", name="member_dates_order", message="离开日期不能早于加入日期。"
            ),
        ]

    def __str__(self):
        return f"{self.household} 成员{self.pk or ''}"

    def clean(self):
        """An ID number says the birth date and the sex; a minor has a guardian."""
        super().clean()
        if self.household_id:
            self.household.refuse_if_nameless()
        errors = {}
        if self.id_number:
            identity = CitizenId.parse(self.id_number)
            self.birth_date = self.birth_date or identity.birth_date
            if self.sex == Sex.UNKNOWN:
                self.sex = Sex(identity.sex)
            if self.birth_date != identity.birth_date:
                errors["birth_date"] = f"出生日期{ID_CONTRADICTS}"
            if self.sex != identity.sex:
                errors["sex"] = f"性别{ID_CONTRADICTS}"
        elif not self.no_id_reason:
            errors["no_id_reason"] = NO_ID_REASON
        if self.is_minor_on(today()) and not self.guardian_name:
            errors["guardian_name"] = GUARDIAN_NEEDED
        if errors:
            raise ValidationError(errors)

    def age_on(self, day) -> int | None:
        """Full years on the day; None when the birth date is not known."""
        if self.birth_date is None:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)

    def is_minor_on(self, day) -> bool:
        age = self.age_on(day)
        return age is not None and age < 18


class Hardship(models.Model):
    """One category that one person falls under, with the document it rests on. A person may hold several at once."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="hardships", verbose_name="成员"
    )
    category = models.CharField("困难类别", max_length=30, choices=HardshipCategory)
    basis = models.CharField("依据文件", max_length=100, help_text="例如：低保证、残疾人证、孤儿认定表。")
    started_on = DayField("开始日期", past=True)
    ended_on = DayField("结束日期", past=True, null=True, blank=True)

    objects = HardshipQuerySet.as_manager()

    class Meta:
        verbose_name = "困难类别"
        verbose_name_plural = "困难类别"
        ordering = ["member", "started_on", "id"]
        constraints = [
            constraints.in_choices("category", HardshipCategory, name="hardship_category_known"),
            constraints.ordered(
                "started_on", "ended_on", name="hardship_dates_order", message="结束日期不能早于开始日期。"
            ),
            models.UniqueConstraint(
                fields=["member", "category"],
                condition=Q(ended_on__isnull=True),
                name="hardship_once_at_a_time",
                violation_error_message="这位成员已经登记了这个困难类别。",
            ),
        ]

    def __str__(self):
        return self.get_category_display()

    def clean(self):
        super().clean()
        if self.member_id:
            self.member.household.refuse_if_nameless()
