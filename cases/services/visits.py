"""Writes on visits, contacts and settled matters: log, confirm, return, correct, void. Only what is confirmed counts.

What was settled on a visit goes the visit's way: confirmed, returned and voided together with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from jinchuan.audit.services import change, check, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..enums import ObligationKind, VisitState, WindowKind
from ..models import CareNeed, Household, Matter, Pairing, ServiceStandard, Visit, VisitHousehold
from ..models.visits import VOID_OWN
from .needs import answer_need, note_need, unanswer_need

HOUSEHOLDS_NEEDED = "请选择走访了哪一户。"
NOT_YOURS = "只能登记与本组织结对的关爱户。"
NOT_VISITED = "办理事项和新需求要属于这次走访的关爱户，请重新选择。"
NEED_OF_ANOTHER = "所选需求不是这一户的，请重新选择。"
PAIRED_FROM = "{household} 的结对从 {day} 开始，请核对日期。"
PAIRED_UNTIL = "{household} 的结对已在 {day} 结束，请核对日期。"
CONFIRM_OWN = "登记人不能确认自己的记录，请由另一位工作人员确认。"
WITH_ITS_VISIT = "这件事随走访 {visit} 一起办理，请打开走访记录确认或退回。"
NOTHING_PLANNED_DAYS = 30

_DAYS = {WindowKind.YEAR: 365, WindowKind.HALF_YEAR: 182, WindowKind.QUARTER: 91}


@dataclass(frozen=True)
class Settled:
    """Something settled on a visit for one of its households; ``code`` names the returned matter it puts right."""

    kind: str
    description: str
    household: Household
    need: CareNeed | None = None
    code: str = ""


@dataclass(frozen=True)
class Raised:
    """A need that a visit found, in the visitor's words."""

    need: str
    description: str
    household: Household


def next_visit_on(day: date) -> date:
    """When to go again after that day, at the pace of the standard in force; a month later where there is none."""
    standard = ServiceStandard.objects.in_force(day).first()
    rules = standard.rules.all() if standard else ()
    paces = [
        _DAYS[rule.window] // rule.times
        for rule in rules
        if rule.kind in (ObligationKind.CONTACT, ObligationKind.HOME_VISIT) and rule.window in _DAYS
    ]
    return day + timedelta(days=min(paces, default=NOTHING_PLANNED_DAYS))


def day_outside_pairing(organization, household, day) -> str:
    """Why a visit on the day belongs to no pairing of the two, as a sentence; empty where it belongs to one."""
    spells = Pairing.objects.started().filter(organization=organization, household=household)
    if spells.open_on(day).exists():
        return ""
    first = spells.order_by("started_on", "pk").first()
    if first is None:
        return NOT_YOURS
    ended = spells.filter(ended_on__lte=day).order_by("-ended_on").first()
    if ended is None:
        return PAIRED_FROM.format(household=household, day=zh(first.started_on))
    return PAIRED_UNTIL.format(household=household, day=zh(ended.ended_on))


@verb
def log_visit(*, by, households, visited_on, organization=None, matters=(), raised=(), **fields) -> Visit:
    """Log one visit or contact to one household or several, with what was settled (``Settled``) and found (``Raised``)
    there; it waits for confirmation.

    An organisation logs for the households it is paired with: for each the pairing open on that day is fixed with the
    record. Refuses a day outside the pairing; staff may log any household of their division, also what an
    ``organization`` handed in on paper.
    """
    require(by, "cases.add_visit")
    if not households:
        raise Refused({"households": HOUSEHOLDS_NEEDED})
    visit = create(
        Visit(
            code=next_code("ZF", visited_on.year),
            organization=_made_by(organization, by),
            visited_on=visited_on,
            submitted_at=now(),
            submitted_by=by,
            **fields,
        ),
        by=by,
        action="submit",
    )
    _write_households(visit, households, by=by)
    _write_matters(visit, households, matters, by=by)
    _write_needs(visit, households, raised, by=by)
    return visit


