"""What our papers say: from a row to the facts its template prints, as plain text and numbers.

Names of heads of households stand on what they sign, and nowhere an ID number or a phone. Each paper says that it is no
official receipt. A giver is named to itself; on what others get, only where it agreed.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.urls import reverse

from cases.enums import HardshipCategory
from cases.models import Household
from jinchuan.shared import clock, money
from jinchuan.shared.codes import grouped
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.shared.templatetags.house import quantity

from . import scanning, tracing
from .disclosing import Span, visible_disclosure
from .enums import (
    DeliveryState,
    DistributionState,
    DonationState,
    DonorKind,
    LineKind,
    PaperKind,
    Restriction,
)
from .models import Holding
from .naming import KIND_WORDS, public_name
from .tables import of_disclosure

NO_RECEIPT = "本单不作为公益事业捐赠票据。"
NOTHING_ON_IT = "这次发放还没有明细，请先添加再打印签收单。"
NO_GOODS = "这笔捐赠没有物资，请打印感谢信或款物交接单。"
NOT_CONFIRMED = "这笔捐赠还没有确认，确认以后再打印“{title}”。"
NO_GIFTS = "这个捐赠方还没有已确认的捐赠，没有去向可以打印。"
NOT_ONE_GIVER = "“匿名”不是一个捐赠人，请在捐赠的页面上逐笔打印去向单。"
NO_HELP = "这一户还没有登记过送到的款物。"
GIFTS_MOST = 100
ON_SHEET = (DeliveryState.PLANNED, DeliveryState.OUT, DeliveryState.DELIVERED)


@dataclass(frozen=True)
class Print:
    """One kind of paper: of which model, set by which template, who may ask for it, what it says, what forbids it."""

    kind: PaperKind
    model: str
    facts: Callable
    refusal: Callable
    permissions: tuple[str, ...]

    def subject(self, paper):
        """What the paper is about, as it stands now."""
        return apps.get_model(self.model)._default_manager.get(pk=paper.subject_id)

    @property
    def title(self) -> str:
        return PaperKind.WHEREABOUTS.label if self.kind == PaperKind.GIVER_WHEREABOUTS else self.kind.label

    @property
    def template(self) -> str:
        name = PaperKind.WHEREABOUTS if self.kind == PaperKind.GIVER_WHEREABOUTS else self.kind
        return f"print/donations/{name}.html"


def facts(paper) -> dict:
    """What the paper says now."""
    kind = KINDS[paper.kind]
    printed = f"{paper.requested_by.name}　{zh(clock.day_of(paper.requested_at))}"
    return {
        "title": kind.title,
        "bureau": settings.BUREAU_NAME,
        "help_phone": settings.HELP_PHONE,
        "no_receipt": NO_RECEIPT,
        "printed": printed,
        **kind.facts(kind.subject(paper)),
    }


def refuse(kind, row) -> None:
    if sentence := KINDS[kind].refusal(row):
        raise Refused(sentence)


# The sheet that is signed ----------------------------------------------------------------------------------------


def signing_sheet(batch) -> dict:
    lines = list(
        batch.lines.filter(state__in=ON_SHEET).select_related("allocation__holding__lot").order_by("number")
    )
    names = heads_of({line.household_id for line in lines})
    totals = defaultdict(Decimal)
    for line in lines:
        lot = line.allocation.holding.lot
        totals[lot.item, lot.unit, lot.is_cash] += line.amount
    return {
        "code": batch.code,
        "held_on": zh(batch.held_on),
        "venue": batch.venue,
        "division": batch.division.short_name,
        "people": batch.people,
        "address": scanning.address_of(batch),
        "lines": [
            {
                "number": line.number,
                "code": str(line),
                "head": names.get(line.household_id, line.recipient),
                "item": line.allocation.holding.lot.item,
                "amount": _amount(line.allocation.holding.lot, line.amount),
            }
            for line in lines
        ],
        "totals": "；".join(
            f"{item} {money.yuan(amount)} 元" if is_cash else f"{item} {quantity(amount)} {unit}"
            for (item, unit, is_cash), amount in totals.items()
        ),
        "households": len({line.household_id for line in lines if line.household_id}),
        "count": len(lines),
    }


def heads_of(households) -> dict[int, str]:
    """The names of the present heads, in full."""
    rows = Household.objects.filter(pk__in=[pk for pk in households if pk]).with_head()
    return {pk: name or "" for pk, name in rows.values_list("pk", "head_name")}


# The list that is put up ----------------------------------------------------------------------------------------


class PrintOfSpan(Print):
    """About a span of time instead of a row, and about what who asked for it may see."""

    def subject(self, paper):
        return visible_disclosure(paper.requested_by, Span.of(paper.subject_id))


def put_up(found) -> dict:
    told = [
        {"title": table.title, "note": table.note, "annex": table.annex()} for table in of_disclosure(found)
    ]
    return {"period": str(Span(found.since, found.until)), "tables": told}


# Papers of one gift ----------------------------------------------------------------------------------------------


def goods_received(donation) -> dict:
    lines = [line for line in donation.lines.all() if line.kind == LineKind.GOODS]
    valued = [line.value for line in lines if line.value is not None]
    return {
        **_gift(donation),
        "donor": _own_name(donation.donor),
        "lines": [_goods(line, number) for number, line in enumerate(lines, 1)],
        "total": f"{money.yuan(sum(valued))} 元　{money.in_words(sum(valued))}" if valued else "未计价",
        "unvalued": len(valued) < len(lines),
    }


def handover(donation) -> dict:
    """Three parties sign: who gives, who takes over, who receives (domain.md 3.1)."""
    return {
        **_gift(donation),
        "donor": public_name(donation.donor),
        "lines": [
            {
                "number": number,
                "item": line.item or "捐款",
                "amount": f"{money.yuan(line.value)} 元"
                if line.kind == LineKind.CASH
                else f"{quantity(line.quantity)} {line.unit}",
                "value": money.yuan(line.value) if line.value is not None else "不计价",
                "expires": zh(line.expires_on) if line.expires_on else "--",
            }
            for number, line in enumerate(donation.lines.all(), 1)
        ],
        "receiver": donation.household.code if donation.household else "",
    }


def thanks(donation) -> dict:
    cash = sum((line.value for line in donation.lines.all() if line.kind == LineKind.CASH), Decimal(0))
    goods = [
        f"{line.item} {quantity(line.quantity)} {line.unit}"
        for line in donation.lines.all()
        if line.kind == LineKind.GOODS
    ]
    gift = "、".join([*([f"捐款 {money.yuan(cash)} 元（{money.in_words(cash)}）"] if cash else []), *goods])
    return {
        **_gift(donation),
        "donor": _own_name(donation.donor),
        "gift": gift,
        "dated": zh(clock.day_of(donation.confirmed_at)),
    }


def whereabouts_of_gift(donation) -> dict:
    return {"donor": _own_name(donation.donor), "traces": _traces([donation]), "left_out": 0}


def whereabouts_of_donor(donor) -> dict:
    gifts = donor.donations.confirmed().order_by("-received_on", "-pk")
    shown = list(gifts[:GIFTS_MOST])
    return {
        "donor": _own_name(donor),
        "traces": _traces(shown),
        "left_out": max(gifts.count() - len(shown), 0),
    }


def help_received(household) -> dict:
    received = tracing.help_received(household)
    valued = [one.value for one in received if one.value is not None]
    return {
        "code": household.code,
        "head": heads_of({household.pk})[household.pk],
        "community": household.community.short_name,
        "lines": [
            {
                "number": number,
                "day": zh(one.day),
                "item": one.item,
                "amount": one.amount,
                "value": money.yuan(one.value) if one.value is not None else "不计价",
                "giver": one.giver,
                "delivery": one.delivery,
            }
            for number, one in enumerate(received, 1)
        ],
        "total": money.yuan(sum(valued)) if valued else "",
    }


# Pieces ----------------------------------------------------------------------------------------------------------


def _gift(donation) -> dict:
    aims = {
        Restriction.CATEGORY: dict(HardshipCategory.choices).get(donation.category, ""),
        Restriction.PROGRAM: donation.program and donation.program.name,
        Restriction.COMMUNITY: donation.community and donation.community.short_name,
        Restriction.HOUSEHOLD: donation.household and donation.household.code,
    }
    use = "：".join(filter(None, [donation.get_restriction_display(), aims.get(donation.restriction)]))
    return {
        "code": donation.code,
        "received_on": zh(donation.received_on),
        "route": donation.get_route_display(),
        "use": use,
        "taker": _taker(donation),
        "trace_code": grouped(donation.trace_code),
        "trace_address": f"{settings.SITE_URL}{reverse('trace:gift', args=[donation.trace_code])}",
        "trace_page": f"{settings.SITE_URL}{reverse('trace:enter')}",
    }


def _taker(donation) -> str:
    """Who took it over: the fund it was booked in first."""
    holding = (
        Holding.objects.filter(lot__line__donation=donation).select_related("fund").order_by("pk").first()
    )
    return holding.fund.name.removesuffix("账户") if holding else donation.get_route_display()


def _goods(line, number) -> dict:
    return {
        "number": number,
        "item": line.item,
        "category": line.get_category_display() or "--",
        "amount": f"{quantity(line.quantity)} {line.unit}",
        "basis": line.get_valuation_basis_display(),
        "value": money.yuan(line.value) if line.value is not None else "--",
        "expires": zh(line.expires_on) if line.expires_on else "--",
    }


def _traces(donations) -> list[dict]:
    return [
        {
            "code": one.code,
            "month": one.month,
            "route": one.route,
            "use": one.restriction,
            "lots": [
                {
                    "item": lot.item,
                    "gift": lot.gift,
                    "parts": lot.told_parts,
                    "groups": lot.told_groups,
                    "spendings": lot.told_spendings,
                }
                for lot in one.every_lot
            ],
        }
        for one in tracing.traces_of(donations)
    ]


def _own_name(donor) -> str:
    """On what the giver gets itself. The anonymous one has no name here either."""
    return KIND_WORDS[DonorKind.ANONYMOUS] if donor.kind == DonorKind.ANONYMOUS else donor.name


def _amount(lot, amount) -> str:
    return f"{money.yuan(amount)} 元" if lot.is_cash else f"{quantity(amount)} {lot.unit}"


# What forbids a paper --------------------------------------------------------------------------------------------


def _sheet_refusal(batch) -> str:
    if batch.state == DistributionState.CANCELLED or not batch.lines.filter(state__in=ON_SHEET).exists():
        return NOTHING_ON_IT
    return ""


def _unconfirmed(kind) -> Callable:
    def refusal(donation) -> str:
        if donation.state != DonationState.CONFIRMED:
            return NOT_CONFIRMED.format(title=kind.label)
        if kind == PaperKind.GOODS_RECEIVED and not donation.lines.filter(kind=LineKind.GOODS).exists():
            return NO_GOODS
        return ""

    return refusal


def _giver_refusal(donor) -> str:
    if donor.kind == DonorKind.ANONYMOUS:
        return NOT_ONE_GIVER
    return "" if donor.donations.confirmed().exists() else NO_GIFTS


def _help_refusal(household) -> str:
    return "" if tracing.help_received(household) else NO_HELP


def _nothing(span) -> str:
    return ""


_HANDLERS = ("donations.confirm_donation",)
KINDS = {
    one.kind: one
    for one in (
        Print(
            PaperKind.SIGNING_SHEET,
            "donations.Distribution",
            signing_sheet,
            _sheet_refusal,
            ("donations.change_distributionline",),
        ),
        Print(
            PaperKind.GOODS_RECEIVED,
            "donations.Donation",
            goods_received,
            _unconfirmed(PaperKind.GOODS_RECEIVED),
            _HANDLERS,
        ),
        Print(
            PaperKind.HANDOVER, "donations.Donation", handover, _unconfirmed(PaperKind.HANDOVER), _HANDLERS
        ),
        Print(PaperKind.THANKS, "donations.Donation", thanks, _unconfirmed(PaperKind.THANKS), _HANDLERS),
        Print(
            PaperKind.WHEREABOUTS,
            "donations.Donation",
            whereabouts_of_gift,
            _unconfirmed(PaperKind.WHEREABOUTS),
            _HANDLERS,
        ),
        Print(
            PaperKind.GIVER_WHEREABOUTS,
            "donations.Donor",
            whereabouts_of_donor,
            _giver_refusal,
            ("donations.reveal_donor",),
        ),
        Print(
            PaperKind.HELP_RECEIVED,
            "cases.Household",
            help_received,
            _help_refusal,
            ("cases.reveal_household", "donations.view_distributionline"),
        ),
        PrintOfSpan(
            PaperKind.DISCLOSURE, "", put_up, _nothing, ("donations.view_donation", "sheets.export_sheet")
        ),
    )
}
