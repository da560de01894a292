"""A month that is closed: what it booked stays, what comes late or was wrong is told by the month after."""

from datetime import date, datetime

import pytest

from donations.services import gifts
from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from organizations.enums import Role
from reports.enums import EntryKind, ReportKind
from reports.indicators import shown
from reports.ledger.seal import seal
from reports.models import Closing, Entry
from reports.periods import Period
from reports.reading import behind, number, read
from reports.services import closings
from tests import factories
from volunteers.services import activities

pytestmark = pytest.mark.django_db

AUGUST, SEPTEMBER, OCTOBER = (Month(2026, month) for month in (8, 9, 10))


def of(month):
    return Period(ReportKind.MONTH, month)


def items(code, month, scope=None):
    return behind(code, of(month), scope, as_of=month.last)[0]


def line(code, month, scope=None):
    told = shown(read(of(month), scope)[code])
    return tuple(told[name] for name in ("previous", "month", "late", "correction", "cumulative"))


def gift(by, day, value, **fields):
    return factories.confirmed_donation(
        by=by, lines=[factories.cash(value)], received_on=date.fromisoformat(day), **fields
    )


def test_what_comes_late_is_told_by_the_month_after(officer, reviewer, admin_a):
    gift(admin_a, "2026-07-31", "1")
    gift(admin_a, "2026-09-01", "10")
    closings.close_month(by=officer, month=SEPTEMBER)
    assert line("donations_cash", SEPTEMBER) == ("1.00", "10.00", "0.00", "0.00", "11.00")
    gift(admin_a, "2026-09-30", "100")
    gift(admin_a, "2026-10-01", "1000")
    assert line("donations_cash", SEPTEMBER) == ("1.00", "10.00", "0.00", "0.00", "11.00")
    before = line("donations_cash", OCTOBER)
    assert before == ("11.00", "1100.00", "100.00", "0.00", "1111.00")
    closings.close_month(by=officer, month=OCTOBER)
    assert line("donations_cash", OCTOBER) == before


def test_what_was_wrong_is_put_right_in_the_month_after(officer, reviewer, admin_a):
    wrong = gift(admin_a, "2026-09-01", "10")
    gift(admin_a, "2026-09-02", "5")
    closed = closings.close_month(by=officer, month=SEPTEMBER)
    gifts.void_donation(wrong, by=reviewer, reason="重复登记了一次")
    assert line("donations_cash", SEPTEMBER) == ("0.00", "15.00", "0.00", "0.00", "15.00")
    assert line("donations_cash", OCTOBER) == ("15.00", "0.00", "0.00", "-10.00", "5.00")
    assert seal(closed) == closed.sha256
    closings.close_month(by=officer, month=OCTOBER)
    assert line("donations_cash", OCTOBER) == ("15.00", "0.00", "0.00", "-10.00", "5.00")
    assert line("donations_cash", Month(2026, 11)) == ("5.00", "0.00", "0.00", "0.00", "5.00")


def test_a_thing_counts_once_and_leaves_when_nothing_of_it_stands(officer, reviewer, divisions):
    donor = factories.individual_donor()
    first = factories.confirmed_donation(donor=donor, received_on=date(2026, 9, 3))
    closings.close_month(by=officer, month=SEPTEMBER)
    second = factories.confirmed_donation(donor=donor, received_on=date(2026, 8, 3))
    assert line("donor_individuals", OCTOBER) == (1, 0, 0, 0, 1)
    second_reviewer = factories.user(Role.REVIEWER)
    gifts.void_donation(first, by=second_reviewer, reason="重复登记了一次")
    assert line("donor_individuals", OCTOBER) == (1, 0, 0, 0, 1)
    gifts.void_donation(second, by=second_reviewer, reason="重复登记了一次")
    assert line("donor_individuals", OCTOBER, divisions.home) == (1, 0, 0, -1, 0)
    late = factories.confirmed_donation(donor=factories.individual_donor(), received_on=date(2026, 9, 9))
    assert line("donor_individuals", OCTOBER) == (1, 1, 1, -1, 1)
    closings.close_month(by=officer, month=OCTOBER)
    assert line("donor_individuals", OCTOBER, late.division) == (1, 1, 1, -1, 1)


def test_what_is_closed_is_what_was_counted(officer, pairing_a, pairing_b, org_a, admin_a, divisions):
    """Every indicator at every scope, whole and in parts, is the same right after a closing as right before it."""
    program = factories.program()
    with travel(datetime(2026, 9, 20, 9, tzinfo=SHANGHAI)):
        factories.verified_household()
    gift(admin_a, "2026-08-31", "7.77", household=pairing_a.household)
    gift(admin_a, "2026-10-31", "8.05")
    factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 10, 4), program=program)
    scopes = (None, divisions.home, divisions.street_a, divisions.street_b, org_a, program)
    before = [read(of(OCTOBER), scope) for scope in scopes]
    closings.close_month(by=officer, month=OCTOBER)
    for scope, counted in zip(scopes, before, strict=True):
        assert read(of(OCTOBER), scope) == counted
    assert {entry.indicator for entry in Entry.objects.all()} >= {"donations_total", "days_uncovered"}


