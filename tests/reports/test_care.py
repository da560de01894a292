"""The care side's figures against a recount by hand; by street and by hardship category."""

from datetime import date

import pytest

from cases.models import Obligation
from cases.services import households, needs, pairings, visits
from cases.services.obligations import waive_obligation
from reports.indicators import INDICATORS, read_all, shown
from tests import factories
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)
JULY = date(2026, 7, 1)


def line(code, as_of=SEPTEMBER, scope=None):
    return shown(read_all(as_of, scope)[code])


def numbers(code, as_of=SEPTEMBER, scope=None):
    found = line(code, as_of, scope)
    return found["previous"], found["month"], found["cumulative"]


def household_of(category, **fields):
    member = factories.head(hardships=[{"category": category, "basis": "证明", "started_on": JULY}])
    with duties.at(JULY):
        return factories.verified_household(members=[member], **fields)


def test_a_visit_counts_once_for_each_household_it_reached():
    first, second = duties.pairing(JULY), duties.pairing(JULY)
    duties.confirmed_visit(first, date(2026, 8, 31))
    duties.confirmed_visit(first, date(2026, 9, 1))
    duties.confirmed_visit(second, date(2026, 9, 30), "home_visit")
    with duties.at(SEPTEMBER):
        visit = visits.log_visit(
            by=factories.officer(),
            households=[first.household, second.household],
            visited_on=date(2026, 9, 30),
            kind="home_visit",
            condition="good",
            visitors="测试走访员",
        )
        visits.confirm_visit(visit, by=factories.reviewer())
    assert numbers("contacts") == (1, 1, 2)
    assert numbers("home_visits") == (0, 3, 3)


def test_attempts_and_what_is_not_confirmed_are_no_visits():
    pairing = duties.pairing(JULY)
    duties.confirmed_visit(pairing, date(2026, 9, 1), was_made=False)
    duties.submitted_visit(pairing, date(2026, 9, 2))
    visit = duties.confirmed_visit(pairing, date(2026, 9, 3))
    visits.void_visit(visit, by=factories.reviewer(), reason="登记错了关爱户")
    assert numbers("contacts") == (0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("policy_delivered", "policies_delivered"),
        ("difficulty_solved", "difficulties_solved"),
        ("deed_done", "deeds_done"),
    ],
)
def test_matters_count_by_kind(kind, code):
    household = factories.verified_household()
    duties.confirmed_matter(household, date(2026, 8, 31), kind)
    duties.confirmed_matter(household, date(2026, 9, 1), kind)
    found = {name: numbers(name) for name in ("policies_delivered", "difficulties_solved", "deeds_done")}
    assert found.pop(code) == (1, 1, 2)
    assert set(found.values()) == {(0, 0, 0)}


def test_needs_open_less_needs_met_is_what_waits():
    household = duties.pairing(JULY).household
    kept, met, gone = (
        duties.need(household, day) for day in (date(2026, 8, 3), date(2026, 8, 4), date(2026, 9, 5))
    )
    with duties.at(date(2026, 9, 6)):
        needs.meet_need(met, by=factories.officer(), met_by="SX-2026-0001")
    assert (numbers("needs_open"), numbers("needs_met")) == ((2, 1, 3), (0, 1, 1))
    needs.withdraw_need(gone, by=factories.officer(), reason="家属已经自行购买")
    assert (numbers("needs_open"), numbers("needs_met")) == ((2, 0, 2), (0, 1, 1))
    assert kept.state == "open"


def test_duties_count_when_they_were_done_or_given_up():
    duties.standard(
        duties.rule("home_visit", times=2, grace_days=15, season=((8, 1), (8, 31))), effective_from=JULY
    )
    pairing = duties.pairing(JULY)
    duties.confirmed_visit(pairing, date(2026, 8, 20), "home_visit")
    duties.night(date(2026, 9, 16))
    assert numbers("obligations_met") == (1, 0, 1)
    assert numbers("obligations_missed") == (0, 1, 1)
    missed = Obligation.objects.get(state="missed")
    waive_obligation(missed, by=factories.officer(), reason="对象住院三个月")
    assert numbers("obligations_missed") == (0, 0, 0)


def test_what_was_done_late_is_neither_met_nor_missed():
    duties.standard(duties.rule("home_visit", season=((8, 1), (8, 31))), effective_from=JULY)
    duties.confirmed_visit(duties.pairing(JULY), date(2026, 9, 5), "home_visit")
    duties.night(date(2026, 9, 20))
    assert numbers("obligations_met") == numbers("obligations_missed") == (0, 0, 0)


