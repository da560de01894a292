"""A hall full of people scan the same code: real HTTP, real PostgreSQL, one address for all of them, nobody lost."""

import http.client
import itertools
import re
import threading
from contextlib import suppress
from datetime import timedelta
from queue import Empty, Queue
from urllib.parse import urlencode, urlsplit

import pytest
from django.urls import reverse

from jinchuan.audit import chain
from jinchuan.shared.clock import now
from tests import factories, factories_activities
from volunteers.attendance import roll_of
from volunteers.models import CheckIn
from volunteers.services import checkins, plans

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE, PHONES = 120, 20


def _given_names():
    return itertools.product("甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉", "东南西北中")


def _window(organization):
    """Of a session that begins in five minutes, for the server has the real clock."""
    by = factories.admin_of(organization)
    activity = factories_activities.planned_activity(organization)
    start = now() + timedelta(minutes=5)
    what = {name: getattr(activity, name) for name in plans.WHAT}
    plan = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    activity = plans.plan_activity(by=by, organization=organization, what=what, phone="13909350001", **plan)
    return checkins.open_check_in(activity, by=by)


def _scan(host, page, name, tail):
    """The page first, as a phone does, then the form; past the server's short queue people press again."""
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    try:
        connection.request("GET", page)
        response = connection.getresponse()
        token = TOKEN.search(response.read())[1].decode()
        cookie = response.headers["Set-Cookie"].split(";")[0]
        form = urlencode({"csrfmiddlewaretoken": token, "name": name, "tail": tail})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", page, form, headers)
        response = connection.getresponse()
        return response.status, "已签到" in response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("people", [30, pytest.param(500, marks=pytest.mark.soak)])
def test_everybody_who_scans_is_on_the_list(transactional_db, live_server, people):
    """Every tenth is not on the roll. 500 in five minutes is 100 a minute; the whole run is far shorter than that."""
    organization = factories.approved_organization()
    window = _window(organization)
    host, page = urlsplit(live_server.url).netloc, reverse("checkin:desk", args=[window.code])
    waiting, answers = Queue(), []
    for number, given in zip(range(people), _given_names(), strict=False):
        name, phone = f"赵{''.join(given[:2])}{given[2]}", factories.phone()
        if number % 10:
            factories.volunteer(organization, name=name, phone=phone)
        waiting.put((name, phone[-4:]))

    def phone():
        while True:
            try:
                person = waiting.get_nowait()
            except Empty:
                return
            answer = None
            while answer is None:
                with suppress(ConnectionError):
                    answer = _scan(host, page, *person)
            answers.append(answer)

    phones = [threading.Thread(target=phone) for _ in range(PHONES)]
    for one in phones:
        one.start()
    for one in phones:
        one.join()

    assert answers == [(200, True)] * people
    assert CheckIn.objects.count() == people
    roll = roll_of(window.activity)
    assert (len(roll.known), len(roll.unknown)) == (people - people // 10, people // 10)
    assert chain.breaks() == []
