"""Two nights' work at the same moment: every duty once, every visit once, every reminder once."""

from datetime import date, datetime

import pytest

from cases.models import Notice, Obligation
from cases.services import notices, obligations
from jinchuan.audit import chain
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import SHANGHAI, travel
from tests import factories_duties as duties

ROUNDS = 3
DAY = date(2025, 3, 20)


def _district():
    duties.standard(duties.rule(window="quarter"), duties.rule(times=4))
    for _ in range(3):
        pairing = duties.pairing()
        duties.confirmed_visit(pairing, date(2025, 2, 1))


def _tonight(act):
    def call():
        with travel(datetime(2025, 3, 20, 1, tzinfo=SHANGHAI)):
            return act()

    return call


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_nights_one_does_the_work(together, number):
    _district()

    outcomes = together(*[_tonight(obligations.run_night)] * 4)

    assert sorted(night.made for night in outcomes) == [0, 0, 0, 15]
    assert Obligation.objects.count() == 15
    done = Obligation.objects.filter(state="met")
    assert done.values("pairing", "rule", "met_by").distinct().count() == done.count() == 6
    assert AuditEvent.objects.filter(action="obligations").count() == 1
    assert chain.breaks() == []


def test_control_without_the_lock_and_the_rule_duties_are_made_twice(together, no_locks, without_rule):
    _district()
    no_locks(obligations, "_reopen", 2)

    with without_rule(Obligation, "obligation_once"):
        together(*[_tonight(obligations.run_night)] * 2)
        assert Obligation.objects.count() == 30


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_reminder_comes_once_from_two_nights(together, number):
    duties.standard(duties.rule(window="quarter"))
    pairings = [duties.pairing() for _ in range(3)]
    duties.night(DAY)

    outcomes = together(*[_tonight(notices.remind)] * 4)

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert Notice.objects.count() == len(pairings)
