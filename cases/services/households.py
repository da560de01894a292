"""Writes on households and their people: register, verify, consent, exit."""

from django.db.models import Q

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused

from ..enums import (
    RUNNING_PAIRING_STATES,
    ExitReason,
    HouseholdState,
    PairingEndReason,
    Relation,
    ReviewMethod,
)
from ..models import Consent, EligibilityReview, Hardship, Household, Member

OUTSIDE_DIVISION = "这个社区（村）不在您的工作范围内，请重新选择。"
HEAD_NEEDED = "请登记户主。"
ALREADY_REGISTERED = "该身份证号已登记在 {household}，请打开那一户核对。"
REGISTERED_ELSEWHERE = "该号码已在系统登记，请联系民政局。"
ALREADY_LEFT = "这位成员已经离开这一户。"
HEAD_STAYS = "户主离开前，请先把另一位成员登记为户主，或办理整户退出。"
ALREADY_WITHDRAWN = "这份同意已经撤回。"
NOTHING_AGREED = "请选择同意公开哪些内容，以及同意在哪些渠道公开。"
MERGE_INSTEAD = "与另一户重复的，请用“合并重复户”办理，这样历史记录会一并转过去。"

_PAIRING_ENDS_BECAUSE = {
    ExitReason.DECEASED: PairingEndReason.DECEASED,
    ExitReason.MOVED_AWAY: PairingEndReason.MOVED_AWAY,
    ExitReason.INSTITUTIONAL_CARE: PairingEndReason.INSTITUTIONAL_CARE,
    ExitReason.ADOPTED: PairingEndReason.ADOPTED,
    ExitReason.HARDSHIP_RELIEVED: PairingEndReason.HARDSHIP_RELIEVED,
    ExitReason.UNWILLING: PairingEndReason.UNWILLING,
    ExitReason.OTHER: PairingEndReason.OTHER,
}


@verb
def register_household(*, by, members, registered_on=None, **fields) -> Household:
    """Enter a household with its people; ``members`` is a list of dicts of ``Member`` fields, with ``hardships`` a list
    of dicts of ``Hardship`` fields.

    Refuses a community outside the caller's division, a household without a head, and a person who is registered
    already: the sentence names that household only to someone who may see it.
    """
    require(by, "cases.add_household")
    household = Household(
        code=next_code("HJ"), registered_by=by, registered_on=registered_on or today(), **fields
    )
    _inside(by, household.community)
    create(household, by=by)
    if not any(member.get("relation") == Relation.HEAD for member in members):
        raise Refused(HEAD_NEEDED)
    for member in members:
        _add(household, by=by, **member)
    return household


@verb
def update_household(household, *, by, version=None, **fields) -> Household:
    """Correct a household's particulars; a stale save is refused with what changed meanwhile (``Conflict``)."""
    require(by, "cases.change_household", household)
    if "community" in fields:
        _inside(by, fields["community"])
    return change(household, by=by, version=version, **fields)


@verb
def add_member(household, *, by, hardships=(), **fields) -> Member:
    require(by, "cases.add_member", household)
    return _add(household, by=by, hardships=hardships, **fields)


@verb
def update_member(member, *, by, version=None, **fields) -> Member:
    require(by, "cases.change_member", member)
    if fields.get("id_number"):
        _refuse_duplicate(fields["id_number"], by=by, but=member)
    return change(member, by=by, version=version, **fields)


@verb
def member_leaves(member, *, by, on=None) -> Member:
    """The person lives there no more from this day on (half-open: the day itself no longer counts)."""
    require(by, "cases.change_member", member)
    member = lock(member)
    if member.left_on:
        raise Refused(ALREADY_LEFT)
    if member.relation == Relation.HEAD:
        raise Refused(HEAD_STAYS)
    return change(member, by=by, action="leave", left_on=on or today())


@verb
def add_hardship(member, *, by, **fields) -> Hardship:
    require(by, "cases.change_member", member)
    return create(Hardship(member=member, **fields), by=by)


