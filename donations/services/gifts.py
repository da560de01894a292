"""Writes on gifts: pledge, log, confirm, return, correct, void. Only what a second person confirmed counts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.conf import settings

from cases.models import Household
from jinchuan.audit.services import change, check, constraints_by_database, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.models import Division
from organizations.services.organizations import reason_given

from ..enums import (
    PORTAL_ROUTES,
    DonationState,
    DonorKind,
    LineKind,
    ReceiptStatus,
    Restriction,
    Route,
    ValuationBasis,
)
from ..models import ANONYMOUS_NAME, Donation, DonationLine, Donor
from ..naming import donor_kind_of
from . import lots

LINES_NEEDED = "请至少登记一笔捐款或一件物资。"
ROUTE_NOT_YOURS = "政府代收由民政局登记，请选择其他捐赠去向。"
DONOR_NOT_YOURS = "只能选择本组织登记过的捐赠方。"
HOUSEHOLD_NOT_YOURS = "只能选择与本组织结对的关爱户。"
VOID_OWN = "确认人不能作废自己确认的捐赠，请由另一位审核人员办理。"
CONFIRM_OWN = "登记人不能确认自己登记的捐赠，请由另一位工作人员确认。"
NOT_PLEDGED = "这笔捐赠现在是“{state}”，只有认捐才能登记到账。"
CONFIRM_CORRECTED = "修改过这笔捐赠的人不能确认它，请由另一位工作人员确认。"


@dataclass(frozen=True)
class Line:
    """One line of a gift as it comes from a form or a sheet."""

    kind: LineKind
    value: Decimal | None = None
    item: str = ""
    category: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    valuation_basis: str = ""
    expires_on: date | None = None


@verb
def register_donor(*, by, kind, name="", phone="", agrees_to_be_named=False, organization=None) -> Donor:
    """Enter a giver. An anonymous one has neither name nor phone; there is one such row, for nobody can tell them apart.

    What an organisation enters, only that organisation finds again (and staff).
    """
    require(by, "donations.add_donor")
    if kind == DonorKind.ANONYMOUS:
        anonymous = Donor.objects.filter(kind=DonorKind.ANONYMOUS).first()
        donor = anonymous or create(Donor(kind=kind, name=ANONYMOUS_NAME), by=by)
    else:
        donor = create(
            Donor(
                kind=kind,
                name=name,
                phone=phone,
                agrees_to_be_named=agrees_to_be_named,
                organization=organization,
            ),
            by=by,
        )
    if by and by.organization_id:
        donor.known_to.add(by.organization_id)
    return donor


def donor_for_organization(organization, *, by) -> Donor:
    """The organisation itself as a giver; entered at its first gift."""
    return Donor.objects.filter(organization=organization).first() or _enter_as_giver(organization, by=by)


@verb
def _enter_as_giver(organization, *, by) -> Donor:
    """Once, though two of them log their first gift at a time."""
    lock(organization)
    if found := Donor.objects.filter(organization=organization).first():
        return found
    kind = donor_kind_of(organization.kind)
    return create(
        Donor(kind=kind, name=organization.name, organization=organization, agrees_to_be_named=True), by=by
    )


@verb
def update_donor(donor, *, by, version=None, **fields) -> Donor:
    require(by, "donations.change_donor", donor)
    return change(donor, by=by, version=version, **fields)


@verb
def log_donation(*, by, donor, lines, received_on, route, organization=None, **fields) -> Donation:
    """Log a gift; it waits for a second person's confirmation.

    ``donor`` is a ``Donor`` or a dict for ``register_donor``. An organisation logs under its own name and only for
    households it is paired with. Refuses a gift without lines and what the constraints of ``Donation`` refuse.
    """
    require(by, "donations.add_donation")
    return _log(
        by=by,
        donor=donor,
        lines=lines,
        organization=organization,
        state=DonationState.SUBMITTED,
        year=received_on.year,
        route=route,
        received_on=received_on,
        **fields,
    )


@verb
def correct_donation(donation, *, by, lines, version=None, donor=None, **fields) -> Donation:
    """Send a returned gift again, put right: its lines are replaced, for nothing of it has counted yet."""
    require(by, "donations.change_donation", donation)
    donation = lock(donation, version=version)
    if by and by.organization_id:
        _own_choices(by, donor=donor, **fields)
    if not lines:
        raise Refused(LINES_NEEDED)
    if isinstance(donor, dict):
        donor = register_donor(by=by, **donor)
    if donor:
        fields["donor"] = donor
    if donation.receipt_status not in (ReceiptStatus.ISSUED, ReceiptStatus.WAIVED):
        giver, route = fields.get("donor", donation.donor), fields.get("route", donation.route)
        fields.setdefault("receipt_status", _receipt_status(giver, route))
    donation = move(
        donation, DonationState.SUBMITTED, by=by, reason="按退回意见修改后重新提交", submitted_at=now()
    )
    for name, value in fields.items():
        setattr(donation, name, value)
    donation = change(donation, by=by, action="correct", division=_where_it_counts(donation), **fields)
    donation.lines.all().delete()
    _write_lines(donation, lines, by=by)
    return donation


@verb
def confirm_donation(donation, *, by) -> Donation:
    """Confirm what was logged. From here on it counts, its values are fixed, and the database refuses any change.

    Not by the person who logged it, nor by one who put it right after it was returned.
    """
    require(by, "donations.confirm_donation", donation)
    donation = lock(donation)
    if by and donation.submitted_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    if by and donation.transitions.filter(to_state=DonationState.SUBMITTED, by=by).exists():
        raise Refused(CONFIRM_CORRECTED)
    donation = move(donation, DonationState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)
    donation.lines.update(fixed_at=donation.confirmed_at)
    lots.open_lots(donation, by=by)
    return donation


@verb
def return_donation(donation, *, by, reason) -> Donation:
    """Send it back to whoever logged it, with a reason they can act on."""
    require(by, "donations.confirm_donation", donation)
    return move(donation, DonationState.RETURNED, by=by, reason=reason_given(reason))


@verb
def void_donation(donation, *, by, reason) -> Donation:
    """Take a confirmed gift out of every figure, with a reason, by someone other than who confirmed it.

    The row and its lines stay as they were, the book gets a reversing entry, and the gift put right is logged anew. Refuses
    once a part of it is promised or gone, and says how much.
    """
    require(by, "donations.void_donation", donation)
    if by and donation.confirmed_by_id == by.pk:
        raise Refused(VOID_OWN)
    donation = move(
        donation, DonationState.VOIDED, by=by, reason=reason_given(reason), voided_at=now(), voided_by=by
    )
    lots.close_lots(donation, by=by)
    return donation


@verb
def pledge_donation(
    *, by, donor, lines, pledged_on, route, expected_on=None, organization=None, **fields
) -> Donation:
    """Log what was promised and has not come yet (认捐). It may be called in (慈善法 §41), and counts in no sum of gifts."""
    require(by, "donations.add_donation")
    return _log(
        by=by,
        donor=donor,
        lines=lines,
        organization=organization,
        state=DonationState.PLEDGED,
        year=pledged_on.year,
        route=route,
        pledged_on=pledged_on,
        expected_on=expected_on,
        **fields,
    )


# What a promise is about, whoever keeps it and when.
_TERMS = (
    *(
        "donor",
        "organization",
        "division",
        "route",
        "exception_reason",
        "restriction",
        "household",
        "category",
    ),
    *("program", "community", "declares_no_interest", "decision_reference", "receipt_status", "note"),
    *("pledged_on", "expected_on"),
)


@verb
def receive_pledge(
    donation, *, by, received_on, lines=None, rest=(), rest_lapses="", version=None
) -> Donation:
    """A pledge has come, whole or as ``lines`` say; from here it is a gift like any other and waits for confirmation.

    ``rest`` is what is still to come: it stays promised, from the same day and on the same terms, as a pledge of its own.
    Where nothing more is to come ``rest_lapses`` says why (慈善法 §41).
    """
    require(by, "donations.change_donation", donation)
    donation = lock(donation, version=version)
    if donation.state != DonationState.PLEDGED:
        raise Refused(NOT_PLEDGED.format(state=donation.get_state_display()))
    donation = move(
        donation,
        DonationState.SUBMITTED,
        by=by,
        reason=f"认捐到账，其余不再到账：{rest_lapses}" if rest_lapses else "认捐到账",
        received_on=received_on,
        submitted_at=now(),
        submitted_by=by,
    )
    if lines:
        donation.lines.all().delete()
        _write_lines(donation, lines, by=by)
    if rest:
        _keep_promised(donation, rest, by=by)
    return donation


@constraints_by_database()
def _keep_promised(donation, lines, *, by) -> None:
    pledge = Donation(
        code=next_code("JZ", donation.pledged_on.year),
        state=DonationState.PLEDGED,
        submitted_at=now(),
        submitted_by=by,
        **{name: getattr(donation, name) for name in _TERMS},
    )
    create(pledge, by=by, action="pledge")
    pledge.transitions.create(
        from_state="",
        to_state=DonationState.PLEDGED,
        by=by,
        at=now(),
        reason=f"{donation}只到账一部分，这是其余部分",
    )
    _write_lines(pledge, lines, by=by)


@verb
def lapse_pledge(donation, *, by, reason) -> Donation:
    """A pledge will not come: called off with a reason (慈善法 §41 names the grounds)."""
    require(by, "donations.change_donation", donation)
    return move(donation, DonationState.LAPSED, by=by, reason=reason_given(reason))


@constraints_by_database()
def _log(*, by, donor, lines, organization, state, year, route, **fields) -> Donation:
    if by and by.organization_id:
        organization = by.organization
        _own_choices(by, donor=donor, route=route, **fields)
    if not lines:
        raise Refused(LINES_NEEDED)
    if isinstance(donor, dict):
        donor = register_donor(by=by, **donor)
    donation = Donation(
        donor=donor,
        organization=organization,
        route=route,
        state=state,
        receipt_status=fields.pop("receipt_status", "") or _receipt_status(donor, route),
        submitted_at=now(),
        submitted_by=by,
        **fields,
    )
    donation.division = _where_it_counts(donation)
    create(
        donation,
        by=by,
        action="pledge" if state == DonationState.PLEDGED else "submit",
        number=partial(next_code, "JZ", year),
    )
    if state == DonationState.PLEDGED:
        donation.transitions.create(from_state="", to_state=state, by=by, at=now())
    _write_lines(donation, lines, by=by)
    return donation


@constraints_by_database()
def _write_lines(donation, lines, *, by) -> None:
    rows = []
    for number, line in enumerate(lines, start=1):
        basis = line.valuation_basis if line.kind == LineKind.GOODS else ""
        row = DonationLine(
            donation=donation,
            kind=line.kind,
            value=None if basis == ValuationBasis.UNVALUED else line.value,
            item=line.item,
            category=line.category,
            quantity=line.quantity,
            unit=line.unit,
            valuation_basis=basis,
            expires_on=line.expires_on,
        )
        check(row)
        record("line", donation, by=by, after={"line": str(number), "value": str(row.value or "")})
        rows.append(row)
    DonationLine.objects.bulk_create(rows)


def _own_choices(by, *, donor=None, route=None, household=None, **fields) -> None:
    """An organisation chooses among its own givers and households, and the routes that are open to it."""
    own = isinstance(donor, Donor) and donor.organization_id == by.organization_id
    if isinstance(donor, Donor) and not own and not Donor.objects.visible_to(by).filter(pk=donor.pk).exists():
        raise Refused({"donor": DONOR_NOT_YOURS})
    if route and route not in PORTAL_ROUTES:
        raise Refused({"route": ROUTE_NOT_YOURS})
    if household and not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise Refused({"household": HOUSEHOLD_NOT_YOURS})


def _receipt_status(donor, route) -> str:
    if donor.kind == DonorKind.ANONYMOUS:
        return ReceiptStatus.ANONYMOUS
    if route == Route.DIRECT_TO_HOUSEHOLD:
        return ReceiptStatus.NOT_APPLICABLE
    return ReceiptStatus.PENDING


def _where_it_counts(donation) -> Division:
    """The division of a gift: of the household or community it is meant for, else of the organisation, else the district."""
    if donation.restriction == Restriction.HOUSEHOLD and donation.household:
        return donation.household.community
    if donation.restriction == Restriction.COMMUNITY and donation.community:
        return donation.community
    if donation.organization:
        return donation.organization.division
    return Division.objects.get(code=settings.HOME_DIVISION)
