"""Reminders of duties: due soon, overdue, and to the bureau what stays undone. Each once, to people who may see the
household (``visible_to`` decides, asked for every person)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from jinchuan.audit.services import verb
from jinchuan.shared.clock import now, today
from jinchuan.shared.dates import zh
from organizations.enums import ORGANIZATION_ROLES, Role
from organizations.models import User

from ..enums import REMINDED_PAIRING_STATES, Outcome
from ..models import Household, Notice, Obligation
from ..windows import Window

# The bureau's people who see to it; leaders read paper.
ESCALATED_TO = {Role.OFFICER, Role.REVIEWER}


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
        key = f"duty:{duty.pairing_id}:{duty.rule_id}:{duty.window_start.isoformat()}:{stage.name}"
        counts[key] += 1
        duties[key] = duty
    known = set(Notice.objects.filter(user=person, key__in=duties).values_list("key", flat=True))
    new = [
        Notice(
            user=person,
            key=key,
            pairing_id=duty.pairing_id,
            title=_title(stage, duty, counts[key]),
            url=_address(person, duty),
            created_at=now(),
        )
        for key, duty in duties.items()
        if key not in known
    ]
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def _title(stage, duty, count) -> str:
    return stage.words.format(
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