def test_months_before_the_first_closing_stand_in_its_opening_balance(officer, reviewer, admin_a, org_a):
    old = gift(admin_a, "2026-08-02", "3")
    gift(admin_a, "2026-07-02", "4")
    before = read(of(AUGUST), org_a)
    closings.close_month(by=officer, month=SEPTEMBER)
    gifts.void_donation(old, by=reviewer, reason="重复登记了一次")
    assert read(of(AUGUST), org_a) == before
    assert line("donations_cash", OCTOBER) == ("7.00", "0.00", "0.00", "-3.00", "4.00")


def test_a_quarter_is_its_months(officer, reviewer, admin_a):
    wrong = gift(admin_a, "2026-07-02", "4")
    gift(admin_a, "2026-05-02", "40")
    closings.close_month(by=officer, month=Month(2026, 7))
    closings.close_month(by=officer, month=AUGUST)
    gift(admin_a, "2026-08-02", "5")
    gifts.void_donation(wrong, by=reviewer, reason="重复登记了一次")
    gift(admin_a, "2026-09-02", "6")
    for _ in ("open", "closed"):
        quarter = read(Period.parse("quarter", "2026-Q3"))["donations_cash"]
        told = shown(quarter)
        assert [told[name] for name in ("previous", "month", "late", "correction", "cumulative")] == [
            "40.00",
            "15.00",
            "5.00",
            "-4.00",
            "51.00",
        ]
        assert quarter.month_before == 40
        if not Closing.objects.filter(month="2026-09").exists():
            closings.close_month(by=officer, month=SEPTEMBER)


def test_the_lines_behind_a_closed_figure_add_up_to_it(officer, reviewer, org_a, admin_a):
    held = factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 3))
    closings.close_month(by=officer, month=SEPTEMBER)
    activities.void_activity(held, by=reviewer, reason="这一场没有举办")
    [item] = items("service_sessions", SEPTEMBER, org_a)
    assert (item.row, item.on, item.kind, item.amount) == (held.pk, held.held_on, EntryKind.NEW, 1)
    while_open = items("service_sessions", OCTOBER)
    assert [(one.row, one.kind, one.amount) for one in while_open] == [(held.pk, EntryKind.CORRECTION, -1)]
    closings.close_month(by=officer, month=OCTOBER)
    assert items("service_sessions", OCTOBER) == while_open


def test_months_are_closed_in_order_and_when_they_are_over(officer):
    with pytest.raises(Refused, match="还没有结束"):
        closings.close_month(by=officer, month=Month(2026, 11))
    closings.close_month(by=officer, month=AUGUST)
    for wrong in (Month(2026, 7), AUGUST, OCTOBER):
        with pytest.raises(Refused, match="2026年9月"):
            closings.close_month(by=officer, month=wrong)
    with travel(datetime(2026, 9, 30, 23, 59, 59, tzinfo=SHANGHAI)), pytest.raises(Refused):
        closings.close_month(by=officer, month=SEPTEMBER)
    with travel(datetime(2026, 10, 1, tzinfo=SHANGHAI)):
        closings.close_month(by=officer, month=SEPTEMBER)
    assert Closing.objects.newest().month == "2026-09"


def test_a_month_is_reopened_by_two_people_and_closed_anew(officer, reviewer, admin_a):
    gift(admin_a, "2026-08-02", "3")
    closings.close_month(by=officer, month=AUGUST)
    closed = closings.close_month(by=officer, month=SEPTEMBER)
    assert number(of(SEPTEMBER)) == 1
    with pytest.raises(Refused, match="还没有人申请"):
        closings.reopen_month(closed, by=reviewer)
    asked = closings.ask_reopening(closed, by=reviewer, reason="漏了一笔捐款要补进去")
    with pytest.raises(Refused, match="两个人"):
        closings.reopen_month(asked, by=reviewer)
    asked = closings.decline_reopening(asked, by=reviewer, reason="换一个人来申请吧")
    asked = closings.ask_reopening(asked, by=officer, reason="漏了一笔捐款要补进去")
    closings.reopen_month(asked, by=reviewer)
    gift(admin_a, "2026-09-02", "4")
    again = closings.close_month(by=officer, month=SEPTEMBER)
    assert (again.number, number(of(SEPTEMBER)), number(of(AUGUST))) == (2, 2, 1)
    assert line("donations_cash", SEPTEMBER) == ("3.00", "4.00", "0.00", "0.00", "7.00")
    assert Entry.objects.filter(closing=closed).count() == closed.lines


def test_only_the_latest_month_is_reopened(officer, reviewer):
    older = closings.close_month(by=officer, month=AUGUST)
    closings.close_month(by=officer, month=SEPTEMBER)
    with pytest.raises(Refused, match="最近定稿"):
        closings.ask_reopening(older, by=officer, reason="漏了一笔捐款要补进去")


def test_finishing_twice_books_once(officer, admin_a):
    gift(admin_a, "2026-09-02", "3")
    closing = closings.begin_closing(by=officer, month=SEPTEMBER)
    first = closings.finish_closing(closing)
    assert closings.finish_closing(closing) == first
    assert Entry.objects.filter(indicator="donations_cash").count() == 1
