"""Writes on the volunteer's own access to the record: codes, and requests to put something right."""

from jinchuan.audit.services import create, move, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.codes import new_code
from jinchuan.shared.crypto import keyed_hash
from jinchuan.shared.errors import Refused

from ..enums import CorrectionState
from ..models import CorrectionRequest, QueryCode
from ..querycodes import LENGTH, PURPOSE
from .people import MERGED_AWAY

ANSWER_NEEDED = "请写明处理结果，例如改成了什么、为什么不改。"
NOT_ON_YOUR_ROLL = "这位志愿者不在本组织的名册里，查询单由所属组织打印。"


@verb
def issue_code(volunteer, *, by) -> str:
    """A new code for the volunteer's own record; the one printed before by the same office opens nothing from now on.

    The code is told here once and kept nowhere: of it, only a keyed hash is stored.
    """
    require(by, "volunteers.print_volunteer", volunteer)
    if volunteer.merged_into_id:
        raise Refused(MERGED_AWAY)
    organization = by.organization
    if organization and not volunteer.enrollments.filter(organization=organization).exists():
        raise Refused(NOT_ON_YOUR_ROLL)
    before = QueryCode.objects.in_use().filter(volunteer=volunteer, organization=organization)
    for old in before.select_for_update():
        record("retire", old, by=by)
    before.update(retired_at=now())
    code = new_code(LENGTH)
    create(
        QueryCode(
            volunteer=volunteer,
            organization=organization,
            code_hash=keyed_hash(code, purpose=PURPOSE),
            issued_at=now(),
            issued_by=by,
        ),
        by=by,
        action="issue",
    )
    return code


@verb
def ask_correction(service_record, *, by, text, contact="") -> CorrectionRequest:
    """What the volunteer says against one record. ``by`` is None: whoever holds the code has no account.

    Refuses a second request while one waits for its answer.
    """
    request = CorrectionRequest(record=service_record, text=text, contact=contact, asked_at=now())
    return create(request, by=by, action="ask")


@verb
def accept_correction(request, *, by, answer) -> CorrectionRequest:
    """The record was put right (``correct_record`` does that); ``answer`` says how."""
    return _decide(request, CorrectionState.ACCEPTED, by=by, answer=answer)


@verb
def decline_correction(request, *, by, answer) -> CorrectionRequest:
    """The record stands; ``answer`` says why."""
    return _decide(request, CorrectionState.DECLINED, by=by, answer=answer)


def _decide(request, state, *, by, answer):
    require(by, "volunteers.change_correctionrequest", request)
    if not answer.strip():
        raise Refused({"answer": ANSWER_NEEDED})
    return move(request, state, by=by, reason=answer, answer=answer, decided_at=now(), decided_by=by)
