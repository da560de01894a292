"""The registers of visits and of settled matters as sheets. What goes in waits for confirmation like any other."""

from jinchuan.shared import masking
from jinchuan.sheets.cells import LookupFormField, LookupsFormField, RowForm, field_of, seen_by
from jinchuan.sheets.registers import NEW, SAME, Register, Written, in_words
from organizations.sheets import find_organization

from ..enums import VisitChannel, VisitKind, VisitState
from ..models import Matter, Visit
from ..services.visits import log_matter, log_visit
from .naming import HOUSEHOLD_UNKNOWN, NEED_UNKNOWN, find_household, find_need, given

CHANNEL_NEEDED = "联系交流请填写途径：当面、电话、视频或者微信短信"
CONDITION_NEEDED = "见到或联系上的，请填写情况"
NO_CONDITION = "没有见到的不填情况，请清空这一格"


def _by_whom(what):
    return LookupFormField(
        label=what,
        find=find_organization,
        required=False,
        help_text="由哪个组织办理；工作人员自己办理的不填。",
    )


class VisitRow(RowForm):
    households = LookupsFormField(
        label="户编号",
        find=find_household,
        not_found=HOUSEHOLD_UNKNOWN,
        help_text="一次走访几户的，编号之间用“、”分开。",
    )
    organization = _by_whom("走访组织")
    visited_on = field_of(Visit, "visited_on")
    kind = field_of(Visit, "kind")
    channel = field_of(Visit, "channel", required=False, help_text="走访探视不填；联系交流必填。")
    was_made = field_of(Visit, "was_made", help_text="不填表示是；白跑一趟、电话没人接的填否。")
    visitors = field_of(Visit, "visitors")
    people_met = field_of(Visit, "people_met")
    condition = field_of(Visit, "condition", help_text="见到或联系上的必填。")
    notes = field_of(Visit, "notes")
    next_on = field_of(Visit, "next_on")

    def clean(self):
        cleaned = self.cleaned_data
        if cleaned.get("kind") == VisitKind.HOME_VISIT:
            cleaned["channel"] = cleaned.get("channel") or VisitChannel.IN_PERSON
        elif cleaned.get("kind") and not cleaned.get("channel") and "channel" not in self.errors:
            self.add_error("channel", CHANNEL_NEEDED)
        missed = cleaned.get("was_made") is False
        if "condition" not in self.errors and missed == bool(cleaned.get("condition")):
            self.add_error("condition", NO_CONDITION if missed else CONDITION_NEEDED)


def write_visit(entry) -> Written:
    """Log the visit. One of the same day, kind, organisation and households that no earlier row stands for is it."""
    filled = given(entry.head)
    spoken_for = entry.memory.setdefault("visits", set())
    wanted = {household.pk for household in filled["households"]}
    rows = (
        seen_by(Visit, entry.by)
        .filter(
            visited_on=filled["visited_on"],
            kind=filled["kind"],
            organization=entry.by.organization or filled.get("organization"),
            visited__household=min(wanted),
        )
        .exclude(state=VisitState.VOIDED)
        .order_by("pk")
    )
    free = set(rows.values_list("pk", flat=True)) - spoken_for
    like = rows.filter(pk__in=free).prefetch_related("visited") if free else ()
    known = next((visit for visit in like if {v.household_id for v in visit.visited.all()} == wanted), None)
    visit = known or log_visit(by=entry.by, **filled)
    spoken_for.add(visit.pk)
    return Written(SAME if known else NEW, visit.code)


def _people(names) -> str:
    """The names of a line, each masked."""
    for separator in "，,；; /\n":
        names = names.replace(separator, "、")
    return "、".join(masking.mask_name(name) for name in names.split("、") if name)


