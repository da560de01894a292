"""Writes on official receipts: what was issued, voided, issued again in the finance department's system (财综〔2024〕1号)."""

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import DonationState, ReceiptStatus
from ..models import Donation, Receipt

ONLY_RECEIVED = "收到并确认之后才能开具票据（财综〔2024〕1号）。"
VOID_FIRST = "这笔捐赠有一张没有作废的票据，请先登记它的作废。"
NONE_IN_FORCE = "这笔捐赠没有可以作废的票据。"


@verb
def note_issued(donation, *, by, number, code="", issued_on=None) -> Receipt:
    """Note a receipt with its code and number as text. One is in force at a time."""
    require(by, "donations.confirm_donation", donation)
    donation = lock(donation)
    if donation.state != DonationState.CONFIRMED:
        raise Refused(ONLY_RECEIVED)
    receipt = create(
        Receipt(donation=donation, code=code, number=number, issued_on=issued_on or today()), by=by
    )
    receipt.donation = _tell(donation, ReceiptStatus.ISSUED, code=code, number=number, by=by)
    return receipt


@verb
def note_voided(donation, *, by, reason, voided_on=None) -> Receipt:
    """Note that the receipt in force was voided there; another is then due."""
    require(by, "donations.confirm_donation", donation)
    donation = lock(donation)
    receipt = donation.receipts.in_force().first()
    if receipt is None:
        raise Refused(NONE_IN_FORCE)
    receipt = change(
        receipt,
        by=by,
        action="void",
        reason=reason_given(reason),
        voided_on=voided_on or today(),
        void_reason=reason,
    )
    _tell(donation, ReceiptStatus.PENDING, by=by)
    return receipt


@verb
def note_receipt(donation, *, by, status, code="", number="") -> Donation:
    """Note what became of the receipt: issued with its number, or why there is none (waived, anonymous, not applicable, still
    to come); never blank (慈善法 §38). One that is in force is voided first."""
    require(by, "donations.confirm_donation", donation)
    if status == ReceiptStatus.ISSUED:
        return note_issued(donation, by=by, code=code, number=number).donation
    donation = lock(donation)
    if donation.receipts.in_force().exists():
        raise Refused({"status": VOID_FIRST})
    return _tell(donation, status, by=by)


def _tell(donation, status, *, by, code="", number="") -> Donation:
    return change(
        donation,
        by=by,
        action="note_receipt",
        receipt_status=status,
        receipt_code=code,
        receipt_number=number,
    )
