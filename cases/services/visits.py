"""Writes on visits, contacts and settled matters: log, confirm, return, correct, void. Only what is confirmed counts."""

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import VisitState
from ..models import Household, Matter, Pairing, Visit, VisitHousehold

HOUSEHOLDS_NEEDED = "请选择走访了哪一户。"
NOT_YOURS = "只能登记与本组织结对的关爱户。"
NOT_PAIRED_THEN = "{day}这一天，{household} 与本组织没有结对，请核对日期。"
CONFIRM_OWN = "登记人不能确认自己的记录，请由另一位工作人员确认。"


@verb
def log_visit(*, by, households, visited_on, **fields) -> Visit:
    """Log one visit or contact to one household or several; it waits for confirmation.

    An organisation logs for the households it is paired with: for each the pairing open on that day is fixed with the
    record. Refuses a day outside the pairing; staff may log any household of their division.
    """
    require(by, "cases.add_visit")
    if not households:
        raise Refused({"households": HOUSEHOLDS_NEEDED})
    visit = create(
        Visit(
            code=next_code("ZF", visited_on.year),
            organization=by.organization if by else None,
            visited_on=visited_on,
            submitted_at=now(),
            submitted_by=by,
            **fields,
        ),
        by=by,
        action="submit",
    )
    _write_households(visit, households, by=by)
    return visit


@verb
def correct_visit(visit, *, by, households, version=None, **fields) -> Visit:
    """Send a returned visit again, put right: nothing of it has counted yet."""
    require(by, "cases.change_visit", visit)
    if not households:
        raise Refused({"households": HOUSEHOLDS_NEEDED})
    visit = move(
        lock(visit),
        VisitState.SUBMITTED,
        by=by,
        reason="按退回意见修改后重新提交",
        submitted_at=now(),
        submitted_by=by,
    )
    visit = change(visit, by=by, action="correct", **fields)
    visit.visited.all().delete()
    _write_households(visit, households, by=by)
    return visit


@verb
def confirm_visit(visit, *, by) -> Visit:
    """Confirm a visit; from here on it counts. Not by the person who logged it."""
    require(by, "cases.confirm_visit", visit)
    return _confirm(visit, by=by)


@verb
def return_visit(visit, *, by, reason) -> Visit:
    require(by, "cases.confirm_visit", visit)
    return move(visit, VisitState.RETURNED, by=by, reason=reason_given(reason))


@verb
def void_visit(visit, *, by, reason) -> Visit:
    """Take a confirmed visit out of every figure; the row stays."""
    require(by, "cases.confirm_visit", visit)
    return move(visit, VisitState.VOIDED, by=by, reason=reason_given(reason))


@verb
def log_matter(*, by, household, settled_on, **fields) -> Matter:
    """Log something settled for a household, on a visit or without one; it waits for confirmation."""
    require(by, "cases.add_matter")
    organization = by.organization if by else None
    if organization:
        _pairing_on(organization, household, settled_on)
    return create(
        Matter(
            code=next_code("SX", settled_on.year),
            household=household,
            organization=organization,
            settled_on=settled_on,
            submitted_at=now(),
            submitted_by=by,
            **fields,
        ),
        by=by,
        action="submit",
    )


@verb
def correct_matter(matter, *, by, version=None, **fields) -> Matter:
    require(by, "cases.change_matter", matter)
    matter = move(
        lock(matter),
        VisitState.SUBMITTED,
        by=by,
        reason="按退回意见修改后重新提交",
        submitted_at=now(),
        submitted_by=by,
    )
    return change(matter, by=by, action="correct", **fields)


@verb
def confirm_matter(matter, *, by) -> Matter:
    require(by, "cases.confirm_matter", matter)
    return _confirm(matter, by=by)


@verb
def return_matter(matter, *, by, reason) -> Matter:
    require(by, "cases.confirm_matter", matter)
    return move(matter, VisitState.RETURNED, by=by, reason=reason_given(reason))


@verb
def void_matter(matter, *, by, reason) -> Matter:
    require(by, "cases.confirm_matter", matter)
    return move(matter, VisitState.VOIDED, by=by, reason=reason_given(reason))


def _confirm(row, *, by):
    if by and row.submitted_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    return move(row, VisitState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)


def _write_households(visit, households, *, by) -> None:
    for household in households:
        pairing = None
        if visit.organization_id:
            pairing = _pairing_on(visit.organization, household, visit.visited_on)
        elif by and not Household.objects.visible_to(by).filter(pk=household.pk).exists():
            raise Refused({"households": NOT_YOURS})
        row = VisitHousehold(visit=visit, household=household, pairing=pairing)
        row.full_clean()
        row.save(force_insert=True)
    record(
        "visited", visit, by=by, after={"households": "、".join(str(household) for household in households)}
    )


def _pairing_on(organization, household, day) -> Pairing:
    """The pairing of the two that was open on the day: [started_on, ended_on)."""
    pairings = Pairing.objects.filter(organization=organization, household=household)
    if not pairings.started().exists():
        raise Refused({"households": NOT_YOURS})
    pairing = pairings.open_on(day).first()
    if pairing is None:
        label = f"{day.month}月{day.day}日"
        raise Refused({"visited_on": NOT_PAIRED_THEN.format(day=label, household=household)})
    return pairing
