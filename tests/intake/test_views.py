"""The desk, 我的, help, and the pages that say what went wrong."""

import pytest
from django.test import Client, override_settings
from django.urls import path, reverse

from jinchuan.urls import urlpatterns as house
from tests import factories

pytestmark = pytest.mark.django_db

BUREAU = ["officer", "reviewer", "leader", "worker_a", "clerk", "auditor", "administrator"]


def broken(request):
    raise RuntimeError("a fault of ours")


urlpatterns = [path("broken/", broken), *house]


@pytest.mark.parametrize("who", BUREAU)
def test_the_bureau_starts_in_the_admin(client_for, request, who):
    assert client_for(request.getfixturevalue(who)).get("/").url == reverse("admin:index")


def test_an_empty_desk_says_so(client_for, outsider):
    assert "今天没有要做的事" in client_for(outsider).get("/").content.decode()


def test_the_desk_shows_what_waits_and_nothing_of_others(client_for, admin_a, member_a, member_b, pairing_a):
    mine = factories.returned_donation(by=member_a)
    served = factories.returned_activity(by=member_a, organization=member_a.organization)
    foreign = factories.returned_donation(by=member_b)
    meant = factories.intention(factories.verified_household(), admin_a.organization)
    text = client_for(admin_a).get("/").content.decode()
    for code in (mine.code, served.code, meant.code, pairing_a.household.code):
        assert code in text
    assert foreign.code not in text
    assert pairing_a.household.members.get().name not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_number_of_questions(client_for, admin_a, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.returned_donation(by=admin_a)
        factories.submitted_activity(by=admin_a)
        factories.active_pairing(factories.verified_household(), admin_a.organization)
    client = client_for(admin_a)
    client.get("/")
    with django_assert_num_queries(26):
        client.get("/")


def test_a_block_that_fails_leaves_the_others_alone(client_for, admin_a, monkeypatch, caplog):
    from jinchuan.intake import desk

    def fails(user):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(desk, "_sources", [(0, fails), *desk._sources])
    donation = factories.returned_donation(by=admin_a)
    text = client_for(admin_a).get("/").content.decode()
    assert "这一块暂时打不开" in text
    assert donation.code in text


@pytest.mark.parametrize("name", ["intake:log", "intake:me", "intake:help", "intake:drafts"])
def test_plain_pages_open(client_for, member_a, name):
    assert client_for(member_a).get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    "name", ["account_login", "organizations:activate", "organizations:forgotten", "intake:help"]
)
def test_what_a_stranger_may_open(name):
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert "0935-0000000" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_logout",
        "mfa_index",
        "usersessions_list",
    ],
)
def test_the_pages_of_ones_account_are_ours(client_for, member_a, name):
    text = client_for(member_a).get(reverse(name)).content.decode()
    assert '<html lang="zh-CN">' in text
    assert "– 爱心金川</title>" in text


def test_a_password_is_changed_and_other_devices_sign_in_again(member_a):
    mine, other = Client(), Client()
    for client in (mine, other):
        client.post(reverse("account_login"), {"login": "member_a", "password": factories.PASSWORD})
    new = "Mu-Tong-Yao-Zhi-19"
    data = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    answer = mine.post(reverse("account_change_password"), data, follow=True)
    assert "密码已修改" in answer.content.decode()
    assert mine.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.writes_on_get  # allauth notes at the first look that the spare codes were shown
def test_a_second_factor_is_bound_and_asked_for(member_a):
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    client = Client()
    client.post(reverse("account_login"), {"login": "member_a", "password": factories.PASSWORD})
    again = client.get(reverse("mfa_activate_totp")).url
    assert "再输一次密码" in client.get(again).content.decode()
    page = client.post(again, {"password": factories.PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    codes = client.get(reverse("mfa_view_recovery_codes"))
    spare = codes.context["unused_codes"][0]
    assert spare in codes.content.decode()
    fresh = Client()
    answer = fresh.post(reverse("account_login"), {"login": "member_a", "password": factories.PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    wrong = fresh.post(answer.url, {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert fresh.post(answer.url, {"code": spare}).url == "/"


def test_a_page_that_is_not_there_says_so_without_codes(client_for, member_a):
    answer = client_for(member_a).get("/no/such/page/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到这一页" in text
    assert "0935-0000000" in text
    assert "404" not in text


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_gives_a_number_and_no_trace(client_for, member_a, caplog):
    client = client_for(member_a, raise_request_exception=False)
    answer = client.get("/broken/", headers={"X-Request-ID": "abcdef123456"})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "页面暂时打不开" in text
    assert "abcdef123456" in text
    assert "RuntimeError" not in text


def test_a_refusal_names_the_telephone(client_for, member_a):
    answer = client_for(member_a).get(reverse("organizations:members"))
    assert answer.status_code == 403
    assert "没有办理权限" in answer.content.decode()


def test_too_many_fields_are_refused_in_words(client_for, member_a):
    client = client_for(member_a)
    data = {f"field{number}": "" for number in range(4001)}
    answer = client.post(
        reverse("donations:cash_new").replace("new", "00000000-0000-4000-8000-000000000000"), data
    )
    assert answer.status_code == 413
    assert "这一次的内容太大" in answer.content.decode()
