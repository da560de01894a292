"""A night's work on the duties of 100,000 pairings."""

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Household, Obligation, Pairing, StandardRule, Visit, VisitHousehold
from cases.services import obligations
from cases.services.standards import add_standard
from cases.windows import days_for, windows_of
from jinchuan.shared.clock import SHANGHAI, travel
from organizations.models import Division, Organization, User

from .measuring import Row, interleaved

MANY = 100_000
ONE_BY_ONE = 60
DAY = date(2026, 6, 1)
_STARTED = date(2025, 1, 1)


def night() -> Row:
    """Making and judging a year's duties, beside a loop over the pairings (reckoned from a few) and the rows' bare INSERT."""
    with transaction.atomic():
        _fill()
        sample = list(Pairing.objects.order_by("pk")[:ONE_BY_ONE])
        with CaptureQueriesContext(connection) as queries:
            _undone(lambda: obligations.run_night(on=DAY))
        with CaptureQueriesContext(connection) as few_queries:
            _undone(lambda: _one_by_one(sample))
        few, ours, bare = interleaved(
            lambda: _undone(lambda: _one_by_one(sample)),
            lambda: _undone(lambda: obligations.run_night(on=DAY)),
            lambda: _undone(_bare),
            rounds=3,
        )
        transaction.set_rollback(True)
    each = f"{len(few_queries) / ONE_BY_ONE:.0f} a pairing"
    return Row("duties.night", few * MANY / ONE_BY_ONE, ours, bare, f"queries {each} | {len(queries)} | 1")


def quiet() -> Row:
    """The next night, when little is new: nothing to make, nothing to judge."""
    with transaction.atomic():
        _fill()
        obligations.run_night(on=DAY)
        sample = list(Pairing.objects.order_by("pk")[:ONE_BY_ONE])
        few, ours = interleaved(
            lambda: _undone(lambda: _one_by_one(sample)),
            lambda: _undone(lambda: obligations.run_night(on=DAY + timedelta(days=1))),
            rounds=3,
        )
        transaction.set_rollback(True)
    return Row("duties.quiet", few * MANY / ONE_BY_ONE, ours, None, "")


def _undone(act) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _one_by_one(pairings) -> None:
    """What one writes first: for every pairing, rule and time look, create, look for the visit, save."""
    rules = list(StandardRule.objects.select_related("standard"))
    for pairing in pairings:
        for rule in rules:
            for window in windows_of(rule, _STARTED, DAY):
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
                        _judge(duty, rule)


def _judge(duty, rule) -> None:
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
    elif duty.grace_until <= DAY:
        duty.state = "missed"
    else:
        return
    duty.judged_on = DAY
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


def _fill() -> None:
    """100,000 households, each with one pairing of many years and a confirmed contact."""
    district = Division.objects.get(level="county")
    officer, reviewer = (User.objects.get(username=name) for name in ("officer", "reviewer"))
    organizations = list(Organization.objects.order_by("pk"))
    then = datetime.combine(_STARTED, time(9), SHANGHAI)
    _write(
        Household(
            code=f"HJ-{n}", community=district, registered_on=_STARTED, registered_by=officer, state="active"
        )
        for n in range(MANY)
    )
    households = list(Household.objects.filter(code__startswith="HJ-").values_list("pk", flat=True))
    _write(
        Pairing(
            code=f"JD-{n}",
            household_id=household,
            organization=organizations[n % len(organizations)],
            intended_on=_STARTED,
            hold_until=_STARTED + timedelta(days=30),
            started_on=_STARTED,
            organization_confirmed_at=then,
            organization_confirmed_by=officer,
            household_confirmed_at=then,
            household_confirmed_by=officer,
            state="active",
            created_by=officer,
        )
        for n, household in enumerate(households)
    )
    _write(
        Visit(
            code=f"ZF-{n}",
            kind="contact",
            channel="phone",
            condition="good",
            visited_on=date(2026, 2, 1) + timedelta(days=n % 100),
            visitors="测试",
            state="confirmed",
            submitted_at=then,
            submitted_by=officer,
            confirmed_at=then,
            confirmed_by=reviewer,
        )
        for n in range(MANY)
    )
    visits = Visit.objects.filter(code__startswith="ZF-").order_by("pk").values_list("pk", flat=True)
    pairings = Pairing.objects.filter(code__startswith="JD-").order_by("pk").values_list("pk", "household")
    _write(
        VisitHousehold(visit_id=visit, pairing_id=pairing, household_id=household)
        for visit, (pairing, household) in zip(visits, pairings, strict=True)
    )
    rules = [
        {"kind": "contact", "window": "year", "times": 4},
        {"kind": "home_visit", "window": "year", "times": 2},
    ]
    with travel(then):
        add_standard(by=None, name="测量", basis="测量", effective_from=date(2026, 1, 1), rules=rules)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write(rows) -> None:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == 2_000:
            type(row).objects.bulk_create(batch)
            batch = []
    if batch:
        type(batch[0]).objects.bulk_create(batch)


BENCHMARKS = {"duties.night": night, "duties.quiet": quiet}
