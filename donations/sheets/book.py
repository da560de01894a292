"""Allocations and distributions as they go out. They are decided by two people and signed for; no sheet replaces that."""

from django.db.models import BooleanField, Value

from jinchuan.sheets.registers import Register

from ..models import Allocation, DistributionLine
from ..naming import public_name, working_name

ALLOCATIONS_OUT_ONLY = "分配要由一人提出、另一人批准，不能用表格导入。请到“款物结存”里提出分配。"
DISTRIBUTIONS_OUT_ONLY = "发放要凭签收单逐行登记，不能用表格导入。请到“发放”里登记签收结果。"


def _names_givers(rows, by):
    """Who handles no gifts (a street) reads a giver's name only where the giver agreed to it."""
    handles = by is None or by.has_perm("donations.view_donor")
    return rows.annotate(names_givers=Value(handles, output_field=BooleanField()))


def _giver(row, lot) -> str:
    return (working_name if row.names_givers else public_name)(lot.line.donation.donor)


def _target(allocation) -> str:
    """For whom: a household by its code, the rest by name."""
    named = allocation.household or allocation.fund or allocation.program
    return named.code if allocation.household else str(named.name)


ALLOCATIONS = Register(
    name="allocations",
    title="分配",
    unit="笔",
    model=Allocation,
    prepare=lambda rows: rows.for_list().select_related(
        "holding__lot__line__donation__donor",
        "holding__fund",
        "household",
        "fund",
        "program",
        "need",
    ),
    narrow=_names_givers,
    out_only=ALLOCATIONS_OUT_ONLY,
    out=(
        ("分配编号", lambda a: a.code),
        ("提出日期", lambda a: a.proposed_on),
        ("捐赠编号", lambda a: a.holding.lot.line.donation.code),
        ("捐赠方", lambda a: _giver(a, a.holding.lot)),
        ("基金（账户）", lambda a: a.holding.fund.name),
        ("款物", lambda a: a.holding.lot.item),
        ("分配给", lambda a: a.get_target_display()),
        ("对象", _target),
        ("数量（金额）", lambda a: a.amount),
        ("单位", lambda a: a.holding.lot.unit),
        ("价值（元）", lambda a: a.worth),
        ("发放途中", lambda a: a.loaded),
        ("已交付", lambda a: a.delivered),
        ("已取消", lambda a: a.released),
        ("依据", lambda a: a.authority_document),
        ("状态", lambda a: a.get_state_display()),
    ),
)

DISTRIBUTIONS = Register(
    name="distributions",
    title="发放明细",
    unit="行",
    model=DistributionLine,
    prepare=lambda rows: rows.select_related(
        "distribution__division",
        "household",
        "allocation__program",
        "allocation__holding__lot__line__donation__donor",
    ).defer("household__address", "household__phone", "household__summary", "receiver_name"),
    narrow=_names_givers,
    out_only=DISTRIBUTIONS_OUT_ONLY,
    out=(
        ("发放编号", lambda d: d.distribution.code),
        ("序号", lambda d: d.number),
        ("发放日期", lambda d: d.distribution.held_on),
        ("方式", lambda d: d.distribution.get_kind_display()),
        ("地点", lambda d: d.distribution.venue),
        ("户编号", lambda d: d.household.code if d.household else ""),
        ("受益对象", lambda d: d.recipient),
        ("款物", lambda d: d.allocation.holding.lot.item),
        ("数量（金额）", lambda d: d.amount),
        ("单位", lambda d: d.allocation.holding.lot.unit),
        ("价值（元）", lambda d: d.value),
        ("捐赠编号", lambda d: d.allocation.holding.lot.line.donation.code),
        ("捐赠方", lambda d: _giver(d, d.allocation.holding.lot)),
        ("结果", lambda d: d.get_state_display()),
        ("签收日期", lambda d: d.delivered_on),
        ("签收方式", lambda d: d.get_signing_display()),
    ),
)
