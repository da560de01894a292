"""The monthly reports that were asked for along the way, last month's all at once, which the worker builds in its first minutes;
and of the latest closed month a few that went out, so that whoever tries the site finds some on the first page."""

from datetime import datetime, time

from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.months import Month
from organizations.models import Organization, User
from reports.enums import EditionState, ReportKind
from reports.models import Closing
from reports.periods import Period
from reports.services import building
from reports.services.batches import ask_batch
from reports.services.editions import issue_edition, request_edition

# The month of the published figures, and the last ones.
FIRST, LATEST = Month(2023, 9), 3
# How many statements went out beside the district's report; each is printed here and now.
STATEMENTS = 3


def ask(until) -> None:
    """Ask for the report of September 2023 and of the last full months, each in the night after its month; of the last of them
    for everybody's."""
    last = Month.of(until).previous
    months = [FIRST, *Month.range(last.plus(1 - LATEST), last)]
    for month in sorted({month for month in months if month >= FIRST and month.end <= until}):
        with travel(datetime.combine(month.end, time(0, 5), SHANGHAI)):
            asked = ask_batch if month == last else request_edition
            asked(by=None, period=_period(month))


def issue(district) -> None:
    """The evening after the latest closing: the district's report and a few statements, the first that of the organisation whose
    account is shown."""
    newest = Closing.objects.in_force().order_by("month").last()
    if newest is None:
        return
    month, own = newest.period, User.objects.get(username="org_admin").organization
    others = Organization.objects.social().taking_part().exclude(pk=own.pk).order_by("code")
    with travel(datetime.combine(month.end, time(18, 30), SHANGHAI)):
        for scope in (district.home, own, *others[: STATEMENTS - 1]):
            asked = request_edition(by=district.staff["officer"], period=_period(month), scope=scope)
            made = building.build(asked.pk)
            if made.state == EditionState.READY:  # without the typefaces nothing is printed
                issue_edition(made, by=district.staff["reviewer"])


def _period(month) -> Period:
    return Period(ReportKind.MONTH, month)
