"""The organisation's form on a volunteer: the document first, then who it is, what they can do, and a minor's guardian."""

from django import forms
from django.core.exceptions import ValidationError

from cases.enums import Sex
from jinchuan.intake.drafted import DraftedForm, Question, Row
from jinchuan.shared import masking
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField, NameFormField, PhoneFormField
from organizations.models import Division

from .enums import DocumentKind, ServiceCategory, Skill, SocialWorkerLevel, VolunteerKind
from .fields import DocumentFormField
from .models import Volunteer
from .models.people import ALREADY_ENROLLED
from .services.people import IDENTITY, NAME_DIFFERS

NUMBER_NEEDED = "请填写证件号码；没有带证件的，证件类型选“未提供”，以后补上。"
KIND_NEEDED = "填写了证件号码，请选择证件类型。"
KEPT_IF_EMPTY = ("phone", "guardian_phone")
KEPT = "现为 {mask}。留空表示不改。"
OF_KNOWN = "已登记，不重复填写"


class VolunteerForm(DraftedForm):
    """One person. ``correcting`` is the row that is put right."""

    document_kind = forms.ChoiceField(
        label="证件类型", choices=DocumentKind, initial=DocumentKind.CITIZEN_ID, widget=forms.RadioSelect
    )
    document_number = DocumentFormField(
        label="证件号码", required=False, help_text="先填证件号码，系统会查是否已经登记。号码加密保存。"
    )
    name = NameFormField(label="姓名", help_text="与证件上一致的真实姓名。")
    sex = forms.ChoiceField(
        label="性别",
        choices=Sex,
        required=False,
        widget=forms.RadioSelect,
        help_text="填了身份证号的不用选。",
    )
    birth_date = DayFormField(label="出生日期", past=True, required=False, help_text="填了身份证号的不用填。")
    phone = PhoneFormField(label="联系电话", required=False)
    community = forms.ModelChoiceField(
        label="居住社区（村）", queryset=Division.objects.none(), empty_label="请选择", required=False
    )
    national_number = LineFormField(
        label="全国志愿者编号", max_chars=30, required=False, help_text="在全国志愿服务信息系统注册过的填写。"
    )
    kind = forms.ChoiceField(label="人员类别", choices=VolunteerKind, widget=forms.RadioSelect)
    worker_level = forms.ChoiceField(
        label="职业水平", choices=[("", "没有或不清楚"), *SocialWorkerLevel.choices], required=False
    )
    worker_certificate = LineFormField(label="证书编号", max_chars=40, required=False)
    skills = forms.MultipleChoiceField(
        label="专业技能", choices=Skill, required=False, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        label="愿意做的服务", choices=ServiceCategory, required=False, widget=forms.CheckboxSelectMultiple
    )
    guardian_name = NameFormField(label="监护人", required=False)
    guardian_phone = PhoneFormField(label="监护人电话", required=False)
    guardian_consent_on = DayFormField(
        label="监护人同意日期",
        past=True,
        required=False,
        help_text="监护人书面或当面同意参加志愿服务的日期。",
    )
    guardian_accompanies = forms.BooleanField(
        label="服务时由监护人陪同（未满 14 周岁必须陪同）", required=False
    )
    joined_on = DayFormField(label="加入本组织的日期", past=True)

    PERSON = (
        "name",
        "document_kind",
        "document_number",
        "sex",
        "birth_date",
        "phone",
        "community",
        "national_number",
        "kind",
        "worker_level",
        "worker_certificate",
        "skills",
        "services",
        "guardian_name",
        "guardian_phone",
        "guardian_consent_on",
        "guardian_accompanies",
    )

    def __init__(self, content, *, user, correcting=None, **kwargs):
        self.correcting = correcting
        super().__init__(content, user=user, **kwargs)
        self.fields["community"].queryset = Division.objects.visible_to(user).active().grassroots()
        self.known = None
        if correcting:
            del self.fields["joined_on"]
            for name in KEPT_IF_EMPTY:
                self._keep(name)
            # The name and the document of who has shown one are put right by the bureau.
            for name in IDENTITY if correcting.document_number else ():
                del self.fields[name]

    def _keep(self, name):
        """What is sealed comes empty and stays as it is unless something is typed."""
        known = getattr(self.correcting, name)
        if known:
            self.fields[name].required = False
            self.fields[name].help_text = KEPT.format(mask=self.correcting.PERSONAL[name](known))

    def headline(self):
        return ""

    def clean(self):
        cleaned = super().clean()
        cleaned["national_number"] = cleaned.get("national_number", "").upper()
        if cleaned.get("kind") != VolunteerKind.SOCIAL_WORKER:
            cleaned |= {"worker_level": "", "worker_certificate": ""}
        if "document_kind" in self.fields:
            self._check_document(cleaned)
        if self.known is None and not self.errors:
            self._check_person()
        return cleaned

    def _check_document(self, cleaned):
        kind, number = cleaned.get("document_kind"), cleaned.get("document_number")
        if kind == DocumentKind.NOT_GIVEN and number:
            self.add_error("document_kind", KIND_NEEDED)
        elif kind and kind != DocumentKind.NOT_GIVEN and not number and "document_number" not in self.errors:
            self.add_error("document_number", NUMBER_NEEDED)
        elif number and not self.correcting:
            self.known = Volunteer.objects.with_document(kind, number).first()
        if self.known is None:
            return
        rolls = self.known.enrollments.open().filter(organization=self.user.organization)
        if cleaned.get("name") and cleaned["name"] != self.known.name:
            self.add_error("name", NAME_DIFFERS)
        elif rolls.exists():
            self.add_error("document_number", ALREADY_ENROLLED)

    def _check_person(self):
        """What the row itself would refuse, told next to the field before anything is submitted."""
        row = (
            Volunteer(**{name: getattr(self.correcting, name) for name in self.PERSON})
            if self.correcting
            else Volunteer()
        )
        for name, value in self.person().items():
            setattr(row, name, value)
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as refusal:
            self.refuse(refusal)

    def person(self) -> dict:
        """For ``register_volunteer`` and ``update_volunteer``."""
        person = {name: self.cleaned_data.get(name) for name in self.PERSON if name in self.fields}
        if self.correcting:
            person = {name: value for name, value in person.items() if value or name not in KEPT_IF_EMPTY}
        if "sex" in person:
            person["sex"] = person["sex"] or Sex.UNKNOWN
        return person

    def questions(self):
        if self.known is None:
            return []
        return [
            Question(
                key="known",
                title="这个证件号码已经登记过",
                text="姓名和证件号码与已登记的一致。继续后，同一个人加入本组织的名册，不会登记成两个人；"
                "这次填写的电话、技能等不改动原来登记的内容。",
                go_on="是同一个人，加入本组织",
                change="改证件号码",
                anchor="id_document_number",
            )
        ]

    def rows(self):
        cleaned, rows = self.cleaned_data, []
        if "document_kind" in self.fields:
            document = DocumentKind(cleaned["document_kind"]).label
            rows += [
                Row(
                    "证件",
                    f"{document} {masking.mask_id(cleaned['document_number'])}",
                    "id_document_kind_field",
                ),
                Row("姓名", cleaned["name"], "id_name"),
            ]
        if self.known is None:
            rows += self._person_rows(cleaned)
        else:
            rows.append(Row("其他资料", OF_KNOWN))
        if "joined_on" in self.fields:
            rows.append(Row("加入日期", zh(cleaned["joined_on"]), "id_joined_on"))
        return rows

    def _person_rows(self, cleaned):
        kind = VolunteerKind(cleaned["kind"]).label
        if cleaned["worker_level"]:
            kind += f"，{SocialWorkerLevel(cleaned['worker_level']).label}"
        rows = [
            Row("联系电话", cleaned["phone"], "id_phone"),
            Row("居住社区", str(cleaned["community"] or ""), "id_community"),
            Row("全国志愿者编号", cleaned["national_number"], "id_national_number"),
            Row("人员类别", kind, "id_kind_field"),
            Row("专业技能", "、".join(Skill(code).label for code in cleaned["skills"]), "id_skills_field"),
            Row(
                "愿意做的服务",
                "、".join(ServiceCategory(code).label for code in cleaned["services"]),
                "id_services_field",
            ),
        ]
        if cleaned["guardian_name"]:
            accompanies = "，服务时陪同" if cleaned["guardian_accompanies"] else ""
            agreed = cleaned["guardian_consent_on"]
            rows.append(
                Row(
                    "监护人",
                    f"{cleaned['guardian_name']}，{zh(agreed)}同意{accompanies}"
                    if agreed
                    else cleaned["guardian_name"],
                    "id_guardian_name",
                )
            )
        return rows


def content_of(row) -> dict[str, list[str]]:
    """A registered volunteer as if just typed; ``version`` says which state of the row was read."""
    plain = ("name", "document_kind", "sex", "national_number", "kind")
    plain += ("worker_level", "worker_certificate", "guardian_name")
    content = {name: [getattr(row, name)] for name in plain}
    days = {name: getattr(row, name) for name in ("birth_date", "guardian_consent_on")}
    content |= {name: [day.isoformat() if day else ""] for name, day in days.items()}
    content |= {"version": [str(row.version)], "community": [str(row.community_id or "")]}
    content |= {"skills": list(row.skills), "services": list(row.services)}
    return content | ({"guardian_accompanies": ["on"]} if row.guardian_accompanies else {})


def fresh() -> dict[str, list[str]]:
    return {
        "document_kind": [DocumentKind.CITIZEN_ID.value],
        "kind": [VolunteerKind.COMMUNITY.value],
        "joined_on": [today().isoformat()],
    }
