"""After the day: the form is filled from the check-ins, and put right before it is submitted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jinchuan.shared.clock import today
from tests import factories, factories_activities
from tests.factories_activities import at, check_in_window, checked_in
from tests.pages import shown
from volunteers.models import Activity
from volunteers.plan_forms import HeldForm
from volunteers.services import checkins

pytestmark = pytest.mark.django_db


@pytest.fixture
def window(member_a):
    return check_in_window(by=member_a)


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def _opened(client, activity):
    answer = client.get(reverse("volunteers:log_hours_new", args=[activity.code]))
    return answer.url


def _came(window, number):
    people = [factories.volunteer(window.activity.organization) for _ in range(number)]
    for one in people:
        checked_in(window, one, (9, 0), (10, 30))
    return people


def _send(client, address, **typed):
    content = client.get(address).context["form"].content
    values = {**content, "intent": "check", **typed}
    return client.post(address, values)


def _submit(client, address, page):
    return client.post(f"{address}check/", {"content": page.context["digest"], "intent": "submit"})


def test_everybody_who_checked_in_has_a_line(client, window):
    stayed, left = [factories.volunteer(window.activity.organization) for _ in range(2)]
    checked_in(window, left, (8, 50), (10, 0), (10, 15), (11, 0))
    checked_in(window, stayed, (9, 5))
    address = _opened(client, window.activity)
    page = client.get(address)
    lines = {
        line["volunteer"].value(): [
            line[name].value() for name in ("started_at", "ended_at", "break_minutes")
        ]
        for line in page.context["form"].lines
    }
    assert lines == {
        str(left.pk): ["08:50", "11:00", "15"],
        str(stayed.pk): ["09:05", "11:30", ""],
    }
    check = client.get(_send(client, address).url)
    assert "2 人次，4.3 小时" in shown(check)
    answer = _submit(client, address, check)
    activity = Activity.objects.get()
    assert answer.url == reverse("volunteers:receipt", args=[activity.code])
    assert sorted(one.minutes for one in activity.records.all()) == [115, 145]


def test_a_line_put_right_is_what_is_recorded(client, window):
    (one,) = _came(window, 1)
    address = _opened(client, window.activity)
    check = client.get(_send(client, address, **{"line-0-ended_at": "10:00"}).url)
    _submit(client, address, check)
    assert one.records.get().minutes == 60


def test_more_than_there_are_lines_are_taken_as_they_checked_in(client, window, monkeypatch):
    monkeypatch.setattr(HeldForm, "LINES_MOST", 3)
    people = _came(window, 4)
    late = factories.volunteer(window.activity.organization)
    checked_in(window, late, (9, 30))
    address = _opened(client, window.activity)
    form = client.get(address).context["form"]
    assert [line["volunteer"].value() for line in form.lines] == [str(late.pk)]
    assert {one.volunteer for one in form.taken} == set(people)

    _send(client, address, intent=f"put_right:{people[0].pk}")
    form = client.get(address).context["form"]
    assert len(form.lines) == 2
    assert {one.volunteer for one in form.taken} == set(people[1:])
    check = client.get(_send(client, address, **{"line-1-ended_at": "11:00"}).url)
    assert "5 人次" in shown(check)
    _submit(client, address, check)

    served = {one.volunteer: one.minutes for one in Activity.objects.get().records.all()}
    assert served == {late: 120, people[0]: 120, **dict.fromkeys(people[1:], 90)}


def test_nobody_in_doubt_needs_no_line_at_all(client, window, monkeypatch):
    monkeypatch.setattr(HeldForm, "LINES_MOST", 2)
    _came(window, 3)
    address = _opened(client, window.activity)
    assert client.get(address).context["form"].lines == []
    _submit(client, address, client.get(_send(client, address).url))
    assert Activity.objects.get().records.count() == 3


def test_who_is_not_known_yet_is_asked_about(client, window):
    _came(window, 1)
    with at(9):
        checkins.check_in(window, name="孙巧云", tail="1234")
    address = _opened(client, window.activity)
    assert "还有 1 位签到的人没有核对" in shown(client.get(_send(client, address).url))


def test_before_its_day_there_are_no_hours(client, member_a):
    activity = factories_activities.open_activity(by=member_a, day=today() + timedelta(days=1))
    answer = client.get(reverse("volunteers:log_hours_new", args=[activity.code]))
    assert answer.url == reverse("volunteers:activity", args=[activity.code])


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("where", "queries"), [("check_in", 8), ("sign_ups", 7), ("activity", 9)])
def test_a_page_of_the_day_asks_the_same_number_of_questions(
    client, window, where, queries, people, django_assert_num_queries
):
    factories_activities.signed_up(window.activity, *_came(window, people))
    address = reverse(f"volunteers:{where}", args=[window.activity.code])
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
