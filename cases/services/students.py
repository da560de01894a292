"""Writes on student aid: proposed by one, decided by another, then completed or withdrawn."""

from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from organizations.enums import ProgramKind
from organizations.models import Program
from organizations.services.organizations import reason_given

from ..enums import ConsentGiver, ConsentPurpose, StudentAidState
from ..models import Consent, Member, StudentAid
from ..models.students import APPROVE_OWN
from ..querysets.students import YOUNGEST_SHOWN

S = StudentAidState
NOT_STUDENT_AID = "这个项目不是助学项目，请选择助学项目。"
PROGRAM_NOT_RUNNING = "这个助学项目现在没有在开展，请核对项目的起止日期。"
NOT_A_MEMBER_NOW = "这位成员还没有加入或已经离开这一户，不能提出助学。"
RECORD_CONSENT_NEEDED = "还没有本人或监护人同意建立档案的同意书，请先登记同意书。"
GUARDIAN_CONSENT_NEEDED = "未满 14 周岁或出生日期不详的，要有监护人的同意书，请先登记。"
DECIDED_ALREADY = "{code} 已经审批，资料不能再改；情况有变的，先撤回再重新提出。"


@verb
def propose_aid(*, by, program, member, **fields) -> StudentAid:
    """Propose aid for a student who lives in the household and has agreed to be on record. The community of the household
    is the one that recommends. Refuses a second one for the same programme and school year."""
    require(by, "cases.add_studentaid", member)
    member = lock(member)
    if program.kind != ProgramKind.STUDENT_AID:
        raise Refused({"program": NOT_STUDENT_AID})
    if not Program.objects.running_on(today()).filter(pk=program.pk).exists():
        raise Refused({"program": PROGRAM_NOT_RUNNING})
    _refuse_without_consent(member)
    return create(
        StudentAid(
            code=next_code("XZ", today().year),
            program=program,
            member=member,
            community=member.household.community,
            proposed_at=now(),
            proposed_by=by,
            **fields,
        ),
        by=by,
    )


def _refuse_without_consent(member) -> None:
    if not Member.objects.present().filter(pk=member.pk).exists():
        raise Refused({"member": NOT_A_MEMBER_NOW})
    consents = Consent.objects.in_force().filter(household=member.household_id, purpose=ConsentPurpose.RECORD)
    given = [one for one in consents if one.member_id in (None, member.pk)]
    if not given:
        raise Refused({"member": RECORD_CONSENT_NEEDED})
    age = member.age_on(today())
    if (age is None or age < YOUNGEST_SHOWN) and not any(
        one.given_by == ConsentGiver.GUARDIAN for one in given
    ):
        raise Refused({"member": GUARDIAN_CONSENT_NEEDED})


@verb
def update_aid(aid, *, by, version=None, **fields) -> StudentAid:
    """Put a proposal right while nobody has decided on it."""
    require(by, "cases.change_studentaid", aid)
    if lock(aid).state != S.PROPOSED:
        raise Refused(DECIDED_ALREADY.format(code=aid))
    return change(aid, by=by, version=version, **fields)


@verb
def approve_aid(aid, *, by) -> StudentAid:
    """A second person agrees. Asks once more for the consent, which may have been withdrawn since."""
    require(by, "cases.approve_studentaid", aid)
    aid = lock(aid)
    _refuse_own(aid, by)
    _refuse_without_consent(aid.member)
    return move(aid, S.APPROVED, by=by, decided_at=now(), decided_by=by)


@verb
def decline_aid(aid, *, by, reason) -> StudentAid:
    require(by, "cases.approve_studentaid", aid)
    _refuse_own(lock(aid), by)
    return move(aid, S.DECLINED, by=by, reason=reason_given(reason), decided_at=now(), decided_by=by)


@verb
def complete_aid(aid, *, by) -> StudentAid:
    """The school year's aid was paid out or handed over."""
    require(by, "cases.approve_studentaid", aid)
    return move(aid, S.COMPLETED, by=by, finished_at=now(), finished_by=by)


@verb
def withdraw_aid(aid, *, by, reason) -> StudentAid:
    """Take it back: the student does not want it, or goes to school no longer."""
    require(by, "cases.change_studentaid", aid)
    return move(aid, S.WITHDRAWN, by=by, reason=reason_given(reason), finished_at=now(), finished_by=by)


def _refuse_own(aid, by) -> None:
    if by and aid.proposed_by_id == by.pk:
        raise Refused(APPROVE_OWN)
