"""How a cell of ours names a household or a need."""

from jinchuan.shared.errors import Refused
from jinchuan.sheets.cells import seen_by
from jinchuan.sheets.registers import NUMBER

from ..models import CareNeed, Household

HOUSEHOLD_UNKNOWN = "没有户编号“{value}”，或不在您的工作范围内"
NEED_UNKNOWN = "没有需求编号“{value}”，或不在您的工作范围内"
NOT_YOUR_HOUSEHOLD = "不在本组织结对名单"


def find_household(typed, by, memory):
    """A household by its code, among those the person may see. An organisation is told no more than “not yours”."""
    found = list(seen_by(Household, by).filter(code=typed.upper()))
    if not found and by is not None and by.organization_id:
        raise Refused(NOT_YOUR_HOUSEHOLD)
    return found


def find_need(typed, by, memory):
    return seen_by(CareNeed, by).filter(code=typed.upper())


def given(cleaned, but=()) -> dict:
    """What was filled in. An empty cell leaves an existing value as it is."""
    return {n: v for n, v in cleaned.items() if n not in (NUMBER, *but) and v not in (None, "")}
