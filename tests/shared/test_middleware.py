import logging

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jinchuan.shared import middleware

pytestmark = pytest.mark.django_db

NOON = "2026-11-23T12:00:00+08:00"
PAGE = "/accounts/password/change/"


def signed_in(user, page=PAGE):
    client = Client()
    client.force_login(user)
    client.get(page)
    return client


def is_in(client):
    return client.get(PAGE).status_code == 200


def test_anonymous_people_see_the_sign_in_and_come_back(client):
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith(("/accounts/login/?next=", "/admin/login/?next="))


def test_the_bureau_is_signed_out_after_half_an_hour_of_idling(officer):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(officer)
        clock.shift(settings.BUREAU_IDLE_SECONDS - 1)
        assert is_in(client)
        clock.shift(settings.BUREAU_IDLE_SECONDS - 1)
        assert is_in(client)
        clock.shift(settings.BUREAU_IDLE_SECONDS)
        response = client.get(f"{PAGE}?a=1", follow=True)
    assert response.redirect_chain == [
        (f"{reverse('account_login')}?next=%2Faccounts%2Fpassword%2Fchange%2F%3Fa%3D1", 302)
    ]
    assert [str(message) for message in response.context["messages"]] == [middleware.SESSION_EXPIRED]


def test_the_bureau_is_signed_out_after_twelve_hours_however_busy(officer):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(officer)
        for _ in range(12 * 3 - 1):
            clock.shift(20 * 60)
            assert is_in(client)
        clock.shift(20 * 60)
        assert not is_in(client)


def test_organisations_stay_in_for_seven_days(member_a):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(member_a)
        clock.shift(6 * 24 * 3600)
        assert is_in(client)
        clock.shift(24 * 3600)
        assert not is_in(client)


def test_activity_is_stamped_once_a_minute(officer):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(officer)
        first = client.session[middleware.SEEN]
        clock.shift(59)
        client.get(PAGE)
        assert client.session[middleware.SEEN] == first
        clock.shift(1)
        client.get(PAGE)
        assert client.session[middleware.SEEN] == first + 60


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(officer):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(officer)
        clock.shift(settings.BUREAU_IDLE_SECONDS)
        response = client.get(
            PAGE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/admin/?q=1"
        )
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fadmin%2F%3Fq%3D1"


def test_pages_for_somebody_are_kept_nowhere(officer):
    response = signed_in(officer).get(PAGE)
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_a_request_has_a_number(client):
    number = client.get("/healthz")["X-Request-ID"]
    assert len(number) == 12
    assert client.get("/healthz")["X-Request-ID"] != number


@pytest.mark.parametrize(
    ("given", "taken"), [("abc-12345678", True), ("a b", False), ("x" * 65, False), ("short", False)]
)
def test_a_plain_number_of_the_proxy_is_taken_over(client, given, taken):
    assert (client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given) is taken


def test_logs_outside_of_requests_have_no_number():
    record = logging.makeLogRecord({})
    assert middleware.RequestIdFilter().filter(record)
    assert record.request_id == "-"


def test_second_factor_is_demanded_where_the_installation_says_so(officer, member_a, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(officer)
    response = client.get("/admin/")
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert signed_in(member_a).get("/healthz").status_code == 200


def test_every_answer_has_the_policy(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    plain = client.get("/static/css/portal.css")
    assert plain.status_code == 301
    answers = [plain, client.get("/", headers={"host": "elsewhere.example"})]
    answers += [client.get(address, secure=True) for address in ("/static/css/portal.css", "/no-such-page")]
    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [301, 400, 200, 404]
    assert all("default-src 'self'" in answer["Content-Security-Policy"] for answer in answers)


def test_policy_allows_nothing_from_elsewhere(client):
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
