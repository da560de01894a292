import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import NoReverseMatch, reverse

from jinchuan.shared import login
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client, username, password, **headers):
    return client.post(LOGIN, {"login": username, "password": password}, **headers)


def errors(response):
    return [error for messages in response.context["form"].errors.values() for error in messages]


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password(client, officer):
    before = client.session.session_key
    response = sign_in(client, officer.username, PASSWORD)
    assert response.status_code == 302
    assert is_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_account_answer_alike(client, officer):
    for username in (officer.username, "nobody"):
        assert errors(sign_in(client, username, "wrong")) == [login.WRONG_PASSWORD]
        assert not is_in(client)


def test_an_account_that_was_stopped(client, officer):
    officer.is_active = False
    officer.save()
    sign_in(client, officer.username, PASSWORD)
    assert not is_in(client)


def test_five_wrong_passwords_lock_the_account_from_everywhere(client, officer):
    locked = []
    login.login_locked.connect(
        lambda username, **kwargs: locked.append(username), weak=False, dispatch_uid="test"
    )
    try:
        for _ in range(5):
            assert errors(sign_in(client, officer.username, "wrong")) == [login.WRONG_PASSWORD]
        response = sign_in(Client(), officer.username, PASSWORD, REMOTE_ADDR="192.0.2.7")
        assert errors(response) == [login.LOCKED]
        assert locked == [officer.username]
    finally:
        login.login_locked.disconnect(dispatch_uid="test")


def test_another_name_of_the_house_gives_no_more_guesses(client, officer):
    for number in range(5):
        sign_in(client, officer.username, "wrong", HTTP_HOST=f"localhost:{9000 + number}")

    response = sign_in(client, officer.username, PASSWORD, HTTP_HOST="LOCALHOST:9100")
    assert errors(response) == [login.LOCKED]


def test_an_administrator_unlocks(client, officer, rf):
    for _ in range(6):
        sign_in(client, officer.username, "wrong")
    get_adapter().unlock(rf.get("/"), officer.username)
    sign_in(client, officer.username, PASSWORD)
    assert is_in(client)


def test_accounts_are_not_made_here(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/accounts/signup/").status_code in {302, 404}
    assert not get_adapter().is_open_for_signup(None)


def test_signing_out_needs_a_post(client, officer):
    sign_in(client, officer.username, PASSWORD)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_the_secret_of_the_second_factor_is_encrypted(officer):
    adapter = get_mfa_adapter()
    stored = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert adapter.decrypt(stored) == "JBSWY3DPEHPK3PXP"


def current_code(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_the_second_factor_is_asked_for(client, officer):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(officer, secret)
    assert secret not in str(Authenticator.objects.get(user=officer, type="totp").data)

    response = sign_in(client, officer.username, PASSWORD)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)

    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert errors(response) == [login.WRONG_CODE]
    client.post(reverse("mfa_authenticate"), {"code": current_code(secret)})
    assert is_in(client)


def test_enrolling_shows_a_code_to_scan(client, officer):
    client.force_login(officer)
    sign_in(client, officer.username, PASSWORD)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert re.search(r"data:image/svg\+xml|reauthenticate", page)
