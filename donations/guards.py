"""What is confirmed is immutable and what is booked stays booked, whoever asks: admin, shell or raw SQL."""

from dataclasses import dataclass

from jinchuan.shared.guards import Guard, same
from jinchuan.shared.tallies import Tallies

from .models import DonationTally

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
    "decision_reference",
    "pledged_on",
    "expected_on",
    "received_on",
    "trace_code",
    "submitted_at",
    "submitted_by_id",
    "confirmed_at",
    "confirmed_by_id",
)
# Of a lot only what deliveries and corrections add up may change.
_LOT_COLUMNS = (
    "id",
    "code",
    "line_id",
    "origin_id",
    "kind",
    "item",
    "unit",
    "expires_on",
    "opened_on",
    "amount",
    "value",
)


@dataclass(frozen=True)
class AddsUp(Guard):
    """Keeps ``Holding.allocated``: what its allocations reserve, less what was given up. They are never removed.

    The third wall behind the conditional update and the CHECKs of what the movements say: the sum comes from the allocations
    themselves, and the CHECK ``holding_allocated_within`` judges it. What was handed on to another fund left the holding, and
    is no allocation of it any more.
    """

    @staticmethod
    def _reserved(row) -> str:
        return f"(CASE WHEN {row}.target = 'fund' AND {row}.state = 'settled' THEN 0 ELSE {row}.amount - {row}.released END)"

    def _add(self, row) -> str:
        return f"UPDATE donations_holding SET allocated = allocated + {self._reserved(row)} WHERE id = {row}.holding_id;"

    def _take(self, row) -> str:
        return self._add(row).replace("allocated +", "allocated -")

    @property
    def _moves(self) -> str:
        return f"OLD.holding_id <> NEW.holding_id OR {self._reserved('OLD')} <> {self._reserved('NEW')}"

    def _sqlite(self):
        stop = f"SELECT RAISE(ABORT, '{self.name}: {self.message}')"
        return [
            *(f"DROP TRIGGER IF EXISTS {self.name}_{event}" for event in ("update", "delete", "replace")),
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} WHEN {self._moves} "
            f"BEGIN {self._take('OLD')} {self._add('NEW')} END",
            f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} BEGIN {stop}; END",
            f"CREATE TRIGGER {self.name}_replace BEFORE INSERT ON {self.table} "
            f"BEGIN {stop} WHERE EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id); {self._add('NEW')} END",
        ]

    def _postgresql(self):
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}_count() RETURNS trigger AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN {self._take('OLD')} END IF; {self._add('NEW')} "
            f"RETURN NEW; END $$ LANGUAGE plpgsql",
            f"CREATE OR REPLACE FUNCTION {self.name}_keep() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{self.name}: {self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END $$ LANGUAGE plpgsql",
            *(
                f"DROP TRIGGER IF EXISTS {self.name}_{event} ON {self.table}"
                for event in ("update", "delete", "replace")
            ),
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} FOR EACH ROW "
            f"WHEN ({self._moves}) EXECUTE FUNCTION {self.name}_count()",
            f"CREATE TRIGGER {self.name}_replace BEFORE INSERT ON {self.table} FOR EACH ROW "
            f"EXECUTE FUNCTION {self.name}_count()",
            f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} FOR EACH ROW "
            f"EXECUTE FUNCTION {self.name}_keep()",
        ]


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
                f"(OLD.state = 'confirmed' OR {same(['voided_at', 'voided_by_id'])})",
                # Wiping the note of a household long gone (cases.services.retention) is the one door.
                "(NEW.note IS NOT DISTINCT FROM OLD.note OR NEW.note = '')",
                same(_FIXED_COLUMNS),
            ]
        ),
    ),
    Guard(name="movement_append_only", table="donations_movement", message="款物变动只能追加，不能改动"),
    Guard(
        name="lot_fixed",
        table="donations_lot",
        message="款物批次不能改动",
        except_update=same(_LOT_COLUMNS),
    ),
    Guard(
        name="holding_kept",
        table="donations_holding",
        message="款物结存不能删除，也不能换批次",
        except_update=same(("id", "lot_id", "fund_id", "place_id")),
    ),
    AddsUp(name="allocation_adds_up", table="donations_allocation", message="分配不能删除"),
    Tallies.of(DonationTally),
]
