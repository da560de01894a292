"""Writes on meetings and appeals: plan, invite, hold, close or cancel; and the organisations' answers.

Nothing follows from an answer that does not come: whoever wants to know telephones.
"""

from datetime import timedelta

from jinchuan.audit.services import change, create, lock, move, verb
from jinchuan.intake import services as intake
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from ..enums import MobilizationState
from ..models import Mobilization, MobilizationInvitation
from .organizations import reason_given

S = MobilizationState
FOLLOWED_DAYS = 60
NOT_YET = "召开（发出）日期还没有到，请到了那一天再登记，或先修改日期。"
NOT_INVITING = "“{title}”现在是“{state}”，不能再邀请组织。"
NOT_APPROVED = "这个组织现在是“{state}”，只邀请已批准的组织。"
ANSWER_CLOSED = "“{title}”现在是“{state}”，不再接受答复。有事请直接打电话。"
CHOOSE_ANSWER = "请选择答复。"
NOT_A_MEETING = "倡议书不用登记到会。"
NOT_HELD = "动员会还没有登记召开，请先登记召开，再登记到会。"
HELD_ALREADY = "已经召开（发出），不能再改形式和日期。"


@verb
def plan_mobilization(*, by, held_on, followed_until=None, **fields) -> Mobilization:
    """Enter a meeting or an appeal that is being prepared. Looks for what follows during 60 days unless told otherwise."""
    require(by, "organizations.add_mobilization")
    return create(
        Mobilization(
            code=next_code("DY", today().year),
            held_on=held_on,
            followed_until=followed_until or held_on + timedelta(days=FOLLOWED_DAYS),
            planned_at=now(),
            planned_by=by,
            **fields,
        ),
        by=by,
    )


@verb
def update_mobilization(mobilization, *, by, version=None, **fields) -> Mobilization:
    """Put particulars right; once it is held its kind and day stand."""
    require(by, "organizations.change_mobilization", mobilization)
    mobilization = lock(mobilization)
    moved = {name: fields[name] for name in ("kind", "held_on") if name in fields}
    if mobilization.state != S.PLANNED and any(
        getattr(mobilization, name) != value for name, value in moved.items()
    ):
        raise Refused(HELD_ALREADY)
    if not fields.get("followed_until"):
        fields["followed_until"] = fields.get("held_on", mobilization.held_on) + timedelta(days=FOLLOWED_DAYS)
    return change(mobilization, by=by, version=version, **fields)


@verb
def hold_mobilization(mobilization, *, by) -> Mobilization:
    """Note that the meeting took place, or send the appeal out. Refuses a day that has not come."""
    require(by, "organizations.change_mobilization", mobilization)
    if lock(mobilization).held_on > today():
        raise Refused(NOT_YET)
    return move(mobilization, S.HELD, by=by, held_at=now(), held_by=by)


@verb
def close_mobilization(mobilization, *, by) -> Mobilization:
    """Nothing more is awaited; what followed stays on the page."""
    require(by, "organizations.change_mobilization", mobilization)
    return move(mobilization, S.CLOSED, by=by, closed_at=now(), closed_by=by)


@verb
def cancel_mobilization(mobilization, *, by, reason) -> Mobilization:
    """Call it off before it is held; those invited read why."""
    require(by, "organizations.change_mobilization", mobilization)
    reason = reason_given(reason)
    return move(
        mobilization,
        S.CANCELLED,
        by=by,
        reason=reason,
        cancelled_at=now(),
        cancelled_by=by,
        cancel_reason=reason,
    )


@verb
def attach_document(mobilization, *, by, document):
    """Keep the appeal's text or the meeting's minutes with it, as a photo or a PDF."""
    require(by, "organizations.change_mobilization", mobilization)
    return intake.attach(Mobilization._meta.label, mobilization.pk, document, by=by)


@verb
def invite(organization, *, by, mobilization, note="") -> MobilizationInvitation:
    """Invite one organisation. Refuses one that is not approved or was invited before, and what is over."""
    require(by, "organizations.add_mobilizationinvitation", organization)
    require(by, "organizations.change_mobilization", mobilization)
    mobilization = lock(mobilization)
    if mobilization.state not in (S.PLANNED, S.HELD):
        raise Refused(_said(NOT_INVITING, mobilization))
    if not organization.is_approved:
        raise Refused({"organization": NOT_APPROVED.format(state=organization.get_state_display())})
    return create(
        MobilizationInvitation(
            mobilization=mobilization,
            organization=organization,
            invited_at=now(),
            invited_by=by,
            note=note,
        ),
        by=by,
    )


@verb
def answer_invitation(invitation, *, by, answer, words="") -> MobilizationInvitation:
    """The organisation answers for itself; it may change its mind while answers are taken."""
    require(by, "organizations.answer_mobilizationinvitation", invitation)
    return _answer(invitation, by=by, answer=answer, words=words)


@verb
def record_answer(invitation, *, by, answer, words="") -> MobilizationInvitation:
    """Write down an answer that came by telephone; who wrote it down stands beside it."""
    require(by, "organizations.change_mobilizationinvitation", invitation)
    return _answer(invitation, by=by, answer=answer, words=words)


def _answer(invitation, *, by, answer, words):
    mobilization = lock(invitation.mobilization)
    if not mobilization.takes_answers:
        raise Refused(_said(ANSWER_CLOSED, mobilization))
    if answer not in mobilization.answers:
        raise Refused({"answer": CHOOSE_ANSWER})
    return change(
        invitation,
        by=by,
        action="answer",
        answer=answer,
        words=words,
        answered_at=now(),
        answered_by=by,
    )


@verb
def note_attendance(invitation, *, by, attended) -> MobilizationInvitation:
    """Note whether somebody of the organisation was there. For a meeting that was held; an appeal has no attendance."""
    require(by, "organizations.change_mobilizationinvitation", invitation)
    mobilization = lock(invitation.mobilization)
    if not mobilization.is_meeting:
        raise Refused(NOT_A_MEETING)
    if mobilization.state not in (S.HELD, S.CLOSED):
        raise Refused(NOT_HELD)
    return change(invitation, by=by, action="attendance", attended=attended)


@verb
def update_invitation(invitation, *, by, version=None, note) -> MobilizationInvitation:
    """Keep a note of one's own beside an invitation."""
    require(by, "organizations.change_mobilizationinvitation", invitation)
    return change(invitation, by=by, version=version, note=note)


def _said(sentence, mobilization) -> str:
    return sentence.format(title=mobilization.title, state=mobilization.get_state_display())
