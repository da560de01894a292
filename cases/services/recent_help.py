"""Has the same kind of help reached a household just now? Asked at entry, so that one kindness does not happen twice.

This app knows matters and needs. Apps above it add what they know in ``AppConfig.ready()``:

    recent_help.register(deliveries)      # deliveries(household, need_code, since, until) → Help, …
"""

from dataclasses import dataclass
from datetime import date, timedelta

from jinchuan.shared.clock import today
from organizations.enums import NeedCode

from ..enums import CareNeedState, MatterKind, VisitState
from ..models import CareNeed, Matter

DAYS = 14


@dataclass(frozen=True, order=True)
class Help:
    """Something of a kind that reached a household on a day. ``what`` is fit for every reader: no names."""

    on: date
    what: str
    code: str


def _matters(household, need_code, since, until):
    rows = Matter.objects.filter(
        household=household,
        settled_on__gte=since,
        settled_on__lte=until,
        state__in=[VisitState.SUBMITTED, VisitState.CONFIRMED],
    )
    same = rows.filter(need__need=need_code)
    if need_code == NeedCode.POLICY:
        same |= rows.filter(kind=MatterKind.POLICY_DELIVERED)
    return [Help(row.settled_on, row.get_kind_display(), row.code) for row in same]


def _needs(household, need_code, since, until):
    rows = CareNeed.objects.filter(
        household=household, need=need_code, state=CareNeedState.MET, met_on__gte=since, met_on__lte=until
    )
    return [Help(row.met_on, f"需求“{row.get_need_display()}”已解决", row.met_by) for row in rows]


_sources = [_matters, _needs]


def register(source) -> None:
    """``source(household, need_code, since, until)`` gives the ``Help`` it knows of, both days included."""
    if source not in _sources:
        _sources.append(source)


def recent_help(household, need_code, *, on=None, days=DAYS) -> list[Help]:
    """Help of that kind that reached the household in the days up to ``on``, the newest first; one entry a code."""
    until = on or today()
    since = until - timedelta(days=days)
    found = {}
    for source in _sources:
        for one in source(household, need_code, since, until):
            found.setdefault(one.code, one)
    return sorted(found.values(), reverse=True)
