"""A month closed by two people at once, and a gift of it confirmed meanwhile."""

import threading
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace

import pytest

from donations.models import Donation
from donations.services import gifts as giving
from jinchuan.audit import chain
from jinchuan.audit.services import constraints_by_database
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from reports.enums import ClosingState
from reports.indicators import shown
from reports.models import Closing, Entry
from reports.periods import Period
from reports.reading import read
from reports.services import closings
from tests import factories

ROUNDS = 3
PATIENCE = 10
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
REASONS = {"donations": "还有一笔在等确认，作为补报计入下月"}


def _waiting_gift():
    return factories.submitted_donation(received_on=date(2026, 9, 30), lines=[factories.cash("30.00")])


def _told(month, code="donations_cash"):
    line = shown(read(Period.of("month", month))[code])
    return line["month"], line["late"], line["correction"], line["cumulative"]


# Two people -------------------------------------------------------------------------------------------------


@pytest.fixture
def close_at_once(together, monkeypatch):
    """Both have looked, and found the month open, before either writes that it is being closed; the database alone judges."""

    def close(by):
        with constraints_by_database():
            return closings.close_month(by=by, month=SEPTEMBER)

    def run():
        giving.confirm_donation(_waiting_gift(), by=factories.reviewer())
        people = [factories.officer(), factories.reviewer()]
        meeting, create = threading.Barrier(2), closings.create

        def meet(*args, **kwargs):
            meeting.wait(PATIENCE)
            return create(*args, **kwargs)

        monkeypatch.setattr(closings, "create", meet)
        return together(*[lambda by=by: close(by) for by in people])

    return run


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_month_is_closed_once(close_at_once, number):
    outcomes = close_at_once()

    assert len(outcomes.of(Closing)) == 1
    assert len(outcomes.of(Refused)) == 1
    assert Closing.objects.get().state == ClosingState.CLOSED
    assert Entry.objects.get(indicator="donations_cash", category="").amount == 3000
    assert chain.breaks() == []


def test_control_without_the_rules_a_month_is_closed_twice(close_at_once, without_rule):
    with ExitStack() as rules:
        for name in ("closing_month_once", "closing_one_at_a_time", "closing_number_unique"):
            rules.enter_context(without_rule(Closing, name))

        outcomes = close_at_once()

        assert len(outcomes.of(Closing)) == 2
        assert Closing.objects.filter(state=ClosingState.CLOSED, month=str(SEPTEMBER)).count() == 2


# A gift meanwhile -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_gift_is_in_the_month_or_comes_late(together, number):
    row, officer, reviewer = _waiting_gift(), factories.officer(), factories.reviewer()

    outcomes = together(
        lambda: closings.close_month(by=officer, month=SEPTEMBER, reasons=REASONS),
        lambda: giving.confirm_donation(row, by=reviewer),
    )

    assert len(outcomes.of(Closing)) == len(outcomes.of(Donation)) == 1
    in_it = (("30.00", "0.00", "0.00", "30.00"), ("0.00", "0.00", "0.00", "30.00"))
    late = (("0.00", "0.00", "0.00", "0.00"), ("30.00", "30.00", "0.00", "30.00"))
    assert (_told(SEPTEMBER), _told(OCTOBER)) in (in_it, late)
    assert _told(SEPTEMBER, "donations_total") == _told(SEPTEMBER)


@pytest.fixture
def confirm_between_two_indicators(together, monkeypatch):
    """The gift is confirmed when its cash was booked, and the sum of cash and goods was not. Gives whether it could be
    before the closing was done."""

    def run(patience):
        row, officer, reviewer = _waiting_gift(), factories.officer(), factories.reviewer()
        booked, confirmed, book, found = threading.Event(), threading.Event(), closings.book, []

        def book_and_wait(indicator, closing, cut):
            book(indicator, closing, cut)
            if indicator.code == "donations_cash":
                booked.set()
                found.append(confirmed.wait(patience))

        def confirm():
            assert booked.wait(PATIENCE)
            giving.confirm_donation(row, by=reviewer)
            confirmed.set()

        monkeypatch.setattr(closings, "book", book_and_wait)
        outcomes = together(
            lambda: closings.close_month(by=officer, month=SEPTEMBER, reasons=REASONS), confirm
        )
        assert len(outcomes.of(Closing)) == 1
        assert confirmed.is_set()
        return found[0]

    return run


def test_nothing_changes_between_two_indicators(confirm_between_two_indicators):
    assert confirm_between_two_indicators(patience=1) is False

    assert _told(SEPTEMBER, "donations_total") == _told(SEPTEMBER) == ("0.00", "0.00", "0.00", "0.00")
    assert _told(OCTOBER, "donations_total") == _told(OCTOBER) == ("30.00", "30.00", "0.00", "30.00")


def test_control_without_the_head_of_the_log_the_sum_is_not_that_of_its_parts(
    confirm_between_two_indicators, monkeypatch
):
    monkeypatch.setattr(closings, "chain", SimpleNamespace(hold=lambda: None))

    assert confirm_between_two_indicators(patience=PATIENCE) is True

    assert _told(SEPTEMBER) == ("0.00", "0.00", "0.00", "0.00")
    assert _told(SEPTEMBER, "donations_total") == ("30.00", "0.00", "0.00", "30.00")
