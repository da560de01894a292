"""Who was de-identified stays so, whoever asks: admin, shell or raw SQL. And the tally of households is kept."""

from jinchuan.shared.guards import Guard
from jinchuan.shared.tallies import Tallies

from .models import HouseholdTally
from .retaining import NAMELESS

GUARDS = [
    Guard(
        name="household_nameless_fixed",
        table="cases_household",
        message="已去标识的户不能改动",
        when="OLD.deidentified_at IS NOT NULL",
    ),
    Guard(
        name="member_nameless_fixed",
        table="cases_member",
        message="已去标识的成员不能改动",
        when=f"OLD.name = '{NAMELESS}' AND OLD.no_id_reason = '{NAMELESS}'",
    ),
    Tallies.of(HouseholdTally),
]
