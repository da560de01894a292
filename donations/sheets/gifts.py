"""The register of gifts as a sheet: one row a line of a gift, rows with the same number are one gift."""

from collections import Counter

from cases.enums import HardshipCategory
from cases.sheets import HOUSEHOLD_UNKNOWN, find_household
from jinchuan.shared import masking
from jinchuan.shared.fields.form import LabelledChoiceField, LineFormField
from jinchuan.sheets.cells import LookupFormField, RowForm, YesNoFormField, field_of, seen_by
from jinchuan.sheets.registers import NEW, SAME, Register, Written
from organizations.models import Organization, Program
from organizations.sheets import community_options, find_community, find_organization

from ..enums import DonationState, DonorKind, LineKind, Restriction, ValuationBasis
from ..models import Donation, DonationLine, Donor
from ..naming import donor_kind_of, working_name
from ..services.gifts import Line, donor_for_organization, log_donation

DONOR_NEEDED = "请填写捐赠方名称；匿名捐赠的，类别请选“匿名”"
ANONYMOUS_UNNAMED = "匿名捐赠不填名称，请清空这一格"
VALUE_NEEDED = "请填写金额；不计价的物资，计价依据请选“不计价（只记数量）”"
NEEDED_FOR_GOODS = "捐物请填写{label}"
NOT_FOR_CASH = "捐款不填{label}，请清空这一格"


def find_program(typed, by, memory):
    return seen_by(Program, by).filter(name=typed)


def program_options(by):
    return list(seen_by(Program, by).values_list("name", flat=True))


class DonationRow(RowForm):
    """What is said once for a gift, in its first row."""

    donor_kind = field_of(Donor, "kind", label="捐赠方类别")
    donor_name = LineFormField(
        label="捐赠方名称", required=False, max_chars=80, help_text="匿名捐赠的不填，其他必填。"
    )
    donor_phone = field_of(Donor, "phone", label="捐赠方电话")
    agrees_to_be_named = YesNoFormField(label="同意公开名称", required=False, help_text="不填表示不同意。")
    received_on = field_of(Donation, "received_on")
    route = field_of(Donation, "route")
    exception_reason = field_of(Donation, "exception_reason", help_text="只有政府代收填写。")
    organization = LookupFormField(
        label="登记组织", find=find_organization, required=False, help_text="由哪个组织经手；没有的不填。"
    )
    restriction = field_of(Donation, "restriction", required=False, help_text="不填表示不指定用途。")
    household = LookupFormField(
        label="指定关爱户",
        find=find_household,
        not_found=HOUSEHOLD_UNKNOWN,
        required=False,
        help_text="填户编号。",
    )
    category = LabelledChoiceField(label="指定困难类别", choices=HardshipCategory.choices, required=False)
    program = LookupFormField(label="指定项目", find=find_program, options=program_options, required=False)
    community = LookupFormField(
        label="指定社区（村）", find=find_community, options=community_options, required=False
    )
    declares_no_interest = YesNoFormField(
        label="声明无利害关系",
        required=False,
        help_text="指定关爱户或困难类别的，由捐赠人声明受益人不是利害关系人。",
    )
    note = field_of(Donation, "note")

    def clean(self):
        kind, name = self.cleaned_data.get("donor_kind"), self.cleaned_data.get("donor_name")
        if kind == DonorKind.ANONYMOUS and name:
            self.add_error("donor_name", ANONYMOUS_UNNAMED)
        elif kind and kind != DonorKind.ANONYMOUS and not name and "donor_name" not in self.errors:
            self.add_error("donor_name", DONOR_NEEDED)


class LineRow(RowForm):
    """What is said of each line: one sum of money, or one kind of goods."""

    kind = field_of(DonationLine, "kind")
    item = field_of(DonationLine, "item")
    goods_category = field_of(DonationLine, "category")
    quantity = field_of(DonationLine, "quantity")
    unit = field_of(DonationLine, "unit")
    value = field_of(
        DonationLine, "value", label="金额（元）", help_text="捐款的金额，或物资的折价，单位：元。"
    )
    valuation_basis = field_of(DonationLine, "valuation_basis")
    expires_on = field_of(DonationLine, "expires_on")

    def clean(self):
        of_goods = ("item", "quantity", "unit", "valuation_basis")
        cash = self.cleaned_data.get("kind") == LineKind.CASH
        if "kind" in self.errors:
            return
        for name in of_goods:
            filled = self.cleaned_data.get(name) not in (None, "")
            if name not in self.errors and filled == cash:
                sentence = NOT_FOR_CASH if cash else NEEDED_FOR_GOODS
                self.add_error(name, sentence.format(label=self.fields[name].label))
        unvalued = self.cleaned_data.get("valuation_basis") == ValuationBasis.UNVALUED
        if self.cleaned_data.get("value") is None and not unvalued and "value" not in self.errors:
            self.add_error("value", VALUE_NEEDED)


