"""Writes on volunteers: the people who serve, each once, and the organisations whose rolls they are on."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused

from ..enums import DocumentKind
from ..models import Enrollment, Volunteer
from ..models.people import ALREADY_ENROLLED

NAME_DIFFERS = (
    "这个证件号码已经登记，但登记的姓名与您填写的不一致。请对照证件核对姓名和号码；"
    "确实无误的，请联系民政局更正。"
)
KEPT_BY_BUREAU = "证件已经登记，姓名和证件由民政局更正。请联系民政局，并带上证件。"
NOT_ON_ROLL = "这位志愿者已经退出本组织，资料不能再修改。"
NOT_YOURS = "只能为本组织登记志愿者。"
LEFT_ALREADY = "这位志愿者已经退出，不用再登记。"
MERGED_AWAY = "这条记录已并入另一位志愿者，请在那一条上办理。"
IDENTITY = ("name", "document_kind", "document_number", "sex", "birth_date")


@verb
def register_volunteer(*, by, organization, name, joined_on, **fields) -> Volunteer:
    """Put somebody on the roll of an organisation under the real name (慈善法 §66).

    Whoever holds the same document is registered already and joins this organisation too, if the name agrees; what
    else was typed is not taken then. Refuses who is on the roll, and a document under another name.
    """
    require(by, "volunteers.add_volunteer", organization)
    known = _known(fields)
    if known is None:
        try:
            with transaction.atomic():
                known = create(Volunteer(name=name, **fields), by=by)
        except (IntegrityError, ValidationError):
            # Somebody else may have registered the document since it was looked up; then it is there now.
            known = _known(fields)
            if known is None:
                raise
        else:
            return _join(known, organization, joined_on, by=by)
    if known.name != name:
        raise Refused({"name": NAME_DIFFERS})
    return _join(known, organization, joined_on, by=by)


def _known(fields) -> Volunteer | None:
    kind = fields.get("document_kind", DocumentKind.NOT_GIVEN)
    return Volunteer.objects.with_document(kind, fields.get("document_number", "")).first()


def _join(volunteer, organization, joined_on, *, by) -> Volunteer:
    if volunteer.enrollments.open().filter(organization=organization).exists():
        raise Refused(ALREADY_ENROLLED)
    create(
        Enrollment(volunteer=volunteer, organization=organization, joined_on=joined_on), by=by, action="join"
    )
    return volunteer


@verb
def enroll_volunteer(volunteer, *, by, organization, joined_on) -> Volunteer:
    """Put a known volunteer on the roll of one more organisation, or back on it. An organisation: on its own roll only."""
    require(by, "volunteers.add_volunteer", volunteer)
    if by and by.organization_id and by.organization_id != organization.pk:
        raise Refused(NOT_YOURS)
    if volunteer.merged_into_id:
        raise Refused(MERGED_AWAY)
    return _join(volunteer, organization, joined_on, by=by)


@verb
def leave_organization(enrollment, *, by, left_on) -> Enrollment:
    """Take a volunteer off a roll from ``left_on`` on; the records stay."""
    require(by, "volunteers.change_volunteer", enrollment)
    enrollment = lock(enrollment)
    if enrollment.left_on:
        raise Refused(LEFT_ALREADY)
    return change(enrollment, by=by, action="leave", left_on=left_on)


@verb
def update_volunteer(volunteer, *, by, version=None, **fields) -> Volunteer:
    """Put right what is registered. An organisation does so for those on its roll; the name and the document of who has
    shown one are for the bureau, for other organisations may rely on them."""
    require(by, "volunteers.change_volunteer", volunteer)
    volunteer = lock(volunteer, version=version)
    if volunteer.merged_into_id:
        raise Refused(MERGED_AWAY)
    if by and by.organization_id:
        on_roll = volunteer.enrollments.filter(organization=by.organization_id).on(today())
        if not on_roll.exists():
            raise Refused(NOT_ON_ROLL)
        changed = any(name in fields and fields[name] != getattr(volunteer, name) for name in IDENTITY)
        if volunteer.document_number and changed:
            raise Refused(KEPT_BY_BUREAU)
    return change(volunteer, by=by, version=version, **fields)
