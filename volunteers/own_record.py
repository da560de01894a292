"""A volunteer's own record as the holder of a code may see it: the person masked, the service in full."""

from dataclasses import dataclass
from datetime import date

from jinchuan.shared import masking
from jinchuan.shared.clock import today

from .models import CorrectionRequest, ServiceRecord, SignUp


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
    coming: tuple[SignUp, ...]


def records_behind(code):
    """The confirmed service that a code opens."""
    records = ServiceRecord.objects.confirmed().filter(volunteer=code.volunteer_id)
    return records.filter(activity__organization=code.organization_id) if code.organization_id else records


def own_record(code) -> OwnRecord:
    """Nine queries, however long the record is."""
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
        # Of a record that took an older one's place, what was asked about that one.
        Served(*columns, request=latest.get(columns[0]) or latest.get(replaced))
        for *columns, replaced in records.values_list(
            "pk",
            "activity__held_on",
            "activity__title",
            "activity__organization__name",
            "minutes",
            "supersedes",
        )
    )
    return OwnRecord(
        name=masking.mask_name(volunteer.name),
        organizations=tuple(dict.fromkeys(rolls.values_list("organization__name", flat=True))),
        whole=code.organization_id is None,
        served=served,
        minutes=sum(one.minutes for one in served),
        groups=tuple(_groups(code)),
        coming=tuple(coming_for(code)),
    )


def coming_for(code):
    """What the volunteer is signed up for from today on, and what of it was called off."""
    sign_ups = code.volunteer.sign_ups.live().filter(activity__held_on__gte=today())
    if code.organization_id:
        sign_ups = sign_ups.filter(activity__organization=code.organization_id)
    return sign_ups.select_related("activity__plan").order_by("activity__plan__starts_at", "id")


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
    certificates = volunteer.certificates.ever_issued().order_by("-issued_on", "-pk")
    if code.organization_id:
        certificates = certificates.filter(issuer=code.organization_id)
    yield (
        "服务记录证明",
        tuple((one.issued_on, f"{one.number}（{one.get_state_display()}）") for one in certificates),
    )
