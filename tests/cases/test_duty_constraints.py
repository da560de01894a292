"""Each named constraint of standards, duties and reminders, broken at the database."""

from datetime import date

import pytest

from cases.models import Digest, Notice, Obligation, ServiceStandard, StandardRule
from jinchuan.shared.clock import now
from tests import factories
from tests import factories_duties as duties
from tests.provoking import provoke

DAY = date(2025, 1, 1)


def _rule():
    return duties.standard().rules.get()


def _met():
    row = duties.obligation()
    duties.confirmed_visit(row.pairing, date(2025, 2, 1))
    duties.night(date(2025, 2, 1))
    row.refresh_from_db()
    return row


def _second_duty():
    duties.standard(duties.rule(times=2))
    pairing = duties.pairing()
    duties.night(DAY)
    return pairing.obligations.get(ordinal=2), {"ordinal": 1}


def _second_notice():
    first, second = (
        Notice.objects.create(user=factories.officer(), key=key, title="提醒", url="/", created_at=now())
        for key in ("a", "b")
    )
    return second, {"key": first.key}


def _digest(day=DAY):
    return Digest.objects.create(user=factories.officer(), day=day, count=1, started_at=now())


def _second_digest():
    first, second = _digest(), _digest(date(2025, 1, 2))
    return second, {"day": first.day}


PROVOCATIONS = {
    "standard_rule_kind_known": lambda: (_rule(), {"kind": "x"}),
    "standard_rule_window_known": lambda: (_rule(), {"window": "x"}),
    "standard_rule_times_positive": lambda: (_rule(), {"times": 0}),
    "standard_rule_season_has_days": lambda: (_rule(), {"season_first_month": 3}),
    "obligation_state_known": lambda: (duties.obligation(), {"state": "x"}),
    "obligation_once": _second_duty,
    "obligation_window_order": lambda: (duties.obligation(), {"window_end": DAY}),
    "obligation_met_by_a_visit": lambda: (_met(), {"met_by": None}),
    "obligation_waived_at_with_by": lambda: (duties.obligation(), {"waived_by": factories.officer()}),
    "obligation_waived_with_date": lambda: (
        duties.obligation(),
        {"waived_at": now(), "waived_by": factories.officer()},
    ),
    "notice_once": _second_notice,
    "digest_outcome_known": lambda: (_digest(), {"outcome": "x"}),
    "digest_once_a_day": _second_digest,
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_every_constraint_of_duties_is_broken_here():
    tables = (ServiceStandard, StandardRule, Obligation, Notice, Digest)

    assert {one.name for table in tables for one in table._meta.constraints} == set(PROVOCATIONS)
