"""An issued certificate never changes, nor does its file, whoever asks: admin, shell or raw SQL."""

from dataclasses import dataclass

from jinchuan.shared.guards import Guard, same

# What an issued certificate may still change: its state (to revoked or replaced, with who and when), and the row of its
# volunteer, when somebody was registered twice: the words on it are sealed.
_FIXED_COLUMNS = (
    "id",
    "code",
    "issuer_id",
    "batch_id",
    "supersedes_id",
    "replacement_reason",
    "period_from",
    "period_to",
    "applied_at",
    "applied_by_id",
    "notice_days",
    "noticed_at",
    "noticed_by_id",
    "notice_until",
    "waiver_reason",
    "waiver_rule",
    "declined_at",
    "declined_by_id",
    "issued_at",
    "issued_by_id",
    "issued_on",
    "year",
    "number",
    "minutes",
    "content_seal",
    "code_hash",
)
_CLOSING_COLUMNS = ("revoked_at", "revoked_by_id", "replaced_at", "replaced_by_id")


@dataclass(frozen=True)
class RekeyableGuard(Guard):
    """A guard whose SQL speaks of the key of a sealed column, which is what stands before its first colon."""

    def _postgresql(self):
        return [statement.replace("instr(", "strpos(") for statement in super()._postgresql()]


def _key(row) -> str:
    return f"substr({row}.content, 1, instr({row}.content, ':'))"


GUARDS = [
    RekeyableGuard(
        name="certificate_issued_fixed",
        table="volunteers_certificate",
        message="已开具的证明不能改动",
        when="OLD.state IN ('issued', 'revoked', 'replaced')",
        except_update=" AND ".join(
            [
                "NEW.state IN ('issued', 'revoked', 'replaced')",
                "(OLD.state = 'issued' OR NEW.state = OLD.state)",
                f"(OLD.state = 'issued' OR {same(_CLOSING_COLUMNS)})",
                # Rotation of the keys is the one door: the same words under another key. Whether they are the same is
                # told by their seal, which is fixed, and asked whenever they are read.
                f"(NEW.content = OLD.content OR {_key('NEW')} <> {_key('OLD')})",
                same(_FIXED_COLUMNS),
            ]
        ),
    ),
    Guard(
        name="certificate_paper_fixed",
        table="volunteers_certificatepaper",
        message="已打印的证明文件不能改动",
        when="OLD.sha256 <> ''",
    ),
]
