"""One masked value in clear, for a reason, written down before it is shown."""

from jinchuan.shared.access import require
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.model import EncryptedTextField

from .services import record, verb

REASON_NEEDED = "请写明查看的原因。"


@verb
def reveal(row, field, *, by, reason) -> str:
    """The clear text of one encrypted field of one row.

    Refuses without a reason, and whoever may not reveal this kind of row or may not see this row. The event is part of
    the same transaction: no event, no value.
    """
    column = row._meta.get_field(field)
    if by is None or not isinstance(column, EncryptedTextField):
        raise ValueError(f"{row._meta.label}.{field} is not revealed to {by}")
    require(by, f"{row._meta.app_label}.reveal_{row._meta.model_name}", row)
    if not (reason or "").strip():
        raise Refused({"reason": REASON_NEEDED})
    fresh = type(row)._default_manager.get(pk=row.pk)
    record("reveal", fresh, by=by, after={"field": field}, reason=reason.strip())
    return getattr(fresh, field)
