"""The registers of households (one row a member, the household itself in the first) and of their people as sheets."""

from django.db.models import Q

from jinchuan.shared import masking
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import LabelledChoiceField, LineFormField
from jinchuan.sheets.cells import LookupFormField, RowForm, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, NUMBER, SAME, Register, Written, changes
from organizations.sheets import community_options, find_community

from ..enums import HardshipCategory, Relation
from ..models import Household, Member
from ..services.households import (
    add_hardship,
    add_member,
    register_household,
    update_household,
    update_member,
)
from .naming import HOUSEHOLD_UNKNOWN, find_household, given

HEAD_FIRST = "每户的第一行填户主"
BASIS_NEEDED = "填写了困难类别的，请写明依据文件"


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
        fields, shown = changes(household, given(entry.head))
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
        household = register_household(by=entry.by, members=[_as_member(first)], **given(entry.head))
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
    heads = Member.objects.filter(relation=Relation.HEAD, left_on__isnull=True)
    if first.get("id_number"):
        heads = heads.filter(Q(id_hash__of=first["id_number"]))
    else:
        heads = heads.filter(id_number="", name=first["name"], household__community=entry.head["community"])
    theirs = list(heads.values_list("household", flat=True))
    return mine.present().filter(pk__in=theirs).order_by("pk").first() if theirs else None


def _present(household, line):
    """The member of the household that a row is about: by the ID number, without one by name and relation."""
    present = household.members.filter(left_on__isnull=True)
    if line.get("id_number"):
        return present.filter(Q(id_hash__of=line["id_number"])).first()
    return present.filter(name=line["name"], relation=line["relation"]).first()


def _write_member(household, line, by) -> tuple:
    member = _present(household, line)
    if member is None:
        add_member(household, by=by, **_as_member(line))
        return (("家庭成员", "无", masking.mask_name(line["name"])),)
    fields, shown = changes(member, given(line, but=_HARDSHIP))
    if fields:
        member = update_member(member, by=by, **fields)
    category = line.get("category")
    if category and not member.hardships.in_force().filter(category=category).exists():
        add_hardship(member, by=by, category=category, basis=line["basis"], started_on=today())
        shown += (("困难类别", "无", HardshipCategory(category).label),)
    return shown


def _as_member(line) -> dict:
    hardship = {name: line[name] for name in _HARDSHIP}
    return given(line, but=_HARDSHIP) | {"hardships": [hardship] if line.get("category") else []}


def _name_of(member) -> str:
    """A child's name shows less than an adult's."""
    mask = masking.mask_child_name if member.is_minor_on(today()) else masking.mask_name
    return mask(member.name)


def _same_person(cleaned):
    return ("id_number", cleaned["id_number"]) if cleaned.get("id_number") else None


def _hardships_of(*people) -> str:
    present = (member for member in people if member.left_on is None)
    held = {
        hardship.category
        for member in present
        for hardship in member.hardships.all()
        if not hardship.ended_on
    }
    return "、".join(HardshipCategory(category).label for category in sorted(held))


_PERSONAL = {
    "name": masking.mask_name,
    "id_number": masking.mask_id,
    "birth_date": lambda value: "已填写",
    "guardian_name": masking.mask_name,
    "guardian_phone": masking.mask_phone,
}

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
    key=lambda head, line: _same_person(line),
    prepare=lambda rows: (
        rows.for_list().select_related("community__parent").prefetch_related("members__hardships")
    ),
    headings_needed=("id_number",),
    personal=_PERSONAL
    | {
        "address": masking.mask_address,
        "phone": masking.mask_phone,
        "summary": lambda value: "已填写",
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
        ("困难类别", lambda h: _hardships_of(*h.members.all())),
        ("困难程度", lambda h: h.get_need_level_display()),
        ("登记日期", lambda h: h.registered_on),
        ("状态", lambda h: h.get_state_display()),
        ("退出日期", lambda h: h.exited_on),
    ),
)


# People of households that are there already -----------------------------------------------------------------


class OfHouseholdRow(RowForm):
    household = LookupFormField(label="户编号", find=find_household, not_found=HOUSEHOLD_UNKNOWN)


class PersonRow(MemberRow, OfHouseholdRow):
    """A member after the household it belongs to."""

    joined_on = field_of(
        Member, "joined_on", required=False, help_text="不填表示随户登记；已登记的成员不改。"
    )


def write_member(entry) -> Written:
    """Add the person to the household, or correct the one who is there."""
    line, household = dict(entry.head), entry.head["household"]
    del line["household"]
    known = _present(household, line)
    if known is not None:
        del line["joined_on"]
    shown = _write_member(household, line, entry.by)
    if known is None:
        return Written(NEW, household.code)
    return Written(CHANGED if shown else SAME, household.code, shown)


MEMBERS = Register(
    name="members",
    title="家庭成员",
    unit="人",
    model=Member,
    head=PersonRow,
    write=write_member,
    key=lambda head, line: _same_person(head),
    prepare=lambda rows: rows.for_list().prefetch_related("hardships"),
    headings_needed=("id_number",),
    personal=_PERSONAL,
    examples=(
        {
            "household": "HJ-0001",
            "relation": "子女",
            "name": "张小三",
            "id_number": "620301197003150018",
            "category": "残疾人",
            "basis": "第三代残疾人证",
        },
    ),
    notes=(
        "给已经登记的户添加成员，或更正成员信息；新的户请用“关爱户”的表格。",
        "成员按身份证号对应，没有身份证号的按姓名和与户主关系对应：填写了的列会更新，空着的列保持不变。",
        "表里没有的成员不会被移出；离开这一户的，请在户的页面办理。",
    ),
    out=(
        ("户编号", lambda m: m.household.code),
        ("所在社区（村）", lambda m: m.household.community.short_name),
        ("与户主关系", lambda m: m.get_relation_display()),
        ("姓名", _name_of),
        ("身份证号", lambda m: masking.mask_id(m.id_number) if m.id_number else ""),
        ("性别", lambda m: m.get_sex_display()),
        ("出生年份", lambda m: m.birth_date.year if m.birth_date else None),
        ("监护人", lambda m: masking.mask_name(m.guardian_name) if m.guardian_name else ""),
        ("困难类别", _hardships_of),
        ("加入日期", lambda m: m.joined_on),
        ("离开日期", lambda m: m.left_on),
    ),
)
