"""The registers of households (one row a member) and of pairings as sheets."""

from django.db.models import Q

from jinchuan.shared import masking
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField, LabelledChoiceField, LineFormField
from jinchuan.sheets.cells import LookupFormField, RowForm, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, NUMBER, SAME, Register, Written, changes
from organizations.sheets import community_options, find_community, find_organization

from .enums import HardshipCategory, PairingState, Relation
from .models import Household, Member, Pairing
from .services.households import (
    add_hardship,
    add_member,
    register_household,
    update_household,
    update_member,
)
from .services.pairings import register_intention, update_intention

HEAD_FIRST = "每户的第一行填户主"
HOUSEHOLD_UNKNOWN = "没有户编号“{value}”，或不在您的工作范围内"
NOT_YOUR_HOUSEHOLD = "不在本组织结对名单"
BASIS_NEEDED = "填写了困难类别的，请写明依据文件"
OTHER_ROLE = "这一户与这个组织已登记为“{role}”，不能用表格改结对方式"
ALREADY_STARTED = "已经结对，意向日期不能再改"


def find_household(typed, by, memory):
    """A household by its code, among those the person may see. An organisation is told no more than “not yours”."""
    found = list(seen_by(Household, by).filter(code=typed.upper()))
    if not found and by is not None and by.organization_id:
        raise Refused(NOT_YOUR_HOUSEHOLD)
    return found


# Households -------------------------------------------------------------------------------------------------


class HouseholdRow(RowForm):
    """What is said once for a household, in its first row."""

    community = LookupFormField(
        label="所在社区（村）",
        find=find_community,
        options=community_options,
        help_text="同名的请写全，例如“滨河路街道龙集里社区”。只在每户第一行填写。",
    )
    address = LineFormField(label="详细地址", required=False, max_chars=200, help_text="只在每户第一行填写。")
    phone = field_of(Household, "phone", help_text="只在每户第一行填写。")
    need_level = field_of(Household, "need_level", required=False)
    summary = field_of(Household, "summary")
    registered_on = field_of(Household, "registered_on", required=False, help_text="不填表示今天。")


class MemberRow(RowForm):
    """What is said of each person."""

    relation = field_of(Member, "relation")
    name = field_of(Member, "name")
    id_number = field_of(Member, "id_number", help_text="没有身份证号的，在后面一列写明原因。")
    no_id_reason = field_of(Member, "no_id_reason")
    sex = field_of(Member, "sex", required=False, help_text="有身份证号的可不填。")
    birth_date = field_of(Member, "birth_date", help_text="有身份证号的可不填。")
    guardian_name = field_of(Member, "guardian_name", help_text="未满 18 周岁的必填。")
    guardian_phone = field_of(Member, "guardian_phone")
    category = LabelledChoiceField(label="困难类别", choices=HardshipCategory.choices, required=False)
    basis = LineFormField(
        label="依据文件", required=False, max_chars=100, help_text="例如：低保证、残疾人证、孤儿认定表。"
    )

    def clean(self):
        if (
            self.cleaned_data.get("category")
            and not self.cleaned_data.get("basis")
            and "basis" not in self.errors
        ):
            self.add_error("basis", BASIS_NEEDED)


_HARDSHIP = ("category", "basis")


def write_household(entry) -> Written:
    """Enter the household with its people, or correct the one that has this code or this head.

    Nobody is taken out of a household by not being in the sheet.
    """
    with entry.at(0):
        household = _known_household(entry)
    if household is None:
        return _register(entry)
    with entry.at(0):
        fields, shown = changes(household, _given(entry.head))
        if fields:
            household = update_household(household, by=entry.by, **fields)
    for index, line in enumerate(entry.lines):
        with entry.at(index):
            shown += _write_member(household, line, entry.by)
    return Written(CHANGED if shown else SAME, household.code, shown)