@verb
def correct_visit(visit, *, by, households, matters=(), raised=(), version=None, **fields) -> Visit:
    """Send a returned visit again, put right: nothing of it has counted yet.

    A matter that is not among ``matters`` any more stays returned, and so never counts. Needs found by the visit are
    the bureau's from the moment they were noted; only new ones are added.
    """
    require(by, "cases.change_visit", visit)
    if not households:
        raise Refused({"households": HOUSEHOLDS_NEEDED})
    visit = move(
        lock(visit, version=version),
        VisitState.SUBMITTED,
        by=by,
        reason="按退回意见修改后重新提交",
        submitted_at=now(),
        submitted_by=by,
    )
    visit = change(visit, by=by, action="correct", **fields)
    visit.visited.all().delete()
    _write_households(visit, households, by=by)
    _write_matters(visit, households, matters, by=by)
    _write_needs(visit, households, raised, by=by)
    return visit


@verb
def confirm_visit(visit, *, by) -> Visit:
    """Confirm a visit with what was settled on it; from here on it counts. Not by the person who logged it."""
    require(by, "cases.confirm_visit", visit)
    visit = _confirm(visit, by=by)
    for matter in visit.matters.waiting().order_by("pk"):
        _settle(matter, by=by)
    return visit


@verb
def return_visit(visit, *, by, reason) -> Visit:
    """Send a visit back to be put right, and what was settled on it."""
    require(by, "cases.confirm_visit", visit)
    reason = reason_given(reason)
    visit = move(visit, VisitState.RETURNED, by=by, reason=reason)
    for matter in visit.matters.waiting().order_by("pk"):
        move(matter, VisitState.RETURNED, by=by, reason=reason)
    return visit


@verb
def void_visit(visit, *, by, reason) -> Visit:
    """Take a confirmed visit, and what was settled on it, out of every figure; the rows stay. By somebody other than who
    confirmed them."""
    require(by, "cases.void_visit", visit)
    reason = reason_given(reason)
    _hold_households(visit.matters.all())
    visit = _void(visit, by=by, reason=reason)
    for matter in visit.matters.order_by("pk"):
        if matter.state == VisitState.CONFIRMED:
            _void_matter(matter, by=by, reason=reason)
        elif matter.state == VisitState.SUBMITTED:
            move(matter, VisitState.RETURNED, by=by, reason=reason)
    return visit


@verb
def log_matter(*, by, household, settled_on, organization=None, need=None, **fields) -> Matter:
    """Log something settled for a household, on a visit or without one; it waits for confirmation.

    With ``need`` the confirmed matter answers it. Refuses a need of another household, or one the person may not see.
    """
    require(by, "cases.add_matter")
    organization = _made_by(organization, by)
    _refuse_hidden(household, "household", by)
    if organization:
        _pairing_on(organization, household, settled_on)
    _need_fits(need, household, by=by)
    return create(
        Matter(
            code=next_code("SX", settled_on.year),
            household=household,
            organization=organization,
            settled_on=settled_on,
            need=need,
            submitted_at=now(),
            submitted_by=by,
            **fields,
        ),
        by=by,
        action="submit",
    )


@verb
def correct_matter(matter, *, by, version=None, **fields) -> Matter:
    """Send a returned matter again, put right."""
    require(by, "cases.change_matter", matter)
    matter = lock(matter, version=version)
    household, settled_on = (fields.get(name, getattr(matter, name)) for name in ("household", "settled_on"))
    if matter.organization_id:
        _pairing_on(matter.organization, household, settled_on)
    _need_fits(fields.get("need", matter.need), household, by=by)
    matter = move(
        matter,
        VisitState.SUBMITTED,
        by=by,
        reason="按退回意见修改后重新提交",
        submitted_at=now(),
        submitted_by=by,
    )
    return change(matter, by=by, action="correct", **fields)


@verb
def confirm_matter(matter, *, by) -> Matter:
    """Confirm a matter that no waiting visit carries along; the need it was for is answered by it."""
    require(by, "cases.confirm_matter", matter)
    _stands_alone(matter)
    return _settle(matter, by=by)


@verb
def return_matter(matter, *, by, reason) -> Matter:
    require(by, "cases.confirm_matter", matter)
    _stands_alone(matter)
    return move(matter, VisitState.RETURNED, by=by, reason=reason_given(reason))