@verb
def verify_household(household, *, by, method, evidence, reviewed_on=None, valid_until=None) -> Household:
    """Record a second person's finding and take the household to “verified”; one that was verified before keeps its
    state, for a later review changes nothing about its pairings.

    Refuses the person who registered the household (社会救助暂行办法: 调查与审核分开).
    """
    require(by, "cases.verify_household", household)
    household = lock(household)
    create(
        EligibilityReview(
            household=household,
            method=method,
            evidence=evidence,
            reviewed_on=reviewed_on or today(),
            valid_until=valid_until,
            submitted_by=household.registered_by,
            reviewed_by=by,
        ),
        by=by,
    )
    if household.state in (HouseholdState.VERIFIED, HouseholdState.ACTIVE):
        return household
    return move(household, HouseholdState.VERIFIED, by=by, reason=ReviewMethod(method).label)


@verb
def record_consent(*, by, household, given_on=None, **fields) -> Consent:
    """Keep a consent the household gave on paper: one purpose, for sharing one named organisation."""
    require(by, "cases.add_consent", household)
    return create(Consent(household=household, given_on=given_on or today(), recorded_by=by, **fields), by=by)


@verb
def record_publishing(member, *, by, items, channels, given_on=None, **fields) -> list[Consent]:
    """Keep what one person signed about being made public: a consent for each item and channel, to be withdrawn one by one.

    ``items`` are the publishing purposes. Refuses a minor's own signature, and where nothing was agreed to.
    """
    require(by, "cases.add_consent", member.household)
    if not items or not channels:
        raise Refused(NOTHING_AGREED)
    return [
        record_consent(
            by=by,
            household=member.household,
            member=member,
            purpose=item,
            channel=channel,
            given_on=given_on,
            **fields,
        )
        for item in items
        for channel in channels
    ]


@verb
def withdraw_consent(consent, *, by, on=None) -> Consent:
    """Withdraw a consent. From this moment what rested on it is closed: the very next read asks again."""
    require(by, "cases.add_consent", consent.household)
    consent = lock(consent)
    if consent.withdrawn_on:
        raise Refused(ALREADY_WITHDRAWN)
    return change(consent, by=by, action="withdraw", withdrawn_on=on or today())


@verb
def exit_household(household, *, by, reason, on=None, note="") -> Household:
    """Take a household out of the programme; its open pairings end and its needs are withdrawn in the same transaction."""
    from . import needs, pairings

    require(by, "cases.exit_household", household)
    if reason == ExitReason.MERGED:
        raise Refused({"reason": MERGE_INSTEAD})
    day = on or today()
    household = lock(household)
    for pairing in household.pairings.open().order_by("pk"):
        if pairing.state in RUNNING_PAIRING_STATES:
            pairings.end_pairing(
                pairing, by=by, reason=_PAIRING_ENDS_BECAUSE[ExitReason(reason)], on=day, note=note
            )
        else:
            pairings.cancel_intention(pairing, by=by, reason="关爱户退出")
    for need in household.needs.unmet().order_by("pk"):
        needs.withdraw_need(need, by=by, reason=needs.LEFT_MEANWHILE)
    return move(
        household, HouseholdState.EXITED, by=by, reason=note, exited_on=day, exit_reason=ExitReason(reason)
    )


def _add(household, *, by, hardships=(), joined_on=None, **fields) -> Member:
    if fields.get("id_number"):
        _refuse_duplicate(fields["id_number"], by=by)
    joined_on = joined_on or household.registered_on
    member = create(Member(household=household, joined_on=joined_on, **fields), by=by)
    for hardship in hardships:
        create(Hardship(member=member, **{"started_on": joined_on, **hardship}), by=by)
    return member


def _refuse_duplicate(id_number, *, by, but=None) -> None:
    """One person, one household. Whoever may not see the other household learns nothing of it."""
    same = Member.objects.filter(Q(id_hash__of=id_number), left_on__isnull=True)
    if but:
        same = same.exclude(pk=but.pk)
    theirs = same.values_list("household", flat=True).order_by("pk").first()
    if theirs is None:
        return
    household = Household.objects.get(pk=theirs)
    record("duplicate_refused", household, by=by)
    if by is None or Household.objects.visible_to(by).filter(pk=theirs).exists():
        raise Refused({"id_number": ALREADY_REGISTERED.format(household=household)})
    raise Refused({"id_number": REGISTERED_ELSEWHERE})


def _inside(by, community) -> None:
    if by and by.division_id and not community.path.startswith(by.division.path):
        raise Refused({"community": OUTSIDE_DIVISION})
