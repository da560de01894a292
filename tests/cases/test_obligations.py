"""Duties: who owes what, what meets it, and that no night changes what another made."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from cases.enums import Outcome
from cases.models import Obligation, ServiceStandard
from cases.services import obligations, pairings, standards, visits
from cases.services.obligations import waive_obligation
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import Move
from jinchuan.celery import SCHEDULE
from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

NEW_YEAR, NEXT_YEAR = date(2025, 1, 1), date(2026, 1, 1)


def states(pairing=None):
    """The states of the duties in the order of their windows."""
    rows = Obligation.objects.order_by("window_start", "rule", "ordinal")
    return [row.state for row in (rows.filter(pairing=pairing) if pairing else rows)]


def end(pairing, day):
    with duties.at(day):
        return pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted", on=day)


# Making ------------------------------------------------------------------------------------------------------


def test_a_window_that_has_begun_is_owed_by_every_running_pairing():
    duties.standard(duties.rule(times=4), duties.rule("home_visit", times=2), duties.rule(window="quarter"))
    running = duties.pairing()
    duties.night(date(2024, 12, 31))
    assert states() == []
    duties.night(NEW_YEAR)
    found = Obligation.objects.filter(pairing=running).values_list("rule__kind", "rule__window", "ordinal")
    assert sorted(found) == [
        *[("contact", "quarter", 1)],
        *[("contact", "year", ordinal) for ordinal in (1, 2, 3, 4)],
        *[("home_visit", "year", ordinal) for ordinal in (1, 2)],
    ]
    duties.night(date(2025, 4, 1))
    assert len(states(running)) == 8


def test_dates_of_a_duty():
    duties.standard(duties.rule(grace_days=10, season=((11, 1), (12, 31))))
    duties.pairing()
    duties.night(date(2025, 11, 1))
    row = Obligation.objects.get()
    assert (row.window_start, row.window_end, row.grace_until) == (
        date(2025, 11, 1),
        NEXT_YEAR,
        date(2026, 1, 11),
    )


@pytest.mark.parametrize(
    ("started_on", "count"),
    [
        (date(2024, 6, 1), 4),
        (date(2025, 2, 15), 4),
        (date(2025, 2, 16), 3),
        (date(2025, 11, 16), 1),
        (date(2025, 11, 17), 0),
    ],
)
def test_who_begins_in_the_window_owes_a_share(started_on, count):
    duties.standard(duties.rule(times=4))
    duties.pairing(started_on)
    duties.night(max(started_on, NEW_YEAR))
    assert len(states()) == count


def test_what_is_owed_is_no_other_whichever_night_makes_it():
    """A share is counted from the first day of the pairing, not from the night that noticed it."""
    duties.standard(duties.rule(times=4))
    duties.pairing(date(2025, 2, 15))
    duties.night(date(2025, 12, 30))
    assert len(states()) == 4


def test_an_intention_owes_nothing():
    duties.standard()
    with duties.at(date(2024, 12, 20)):
        factories.ready_intention()
    duties.night(NEW_YEAR)
    assert states() == []


def test_a_suspended_pairing_owes_until_it_is_waived():
    duties.standard()
    pairing = duties.pairing()
    pairings.suspend_pairing(pairing, by=factories.officer(), reason="对象住院三个月")
    duties.night(NEW_YEAR)
    assert states() == ["open"]


def test_a_new_standard_applies_to_windows_that_begin_under_it():
    duties.standard(duties.rule(times=1), duties.rule(window="quarter"))
    duties.standard(duties.rule(times=3), effective_from=date(2025, 6, 1))
    duties.pairing()
    duties.nights(date(2026, 1, 1), date(2026, 1, 1))
    found = Obligation.objects.order_by("window_start", "rule", "ordinal")
    assert [(row.window_start.isoformat(), row.rule.times, row.ordinal) for row in found] == [
        ("2025-01-01", 1, 1),
        ("2025-01-01", 1, 1),
        ("2025-04-01", 1, 1),
        ("2026-01-01", 3, 1),
        ("2026-01-01", 3, 2),
        ("2026-01-01", 3, 3),
    ]


def test_nothing_is_owed_for_days_before_the_standard_was_known():
    duties.standard(
        duties.rule(times=4),
        duties.rule("festival_visit", season=((9, 1), (10, 8))),
        duties.rule("winter_check", season=((11, 1), (12, 31))),
        entered_on=date(2025, 11, 23),
    )
    duties.pairing()
    duties.night(date(2025, 11, 23))
    assert list(Obligation.objects.values_list("rule__kind", flat=True)) == ["winter_check"]


def test_nights_that_were_missed_are_made_good():
    duties.standard(duties.rule(season=((3, 1), (3, 31))))
    duties.pairing()
    duties.night(date(2025, 8, 1))
    assert states() == ["missed"]


# Judging -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 12, 31), "missed"),
        (date(2025, 1, 1), "met"),
        (date(2025, 12, 31), "met"),
        (date(2026, 1, 1), "late"),
        (date(2026, 1, 15), "late"),
        (date(2026, 1, 16), "missed"),
    ],
)
def test_when_a_visit_was_decides(day, state):
    duties.standard(duties.rule("home_visit"), duties.rule("festival_visit", season=((1, 1), (1, 1))))
    pairing = duties.pairing()
    duties.night(NEW_YEAR)
    duties.confirmed_visit(pairing, day, "home_visit")
    duties.night(date(2026, 2, 1))
    first = Obligation.objects.filter(rule__kind="home_visit").order_by("window_start").first()
    assert first.state == state
    assert (first.met_by is not None) == (state != "missed")


@pytest.mark.parametrize(
    ("kind", "contact", "home_visit"),
    [
        ("contact", "met", "open"),
        ("home_visit", "open", "met"),
        ("winter_check", "open", "met"),
        ("festival_visit", "open", "met"),
    ],
)
def test_a_contact_by_a_contact_the_rest_at_the_door(kind, contact, home_visit):
    duties.standard(duties.rule(kind))
    first, second = duties.pairing(), duties.pairing()
    duties.confirmed_visit(first, date(2025, 3, 1), "contact")
    duties.confirmed_visit(second, date(2025, 3, 1), "home_visit")
    duties.night(date(2025, 3, 2))
    assert (states(first), states(second)) == ([contact], [home_visit])


def test_one_home_visit_serves_rules_of_several_kinds():
    duties.standard(duties.rule("home_visit"), duties.rule("winter_check", season=((11, 1), (12, 31))))
    pairing = duties.pairing()
    duties.confirmed_visit(pairing, date(2025, 11, 5), "home_visit")
    duties.night(date(2025, 11, 5))
    assert states() == ["met", "met"]


def test_the_second_time_needs_a_second_visit():
    duties.standard(duties.rule(times=2))
    pairing = duties.pairing()
    first = duties.confirmed_visit(pairing, date(2025, 5, 1))
    duties.night(date(2025, 5, 2))
    assert states() == ["met", "open"]
    earlier = duties.confirmed_visit(pairing, date(2025, 2, 1), on=date(2025, 5, 3))
    duties.night(date(2025, 5, 3))
    assert list(Obligation.objects.order_by("ordinal").values_list("met_by", flat=True)) == [
        first.pk,
        earlier.pk,
    ]


def test_a_visit_in_the_grace_goes_to_what_was_owed_first():
    duties.standard()
    pairing = duties.pairing()
    duties.confirmed_visit(pairing, date(2026, 1, 5))
    duties.night(date(2026, 1, 6))
    assert states() == ["late", "open"]
    duties.confirmed_visit(pairing, date(2026, 1, 7))
    duties.night(date(2026, 1, 8))
    assert states() == ["late", "met"]


def test_visits_of_another_pairing_attempts_and_unconfirmed_ones_meet_nothing():
    duties.standard()
    pairing, other = duties.pairing(), duties.pairing()
    duties.confirmed_visit(other, date(2025, 3, 1))
    duties.confirmed_visit(pairing, date(2025, 3, 1), was_made=False)
    duties.submitted_visit(pairing, date(2025, 3, 2))
    returned = duties.submitted_visit(pairing, date(2025, 3, 3))
    visits.return_visit(returned, by=factories.officer(), reason="走访日期写错了")
    duties.night(date(2025, 3, 4))
    assert (states(pairing), states(other)) == (["open"], ["met"])


def test_a_visit_that_waits_for_confirmation_holds_the_verdict_up():
    duties.standard()
    pairing = duties.pairing()
    visit = duties.submitted_visit(pairing, date(2025, 12, 30))
    duties.night(date(2026, 3, 1))
    assert states() == ["open", "open"]
    with duties.at(date(2026, 3, 2)):
        visits.confirm_visit(visit, by=factories.officer())
    duties.night(date(2026, 3, 3))
    assert states() == ["met", "open"]


def test_a_missed_one_stays_missed():
    duties.standard()
    pairing = duties.pairing()
    duties.night(NEW_YEAR)
    duties.night(date(2026, 1, 15))
    assert states() == ["open", "open"]
    duties.night(date(2026, 1, 16))
    assert states() == ["missed", "open"]
    duties.confirmed_visit(pairing, date(2025, 12, 1), on=date(2026, 1, 20))
    end(pairing, date(2026, 1, 25))
    duties.night(date(2026, 2, 1))
    assert states() == ["missed", "lapsed"]


@pytest.mark.parametrize(("voided_on", "state"), [(date(2025, 5, 1), "open"), (date(2026, 5, 1), "missed")])
def test_a_voided_visit_was_no_visit(voided_on, state):
    duties.standard()
    visit = duties.confirmed_visit(duties.pairing(), date(2025, 3, 1))
    duties.night(date(2025, 3, 1))
    assert states() == ["met"]
    with duties.at(voided_on):
        visits.void_visit(visit, by=factories.reviewer(), reason="登记错了关爱户")
    duties.night(voided_on)
    first = Obligation.objects.earliest("window_start")
    assert (first.state, first.met_by) == (state, None)


def test_another_visit_steps_in_for_a_voided_one():
    duties.standard()
    pairing = duties.pairing()
    first, second = (duties.confirmed_visit(pairing, date(2025, month, 1)) for month in (3, 4))
    duties.night(date(2025, 4, 1))
    with duties.at(date(2025, 5, 1)):
        visits.void_visit(first, by=factories.reviewer(), reason="登记错了关爱户")
    duties.night(date(2025, 5, 1))
    assert Obligation.objects.get().met_by == second


# Ending ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started_on", "ended_on", "expected"),
    [
        (date(2024, 6, 1), date(2025, 1, 10), ["lapsed"] * 4),
        (date(2024, 6, 1), date(2025, 7, 2), ["missed"] * 2 + ["lapsed"] * 2),
        (date(2024, 6, 1), date(2025, 12, 31), ["missed"] * 4),
        (date(2025, 4, 1), date(2025, 7, 2), ["missed"] * 1 + ["lapsed"] * 2),
        (date(2025, 4, 1), date(2025, 4, 20), ["lapsed"] * 3),
    ],
)
def test_what_was_due_by_the_end_stays_due(started_on, ended_on, expected):
    duties.standard(duties.rule(times=4))
    pairing = duties.pairing(started_on)
    duties.night(max(started_on, NEW_YEAR))
    end(pairing, ended_on)
    duties.night(ended_on + timedelta(days=15))
    assert states() == expected


def test_a_window_cut_by_the_end_is_met_by_the_visits_before_it():
    duties.standard(duties.rule(times=4))
    pairing = duties.pairing()
    duties.confirmed_visit(pairing, date(2025, 2, 1))
    waiting = duties.submitted_visit(pairing, date(2025, 6, 30))
    end(pairing, date(2025, 7, 2))
    duties.night(date(2025, 7, 3))
    assert states() == ["met", "open", "lapsed", "lapsed"]
    cut = Obligation.objects.get(ordinal=2)
    assert (cut.window_end, cut.grace_until) == (date(2025, 7, 2), date(2025, 7, 17))
    with duties.at(date(2025, 7, 10)):
        visits.confirm_visit(waiting, by=factories.officer())
    duties.night(date(2025, 7, 11))
    assert states() == ["met", "met", "lapsed", "lapsed"]


def test_windows_after_the_end_are_not_made():
    duties.standard(duties.rule(window="quarter"))
    end(duties.pairing(), date(2025, 4, 1))
    duties.night(date(2025, 12, 1))
    assert states() == ["missed"]


# Waiving -----------------------------------------------------------------------------------------------------


def test_a_duty_is_waived_with_a_reason(officer):
    row = duties.obligation()
    waived = waive_obligation(row, by=officer, reason="对象住院三个月")
    duties.night(date(2026, 5, 1))
    waived.refresh_from_db()
    assert (waived.state, waived.waived_by) == (Outcome.WAIVED, officer)
    assert waived.transitions.get().reason == "对象住院三个月"


def test_a_missed_one_may_be_waived_a_met_one_not(officer):
    row = duties.obligation()
    duties.night(date(2026, 2, 1))
    assert waive_obligation(row, by=officer, reason="山路被雪封住").state == "waived"
    duties.confirmed_visit(row.pairing, date(2026, 2, 2))
    duties.night(date(2026, 2, 2))
    with pytest.raises(Move):
        waive_obligation(Obligation.objects.get(state="met"), by=officer, reason="山路被雪封住")


def test_a_waiver_needs_a_reason_and_the_right(officer, worker_a):
    row = duties.obligation()
    with pytest.raises(Refused):
        waive_obligation(row, by=officer, reason=" ")
    for person in (worker_a, factories.admin_of(row.pairing.organization)):
        with pytest.raises(PermissionDenied):
            waive_obligation(row, by=person, reason="山路被雪封住")


# Nights ------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing_and_leaves_no_line():
    duties.standard(duties.rule(times=2), duties.rule("home_visit", window="quarter"))
    pairing = duties.pairing()
    duties.confirmed_visit(pairing, date(2025, 2, 1))
    duties.night(date(2025, 7, 1))
    rows, lines = list(Obligation.objects.values()), AuditEvent.objects.count()
    duties.night(date(2025, 7, 1))
    assert list(Obligation.objects.values()) == rows
    assert AuditEvent.objects.count() == lines


def test_a_night_says_in_the_log_what_it_did():
    duties.standard(duties.rule(times=2))
    duties.confirmed_visit(duties.pairing(), date(2025, 2, 1))
    duties.night(date(2025, 2, 2))
    event = AuditEvent.objects.get(action="obligations")
    assert (event.actor, event.after) == ("", {"made": "2", "done": "1"})


def test_a_night_takes_the_same_queries_for_one_and_three_pairings(django_assert_num_queries):
    duties.standard(duties.rule(times=2), duties.rule("home_visit"))
    for count in (1, 2):
        Obligation.objects.all().delete()
        for _ in range(count):
            duties.confirmed_visit(duties.pairing(), date(2025, 2, 1))
        with django_assert_num_queries(16), duties.at(date(2025, 2, 2)):
            obligations.run_night()


def test_the_task_is_on_the_schedule():
    from cases.tasks import judge_obligations

    row = duties.obligation()
    with travel(datetime(2026, 2, 1, 1, tzinfo=SHANGHAI)):
        judge_obligations()
        judge_obligations()
    row.refresh_from_db()
    assert row.state == "missed"
    assert judge_obligations.name in SCHEDULE


YEAR_DAYS = some.dates(NEW_YEAR, date(2025, 12, 31))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    started=some.dates(date(2024, 10, 1), date(2025, 11, 30)),
    length=some.integers(1, 500),
    visited=some.lists(YEAR_DAYS, max_size=3),
    nights=some.lists(some.dates(NEW_YEAR, date(2026, 5, 30)), max_size=3),
)
def test_nothing_is_made_twice_nor_lost(started, length, visited, nights):
    """Whichever nights ran, and how often, the last one leaves what a run of every change would have left."""
    from django.db import transaction

    def lived(days):
        with transaction.atomic():
            duties.standard(
                duties.rule(times=3, window="half_year"), duties.rule("contact", season=((11, 1), (2, 10)))
            )
            pairing = duties.pairing(started)
            ended = min(started + timedelta(days=length), date(2026, 5, 31))
            acts = [(day, "visit") for day in visited if started <= day < ended]
            acts += [(ended, "end")] + [(day, "night") for day in days]
            for day, act in sorted(acts):
                if act == "visit":
                    duties.confirmed_visit(pairing, day)
                elif act == "end":
                    end(pairing, day)
                else:
                    duties.night(day)
            duties.night(date(2026, 5, 31))
            found = list(
                Obligation.objects.order_by("rule", "window_start", "ordinal").values_list(
                    "rule__window", "window_start", "ordinal", "state", "window_end", "grace_until"
                )
            )
            transaction.set_rollback(True)
        return found

    every = lived([date(2026, 5, 30)])
    assert lived(nights * 2) == every
    places = [row[:3] for row in every]
    assert all(first != second for first, second in pairwise(places))


# Standards ---------------------------------------------------------------------------------------------------


def test_a_standard_in_effect_is_not_changed(reviewer):
    with duties.at(date(2025, 3, 1)):
        standard = standards.add_standard(
            by=reviewer, name="标准", basis="文件", effective_from=date(2025, 3, 2), rules=[duties.rule()]
        )
        changed = standards.update_standard(
            standard, by=reviewer, name="标准二", rules=[duties.rule(times=2), duties.rule("home_visit")]
        )
        assert [str(rule) for rule in changed.rules.all()] == ["每年联系交流2次", "每年走访探视1次"]
    with duties.at(date(2025, 3, 2)), pytest.raises(Refused, match="已经生效"):
        standards.update_standard(standard, by=reviewer, name="标准三", rules=[duties.rule()])


def test_a_standard_is_not_entered_for_the_past_nor_without_rules(reviewer, officer):
    fields = {"name": "标准", "basis": "文件"}
    with duties.at(date(2025, 3, 2)):
        with pytest.raises(Refused, match="不能早于今天"):
            standards.add_standard(
                by=reviewer, effective_from=date(2025, 3, 1), rules=[duties.rule()], **fields
            )
        with pytest.raises(Refused, match="至少写一条"):
            standards.add_standard(by=reviewer, effective_from=date(2025, 3, 3), rules=[], **fields)
        with pytest.raises(PermissionDenied):
            standards.add_standard(
                by=officer, effective_from=date(2025, 3, 3), rules=[duties.rule()], **fields
            )
    assert not ServiceStandard.objects.exists()


def test_the_shipped_standard_is_entered_once(capsys):
    with duties.at(date(2025, 11, 23)):
        call_command("load_standards")
        call_command("load_standards")
    assert capsys.readouterr().out == "新登记 1 版走访联系标准。\n新登记 0 版走访联系标准。\n"
    standard = ServiceStandard.objects.get()
    assert (standard.effective_from, standard.entered_on) == (NEW_YEAR, date(2025, 11, 23))
    assert {(rule.kind, rule.window, rule.times) for rule in standard.rules.all()} == {
        ("contact", "year", 4),
        ("home_visit", "year", 2),
        ("winter_check", "season", 1),
        ("festival_visit", "season", 1),
    }


@pytest.mark.parametrize("content", ["{", '[{"name": "x"}]', '[{"name": "x", "basis": "y", "rules": []}]'])
def test_a_file_that_is_no_standard_is_refused(tmp_path, content):
    file = tmp_path / "standards.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"standards\.json"):
        call_command("load_standards", str(file))
    with pytest.raises(CommandError, match="--from"):
        call_command("load_standards", "--from", "2025-13-01")