@verb
def void_matter(matter, *, by, reason) -> Matter:
    """Take a confirmed matter out of every figure; a need that it answered is open again. By somebody other than who
    confirmed it."""
    require(by, "cases.void_matter", matter)
    _hold_households(Matter.objects.filter(pk=matter.pk))
    return _void_matter(matter, by=by, reason=reason_given(reason))


def _made_by(named, by):
    """People of an organisation log what their own has done; staff may name the one that reported it."""
    return by.organization if by and by.organization_id else named


def _refuse_hidden(household, name, by) -> None:
    """Staff log for the households they may see; those of an organisation are judged by its pairings."""
    if by is None or by.organization_id:
        return
    if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise Refused({name: NOT_YOURS})


def _confirm(row, *, by):
    if by and row.submitted_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    return move(row, VisitState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)


def _settle(matter, *, by) -> Matter:
    matter = _confirm(matter, by=by)
    if matter.need_id:
        answer_need(
            matter.need, by=by, met_by=matter.code, organization=matter.organization, on=matter.settled_on
        )
    return matter


def _void(row, *, by, reason):
    if by and row.confirmed_by_id == by.pk:
        raise Refused(VOID_OWN)
    return move(row, VisitState.VOIDED, by=by, reason=reason, voided_at=now(), voided_by=by)


def _hold_households(matters) -> None:
    """A need that becomes unanswered must not open behind the back of a household that is just leaving."""
    ids = (
        matters.filter(need__isnull=False)
        .order_by("household")
        .values_list("household", flat=True)
        .distinct()
    )
    for household in Household.objects.filter(pk__in=list(ids)).order_by("pk"):
        lock(household)


def _void_matter(matter, *, by, reason) -> Matter:
    matter = _void(matter, by=by, reason=reason)
    if matter.need_id:
        unanswer_need(matter.need, by=by, met_by=matter.code, reason=reason)
    return matter


def _stands_alone(matter) -> None:
    if matter.visit_id and matter.visit.state in (VisitState.SUBMITTED, VisitState.RETURNED):
        raise Refused(WITH_ITS_VISIT.format(visit=matter.visit))


def _need_fits(need, household, *, by) -> None:
    if need is None:
        return
    known = CareNeed.objects.visible_to(by) if by else CareNeed.objects.all()
    if need.household_id != household.pk or not known.filter(pk=need.pk).exists():
        raise Refused({"need": NEED_OF_ANOTHER})


def _write_households(visit, households, *, by) -> None:
    for household in households:
        pairing = None
        _refuse_hidden(household, "households", by)
        if visit.organization_id:
            pairing = _pairing_on(visit.organization, household, visit.visited_on)
        row = VisitHousehold(visit=visit, household=household, pairing=pairing)
        check(row)
        row.save(force_insert=True)
    record(
        "visited", visit, by=by, after={"households": "、".join(str(household) for household in households)}
    )


def _write_matters(visit, households, matters, *, by) -> None:
    earlier = {matter.code: matter for matter in visit.matters.returned()} if matters else {}
    for settled in matters:
        if settled.household not in households:
            raise Refused(NOT_VISITED)
        facts = {
            "kind": settled.kind,
            "description": settled.description,
            "household": settled.household,
            "need": settled.need,
            "settled_on": visit.visited_on,
        }
        if settled.code in earlier:
            correct_matter(earlier.pop(settled.code), by=by, **facts)
        else:
            log_matter(by=by, visit=visit, organization=visit.organization, **facts)


def _write_needs(visit, households, raised, *, by) -> None:
    for found in raised:
        if found.household not in households:
            raise Refused(NOT_VISITED)
        note_need(visit, by=by, household=found.household, need=found.need, description=found.description)


def _pairing_on(organization, household, day) -> Pairing:
    """The pairing of the two that was open on the day: [started_on, ended_on)."""
    spells = Pairing.objects.started().filter(organization=organization, household=household)
    pairing = spells.open_on(day).order_by("-started_on", "-pk").first()
    if pairing is None:
        sentence = day_outside_pairing(organization, household, day)
        raise Refused({"households" if sentence == NOT_YOURS else "visited_on": sentence})
    return pairing
