"""The sheet for a supervising unit: nothing is written but the line in the log that somebody printed it."""

from jinchuan.audit.services import record, verb
from jinchuan.shared.access import require
from jinchuan.shared.errors import Refused

from .. import participation

UNTIL_BEFORE_SINCE = "截止日期不能早于开始日期。"


@verb
def print_sheet(unit, *, by, since, until) -> dict:
    """The facts of a unit's sheet; the log keeps who printed it. Refuses days in the wrong order."""
    require(by, "organizations.view_supervisingunit", unit)
    require(by, "organizations.view_mobilizationinvitation")
    if until < since:
        raise Refused({"until": UNTIL_BEFORE_SINCE})
    record("print", unit, by=by, after={"since": since.isoformat(), "until": until.isoformat()})
    return participation.sheet(unit, since=since, until=until)