def _register(entry) -> Written:
    first, *others = entry.lines
    with entry.at(0):
        if first["relation"] != Relation.HEAD:
            raise Refused({"relation": HEAD_FIRST})
        household = register_household(by=entry.by, members=[_as_member(first)], **_given(entry.head))
    for index, line in enumerate(others, start=1):
        with entry.at(index):
            add_member(household, by=entry.by, **_as_member(line))
    return Written(NEW, household.code)


def _known_household(entry):
    """By its code; else by its head's ID number, or without one by the head's name in that community."""
    number = entry.head[NUMBER].upper()
    mine = seen_by(Household, entry.by)
    if number.startswith("HJ"):
        found = mine.filter(code=number).first()
        if found is None:
            raise Refused({NUMBER: HOUSEHOLD_UNKNOWN.format(value=number[:20])})
        return found
    first = entry.lines[0]
    heads = Member.objects.filter(relation=Relation.HEAD, left_on__isnull=True, household__in=mine.present())
    if first.get("id_number"):
        heads = heads.filter(Q(id_hash__of=first["id_number"]))
    else:
        heads = heads.filter(id_number="", name=first["name"], household__community=entry.head["community"])
    found = heads.select_related("household").first()
    return found.household if found else None


def _write_member(household, line, by) -> tuple:
    present = household.members.filter(left_on__isnull=True)
    if line.get("id_number"):
        member = present.filter(Q(id_hash__of=line["id_number"])).first()
    else:
        member = present.filter(name=line["name"], relation=line["relation"]).first()
    if member is None:
        add_member(household, by=by, **_as_member(line))
        return (("家庭成员", "无", masking.mask_name(line["name"])),)
    fields, shown = changes(member, _given(line, but=_HARDSHIP))
    if fields:
        member = update_member(member, by=by, **fields)
    category = line.get("category")
    if category and not member.hardships.in_force().filter(category=category).exists():
        add_hardship(member, by=by, category=category, basis=line["basis"], started_on=today())
        shown += (("困难类别", "无", HardshipCategory(category).label),)
    return shown


def _as_member(line) -> dict:
    hardship = {name: line[name] for name in _HARDSHIP}
    return _given(line, but=_HARDSHIP) | {"hardships": [hardship] if line.get("category") else []}


def _given(cleaned, but=()) -> dict:
    """What was filled in. An empty cell leaves an existing value as it is."""
    return {n: v for n, v in cleaned.items() if n not in (NUMBER, *but) and v not in (None, "")}


def _hardships_of(household) -> str:
    people = (member for member in household.members.all() if member.left_on is None)
    held = {
        hardship.category for member in people for hardship in member.hardships.all() if not hardship.ended_on
    }
    return "、".join(HardshipCategory(category).label for category in sorted(held))


HOUSEHOLDS = Register(
    name="households",
    title="关爱户",
    unit="户",
    model=Household,
    head=HouseholdRow,
    line=MemberRow,
    write=write_household,
    number_label="户编号或户序",
    number_hint="新登记的户填 1、2、3……，同一户的几行填同一个数；已登记的户填户编号，例如 HJ-0001。",
    key=lambda head, line: ("id_number", line["id_number"]) if line.get("id_number") else None,
    prepare=lambda rows: rows.for_list().prefetch_related("members__hardships"),
    headings_needed=("id_number",),
    personal={
        "address": masking.mask_address,
        "phone": masking.mask_phone,
        "summary": lambda value: "已填写",
        "name": masking.mask_name,
        "id_number": masking.mask_id,
        "birth_date": lambda value: "已填写",
        "guardian_name": masking.mask_name,
        "guardian_phone": masking.mask_phone,
    },
    examples=(
        {
            "community": "龙集里社区",
            "address": "龙集里 3 栋 2 单元 501 室",
            "phone": "13800000000",
            "need_level": "较重",
            "relation": "户主",
            "name": "张三",
            "id_number": "620301194103150017",
            "category": "特困人员",
            "basis": "特困供养证",
        },
    ),
    notes=(
        "每个家庭成员一行，户主在前；社区、地址等只在户主那一行填写。",
        "已登记的户按户编号或户主对应：填写了的列会更新，空着的列保持不变；表里没有的成员不会被移出。",
        "困难情况不要写病情诊断、宗教信仰和服刑原因。新导入的户为“已登记”，由另一位工作人员核实。",
    ),
    out=(
        ("户编号", lambda h: h.code),
        ("所在社区（村）", lambda h: h.community.short_name),
        ("街道（镇）", lambda h: h.community.parent.name if h.community.parent else ""),
        ("户主", lambda h: masking.mask_name(h.head_name or "")),
        ("联系电话", lambda h: masking.mask_phone(h.phone) if h.phone else ""),
        ("地址", lambda h: masking.mask_address(h.address)),
        ("在册人数", lambda h: sum(member.left_on is None for member in h.members.all())),
        ("困难类别", _hardships_of),
        ("困难程度", lambda h: h.get_need_level_display()),
        ("登记日期", lambda h: h.registered_on),
        ("状态", lambda h: h.get_state_display()),
        ("退出日期", lambda h: h.exited_on),
    ),
)


