"""Places and check-ins at the same moment as others. Each promise has its control."""

from types import SimpleNamespace

import pytest

from jinchuan.audit import chain
from tests import factories, factories_activities
from volunteers import consistency
from volunteers.models import ActivityPlan, CheckIn
from volunteers.services import checkins, signups

CLIENTS = 24


def _at_the_door(call):
    """Threads have clocks of their own: each travels by itself."""

    def there():
        with factories_activities.at(9):
            return call()

    return there


@pytest.fixture
def activity(transactional_db):
    return factories_activities.open_activity(capacity=5)


def _sign_up_at_once(together, activity, clients):
    by = factories.admin_of(activity.organization)
    people = [factories.volunteer(activity.organization) for _ in range(clients)]
    return together(
        *[(lambda person=person: signups.sign_up(activity, by=by, volunteers=[person])) for person in people]
    )


def test_as_many_have_a_place_as_there_are(together, activity):
    outcomes = _sign_up_at_once(together, activity, CLIENTS)

    assert outcomes.of(Exception) == []
    assert activity.sign_ups.signed().count() == 5
    assert activity.sign_ups.waiting().count() == CLIENTS - 5
    assert list(consistency.places_add_up()) == []
    assert chain.breaks() == []


def test_without_locks_the_update_still_gives_no_place_twice(together, activity, no_locks):
    no_locks(signups, "take_place", 8)

    _sign_up_at_once(together, activity, 8)

    assert activity.sign_ups.signed().count() == 5
    assert list(consistency.places_add_up()) == []


def test_control_a_place_read_and_written_back_is_given_twice(together, activity, no_locks, monkeypatch):
    meeting = SimpleNamespace(meet=lambda left: left)
    no_locks(meeting, "meet", 8)
    monkeypatch.setattr(signups, "take_place", lambda one: _lost_update(one, meeting))

    _sign_up_at_once(together, activity, 8)

    assert activity.sign_ups.signed().count() > 5


def _lost_update(activity, meeting):
    plan = ActivityPlan.objects.get(activity=activity)
    left = plan.places_left
    meeting.meet(left)
    return left > 0 and ActivityPlan.objects.filter(pk=plan.pk).update(places_left=left - 1) == 1


def test_a_crowd_checks_in_and_nobody_is_lost(together):
    window = factories_activities.check_in_window()
    people = [factories.volunteer(window.activity.organization) for _ in range(CLIENTS // 2)]
    typed = [(one.name, one.phone[-4:]) for one in people] + [
        (f"赵{n}号", "1234") for n in "甲乙丙丁戊己庚辛壬癸子丑"
    ]

    outcomes = together(
        *[_at_the_door(lambda one=one: checkins.check_in(window, name=one[0], tail=one[1])) for one in typed]
    )

    assert outcomes.of(Exception) == []
    assert CheckIn.objects.count() == CLIENTS
    assert chain.breaks() == []


@pytest.mark.parametrize("is_known", [True, False])
def test_one_person_on_many_phones_checks_in_once(together, is_known):
    window = factories_activities.check_in_window()
    person = factories.volunteer(window.activity.organization)
    tail = person.phone[-4:] if is_known else "????"

    outcomes = together(*[_at_the_door(lambda: checkins.check_in(window, name=person.name, tail=tail))] * 12)

    assert outcomes.of(Exception) == []
    assert CheckIn.objects.count() == 1


def test_control_without_lock_and_rule_one_person_is_there_several_times(together, no_locks, without_rule):
    window = factories_activities.check_in_window()
    person = factories.volunteer(window.activity.organization)
    no_locks(checkins, "_note", 4)

    with without_rule(CheckIn, "check_in_volunteer_number_once"):
        together(
            *[_at_the_door(lambda: checkins.check_in(window, name=person.name, tail=person.phone[-4:]))] * 4
        )
        noted = CheckIn.objects.count()

    assert noted > 1