def write_donation(entry) -> Written:
    """Log the gift. One with the same donor, day, route and lines that no earlier row of the sheet stands for is it."""
    head = entry.head
    lines = [_as_line(line) for line in entry.lines]
    donor = known_donor(head, entry.by)
    spoken_for = entry.memory.setdefault("donations", set())
    known = _same_gift(donor, head, lines, spoken_for, entry.by)
    if known is None:
        donation = log_donation(
            by=entry.by,
            donor=donor or _new_donor(head),
            lines=lines,
            received_on=head["received_on"],
            route=head["route"],
            **_meant_for(head),
        )
        spoken_for.add(donation.pk)
        return Written(NEW, donation.code)
    spoken_for.add(known.pk)
    return Written(SAME, known.code)


def known_donor(head, by):
    """The organisation of that name as a giver, or a giver of that kind and name whom the person may see."""
    kind, name = head["donor_kind"], head["donor_name"]
    if kind == DonorKind.ANONYMOUS:
        return Donor.objects.filter(kind=kind).first()
    organization = seen_by(Organization, by).approved().filter(name=name).first()
    if organization and donor_kind_of(organization.kind) == kind:
        return donor_for_organization(organization, by=by)
    return seen_by(Donor, by).filter(kind=kind, name=name).order_by("pk").first()


def _new_donor(head) -> dict:
    return {
        "kind": head["donor_kind"],
        "name": head["donor_name"],
        "phone": head["donor_phone"],
        "agrees_to_be_named": bool(head["agrees_to_be_named"]),
    }


def _meant_for(head) -> dict:
    names = ("exception_reason", "organization", "household", "category", "program", "community", "note")
    given = {name: head[name] for name in names if head[name] not in (None, "")}
    return given | {
        "restriction": head["restriction"] or Restriction.NONE,
        "declares_no_interest": bool(head["declares_no_interest"]),
    }


def _as_line(line) -> Line:
    goods = {name: line[name] for name in ("item", "quantity", "unit", "valuation_basis", "expires_on")}
    return Line(kind=line["kind"], value=line["value"], category=line["goods_category"], **goods)


def _same_gift(donor, head, lines, spoken_for, by):
    if donor is None:
        return None
    wanted = Counter(_traits(line) for line in lines)
    rows = (
        seen_by(Donation, by)
        .filter(donor=donor, received_on=head["received_on"], route=head["route"])
        .exclude(state=DonationState.VOIDED)
        .exclude(pk__in=spoken_for)
        .prefetch_related("lines")
        .order_by("pk")
    )
    return next((d for d in rows if Counter(_traits(line) for line in d.lines.all()) == wanted), None)


def _traits(line) -> tuple:
    value = None if line.valuation_basis == ValuationBasis.UNVALUED else line.value
    return line.kind, line.item, line.quantity, line.unit, value


def _goods_of(donation) -> str:
    goods = (line for line in donation.lines.all() if line.kind == LineKind.GOODS)
    return "；".join(f"{line.item} {line.quantity.normalize():f} {line.unit}" for line in goods)


DONATIONS = Register(
    name="donations",
    title="捐赠",
    unit="笔",
    model=Donation,
    head=DonationRow,
    line=LineRow,
    write=write_donation,
    prepare=lambda rows: rows.for_list().prefetch_related("lines"),
    number_label="捐赠序号",
    number_hint="同一笔捐赠的几行（例如又捐钱又捐米）填同一个数。",
    open_to_organizations=True,
    personal={"donor_name": masking.mask_name, "donor_phone": masking.mask_phone},
    examples=(
        {
            "donor_kind": "爱心企业",
            "donor_name": "金川区某某商贸有限公司",
            "agrees_to_be_named": "是",
            "received_on": "2026-09-01",
            "route": "交区慈善协会",
            "restriction": "不指定用途",
            "kind": "捐物",
            "item": "大米",
            "goods_category": "米面粮油等食品",
            "quantity": "20",
            "unit": "袋",
            "value": "1200.00",
            "valuation_basis": "发票",
        },
    ),
    notes=(
        "每项款物一行；捐赠方、日期、去向等只在每笔捐赠的第一行填写。",
        "捐赠方按类别和名称对应，没有登记过的自动登记。与已登记的捐赠完全相同的，算作“无变化”，不重复登记。",
        "新导入的捐赠为“待确认”，由另一位工作人员确认后计入统计。",
    ),
    out=(
        ("捐赠编号", lambda d: d.code),
        ("收到日期", lambda d: d.received_on),
        ("捐赠方类别", lambda d: d.donor.get_kind_display()),
        ("捐赠方", lambda d: working_name(d.donor)),
        ("登记组织", lambda d: d.organization.name if d.organization else ""),
        ("捐赠去向", lambda d: d.get_route_display()),
        ("用途指定", lambda d: d.get_restriction_display()),
        ("捐款（元）", lambda d: d.cash_value),
        ("捐物折价（元）", lambda d: d.goods_value),
        ("物资", _goods_of),
        ("合计（元）", lambda d: d.total_value),
        ("归属区划", lambda d: d.division.short_name),
        ("票据", lambda d: d.get_receipt_status_display()),
        ("状态", lambda d: d.get_state_display()),
    ),
)
