"""The register of organisations as a sheet, and how other sheets name a place or an organisation."""

from django import forms
from django.conf import settings

from jinchuan.shared import masking
from jinchuan.shared.identity import normalise_code
from jinchuan.sheets.cells import LookupFormField, RowForm, WordsFormField, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, SAME, Register, Written, changes

from .enums import NeedCode, OrganizationKind, OrganizationState
from .models import Division, Organization, SupervisingUnit
from .services.organizations import register_organization, update_organization

CODE_NEEDED = "请填写统一社会信用代码；只有备案的社区社会组织可以不填"


# How a cell names a row of ours ---------------------------------------------------------------------------------


def find_division(typed, by, memory):
    """Divisions in use by their 12-digit code, their name, or the name with its street's before it."""
    if find_division not in memory:
        memory[find_division] = list(Division.objects.active().select_related("parent"))
    return [place for place in memory[find_division] if typed in _names_of(place)]


def find_community(typed, by, memory):
    """Communities and villages the person at the sheet looks after."""
    if find_community not in memory:
        memory[find_community] = list(seen_by(Division, by).active().grassroots().select_related("parent"))
    return [place for place in memory[find_community] if typed in _names_of(place)]


def _names_of(place) -> set[str]:
    names = {place.code, place.name, place.short_name}
    if place.parent:
        names |= {f"{place.parent.name}{place.name}", f"{place.parent.name}{place.short_name}"}
    return names


def community_options(by):
    return [place.short_name for place in seen_by(Division, by).active().grassroots().order_by("code")]


def division_options(by):
    inside = Division.objects.active().filter(path__contains=f"/{settings.HOME_DIVISION}/")
    return [place.short_name for place in inside.order_by("code")]


def find_organization(typed, by, memory):
    """Organisations that are not deregistered, by name, credit code or our own code."""
    if find_organization not in memory:
        known = {}
        rows = seen_by(Organization, by).exclude(state=OrganizationState.DEREGISTERED)
        for organization in rows:
            for name in {organization.name, organization.uscc, organization.code} - {None, ""}:
                known.setdefault(name, []).append(organization)
        memory[find_organization] = known
    known = memory[find_organization]
    return known.get(typed) or known.get(normalise_code(typed), [])


def find_supervising_unit(typed, by, memory):
    return SupervisingUnit.objects.filter(name=typed)


def supervising_unit_options(by):
    return list(SupervisingUnit.objects.order_by("name_pinyin").values_list("name", flat=True))


# The register -----------------------------------------------------------------------------------------------


class OrganizationRow(RowForm):
    name = field_of(Organization, "name", label="组织名称")
    kind = field_of(Organization, "kind")
    uscc = field_of(Organization, "uscc")
    division = LookupFormField(
        label="登记区划",
        find=find_division,
        options=division_options,
        required=False,
        help_text="不填表示金川区。",
    )
    supervising_unit = LookupFormField(
        label="业务主管单位",
        find=find_supervising_unit,
        options=supervising_unit_options,
        required=False,
    )
    responsible_person = field_of(Organization, "responsible_person")
    contact_name = field_of(Organization, "contact_name")
    contact_phone = field_of(Organization, "contact_phone")
    capacity = field_of(Organization, "capacity", required=False)
    strengths = WordsFormField(
        label="帮扶专长",
        choices=NeedCode.choices,
        required=False,
        help_text=f"可填几项，用顿号隔开：{'、'.join(NeedCode.labels)}。",
    )
    has_party_group = field_of(Organization, "has_party_group")
    is_charitable = field_of(Organization, "is_charitable")
    may_raise_funds = field_of(Organization, "may_raise_funds")
    is_tax_deductible = field_of(Organization, "is_tax_deductible")

    def clean(self):
        kind, code = self.cleaned_data.get("kind"), self.cleaned_data.get("uscc")
        if kind and not code and "uscc" not in self.errors and kind != OrganizationKind.COMMUNITY_SOCIAL_ORG:
            self.add_error("uscc", forms.ValidationError(CODE_NEEDED))


def write_organization(entry) -> Written:
    """Enter the organisation, or correct the one that has its credit code (without one: its name and kind)."""
    given = _given(entry.head)
    known = _find_known(given, entry.by)
    if known is None:
        given.setdefault("division", Division.objects.get(code=settings.HOME_DIVISION))
        organization = register_organization(by=entry.by, **given)
        return Written(NEW, organization.code)
    fields, shown = changes(known, given, strengths=_strengths_in_words)
    if not fields:
        return Written(SAME, known.code)
    update_organization(known, by=entry.by, **fields)
    return Written(CHANGED, known.code, shown)


def _given(head) -> dict:
    """What was filled in. An empty cell leaves an existing value as it is."""
    return {n: v for n, v in head.items() if n != "number" and v not in (None, "", (), [])}


def _strengths_in_words(codes) -> str:
    return "、".join(NeedCode(code).label for code in codes)


def _find_known(given, by):
    rows = seen_by(Organization, by).exclude(state=OrganizationState.DEREGISTERED)
    if "uscc" in given:
        return rows.filter(uscc=given["uscc"]).first()
    return rows.filter(uscc__isnull=True, name=given["name"], kind=given["kind"]).first()


ORGANIZATIONS = Register(
    name="organizations",
    title="社会组织",
    unit="家",
    model=Organization,
    head=OrganizationRow,
    write=write_organization,
    key=lambda head, line: ("uscc", head["uscc"]) if head.get("uscc") else None,
    needs_author=False,
    headings_needed=("uscc",),
    personal={
        "responsible_person": masking.mask_name,
        "contact_name": masking.mask_name,
        "contact_phone": masking.mask_phone,
    },
    examples=(
        {
            "name": "金川区某某志愿服务协会",
            "kind": "社会团体",
            "uscc": "51620302MJ0123456E",
            "division": "金川区",
            "responsible_person": "张三",
            "contact_name": "李四",
            "contact_phone": "13800000000",
            "capacity": "3",
            "strengths": "生活照料、精神陪伴",
            "has_party_group": "是",
        },
    ),
    notes=(
        "已登记的组织按统一社会信用代码对应：填写了的列会更新，空着的列保持不变。",
        "新导入的组织为“待审批”，由另一位审核人员批准后参加结对。",
    ),
    out=(
        ("编号", lambda o: o.code),
        ("组织名称", lambda o: o.name),
        ("类别", lambda o: o.get_kind_display()),
        ("统一社会信用代码", lambda o: o.uscc),
        ("登记区划", lambda o: o.division.short_name),
        ("业务主管单位", lambda o: o.supervising_unit.name if o.supervising_unit else ""),
        ("负责人", lambda o: masking.mask_name(o.responsible_person)),
        ("联系人", lambda o: masking.mask_name(o.contact_name)),
        ("联系电话", lambda o: masking.mask_phone(o.contact_phone) if o.contact_phone else ""),
        ("可结对户数", lambda o: o.capacity),
        ("帮扶专长", lambda o: "、".join(o.strength_labels)),
        ("建有党组织", lambda o: "是" if o.has_party_group else "否"),
        ("状态", lambda o: o.get_state_display()),
    ),
)
