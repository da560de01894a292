"""Two volunteers that are one person: one keeps everything, the other points to it."""

from django.core.exceptions import ImproperlyConfigured

from jinchuan.audit.services import change, lock, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused

from .. import merging
from ..enums import DocumentKind, VolunteerKind
from ..models import Activity, Enrollment, Volunteer

NOT_ITSELF = "请选择另一条记录，同一条不能与自己合并。"
MERGED_ALREADY = "{volunteer} 已经并入另一位志愿者，请刷新页面。"
TWO_DOCUMENTS = "两条记录的{kind}号码不同，不是同一个人。号码填错的，请先更正。"
SERVED_TWICE = "两条记录在同一场活动里都有服务时间：{activities}。请先核对，更正其中一条。"
_TAKEN_IF_EMPTY = ("national_number", "birth_date", "phone", "community", "note")
_OF_GUARDIAN = ("guardian_name", "guardian_phone", "guardian_consent_on", "guardian_accompanies")
_OF_WORKER = ("kind", "worker_level", "worker_certificate")


@verb
def merge_volunteers(kept, duplicate, *, by) -> Volunteer:
    """Bring every row of ``duplicate`` over to ``kept``, and what only the duplicate knew.

    Refuses two numbers of one kind of document, and records of both in one activity: which of them is right is for
    people to say, and nobody's hours are counted twice.
    """
    for row in (kept, duplicate):
        require(by, "volunteers.merge_volunteer", row)
    if kept.pk == duplicate.pk:
        raise Refused(NOT_ITSELF)
    if merging.without_rule():
        raise ImproperlyConfigured(f"No merge rule for {', '.join(merging.without_rule())}")
    locked = {row.pk: lock(row) for row in sorted((kept, duplicate), key=lambda row: row.pk)}
    kept, duplicate = locked[kept.pk], locked[duplicate.pk]
    _refuse_what_is_unsettled(kept, duplicate)
    for move in merging.rules().values():
        move(kept, duplicate, by=by)
    # The duplicate gives its numbers up first: they stand once among those who are not merged.
    change(duplicate, by=by, action="merged", merged_into=kept)
    record("merge", kept, by=by, after={"from": str(duplicate)})
    return change(kept, by=by, **_learnt(kept, duplicate))


def _refuse_what_is_unsettled(kept, duplicate) -> None:
    for row in (kept, duplicate):
        if row.merged_into_id:
            raise Refused(MERGED_ALREADY.format(volunteer=row))
    if kept.document_kind == duplicate.document_kind and kept.document_hash != duplicate.document_hash:
        raise Refused(TWO_DOCUMENTS.format(kind=kept.get_document_kind_display()))
    both = Activity.objects.filter(records__volunteer=kept).filter(records__volunteer=duplicate)
    codes = list(both.order_by("code").values_list("code", flat=True).distinct()[:10])
    if codes:
        raise Refused(SERVED_TWICE.format(activities="、".join(codes)))


def _learnt(kept, duplicate) -> dict:
    """What only the duplicate knew. A particular of the kept row is never overwritten."""
    known = {name: getattr(duplicate, name) for name in _TAKEN_IF_EMPTY if not getattr(kept, name)}
    if kept.document_kind == DocumentKind.NOT_GIVEN:
        known |= {name: getattr(duplicate, name) for name in ("document_kind", "document_number")}
        known |= {
            name: getattr(duplicate, name) for name in ("sex", "birth_date") if duplicate.document_number
        }
    if not kept.guardian_name:
        known |= {name: getattr(duplicate, name) for name in _OF_GUARDIAN}
    if kept.kind != VolunteerKind.SOCIAL_WORKER:
        known |= {name: getattr(duplicate, name) for name in _OF_WORKER}
    known |= {
        name: list(dict.fromkeys([*getattr(kept, name), *getattr(duplicate, name)]))
        for name in ("skills", "services")
    }
    return known


def _rolls(kept, duplicate, *, by) -> None:
    """Two stays with one organisation that touch become one, from the first day of either to the last."""
    ours = list(kept.enrollments.order_by("joined_on"))
    for stay in duplicate.enrollments.order_by("joined_on"):
        twin = next((one for one in ours if _touch(one, stay)), None)
        if twin is None:
            Enrollment.objects.filter(pk=stay.pk).update(volunteer=kept)
            continue
        record("merged", stay, by=by, after={"into": str(twin)})
        stay.delete()
        left_on = None if None in (twin.left_on, stay.left_on) else max(twin.left_on, stay.left_on)
        changed = change(twin, by=by, joined_on=min(twin.joined_on, stay.joined_on), left_on=left_on)
        ours[ours.index(twin)] = changed


def _touch(one, other) -> bool:
    if one.organization_id != other.organization_id:
        return False
    ends_before = one.left_on and one.left_on < other.joined_on
    begins_after = other.left_on and other.left_on < one.joined_on
    return not (ends_before or begins_after)


def _earlier_merges(kept, duplicate, *, by) -> None:
    duplicate.merged_from.update(merged_into=kept)


def _codes(kept, duplicate, *, by) -> None:
    """A slip of the duplicate opens nothing any more: it told of the wrong half of a person."""
    duplicate.codes.in_use().update(retired_at=now())
    duplicate.codes.update(volunteer=kept)


merging.moves("volunteers.Enrollment.volunteer", _rolls)
merging.moves("volunteers.Volunteer.merged_into", _earlier_merges)
merging.moves("volunteers.ServiceRecord.volunteer", merging.simply("volunteers.ServiceRecord"))
merging.moves("volunteers.QueryCode.volunteer", _codes)
for _model in ("Training", "Commendation", "Evaluation"):
    merging.moves(f"volunteers.{_model}.volunteer", merging.simply(f"volunteers.{_model}"))
