"""Writes on care plans (一户一策): one for a household and a year, put right and reviewed on the same row."""

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.errors import Refused

from ..enums import HouseholdState
from ..models import CarePlan

HOUSEHOLD_EXITED = "这一户已退出，不能再制定帮扶计划。"


@verb
def draw_plan(*, by, household, **fields) -> CarePlan:
    """Draw up the plan of a household for a year. Refuses a household that has left, and a second plan of the year."""
    require(by, "cases.add_careplan", household)
    household = lock(household)
    if household.state == HouseholdState.EXITED:
        raise Refused({"household": HOUSEHOLD_EXITED})
    return create(CarePlan(household=household, **fields), by=by)


@verb
def update_plan(plan, *, by, version=None, **fields) -> CarePlan:
    """Put a plan right, or note its review. Its household and year stay as they are."""
    require(by, "cases.change_careplan", plan)
    return change(plan, by=by, version=version, **fields)
