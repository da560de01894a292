"""Who was there: the check-ins of a session, person by person. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from jinchuan.shared.clock import SHANGHAI

from . import spans
from .models import CheckIn, SignUp, UnknownPerson, Volunteer


@dataclass(frozen=True)
class Attendance:
    """One person's comings and goings by turns. ``person`` is a volunteer, or somebody not known yet."""

    person: Volunteer | UnknownPerson
    instants: tuple[datetime, ...]

    @property
    def is_here(self) -> bool:
        return len(self.instants) % 2 == 1

    @property
    def is_unknown(self) -> bool:
        return isinstance(self.person, UnknownPerson)

    @property
    def words(self) -> str:
        """09:02–11:31，13:05–"""
        told = [f"{one.astimezone(SHANGHAI):%H:%M}" for one in self.instants]
        return "，".join("–".join(pair) if len(pair) == 2 else f"{pair[0]}–" for pair in _pairs(told))

    def span(self, until) -> tuple[datetime, datetime, int]:
        """Start, end, break minutes: who never checked out stayed to the planned end."""
        return spans.from_checks(self.instants, until=until)


@dataclass(frozen=True)
class Roll:
    """A session as its organiser sees it on the day."""

    known: list[Attendance]
    unknown: list[Attendance]
    missing: list[SignUp]
    """Signed up and not seen."""

    @property
    def here(self) -> int:
        return sum(one.is_here for one in (*self.known, *self.unknown))

    @property
    def came(self) -> int:
        return len(self.known) + len(self.unknown)


def roll_of(activity) -> Roll:
    """Unknown people who were told apart stand among the volunteers; those dismissed stand nowhere."""
    checks = list(
        CheckIn.objects.filter(activity=activity)
        .select_related("volunteer__merged_into", "unknown__volunteer")
        .order_by("at", "id")
    )
    known, unknown = {}, {}
    for check in checks:
        if check.volunteer:
            known.setdefault(check.volunteer.merged_into or check.volunteer, []).append(check)
        elif check.unknown.volunteer:
            known.setdefault(check.unknown.volunteer, []).append(check)
        elif not check.unknown.resolved_at:
            unknown.setdefault(check.unknown, []).append(check)
    signed = activity.sign_ups.signed().select_related("volunteer").order_by("volunteer__name_pinyin", "id")
    return Roll(
        known=sorted(
            (Attendance(who, _merged(rows)) for who, rows in known.items()),
            key=lambda one: (one.person.name_pinyin, one.person.pk),
        ),
        unknown=[Attendance(who, _merged(rows)) for who, rows in unknown.items()],
        missing=[one for one in signed if one.volunteer not in known],
    )


def _merged(rows) -> tuple[datetime, ...]:
    """The turns of one person; of one who checked in under two names, present while either was."""
    spans = []
    by_name = sorted(rows, key=lambda one: (*_name(one), one.number))
    for _, turns in groupby(by_name, key=_name):
        instants = [one.at for one in turns]
        spans += [(pair[0], pair[1] if len(pair) == 2 else None) for pair in _pairs(instants)]
    merged = []
    for begun, over in sorted(spans, key=lambda span: span[0]):
        if merged and (merged[-1][1] is None or begun <= merged[-1][1]):
            last = merged[-1][1]
            merged[-1][1] = None if last is None or over is None else max(last, over)
        else:
            merged.append([begun, over])
    return tuple(instant for span in merged for instant in span if instant is not None)


def _name(check):
    return check.unknown_id or 0, check.volunteer_id or 0


def _pairs(turns):
    return [turns[place : place + 2] for place in range(0, len(turns), 2)]
