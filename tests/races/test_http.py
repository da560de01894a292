"""Two hundred people press 分配 on the same money, each in a browser of their own: real HTTP, real PostgreSQL (trust.md T17)."""

import http.client
import re
import threading
from collections import Counter
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db.models import Sum
from django.test import Client

from donations.models import Allocation, Holding
from tests import factories
from tests import factories_book as book
from tests.guarding import guards_removed
from tests.races.test_book import careless, without_check  # noqa: F401

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 120


class Browser:
    """One signed-in person at one page: has read its form, and sends it when told."""

    def __init__(self, live_server, page, fields, session):
        self.host, self.page, self.fields, self.session = (
            urlsplit(live_server.url).netloc,
            page,
            fields,
            session,
        )

    def read(self):
        response, body = self._ask("GET")
        secret = response.headers["Set-Cookie"].split(";")[0]
        self.cookies = f"{secret}; {settings.SESSION_COOKIE_NAME}={self.session}"
        self.token = TOKEN.search(body)[1].decode()

    def send(self) -> bool:
        """Was it done? Done leads to the new allocation; all else to the form with its error, or back to the holding."""
        response, _ = self._ask("POST", urlencode(self.fields | {"csrfmiddlewaretoken": self.token}))
        assert response.status in (200, 302)
        return "/donations/allocation/" in response.headers.get("Location", "")

    def _ask(self, method, body=None):
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        headers = {"Cookie": getattr(self, "cookies", f"{settings.SESSION_COOKIE_NAME}={self.session}")}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, self.page, body, headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


def _press_at_once(live_server, clients, held):
    """The money afterwards, and how many were told that it was done, and that it was not."""
    source = book.holding(held)
    household = factories.verified_household()
    client = Client()
    client.force_login(factories.officer())
    browser = Browser(
        live_server,
        f"/admin/donations/holding/{source.pk}/do/allocate/",
        {"target": "household", "household": household.pk, "amount": "100"},
        client.cookies[settings.SESSION_COOKIE_NAME].value,
    )
    browser.read()
    start = threading.Barrier(clients)
    answers = [None] * clients

    def press(place):
        start.wait(PATIENCE)
        while answers[place] is None:
            # Past the server's short queue the line is cut before anything is read; people press again.
            with suppress(ConnectionError):
                answers[place] = browser.send()

    people = [threading.Thread(target=press, args=[place]) for place in range(clients)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return Holding.objects.get(pk=source.pk), Counter(answers)


@pytest.mark.parametrize(
    ("clients", "held"), [(20, "1000.00"), pytest.param(200, "10000.00", marks=pytest.mark.soak)]
)
def test_half_of_the_people_get_what_there_is(transactional_db, live_server, clients, held):
    source, answers = _press_at_once(live_server, clients, held)

    assert answers == {True: clients // 2, False: clients // 2}
    assert Allocation.objects.aggregate(total=Sum("amount"))["total"] == source.received
    assert (source.free, source.promised) == (0, source.received)


def test_control_with_every_wall_down_more_is_promised_than_there_is(
    transactional_db,
    live_server,
    careless,  # noqa: F811
    without_check,  # noqa: F811
):
    with guards_removed():
        source, answers = _press_at_once(live_server, 20, "1000.00")

    assert answers[True] > 10
    assert Allocation.objects.aggregate(total=Sum("amount"))["total"] > source.received