# Pairings ---------------------------------------------------------------------------------------------------


class PairingRow(RowForm):
    household = LookupFormField(label="户编号", find=find_household, not_found=HOUSEHOLD_UNKNOWN)
    organization = LookupFormField(
        label="组织名称或信用代码", find=find_organization, help_text="填写已批准组织的全称、信用代码或编号。"
    )
    role = field_of(Pairing, "role", required=False, help_text="不填表示辅助结对。")
    intended_on = field_of(Pairing, "intended_on", required=False, help_text="不填表示今天。")
    hold_until = DayFormField(
        label="意向保留至", required=False, help_text="到期未结对的意向自动失效；不填表示保留 30 天。"
    )
    liaison_name = field_of(Pairing, "liaison_name")


def write_pairing(entry) -> Written:
    """Note an intention, or correct the open pairing of the two. Activation is not for a sheet: it rests on two words."""
    given = _given(entry.head)
    open_one = (
        seen_by(Pairing, entry.by)
        .open()
        .filter(household=given["household"], organization=given["organization"])
        .first()
    )
    if open_one is None:
        return Written(NEW, register_intention(by=entry.by, **given).code)
    fields, shown = changes(open_one, given)
    if "role" in fields:
        raise Refused({"role": OTHER_ROLE.format(role=open_one.get_role_display())})
    if "intended_on" in fields and open_one.state == PairingState.ACTIVE:
        raise Refused({"intended_on": ALREADY_STARTED})
    if not fields:
        return Written(SAME, open_one.code)
    update_intention(open_one, by=entry.by, **fields)
    return Written(CHANGED, open_one.code, shown)


PAIRINGS = Register(
    name="pairings",
    title="结对意向",
    unit="对",
    model=Pairing,
    head=PairingRow,
    write=write_pairing,
    key=lambda head, line: (
        ("household", (head["household"].pk, head["organization"].pk))
        if head.get("household") and head.get("organization")
        else None
    ),
    personal={"liaison_name": masking.mask_name},
    examples=(
        {
            "household": "HJ-0001",
            "organization": "金川区某某志愿服务协会",
            "role": "辅助结对（社会组织）",
            "intended_on": "2026-09-01",
            "liaison_name": "李四",
        },
    ),
    notes=("表格只登记意向；双方确认、有同意书之后，在结对页面激活。",),
    out=(
        ("结对编号", lambda p: p.code),
        ("户编号", lambda p: p.household.code),
        ("户主", lambda p: masking.mask_name(p.head_name or "")),
        ("所在社区（村）", lambda p: p.household.community.short_name),
        ("组织", lambda p: p.organization.name),
        ("结对方式", lambda p: p.get_role_display()),
        ("联系人", lambda p: masking.mask_name(p.liaison_name)),
        ("意向日期", lambda p: p.intended_on),
        ("意向保留至", lambda p: p.hold_until),
        ("结对日期", lambda p: p.started_on),
        ("结束日期", lambda p: p.ended_on),
        ("状态", lambda p: p.get_state_display()),
    ),
)

__all__ = ["HOUSEHOLDS", "PAIRINGS", "find_household"]
