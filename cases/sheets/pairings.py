"""The register of pairings as a sheet: intentions go in, every pairing goes out."""

from jinchuan.shared import masking
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField
from jinchuan.sheets.cells import LookupFormField, RowForm, field_of, seen_by
from jinchuan.sheets.registers import CHANGED, NEW, SAME, Register, Written, changes
from organizations.sheets import find_organization

from ..enums import PairingState
from ..models import Pairing
from ..services.pairings import register_intention, update_intention
from .naming import HOUSEHOLD_UNKNOWN, find_household, given

OTHER_ROLE = "这一户与这个组织已登记为“{role}”，不能用表格改结对方式"
ALREADY_STARTED = "已经结对，意向日期不能再改"


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
    filled = given(entry.head)
    open_one = (
        seen_by(Pairing, entry.by)
        .open()
        .filter(household=filled["household"], organization=filled["organization"])
        .first()
    )
    if open_one is None:
        return Written(NEW, register_intention(by=entry.by, **filled).code)
    fields, shown = changes(open_one, filled)
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