def test_days_without_a_helper_add_up_over_the_months():
    first, second = household_of("orphan"), household_of("orphan")
    with duties.at(date(2026, 8, 11)):
        pairing = factories.active_pairing(first)
    with duties.at(date(2026, 9, 21)):
        pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted")
    assert numbers("days_uncovered", AUGUST) == (31 + 31, 10 + 31, 103)
    assert numbers("days_uncovered") == (103, 10 + 30, 143)
    assert numbers("households_uncovered", AUGUST) == (2, 0, 2)
    with duties.at(date(2026, 10, 2)):
        households.exit_household(second, by=factories.officer(), reason="moved_away")
    assert numbers("days_uncovered", OCTOBER) == (143, 31 + 1, 175)


def test_a_household_counts_under_each_of_its_hardships():
    both = [
        {"category": "orphan", "basis": "证明", "started_on": JULY},
        {"category": "severe_disability", "basis": "残疾证", "started_on": JULY},
    ]
    with duties.at(JULY):
        first = factories.active_pairing(
            factories.verified_household(members=[factories.head(hardships=both)])
        )
    with duties.at(JULY):
        second = factories.active_pairing(household_of("orphan"))
    duties.standard(duties.rule(), effective_from=JULY)
    for pairing in (first, second):
        duties.confirmed_visit(pairing, date(2026, 9, 5))
        duties.confirmed_matter(pairing.household, date(2026, 9, 5))
        duties.need(pairing.household, date(2026, 9, 5))
    for code in ("contacts", "deeds_done", "needs_open"):
        parts = line(code)["by_category"]
        assert parts["orphan"] == {"month": 2, "late": 0, "previous": 0, "correction": 0, "cumulative": 2}
        assert parts["severe_disability"]["cumulative"] == 1
        assert parts["destitute_person"]["cumulative"] == 0
        assert line(code)["cumulative"] == 2


def test_the_category_of_the_day_counts_not_todays():
    household = household_of("orphan")
    member = household.members.get()
    duties.confirmed_matter(household, date(2026, 8, 5))
    member.hardships.update(ended_on=date(2026, 9, 1))
    with duties.at(date(2026, 9, 1)):
        households.add_hardship(
            member,
            by=factories.officer(),
            category="living_alone",
            basis="社区证明",
            started_on=date(2026, 9, 1),
        )
    duties.confirmed_matter(household, date(2026, 9, 5))
    parts = line("deeds_done")["by_category"]
    assert (parts["orphan"]["previous"], parts["orphan"]["month"]) == (1, 0)
    assert (parts["living_alone"]["previous"], parts["living_alone"]["month"]) == (0, 1)


def test_gaps_by_category():
    household_of("orphan")
    household_of("severe_disability")
    for code, count in (("households_uncovered", 1), ("days_uncovered", 31 + 31 + 30)):
        parts = line(code)["by_category"]
        assert (parts["orphan"]["cumulative"], parts["severe_disability"]["cumulative"]) == (count, count)


def test_a_street_has_its_own(divisions):
    first, second = (
        household_of("orphan", community=community) for community in (divisions.a1, divisions.b1)
    )
    duties.standard(duties.rule(season=((8, 1), (8, 31)), grace_days=0), effective_from=JULY)
    with duties.at(date(2026, 7, 11)):
        pairing = factories.active_pairing(first)
    duties.confirmed_visit(pairing, date(2026, 8, 5))
    duties.night(date(2026, 9, 10))
    for street, contacts, met, days in ((divisions.street_a, 1, 1, 10), (divisions.street_b, 0, 0, 92)):
        found = [
            line(code, scope=street)["cumulative"]
            for code in ("contacts", "obligations_met", "days_uncovered")
        ]
        assert found == [contacts, met, days]
        parts = line("days_uncovered", scope=street)["by_category"]
        assert parts["orphan"]["cumulative"] == days
    assert second.community == divisions.b1


def test_the_parts_add_up_like_the_whole():
    household = household_of("orphan")
    for month in range(7, 11):
        duties.confirmed_matter(household, date(2026, month, 15))
    before = None
    for as_of in (date(2026, 7, 31), AUGUST, SEPTEMBER, OCTOBER):
        found = {code: line(code, as_of) for code in INDICATORS}
        for code, told in found.items():
            for part in (told, *told.get("by_category", {}).values()) if told["unit"] != "元" else ():
                assert part["previous"] + part["month"] == part["cumulative"], code
        if before:
            for code in ("deeds_done", "days_uncovered", "households_uncovered"):
                assert (
                    found[code]["by_category"]["orphan"]["previous"]
                    == (before[code]["by_category"]["orphan"]["cumulative"])
                )
        before = found


def test_days_belong_to_no_row():
    with pytest.raises(ValueError, match="no row"):
        INDICATORS["days_uncovered"].split("community", until=SEPTEMBER)
