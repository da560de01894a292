"""Sections and words that several pages of the book share."""

from django import forms
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from cases.enums import HardshipCategory
from jinchuan.shared.admin import Cell, Panel, badge, row_link
from jinchuan.shared.admin.pieces import SearchSelect
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import LineFormField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.money import in_words
from jinchuan.shared.templatetags.house import yuan, zh_date, zh_time

from ..enums import EFFECTS, MovementKind, Restriction
from ..measures import measured
from ..naming import working_name

MOVEMENTS_SHOWN = 50
# The register in which a document of the book is found by its code.
REGISTER_OF = {
    "JZ": "donation",
    "FP": "allocation",
    "FF": "distribution",
    "GZ": "adjustment",
    "CZ": "disposal",
    "PD": "stocktake",
}


def in_full(amount, lot) -> str:
    """As ``measured``, an amount of money also in 大写: before somebody vouches for it."""
    return (
        f"{measured(amount, lot)}　{in_words(amount)}"
        if lot.is_cash and amount > 0
        else measured(amount, lot)
    )


def figure(amount, lot, row=None) -> Cell:
    """An amount in a panel, to the right; nothing where it is 0."""
    return Cell(measured(amount, lot) if amount else "--", row_link(row) if row else "", figure=True)


def register_link(code) -> str:
    """Where the document with this code is found, or nothing."""
    model = REGISTER_OF.get(str(code)[:2])
    if not model:
        return ""
    try:
        address = reverse(f"admin:donations_{model}_changelist")
    except NoReverseMatch:
        return ""
    # A line of a sheet (FF2026-0001-001) is found with its sheet.
    return f"{address}?{urlencode({'q': '-'.join(str(code).split('-')[:2])})}"


def use_words(row) -> str:
    """What a gift, or a change of its purpose, is bound to: ``指定社区（村）：龙集里社区``."""
    aim = {
        Restriction.HOUSEHOLD: row.household and row.household.code,
        Restriction.CATEGORY: dict(HardshipCategory.choices).get(row.category, row.category),
        Restriction.PROGRAM: row.program and row.program.name,
        Restriction.COMMUNITY: row.community and row.community.short_name,
    }.get(row.restriction)
    return "：".join(filter(None, [Restriction(row.restriction).label, aim]))


def gifts_panel(gifts, *, most=50, **more) -> Panel:
    """Some gifts, the newest first; only what is told of them is read."""
    shown = gifts.with_totals().only("code", "received_on", "state")[:most]
    return Panel(
        "捐赠",
        ("捐赠编号", "收到日期", "捐款（元）", "捐物折价（元）", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                zh_date(one.received_on),
                Cell(yuan(one.cash_value), figure=True),
                Cell(yuan(one.goods_value), figure=True),
                badge(one),
            )
            for one in shown
        ],
        empty="还没有捐赠。",
        **more,
    )


def movements_panel(movements, *, of_one=True, more_url="") -> Panel:
    """款物变动, newest last, each leading to the document it was booked by."""
    rows = list(movements.select_related("holding__lot", "by").order_by("pk")[:MOVEMENTS_SHOWN])
    return Panel(
        "款物变动",
        ("日期", "事项", "数量（金额）", "依据", "经办人", "记账时间"),
        [
            (
                zh(one.on) if of_one else Cell(zh(one.on), row_link(one.holding)),
                one.get_kind_display(),
                Cell(_signed(one), figure=True),
                Cell(one.cause, register_link(one.cause)),
                one.by.username if one.by else "系统",
                zh_time(one.at),
            )
            for one in rows
        ],
        empty="还没有变动。",
        more_url=more_url,
    )


def _signed(movement) -> str:
    """With its sign where it changes what is here: received +, gone out −; what stays here only changes its name."""
    lot, amount = movement.holding.lot, movement.amount
    effects = EFFECTS[MovementKind(movement.kind)]
    incoming = {"received", "moved_in", "adjusted"} & set(effects)
    outgoing = {"returned", "written_off", "sold", "moved_out"} & set(effects)
    if incoming:
        return f"{'+' if amount > 0 else '−'}{measured(abs(amount), lot)}"
    return f"−{measured(amount, lot)}" if outgoing else measured(amount, lot)


def steps_panel(row, empty="登记以后还没有办理。") -> Panel:
    """How a row came to its state."""
    words = {"": "登记", **dict(type(row)._meta.get_field("state").choices)}
    return Panel(
        "办理经过",
        ("时间", "经办人", "状态", "原因"),
        [
            (
                zh_time(one.at),
                one.by.username if one.by else "系统",
                f"{words.get(one.from_state, one.from_state)} → {words.get(one.to_state, one.to_state)}",
                one.reason or "--",
            )
            for one in row.transitions.select_related("by")
        ],
        empty=empty,
    )


def source_facts(holding) -> list[tuple[str, str]]:
    """Where a part of the book comes from, for a page on which somebody decides about it."""
    lot = holding.lot
    donation = lot.line.donation
    facts = [
        ("款物", f"{lot.item}　{lot.code}"),
        ("捐赠方", working_name(donation.donor)),
        ("在哪里", " · ".join(filter(None, [holding.fund.name, holding.place and holding.place.name]))),
        ("未分配", measured(holding.free, lot)),
    ]
    return facts + ([("保质期至", zh(lot.expires_on))] if lot.expires_on else [])


class RefuseForm(Form):
    """Why something is not approved; whoever proposed it reads it."""

    reason = ParagraphFormField(
        label="不批准的原因",
        max_chars=200,
        help_text="至少 5 个字，提出人会看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def reason_field(label="原因"):
    return LineFormField(label=label, max_chars=200, help_text="写明为什么，批准的人要看。")


def searched(model, name):
    """The widget by which one row of a foreign key of ours is searched for."""
    return SearchSelect(model._meta.get_field(name), admin.site)


def when(field, rule):
    """Show a field only while another one has this value (admin.js); without scripts it stands there."""
    field.widget.attrs["data-when"] = rule
    return field
