"""The register of needs as a sheet."""

from jinchuan.shared.errors import Refused
from jinchuan.sheets.cells import LookupFormField, RowForm, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, NUMBER, SAME, Register, Written, changes, in_words

from ..models import CareNeed
from ..services.needs import raise_need, update_need
from .naming import HOUSEHOLD_UNKNOWN, NEED_UNKNOWN, find_household, find_need, given

OTHER_HOUSEHOLD = "需求 {need} 是 {household} 的，请核对户编号"


class NeedRow(RowForm):
    household = LookupFormField(label="户编号", find=find_household, not_found=HOUSEHOLD_UNKNOWN)
    need = field_of(CareNeed, "need")
    description = field_of(CareNeed, "description")
    public_words = field_of(CareNeed, "public_words")
    quantity = field_of(CareNeed, "quantity", required=False, help_text="不填表示 1。")
    unit = field_of(CareNeed, "unit", required=False, help_text="不填表示件。")
    is_urgent = field_of(CareNeed, "is_urgent", help_text="不填表示否。")
    raised_on = field_of(CareNeed, "raised_on")
    due_on = field_of(CareNeed, "due_on")


def write_need(entry) -> Written:
    """Note the need, or correct the one of this code. Without a code, one of the same household, kind, day and words
    that no earlier row stands for is it."""
    filled = given(entry.head)
    number = entry.head[NUMBER].upper()
    if number.startswith("XQ"):
        return _correct(number, filled, entry.by)
    spoken_for = entry.memory.setdefault("needs", set())
    rows = seen_by(CareNeed, entry.by).filter(
        household=filled["household"],
        need=filled["need"],
        raised_on=filled["raised_on"],
        public_words=filled.get("public_words", ""),
    )
    words = filled.get("description", "")
    like = (need for need in rows.order_by("pk") if need.description == words)
    known = next((need for need in like if need.pk not in spoken_for), None)
    need = known or raise_need(by=entry.by, **filled)
    spoken_for.add(need.pk)
    return Written(SAME if known else NEW, need.code)


def _correct(code, filled, by) -> Written:
    need = find_need(code, by, {}).select_related("household").first()
    if need is None:
        raise Refused({NUMBER: NEED_UNKNOWN.format(value=code[:20])})
    if need.household != filled.pop("household"):
        raise Refused({"household": OTHER_HOUSEHOLD.format(need=need, household=need.household)})
    fields, shown = changes(need, filled)
    if not fields:
        return Written(SAME, need.code)
    update_need(need, by=by, **fields)
    return Written(CHANGED, need.code, shown)


def _amount(number) -> str:
    return f"{number.normalize():f}"


NEEDS = Register(
    name="needs",
    title="需求",
    unit="条",
    model=CareNeed,
    head=NeedRow,
    write=write_need,
    number_label="需求编号或序号",
    number_hint="新需求可不填；已登记的填需求编号，例如 XQ2026-0001。",
    personal={"description": lambda value: "已填写"},
    examples=(
        {
            "household": "HJ-0001",
            "need": "温暖过冬",
            "description": "现在的被子太薄，夜里冷。",
            "public_words": "一位独居老人需要厚棉被",
            "quantity": "2",
            "unit": "床",
            "raised_on": "2026-09-01",
            "due_on": "2026-11-01",
        },
    ),
    notes=(
        "填了需求编号的更正那一条，空着的列保持不变；没有编号的登记新需求，内容完全相同的不再重复登记。",
        "“给组织看的说明”里不要写姓名、身份证号、电话和门牌号；不写说明的，组织看不到这条需求。",
        "数量不能少于已经认领的；撤回需求请在需求页面办理。",
    ),
    out=(
        ("需求编号", lambda n: n.code),
        ("户编号", lambda n: n.household.code),
        ("所在社区（村）", lambda n: n.household.community.short_name),
        ("需求类别", lambda n: n.get_need_display()),
        ("给组织看的说明", lambda n: n.public_words),
        ("数量", lambda n: _amount(n.quantity)),
        ("尚未认领", lambda n: _amount(n.open_quantity)),
        ("单位", lambda n: n.unit),
        ("急需", lambda n: in_words(n.is_urgent)),
        ("提出日期", lambda n: n.raised_on),
        ("希望解决日期", lambda n: n.due_on),
        ("解决日期", lambda n: n.met_on),
        ("由什么解决", lambda n: n.met_by),
        ("状态", lambda n: n.get_state_display()),
    ),
)