VISITS = Register(
    name="visits",
    title="走访联系",
    unit="次",
    model=Visit,
    head=VisitRow,
    write=write_visit,
    narrow=lambda rows, by: rows.for_reader(by),
    open_to_organizations=True,
    personal={
        "visitors": lambda value: "已填写",
        "people_met": lambda value: "已填写",
        "notes": lambda value: "已填写",
    },
    examples=(
        {
            "households": "HJ-0001、HJ-0002",
            "organization": "金川区某某志愿服务协会",
            "visited_on": "2026-09-01",
            "kind": "走访探视",
            "visitors": "张三、李四",
            "people_met": "本人",
            "condition": "平稳",
            "notes": "屋里暖和，米面够吃。",
            "next_on": "2026-12-01",
        },
    ),
    notes=(
        "一行是一次走访或一次联系；同一次走访几户的，户编号写在同一格。",
        "导入的记录是“待确认”，由另一位工作人员确认后才计入统计；走访当天要在该组织的结对期间内。",
        "同一天、同一组织、同样的户、同样方式的记录已经有了的，不再重复登记；改正已登记的，请打开那条记录。",
        "情况说明里不要写病情诊断、身份证号和电话号码。",
    ),
    out=(
        ("走访编号", lambda v: v.code),
        ("户编号", lambda v: "、".join(row.household.code for row in v.visited.all())),
        ("走访组织", lambda v: v.organization.name if v.organization else ""),
        ("日期", lambda v: v.visited_on),
        ("方式", lambda v: v.get_kind_display()),
        ("途径", lambda v: v.get_channel_display()),
        ("见到或联系上了", lambda v: in_words(v.was_made)),
        ("走访人员", lambda v: _people(v.visitors)),
        ("情况", lambda v: v.get_condition_display()),
        ("下次走访日期", lambda v: v.next_on),
        ("状态", lambda v: v.get_state_display()),
    ),
)


# Settled matters ---------------------------------------------------------------------------------------------


class MatterRow(RowForm):
    household = LookupFormField(label="户编号", find=find_household, not_found=HOUSEHOLD_UNKNOWN)
    organization = _by_whom("办理组织")
    settled_on = field_of(Matter, "settled_on")
    kind = field_of(Matter, "kind")
    description = field_of(Matter, "description")
    need = LookupFormField(
        label="需求编号",
        find=find_need,
        not_found=NEED_UNKNOWN,
        required=False,
        help_text="解决的是哪条需求；没有的不填。",
    )


def write_matter(entry) -> Written:
    """Log the matter. One of the same household, day, kind and words that no earlier row stands for is it."""
    filled = given(entry.head)
    spoken_for = entry.memory.setdefault("matters", set())
    rows = (
        seen_by(Matter, entry.by)
        .filter(
            household=filled["household"],
            settled_on=filled["settled_on"],
            kind=filled["kind"],
            organization=entry.by.organization or filled.get("organization"),
        )
        .exclude(state=VisitState.VOIDED)
        .order_by("pk")
    )
    like = (matter for matter in rows if matter.description == filled["description"])
    known = next((matter for matter in like if matter.pk not in spoken_for), None)
    matter = known or log_matter(by=entry.by, **filled)
    spoken_for.add(matter.pk)
    return Written(SAME if known else NEW, matter.code)


MATTERS = Register(
    name="matters",
    title="办理事项",
    unit="件",
    model=Matter,
    head=MatterRow,
    write=write_matter,
    open_to_organizations=True,
    personal={"description": lambda value: "已填写"},
    examples=(
        {
            "household": "HJ-0001",
            "organization": "金川区某某志愿服务协会",
            "settled_on": "2026-09-01",
            "kind": "帮办实事",
            "description": "陪同到社区办了高龄补贴认证。",
            "need": "XQ2026-0001",
        },
    ),
    notes=(
        "一行是为一户办成的一件事。",
        "导入的记录是“待确认”，由另一位工作人员确认后才计入统计；填了需求编号的，确认后这条需求就是已解决。",
        "同一户、同一天、同一类别、同样内容的事项已经有了的，不再重复登记。",
    ),
    out=(
        ("事项编号", lambda m: m.code),
        ("户编号", lambda m: m.household.code),
        ("办理组织", lambda m: m.organization.name if m.organization else ""),
        ("办结日期", lambda m: m.settled_on),
        ("类别", lambda m: m.get_kind_display()),
        ("相关走访", lambda m: m.visit.code if m.visit else ""),
        ("需求编号", lambda m: m.need.code if m.need else ""),
        ("状态", lambda m: m.get_state_display()),
    ),
)
