"""A volunteer's own record as the holder of a code may see it: the person masked, the service in full."""

from dataclasses import dataclass
from datetime import date

from jinchuan.shared import masking

from .models import CorrectionRequest, ServiceRecord


@dataclass(frozen=True)
class Served:
    """One confirmed session: what it was, how many minutes, and what was asked about it."""

    record: int
    day: date
    title: str
    organization: str
    minutes: int
    request: CorrectionRequest | None


@dataclass(frozen=True)
class OwnRecord:
    name: str
    organizations: tuple[str, ...]
    whole: bool
    served: tuple[Served, ...]
    minutes: int
    groups: tuple[tuple[str, tuple], ...]


def records_behind(code):
    """The confirmed service that a code opens."""
    records = ServiceRecord.objects.confirmed().filter(volunteer=code.volunteer_id)
    return records.filter(activity__organization=code.organization_id) if code.organization_id else records


def own_record(code) -> OwnRecord:
    """Six queries, however long the record is."""
    volunteer = code.volunteer
    rolls = volunteer.enrollments.order_by("joined_on")
    if code.organization_id:
        rolls = rolls.filter(organization=code.organization_id)
    # Columns, not rows: an activity and its organisation bring sealed fields along that nobody reads here.
    records = records_behind(code).order_by("-activity__held_on", "-id")
    asked = (
        CorrectionRequest.objects.filter(record__volunteer=volunteer).order_by("asked_at").defer("contact")
    )
    latest = {one.record_id: one for one in asked}
    served = tuple(
        Served(*columns, request=latest.get(columns[0]))
        for columns in records.values_list(
            "pk", "activity__held_on", "activity__title", "activity__organization__name", "minutes"
        )
    )
    return OwnRecord(
        name=masking.mask_name(volunteer.name),
        organizations=tuple(dict.fromkeys(rolls.values_list("organization__name", flat=True))),
        whole=code.organization_id is None,
        served=served,
        minutes=sum(one.minutes for one in served),
        groups=tuple(_groups(code)),
    )


def _groups(code):
    volunteer = code.volunteer
    for label, rows in (
        ("培训", volunteer.trainings),
        ("表彰奖励", volunteer.commendations),
        ("评价", volunteer.evaluations),
    ):
        standing = rows.standing()
        if code.organization_id:
            standing = standing.filter(organization=code.organization_id)
        yield label, tuple((one.day, one.told) for one in standing)
