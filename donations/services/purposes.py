"""What a gift may be used for: as the donor asked, or as the donor agreed to later."""

from dataclasses import dataclass

from cases.models import Hardship, Household
from jinchuan.audit.services import create, lock, move, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.models import Division, Program

from ..enums import DecisionState, DonationState, FundKind, Restriction, TargetKind
from ..models import Donation, PurposeChange

ONLY_CONFIRMED = "只有已确认的捐赠才能变更用途。"
FOR_HOUSEHOLD = "捐赠人指定给关爱户 {household}，不能分配给别的对象；要改变用途，请先登记捐赠人的同意。"
FOR_CATEGORY = "捐赠人指定用于“{category}”，这一户没有这一类困难对象；要改变用途，请先登记捐赠人的同意。"
FOR_PROGRAM = "捐赠人指定用于“{program}”，请分配给这个项目；要改变用途，请先登记捐赠人的同意。"
FOR_COMMUNITY = "捐赠人指定用于{community}，请选择那里的关爱户或公益金；要改变用途，请先登记捐赠人的同意。"


@dataclass(frozen=True)
class Purpose:
    """The use a gift is bound to today."""

    restriction: Restriction
    household: Household | None = None
    category: str = ""
    program: Program | None = None
    community: Division | None = None


def purpose_of(donation) -> Purpose:
    """The last use the donor agreed to, else what was asked for at the gift. A household that was merged is the one it was
    merged into."""
    last = donation.purpose_changes.approved().order_by("decided_at", "pk").last() or donation
    household = last.household and (last.household.merged_into or last.household)
    return Purpose(Restriction(last.restriction), household, last.category, last.program, last.community)


def obey(purpose, *, target, household=None, fund=None, program=None) -> None:
    """Refuse an allocation that leaves the purpose (慈善法 §56). A restricted gift may pass through a fund only where the
    fund belongs to the community it was meant for."""
    match purpose.restriction:
        case Restriction.HOUSEHOLD if household != purpose.household:
            raise Refused({"household": FOR_HOUSEHOLD.format(household=purpose.household)})
        case Restriction.CATEGORY if not (household and _has(household, purpose.category)):
            raise Refused({"household": FOR_CATEGORY.format(category=_category_label(purpose.category))})
        case Restriction.PROGRAM if program != purpose.program:
            raise Refused({"program": FOR_PROGRAM.format(program=purpose.program)})
        case Restriction.COMMUNITY if not _within(purpose.community, household, fund):
            field = "fund" if target == TargetKind.FUND else "household"
            raise Refused({field: FOR_COMMUNITY.format(community=purpose.community)})


@verb
def propose_purpose_change(
    donation, *, by, consented_on, consent_evidence, reason, **purpose
) -> PurposeChange:
    """Ask for another use of a confirmed gift, with the donor's consent as evidence."""
    require(by, "donations.add_purposechange", donation)
    donation = lock(donation)
    if donation.state != DonationState.CONFIRMED:
        raise Refused(ONLY_CONFIRMED)
    return create(
        PurposeChange(
            donation=donation,
            consented_on=consented_on,
            consent_evidence=consent_evidence,
            reason=reason,
            proposed_at=now(),
            proposed_by=by,
            **purpose,
        ),
        by=by,
        action="propose",
    )


@verb
def decide_purpose_change(change, *, by, approve, reason="") -> PurposeChange:
    """Let the change take effect, or not. What is allocated already stays allocated."""
    require(by, "donations.decide_correction", change)
    Donation.objects.select_for_update(of=("self",)).get(pk=change.donation_id)
    to = DecisionState.APPROVED if approve else DecisionState.REFUSED
    return move(change, to, by=by, reason=reason, decided_at=now(), decided_by=by)


def _has(household, category) -> bool:
    return Hardship.objects.in_force().filter(member__household=household, category=category).exists()


def _within(community, household, fund) -> bool:
    if fund is not None:
        return fund.kind == FundKind.COMMUNITY and fund.division_id == community.pk
    return household is not None and household.community_id == community.pk


def _category_label(category) -> str:
    return dict(Hardship._meta.get_field("category").flatchoices).get(category, category)
