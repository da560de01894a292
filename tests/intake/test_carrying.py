"""An expired session and a failed CSRF check lose nothing, and give nothing to anybody else."""

import json
import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from donations.models import Donation
from jinchuan.intake.carrying import KEPT
from jinchuan.shared.middleware import STARTED
from tests import factories
from tests.intake import pages

pytestmark = pytest.mark.django_db


def sign_in(client, user, **extra):
    return client.post(
        reverse("account_login"), {"login": user.username, "password": factories.PASSWORD, **extra}
    )


def seal_of(page) -> str:
    return re.search(r'name="seal" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def client(member_a):
    client = Client()
    sign_in(client, member_a)
    return client


def expired(client):
    session = client.session
    session[STARTED] = time.time() - 8 * 24 * 3600
    session.save()


def test_an_expired_session_loses_nothing(client, member_a):
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    expired(client)
    answer = client.post(address, pages.cash(amount="1234.50", note="没保存的备注", seal=seal))
    assert answer.status_code == 302
    login = client.get(answer.url)
    assert KEPT in login.content.decode()
    back = sign_in(client, member_a, next=address)
    assert back.url == address
    text = client.get(address).content.decode()
    assert 'value="1234.50"' in text
    assert 'value="没保存的备注"' in text
    pages.submit(client, address, pages.checked(client, address, pages.cash(amount="1234.50")))
    assert Donation.objects.count() == 1
    assert "carried_form" not in client.session


def test_what_is_kept_is_encrypted(client):
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    expired(client)
    client.post(address, pages.cash(note="没保存的备注", seal=seal))
    kept = client.session["carried_form"]
    assert "没保存" not in kept
    assert "\\u6ca1" not in kept


def test_somebody_else_who_signs_in_sees_nothing_of_it(client, member_b):
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    expired(client)
    client.post(address, pages.cash(note="没保存的备注", seal=seal))
    sign_in(client, member_b)
    assert "没保存的备注" not in client.get(address).content.decode()


@pytest.mark.parametrize("seal", ["", "forged:seal", "W251bGxd:1abc:xyz"])
def test_without_a_good_seal_nothing_is_kept(client, seal):
    address = pages.opened(client)
    client.logout()
    answer = client.post(address, pages.cash(seal=seal))
    assert answer.status_code == 302
    assert "carried_form" not in client.session


def test_a_seal_is_good_for_its_own_address_only(client):
    seal = seal_of(client.get(pages.opened(client)))
    other = pages.opened(client)
    client.logout()
    client.post(other, pages.cash(seal=seal))
    assert "carried_form" not in client.session


def test_a_flood_is_not_kept(client):
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    client.logout()
    client.post(address, pages.cash(note="长" * 100_000, seal=seal))
    assert "carried_form" not in client.session


def test_autosave_without_a_session_says_sign_in(client):
    address = pages.opened(client)
    client.logout()
    answer = client.post(address, pages.cash(intent="autosave"))
    assert answer.status_code == 401
    assert "重新登录" in json.loads(answer.content)["message"]


def test_a_rotated_csrf_token_loses_nothing(member_a):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member_a)
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    answer = client.post(address, pages.cash(note="没保存的备注", seal=seal))
    assert answer.status_code == 403
    text = answer.content.decode()
    assert f'href="{address}"' in text
    assert 'value="没保存的备注"' in client.get(address).content.decode()


def test_a_failed_csrf_check_without_a_seal_keeps_nothing(member_a):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member_a)
    address = pages.opened(client)
    answer = client.post(address, pages.cash())
    assert answer.status_code == 403
    assert "carried_form" not in client.session


def test_what_is_kept_survives_the_second_factor(client, member_a):
    from allauth.mfa.totp.internal import auth

    secret = auth.generate_totp_secret()
    auth.TOTP.activate(member_a, secret)
    address = pages.opened(client)
    seal = seal_of(client.get(address))
    expired(client)
    client.post(address, pages.cash(note="没保存的备注", seal=seal))
    asked = sign_in(client, member_a, next=address)
    assert asked.url.startswith(reverse("mfa_authenticate"))
    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    assert client.post(asked.url, {"code": code}).url == address
    assert 'value="没保存的备注"' in client.get(address).content.decode()


def test_a_session_that_ends_at_the_check_page_comes_back_to_it(client, member_a):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash(amount="1234"))
    expired(client)
    answer = pages.submit(client, address, page)
    assert Donation.objects.count() == 0
    assert f"next={address}check/" in answer.url.replace("%2F", "/")
    back = sign_in(client, member_a, next=f"{address}check/")
    page = client.get(back.url)
    assert "人民币壹仟贰佰叁拾肆元整" in page.content.decode()
    pages.submit(client, address, page)
    assert Donation.objects.count() == 1
