"""Writes on training, commendation and evaluation."""

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from ..models.people import NOT_IN_ORGANIZATION
from .people import MERGED_AWAY, NOT_YOURS

TOO_LATE = "登记超过一天，不能再修改。有误的请作废，写明原因，再重新登记。"
VOIDED = "这一条已经作废。"


def _require(by, verb_name, model, row=None):
    require(by, f"volunteers.{verb_name}_{model._meta.model_name}", row)


@verb
def record_growth(model, volunteer, *, by, organization, **fields):
    """Enter a training, a commendation or an evaluation of somebody who is, or was, on the organisation's roll."""
    _require(by, "add", model)
    require(by, "volunteers.view_volunteer", volunteer)
    if by and by.organization_id and by.organization_id != organization.pk:
        raise Refused(NOT_YOURS)
    if volunteer.merged_into_id:
        raise Refused(MERGED_AWAY)
    if not volunteer.enrollments.filter(organization=organization).exists():
        raise Refused(NOT_IN_ORGANIZATION)
    row = model(volunteer=volunteer, organization=organization, recorded_at=now(), recorded_by=by, **fields)
    return create(row, by=by)


@verb
def correct_growth(row, *, by, version=None, **fields):
    """Put a row right on the day it was entered; later it is voided and entered anew."""
    _require(by, "change", type(row), row)
    row = lock(row, version=version)
    if row.voided_at:
        raise Refused(VOIDED)
    if not row.may_be_put_right:
        raise Refused(TOO_LATE)
    return change(row, by=by, version=version, **fields)


@verb
def void_growth(row, *, by, reason, version=None):
    _require(by, "change", type(row), row)
    row = lock(row, version=version)
    if row.voided_at:
        raise Refused(VOIDED)
    reason = reason_given(reason)
    return change(row, by=by, action="void", reason=reason, voided_at=now(), voided_by=by, void_reason=reason)
