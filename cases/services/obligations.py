"""The duties of running pairings: made every night from the standard, judged every night from what was confirmed.

A night's work is a fixed number of statements, however many pairings there are, and leaves one line in the log. It reads
what is due from the data, so it may run twice, at the same moment too, or be missed for weeks (``LOOKBACK``). What is
decided here about shares, grace, ends and voids is told in docs/adr/0008.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from jinchuan.audit.services import lock, move, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from organizations.services.organizations import reason_given

from ..enums import ObligationKind, Outcome, PairingState, VisitKind, VisitState
from ..models import Obligation, Pairing, ServiceStandard, StandardRule, VisitHousehold
from ..windows import Window, days_for, windows_of

# Windows that began longer ago than this are made no more: a whole year may be missed, and a year more.
LOOKBACK = timedelta(days=800)

# So many new duties change what a plan of PostgreSQL rests on.
MANY = 5_000

# A contact is done by a contact; everything else by somebody at the door.
DONE_BY = {
    kind: VisitKind.CONTACT if kind == ObligationKind.CONTACT else VisitKind.HOME_VISIT
    for kind in ObligationKind
}


@dataclass
class Night:
    """What one night did, in numbers of duties."""

    made: int = 0
    reopened: int = 0
    done: int = 0
    lapsed: int = 0
    missed: int = 0


@verb
def waive_obligation(obligation, *, by, reason) -> Obligation:
    """Let a pairing off one duty, open or missed, with a reason (household in hospital, roads closed)."""
    require(by, "cases.waive_obligation", obligation)
    return move(
        lock(obligation), Outcome.WAIVED, by=by, reason=reason_given(reason), waived_at=now(), waived_by=by
    )


@verb
def run_night(*, by=None, on=None) -> Night:
    """Make the duties whose windows have begun, and judge all that are open, as of a day.

    The standards' rows are held while it works, so that of two runs at once the second finds the work done.
    """
    day = on or today()
    standards = list(ServiceStandard.objects.select_for_update().order_by("effective_from"))
    night = Night()
    if not standards:
        return night
    night.made = _make(standards, day)
    if night.made > MANY and connection.vendor == "postgresql":
        # It would plan the judging for the table as it was before.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Obligation._meta.db_table}")
    night.reopened = _reopen()
    night.done = _find_done(day)
    night.lapsed = _close_with_pairings(day)
    night.missed = _miss(day)
    did = {name: str(count) for name, count in asdict(night).items() if count}
    if did:
        record("obligations", standards[-1], by=by, after=did)
    return night


# Making ------------------------------------------------------------------------------------------------------


def due_windows(standards, day: date):
    """(standard, rule, window) for every window that has begun, of the standard that was in force when it did.

    Windows that were over when their standard was entered are nobody's duty.
    """
    rules = {}
    for rule in StandardRule.objects.order_by("id"):
        rules.setdefault(rule.standard_id, []).append(rule)
    for standard, following in zip(standards, [*standards[1:], None], strict=True):
        first = max(standard.effective_from, day - LOOKBACK)
        last = min(day, following.effective_from - timedelta(days=1)) if following else day
        for rule in rules.get(standard.pk, []):
            for window in windows_of(rule, first, last):
                if window.end > standard.entered_on:
                    yield standard, rule, window


def _make(standards, day) -> int:
    return sum(
        _insert(_obliged(standard, window, rule.times, ordinal), rule, window, ordinal)
        for standard, rule, window in due_windows(standards, day)
        for ordinal in range(1, rule.times + 1)
    )


def _obliged(standard, window, times, ordinal) -> QuerySet:
    """The pairings that owe the ``ordinal``-th time: they began early enough, and were not over before the window."""
    begun_by = window.end - timedelta(days=days_for(window, times, ordinal))
    if max(window.start, standard.entered_on) > begun_by:
        return Pairing.objects.none()
    return Pairing.objects.started().filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=window.start), started_on__lte=begun_by
    )


def _insert(pairings, rule, window: Window, ordinal) -> int:
    """Write the duty for each of the pairings that does not have it, in one INSERT … SELECT.

    Who has it is taken away with EXCEPT, which reads either side once. For a NOT EXISTS, PostgreSQL, which believes a table
    empty that is about to be filled, would read all of what it has just written again for every pairing.
    """
    columns = {
        "rule_id": rule.pk,
        "ordinal": ordinal,
        "window_start": window.start,
        "window_end": window.end,
        "grace_until": window.end + timedelta(days=rule.grace_days),
        "state": str(Outcome.OPEN),
    }
    if pairings.query.is_empty():
        return 0
    have = Obligation.objects.filter(rule=rule, window_start=window.start, ordinal=ordinal)
    owing, whose = pairings.order_by().values_list("pk").query.sql_with_params()
    done, by_whom = have.order_by().values_list("pairing").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Obligation._meta.db_table} (pairing_id, {', '.join(columns)}) "  # noqa: S608 (our own names)
            f"SELECT owing.pk, {', '.join(['%s'] * len(columns))} FROM ({owing} EXCEPT {done}) AS owing "
            "WHERE true ON CONFLICT DO NOTHING",
            [*columns.values(), *whose, *by_whom],
        )
        return cursor.rowcount


# Judging -----------------------------------------------------------------------------------------------------


def _reopen() -> int:
    """A duty whose visit was voided was not done: it is open again, and judged again in the same night."""
    undone = Obligation.objects.filter(state__in=[Outcome.MET, Outcome.LATE]).exclude(
        met_by__state=VisitState.CONFIRMED
    )
    return undone.update(state=Outcome.OPEN, met_by=None, judged_on=None)


# Each open duty of a window takes one confirmed visit of its pairing, the earliest first, that no duty of the same rule
# has taken yet. Inside the window it is met, in the grace late. Windows are judged oldest first: a visit in the grace of
# one goes to what was owed before it serves the next. Duties and visits meet in a GROUP BY on their place in the row, not
# in a join: what a night has just made no engine has statistics of, and both would compare every duty with every visit.
_DONE = """
UPDATE cases_obligation
SET state = CASE WHEN found.visited_on < cases_obligation.window_end THEN 'met' ELSE 'late' END,
    met_by_id = found.visit_id, judged_on = %(day)s
