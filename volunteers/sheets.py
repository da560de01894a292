"""The register of volunteers as a sheet, in and out."""

from cases.enums import Sex
from jinchuan.shared import masking
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField
from jinchuan.sheets.cells import LookupFormField, RowForm, WordsFormField, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, SAME, Register, Written, changes
from organizations.models import Organization
from organizations.sheets import community_options, find_community, find_organization

from .enums import DocumentKind, ServiceCategory, Skill
from .models import Volunteer
from .models.people import DOCUMENT_WITH_KIND
from .services.people import NAME_DIFFERS, enroll_volunteer, register_volunteer, update_volunteer

SAME_NAME = (
    "这个组织的名册里已有同名的志愿者，没有证件号码分不清是不是同一人。请填写证件号码，或在页面上登记。"
)


def organization_options(by):
    return list(seen_by(Organization, by).approved().order_by("name_pinyin").values_list("name", flat=True))


class VolunteerRow(RowForm):
    name = field_of(Volunteer, "name")
    document_kind = field_of(Volunteer, "document_kind", required=False, help_text="不填表示未提供。")
    document_number = field_of(Volunteer, "document_number", help_text="请把这一列设为文本格式。")
    sex = field_of(Volunteer, "sex", required=False, help_text="填了身份证号的可不填。")
    birth_date = field_of(Volunteer, "birth_date", help_text="填了身份证号的可不填。")
    national_number = field_of(Volunteer, "national_number")
    kind = field_of(Volunteer, "kind", required=False, help_text="不填表示社区志愿者。")
    worker_level = field_of(Volunteer, "worker_level")
    worker_certificate = field_of(Volunteer, "worker_certificate")
    phone = field_of(Volunteer, "phone")
    community = LookupFormField(
        label="居住社区（村）", find=find_community, options=community_options, required=False
    )
    skills = WordsFormField(
        label="专业技能", choices=Skill.choices, required=False, help_text="可填几项，用顿号隔开。"
    )
    services = WordsFormField(
        label="服务类别", choices=ServiceCategory.choices, required=False, help_text="可填几项，用顿号隔开。"
    )
    guardian_name = field_of(Volunteer, "guardian_name", help_text="未满 18 周岁的必填。")
    guardian_phone = field_of(Volunteer, "guardian_phone")
    guardian_consent_on = field_of(Volunteer, "guardian_consent_on")
    guardian_accompanies = field_of(Volunteer, "guardian_accompanies", help_text="未满 14 周岁的填“是”。")
    organization = LookupFormField(label="所属组织", find=find_organization, options=organization_options)
    joined_on = DayFormField(label="加入日期", past=True, required=False, help_text="不填表示今天。")

    def clean(self):
        given = bool(self.cleaned_data.get("document_number"))
        kind = self.cleaned_data.get("document_kind") or DocumentKind.NOT_GIVEN
        if given == (kind == DocumentKind.NOT_GIVEN) and not {"document_kind", "document_number"} & set(
            self.errors
        ):
            self.add_error("document_kind", DOCUMENT_WITH_KIND)


def write_volunteer(entry) -> Written:
    """Enter the person, or correct the one who holds the document (without one: nobody is guessed by name)."""
    given = {n: v for n, v in entry.head.items() if n != "number" and v not in (None, "", [], ())}
    organization, joined_on = given.pop("organization"), given.pop("joined_on", None) or today()
    known = _holder(given)
    if known is None:
        here = Volunteer.objects.one_each().on_roll_of(organization, today())
        if "document_number" not in given and here.filter(name=given["name"]).exists():
            raise Refused({"name": SAME_NAME})
        volunteer = register_volunteer(by=entry.by, organization=organization, joined_on=joined_on, **given)
        return Written(NEW, str(volunteer))
    if known.name != given["name"]:
        raise Refused({"name": NAME_DIFFERS})
    joins = not known.enrollments.open().filter(organization=organization).exists()
    if joins:
        enroll_volunteer(known, by=entry.by, organization=organization, joined_on=joined_on)
    fields, shown = changes(known, given, skills=_skills, services=_services)
    if fields:
        update_volunteer(known, by=entry.by, **fields)
    if joins:
        shown = (*shown, ("所属组织", "", organization.name))
    return Written(CHANGED if shown else SAME, str(known), shown)


def _holder(given):
    kind = given.get("document_kind", DocumentKind.NOT_GIVEN)
    return Volunteer.objects.with_document(kind, given.get("document_number", "")).first()


def _person_on_roll(head, line):
    """Twice the same person on one roll is once too often; on two rolls it is what the sheet is for."""
    number = head.get("document_number")
    return (
        ("document_number", (head.get("document_kind"), number, head.get("organization"))) if number else None
    )


def _skills(codes) -> str:
    return "、".join(Skill(code).label for code in codes)


def _services(codes) -> str:
    return "、".join(ServiceCategory(code).label for code in codes)


def _organizations(row) -> str:
    return "、".join(one.organization.name for one in row.enrollments.all() if not one.left_on)


VOLUNTEERS = Register(
    name="volunteers",
    title="志愿者",
    unit="人",
    model=Volunteer,
    head=VolunteerRow,
    write=write_volunteer,
    key=_person_on_roll,
    personal={
        "name": masking.mask_name,
        "document_number": masking.mask_id,
        "birth_date": lambda day: f"{day.year}年" if day else "",
        "phone": masking.mask_phone,
        "guardian_name": masking.mask_name,
        "guardian_phone": masking.mask_phone,
    },
    examples=(
        {
            "name": "张三",
            "document_kind": "居民身份证",
            "document_number": "620301197503040024",
            "kind": "社区志愿者",
            "phone": "13800000000",
            "skills": "理发、维修",
            "services": "助老、社区服务",
            "organization": "金川区某某志愿服务协会",
            "joined_on": "2024-03-05",
        },
    ),
    notes=(
        "同一个人在几个组织的，每个组织填一行，证件号码相同的算一个人。",
        "已登记的人按证件号码对应：填写了的列会更新，空着的列保持不变；姓名不一致的不导入。",
    ),
    prepare=lambda rows: rows.one_each().for_list().select_related("community"),
    out=(
        ("姓名", lambda v: masking.mask_name(v.name)),
        ("人员类别", lambda v: v.get_kind_display()),
        ("证件类型", lambda v: v.get_document_kind_display()),
        ("证件号码", lambda v: masking.mask_id(v.document_number)),
        ("性别", lambda v: Sex(v.sex).label),
        ("出生年份", lambda v: v.birth_date.year if v.birth_date else ""),
        ("全国志愿者编号", lambda v: v.national_number),
        ("联系电话", lambda v: masking.mask_phone(v.phone)),
        ("居住社区（村）", lambda v: v.community.short_name if v.community else ""),
        ("专业技能", lambda v: "、".join(v.skill_labels)),
        ("服务类别", lambda v: "、".join(v.service_labels)),
        ("职业水平", lambda v: v.get_worker_level_display()),
        ("所属组织", _organizations),
        ("登记日期", lambda v: v.registered_on),
    ),
)
