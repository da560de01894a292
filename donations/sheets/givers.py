"""The register of givers as a sheet; the nameless stay out of it."""

from django.db.models import Count, Q

from jinchuan.shared import masking
from jinchuan.shared.fields.form import LabelledChoiceField
from jinchuan.sheets.cells import RowForm, YesNoFormField, field_of
from jinchuan.sheets.registers import CHANGED, NEW, SAME, Register, Written, changes

from ..enums import DonationState, DonorKind
from ..models import Donation, Donor
from ..naming import working_name
from ..services.gifts import register_donor, update_donor
from .gifts import known_donor

_KINDS = [choice for choice in DonorKind.choices if choice[0] != DonorKind.ANONYMOUS]


class DonorRow(RowForm):
    donor_kind = LabelledChoiceField(label="捐赠方类别", choices=_KINDS, help_text="匿名的不登记。")
    donor_name = field_of(Donor, "name", label="捐赠方名称")
    phone = field_of(Donor, "phone", label="捐赠方电话")
    agrees_to_be_named = YesNoFormField(
        label="同意公开名称", required=False, help_text="新登记的不填表示不同意；已登记的不填表示不变。"
    )


def write_donor(entry) -> Written:
    """Enter the giver, or correct the one of that kind and name. An empty cell leaves what is there as it is."""
    given = {name: entry.head[name] for name in ("phone", "agrees_to_be_named")}
    given = {name: value for name, value in given.items() if value not in (None, "")}
    known = known_donor(entry.head, entry.by)
    if known is None:
        kind, name = entry.head["donor_kind"], entry.head["donor_name"]
        donor = register_donor(by=entry.by, kind=kind, name=name, **given)
        return Written(NEW, working_name(donor))
    fields, shown = changes(known, given)
    if not fields:
        return Written(SAME, working_name(known))
    update_donor(known, by=entry.by, **fields)
    return Written(CHANGED, working_name(known), shown)


def count_own(rows, by):
    """An organisation counts the gifts it may see: what the same giver gave through others is not its business."""
    seen = Q(donations__state=DonationState.CONFIRMED, donations__in=Donation.objects.visible_to(by))
    return rows.annotate(donation_count=Count("donations", filter=seen))


def _named(head):
    """Two rows of one sheet with the same kind and name are one giver."""
    if not head.get("donor_kind") or not head.get("donor_name"):
        return None
    return "donor_name", (head["donor_kind"], head["donor_name"])


DONORS = Register(
    name="donors",
    title="捐赠方",
    unit="个",
    model=Donor,
    head=DonorRow,
    write=write_donor,
    narrow=count_own,
    key=lambda head, line: _named(head),
    open_to_organizations=True,
    personal={"donor_name": masking.mask_name, "phone": masking.mask_phone},
    examples=(
        {"donor_kind": "爱心企业", "donor_name": "金川区某某商贸有限公司", "agrees_to_be_named": "是"},
    ),
    notes=("捐赠方按类别和名称对应；已登记的只更新填写了的格子。",),
    out=(
        ("捐赠方类别", lambda d: d.get_kind_display()),
        ("捐赠方", working_name),
        ("捐赠方电话", lambda d: masking.mask_phone(d.phone) if d.phone else ""),
        ("同意公开名称", lambda d: "是" if d.agrees_to_be_named else "否"),
        ("对应的组织", lambda d: d.organization.name if d.organization else ""),
        ("已确认捐赠（笔）", lambda d: d.donation_count),
    ),
)
