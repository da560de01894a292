"""What must always hold of gifts: what is confirmed is fixed, and counts where it was meant to."""

from django.conf import settings
from django.db.models import Count, Q

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.audit.models import AuditEvent
from jinchuan.intake.consistency import codes_within_sequences
from jinchuan.shared.naming import NAME_PARTS_WRONG, wrong_parts
from organizations.models import Division

from .book_consistency import BOOK_CHECKS
from .enums import DonationState, Restriction
from .models import Donation, DonationTally, Donor

_FIXED_STATES = (DonationState.CONFIRMED, DonationState.VOIDED)


def states():
    yield from state_follows_transitions(Donation)


def running_numbers():
    yield from codes_within_sequences(Donation)


def lines_are_fixed_with_confirmation():
    counted = Donation.objects.annotate(
        line_count=Count("lines"), fixed_count=Count("lines", filter=Q(lines__fixed_at__isnull=False))
    )
    for donation in counted.order_by("pk"):
        if donation.line_count == 0:
            yield f"捐赠 {donation} 没有明细。"
        elif donation.state in _FIXED_STATES and donation.fixed_count < donation.line_count:
            yield f"捐赠 {donation} 已确认，却有明细没有定值。"
        elif donation.state not in _FIXED_STATES and donation.fixed_count:
            yield f"捐赠 {donation} 还没有确认，却有明细已经定值。"


def divisions_match_their_meaning():
    """A gift counts where it was meant to go. A household or organisation that has moved since is no fault."""
    home = Division.objects.filter(code=settings.HOME_DIVISION).values_list("pk", flat=True).first()
    donations = Donation.objects.select_related("household", "organization").order_by("pk")
    for donation in donations.defer("household__address", "household__phone", "household__summary"):
        if donation.restriction == Restriction.HOUSEHOLD:
            meant, place = donation.household.community_id, donation.household
        elif donation.restriction == Restriction.COMMUNITY:
            meant, place = donation.community_id, None
        elif donation.organization:
            meant, place = donation.organization.division_id, donation.organization
        else:
            meant, place = home, None
        if donation.division_id != meant and not (place and _has_moved(place)):
            yield f"捐赠 {donation} 的归属区划与它的用途或登记组织不一致。"


def givers_can_be_found():
    """The parts kept of each name are those one may search for."""
    for donor in wrong_parts(Donor.objects.all()):
        yield NAME_PARTS_WRONG.format(row=donor)


def gifts_are_told():
    yield from DonationTally.wrong()


def _has_moved(row) -> bool:
    moved = Q(after__has_key="community") | Q(after__has_key="division")
    return AuditEvent.objects.of(row).filter(moved, action="change").exists()


CHECKS = [
    states,
    running_numbers,
    lines_are_fixed_with_confirmation,
    divisions_match_their_meaning,
    givers_can_be_found,
    gifts_are_told,
    *BOOK_CHECKS,
]
