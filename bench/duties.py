"""A night's work on the duties of 100,000 pairings."""

from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Obligation, Pairing, StandardRule, Visit
from cases.services import obligations
from cases.windows import days_for, windows_of

from . import care
from .measuring import Row, interleaved

ONE_BY_ONE = 60
DAY = care.LAST
NEXT = DAY + timedelta(days=1)


def night() -> Row:
    """Making and judging a year's duties, beside a loop over the pairings (reckoned from a few) and the rows' bare INSERT."""
    sample = _sample()
    with CaptureQueriesContext(connection) as queries:
        _undone(lambda: obligations.run_night(on=DAY))
    with CaptureQueriesContext(connection) as few_queries:
        _undone(lambda: _one_by_one(sample, DAY))
    few, ours, bare = interleaved(
        lambda: _undone(lambda: _one_by_one(sample, DAY)),
        lambda: _undone(lambda: obligations.run_night(on=DAY)),
        lambda: _undone(_bare),
        rounds=3,
    )
    each = f"{len(few_queries) / len(sample):.0f} a pairing"
    return Row("duties.night", few * _scale(sample), ours, bare, f"queries {each} | {len(queries)} | 1")


def quiet() -> Row:
    """The next night, when little is new: nothing to make, nothing to judge. Leaves the duties for what comes after."""
    obligations.run_night(on=DAY)
    care.settle()
    sample = _sample()
    few, ours = interleaved(
        lambda: _undone(lambda: _one_by_one(sample, NEXT)),
        lambda: _undone(lambda: obligations.run_night(on=NEXT)),
        rounds=3,
    )
    return Row("duties.quiet", few * _scale(sample), ours, None, "")


def _sample() -> list:
    return list(Pairing.objects.filter(pk__gte=care.BASE).order_by("pk")[:ONE_BY_ONE])


def _scale(sample) -> float:
    return Pairing.objects.started().count() / len(sample)


def _undone(act) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _one_by_one(pairings, day) -> None:
    """What one writes first: for every pairing, rule and time look, create, look for the visit, save."""
    rules = list(StandardRule.objects.select_related("standard"))
    for pairing in pairings:
        for rule in rules:
            for window in windows_of(rule, rule.standard.effective_from, day):
                for ordinal in range(1, rule.times + 1):
                    if pairing.started_on > window.end - timedelta(
                        days=days_for(window, rule.times, ordinal)
                    ):
                        continue
                    duty, _ = Obligation.objects.get_or_create(
                        pairing=pairing,
                        rule=rule,
                        window_start=window.start,
                        ordinal=ordinal,
                        defaults={
                            "window_end": window.end,
                            "grace_until": window.end + timedelta(days=rule.grace_days),
                        },
                    )
                    if duty.state == "open":
                        _judge(duty, rule, day)


def _judge(duty, rule, day) -> None:
    visits = Visit.objects.confirmed().filter(
        visited__pairing=duty.pairing_id,
        kind=obligations.DONE_BY[rule.kind],
        visited_on__gte=duty.window_start,
        visited_on__lt=duty.grace_until,
    )
    found = visits.order_by("visited_on", "pk")[duty.ordinal - 1 : duty.ordinal].first()
    if found:
        duty.state = "met" if found.visited_on < duty.window_end else "late"
        duty.met_by = found
    elif duty.grace_until <= day:
        duty.state = "missed"
    else:
        return
    duty.judged_on = day
    duty.save()


def _bare() -> None:
    """As many rows as a night makes, from nothing but the pairings' keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_obligation (pairing_id, rule_id, ordinal, window_start, window_end, grace_until, state) "
            "SELECT p.id, (SELECT min(id) FROM cases_standardrule), n.ordinal, p.started_on, p.hold_until, p.hold_until, "
            "'open' FROM cases_pairing p CROSS JOIN (SELECT 1 AS ordinal UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 "
            "UNION SELECT 5 UNION SELECT 6) n"
        )


BENCHMARKS = {"duties.night": night, "duties.quiet": quiet}
