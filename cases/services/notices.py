"""Reminders of duties: due soon, overdue, and to the bureau what stays undone. Each once, to people who may see the
household (``visible_to`` decides, asked for every person)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from jinchuan.audit.services import lock, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from organizations.enums import ORGANIZATION_ROLES, Role
from organizations.models import User

from ..enums import REMINDED_PAIRING_STATES, Outcome
from ..models import Household, Notice, Obligation
from ..windows import Window

# The bureau's people who see to it; leaders read paper.
ESCALATED_TO = {Role.OFFICER, Role.REVIEWER}

ASKED_SOON = "{household}：{kind}（{window}）要在{last}前完成，民政局提醒您安排时间。"
ASKED_LATE = "{household}：{kind}（{window}）已经逾期，民政局提醒您尽快办理。"
REMINDED_TODAY = "今天已经提醒过，明天还没有完成可以再提醒。"
NOTHING_OWED = "这项任务现在是“{state}”，不用提醒。"
PAIRING_STOPPED = "这段结对现在是“{state}”，不发提醒。"
NOBODY_TO_TELL = "该组织还没有能看到这一户的账号，请打电话联系。"


@dataclass(frozen=True)
class Stage:
    """How far a duty has come: which rows, who is told, in which words."""

    name: str
    roles: frozenset
    words: str
    rows: object


def _due_soon(day):
    return Obligation.objects.due(day, settings.DUE_SOON_DAYS)


def _overdue(day):
    return Obligation.objects.overdue(day)


def _undone(day):
    """Overdue for some days, or missed; what was over more than a month ago nobody is told any more."""
    limit = day - timedelta(days=settings.ESCALATE_AFTER_DAYS)
    return Obligation.objects.filter(
        Q(state=Outcome.OPEN, window_end__lte=limit) | Q(state=Outcome.MISSED, judged_on__lte=day),
        grace_until__gt=day - timedelta(days=30),
    )


STAGES = (
    Stage(
        "due",
        frozenset(ORGANIZATION_ROLES),
        "{household}：{kind}（{window}）还差{count}次，{last}前完成。",
        _due_soon,
    ),
    Stage(
        "overdue",
        frozenset(ORGANIZATION_ROLES) | {Role.DIVISION_WORKER},
        "{household}：{kind}（{window}）逾期，还差{count}次，请尽快办理。",
        _overdue,
    ),
    Stage(
        "undone",
        frozenset(ESCALATED_TO),
        "{household}：{kind}（{window}）逾期未完成，还差{count}次，请了解原因。",
        _undone,
    ),
)

# Whom a reminder can reach at all.
TOLD = frozenset().union(*(stage.roles for stage in STAGES))


@verb
def remind(*, by=None, on=None) -> int:
    """Write the reminders of the day; returns how many. Safe to run again: a person gets each of them once.

    Only of pairings that go on: nobody can do anything for one that is suspended or over.
    """
    day = on or today()
    written = 0
    for stage in STAGES:
        rows = stage.rows(day).filter(pairing__state__in=REMINDED_PAIRING_STATES)
        if not rows.exists():
            continue
        people = User.objects.filter(role__in=stage.roles, is_active=True)
        people = people.filter(
            Q(organization__isnull=True) | Q(organization__in=rows.values("pairing__organization"))
        )
        for person in people.select_related("division", "organization").order_by("pk"):
            written += _write(person, stage, rows)
    return written


@verb
def remind_of(obligation, *, by) -> list[Notice]:
    """The bureau reminds of a duty by hand: all people of the organisation who may see the household, once a day.

    What is owed several times in a window is one reminder. Refuses a duty that is not open, a pairing that does not go
    on, and where there is nobody to tell.
    """
    require(by, "cases.remind_obligation", obligation)
    duty = lock(obligation)
    pairing, day = duty.pairing, today()
    if duty.state != Outcome.OPEN:
        raise Refused(NOTHING_OWED.format(state=duty.get_state_display()))
    if pairing.state not in REMINDED_PAIRING_STATES:
        raise Refused(PAIRING_STOPPED.format(state=pairing.get_state_display()))
    key = f"{_about(duty)}:asked:{day.isoformat()}"
    if Notice.objects.filter(pairing=pairing, key=key).exists():
        raise Refused(REMINDED_TODAY)
    people = User.objects.filter(
        role__in=ORGANIZATION_ROLES, is_active=True, organization=pairing.organization_id
    )
    words = ASKED_LATE if duty.window_end <= day else ASKED_SOON
    told = [
        Notice(
            user=person,
            key=key,
            pairing=pairing,
            title=_title(words, duty, 1),
            url=_address(person, duty),
            created_at=now(),
        )
        for person in people.order_by("pk")
        if Household.objects.visible_to(person).filter(pk=pairing.household_id).exists()
    ]
    if not told:
        raise Refused(NOBODY_TO_TELL)
    Notice.objects.bulk_create(told)
    record("remind", duty, by=by, after={"people": str(len(told))})
    return told


def told_of(obligation):
    """All reminders of a duty, the newest first: those of the night and those sent by hand."""
    about = f"{_about(obligation)}:"
    return Notice.objects.filter(pairing=obligation.pairing_id, key__startswith=about).order_by(
        "-created_at", "user"
    )


@verb
def mark_read(*, by, notices) -> int:
    """Note that a person has read their reminders; returns how many were new. Other people's are left alone."""
    return (
        Notice.objects.visible_to(by)
        .unread()
        .filter(pk__in=[one.pk for one in notices])
        .update(read_at=now())
    )


def _write(person, stage, rows) -> int:
    mine = rows.visible_to(person).filter(pairing__household__in=Household.objects.visible_to(person))
    counts, duties = Counter(), {}
    for duty in mine.select_related("pairing__household", "rule").order_by("pk"):
        key = f"{_about(duty)}:{stage.name}"
        counts[key] += 1
        duties[key] = duty
    known = set(Notice.objects.filter(user=person, key__in=duties).values_list("key", flat=True))
    new = [
        Notice(
            user=person,
            key=key,
            pairing_id=duty.pairing_id,
            title=_title(stage.words, duty, counts[key]),
            url=_address(person, duty),
            created_at=now(),
        )
        for key, duty in duties.items()
        if key not in known
    ]
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def _about(duty) -> str:
    return f"duty:{duty.pairing_id}:{duty.rule_id}:{duty.window_start.isoformat()}"


def _title(words, duty, count) -> str:
    return words.format(
        household=duty.pairing.household,
        kind=duty.rule.get_kind_display(),
        window=Window(duty.window_start, duty.window_end).label,
        count=count,
        last=zh(duty.window_end - timedelta(days=1)),
    )


def _address(person, duty) -> str:
    if person.is_of_organization:
        return reverse("cases:household", args=[duty.pairing.household.code])
    return reverse("admin:cases_household_change", args=[duty.pairing.household_id])
