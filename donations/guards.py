"""What is confirmed is immutable, whoever asks: admin, shell or raw SQL."""

from jinchuan.shared.guards import Guard

# What a confirmed donation may still change: its state (to voided, with who and when) and the official receipt.
_FIXED_COLUMNS = (
    "code",
    "donor_id",
    "organization_id",
    "division_id",
    "route",
    "exception_reason",
    "restriction",
    "household_id",
    "category",
    "program_id",
    "community_id",
    "declares_no_interest",
    "received_on",
    "submitted_at",
    "submitted_by_id",
    "confirmed_at",
    "confirmed_by_id",
)

GUARDS = [
    Guard(
        name="donation_line_fixed",
        table="donations_donationline",
        message="已确认的捐赠明细不能改动",
        when="OLD.fixed_at IS NOT NULL",
    ),
    Guard(
        name="donation_confirmed_fixed",
        table="donations_donation",
        message="已确认的捐赠不能改动",
        when="OLD.state IN ('confirmed', 'voided')",
        except_update=" AND ".join(
            [
                "NEW.state IN ('confirmed', 'voided')",
                "(OLD.state = 'confirmed' OR NEW.state = 'voided')",
                "(OLD.state = 'confirmed' OR NEW.voided_at IS NOT DISTINCT FROM OLD.voided_at)",
                "(OLD.state = 'confirmed' OR NEW.voided_by_id IS NOT DISTINCT FROM OLD.voided_by_id)",
                # Wiping the note of a household long gone (cases.services.retention) is the one door.
                "(NEW.note IS NOT DISTINCT FROM OLD.note OR NEW.note = '')",
                *(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in _FIXED_COLUMNS),
            ]
        ),
    ),
]