FROM (
    WITH due AS (
        SELECT o.id, o.pairing_id, o.rule_id, o.window_start, o.grace_until, r.kind,
               row_number() OVER (PARTITION BY o.pairing_id, o.rule_id ORDER BY o.ordinal) AS place
        FROM cases_obligation o JOIN cases_standardrule r ON r.id = o.rule_id
        WHERE o.state = 'open' AND o.window_start = %(start)s
    ), usable AS (
        SELECT d.pairing_id, d.rule_id, v.id AS visit_id, v.visited_on,
               row_number() OVER (PARTITION BY d.pairing_id, d.rule_id ORDER BY v.visited_on, v.id) AS place
        FROM due d
        JOIN cases_visithousehold h ON h.pairing_id = d.pairing_id
        JOIN cases_visit v ON v.id = h.visit_id
        WHERE d.place = 1 AND v.state = 'confirmed' AND v.was_made
          AND v.visited_on >= d.window_start AND v.visited_on < d.grace_until
          AND v.kind = CASE d.kind WHEN 'contact' THEN 'contact' ELSE 'home_visit' END
          AND NOT EXISTS (
              SELECT 1 FROM cases_obligation taken
              WHERE taken.pairing_id = d.pairing_id AND taken.rule_id = d.rule_id AND taken.met_by_id = v.id)
    ), both_sides AS (
        SELECT pairing_id, rule_id, place, id AS duty_id, NULL AS visit_id, NULL AS visited_on FROM due
        UNION ALL
        SELECT pairing_id, rule_id, place, NULL, visit_id, visited_on FROM usable
    )
    SELECT max(duty_id) AS duty_id, max(visit_id) AS visit_id, max(visited_on) AS visited_on
    FROM both_sides GROUP BY pairing_id, rule_id, place HAVING count(*) = 2
) AS found
WHERE cases_obligation.id = found.duty_id AND cases_obligation.state = 'open'
"""


def _find_done(day) -> int:
    starts = (
        Obligation.objects.open().order_by("window_start").values_list("window_start", flat=True).distinct()
    )
    done = 0
    for start in list(starts):
        with connection.cursor() as cursor:
            cursor.execute(_DONE, {"start": start, "day": day})
            done += cursor.rowcount
    return done


def _close_with_pairings(day) -> int:
    """A window ends with its pairing. What was due by then, in proportion to the days, stays due; the rest lapses."""
    ended = Pairing.objects.filter(state=PairingState.ENDED, ended_on__lte=day)
    cut = Obligation.objects.open().filter(
        Exists(ended.filter(pk=OuterRef("pairing"), ended_on__lt=OuterRef("window_end")))
    )
    lapsed = 0
    kinds = list(cut.order_by().values_list("rule", "window_start", "window_end", "ordinal").distinct())
    rules = {rule.pk: rule for rule in StandardRule.objects.select_related("standard")}
    for rule_id, start, end, ordinal in kinds:
        rule, window = rules[rule_id], Window(start, end)
        enough = timedelta(days=days_for(window, rule.times, ordinal))
        floor = max(start, rule.standard.entered_on)
        owing = ended.filter(
            Q(started_on__lte=floor, ended_on__gte=floor + enough)
            | Q(started_on__gt=floor, ended_on__gte=F("started_on") + Value(enough))
        )
        these = cut.filter(rule=rule, window_start=start, window_end=end, ordinal=ordinal)
        lapsed += these.exclude(pairing__in=owing).update(state=Outcome.LAPSED, judged_on=day)
        for ended_on in (
            owing.filter(ended_on__lt=end, obligations__in=these)
            .order_by()
            .values_list("ended_on", flat=True)
            .distinct()
        ):
            these.filter(pairing__ended_on=ended_on).update(
                window_end=ended_on, grace_until=ended_on + timedelta(days=rule.grace_days)
            )
    return lapsed


def _miss(day) -> int:
    """The grace is over. While a visit of those days still waits for confirmation, nothing is missed: the delay is ours."""
    kinds = [When(rule__kind=kind, then=Value(str(visit))) for kind, visit in DONE_BY.items()]
    waiting = VisitHousehold.objects.filter(
        pairing=OuterRef("pairing"),
        visit__state=VisitState.SUBMITTED,
        visit__was_made=True,
        visit__kind=OuterRef("done_by"),
        visit__visited_on__gte=OuterRef("window_start"),
        visit__visited_on__lt=OuterRef("grace_until"),
    )
    over = Obligation.objects.open().filter(grace_until__lte=day).annotate(done_by=Case(*kinds))
    return over.exclude(Exists(waiting)).update(state=Outcome.MISSED, judged_on=day)
