"""Activation slips, members, the organisation's particulars."""

import pytest
from django.urls import reverse

from organizations.enums import Role
from organizations.models import User
from organizations.services import accounts
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = "Mu-Tong-Yao-Zhi-19"


@pytest.fixture
def client(admin_a, client_for):
    return client_for(admin_a)


def activation(code, **fields):
    return {"code": code, "password": GOOD, "promise": "on", **fields}


def test_a_slip_gets_its_owner_in(client, admin_a):
    from django.test import Client

    answer = client.post(
        reverse("organizations:invite"), {"name": "刘桂英", "username": "13909359999", "role": "org_member"}
    )
    code = answer.context["code"]
    assert "<svg" in answer.content.decode()
    newcomer = Client()
    page = newcomer.get(reverse("organizations:activate"), {"code": code})
    assert "no-store" in page["Cache-Control"]
    form = page.content.decode()
    assert f'value="{code}"' in form
    answer = newcomer.post(reverse("organizations:activate"), activation(code))
    assert answer.url == reverse("intake:home")
    home = newcomer.get(answer.url)
    assert home.status_code == 200
    user = User.objects.get(username="13909359999")
    assert (user.is_active, user.role, user.organization) == (True, Role.ORG_MEMBER, admin_a.organization)
    again = Client().post(reverse("organizations:activate"), activation(code))
    assert "激活码不对或已经过期" in again.content.decode()


def test_a_weak_password_says_why_and_keeps_the_code(client, admin_a):
    _, code = accounts.invite(
        by=admin_a, username="new", name="刘桂英", role=Role.ORG_MEMBER, organization=admin_a.organization
    )
    answer = client.post(reverse("organizations:activate"), activation(code, password="12345678"))
    text = answer.content.decode()
    assert answer.context["summary"][0][0] == "id_password"
    assert f'value="{code}"' in text
    assert "12345678" not in text


def test_no_promise_no_account(client, admin_a):
    _, code = accounts.invite(
        by=admin_a, username="new", name="刘桂英", role=Role.ORG_MEMBER, organization=admin_a.organization
    )
    answer = client.post(reverse("organizations:activate"), {"code": code, "password": GOOD})
    assert "请勾选保密承诺" in answer.content.decode()
    assert not User.objects.get(username="new").is_active


def test_a_taken_name_is_said_at_its_field(client, member_b):
    answer = client.post(
        reverse("organizations:invite"), {"name": "刘桂英", "username": "member_b", "role": "org_member"}
    )
    assert ("id_username", "这个账号已经有人使用，请换一个。") in answer.context["summary"]


def test_nobody_is_made_staff(client):
    answer = client.post(
        reverse("organizations:invite"), {"name": "刘桂英", "username": "boss", "role": "officer"}
    )
    assert answer.context["summary"]
    assert not User.objects.filter(username="boss").exists()


def test_a_new_slip_voids_the_old_one(client, member_a):
    address = reverse("organizations:reissue", kwargs={"pk": member_a.pk})
    first, second = client.post(address).context["code"], client.post(address).context["code"]
    assert accounts.find_invitation(first) is None
    assert accounts.find_invitation(second).user == member_a


def test_disabling_shuts_out_at_once(client, member_a, client_for):
    theirs = client_for(member_a)
    client.post(reverse("organizations:disable", kwargs={"pk": member_a.pk}))
    assert theirs.get(reverse("intake:home")).status_code == 302


def test_the_last_administrator_stays(client, admin_a):
    client.post(reverse("organizations:disable", kwargs={"pk": admin_a.pk}))
    admin_a.refresh_from_db()
    assert admin_a.is_active


@pytest.mark.parametrize("name", ["reissue", "disable"])
def test_foreign_members_answer_like_none_at_all(client, member_b, name):
    unknown = client.get(reverse(f"organizations:{name}", kwargs={"pk": 999999}))
    answer = client.get(reverse(f"organizations:{name}", kwargs={"pk": member_b.pk}))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content
    assert client.post(reverse(f"organizations:{name}", kwargs={"pk": member_b.pk})).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_members_asks_the_same_number_of_questions(
    client, org_a, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.user(Role.ORG_MEMBER, organization=org_a)
    client.get(reverse("organizations:members"))
    with django_assert_num_queries(5):
        client.get(reverse("organizations:members"))


def test_a_member_invites_nobody(client_for, member_a):
    client = client_for(member_a)
    assert client.get(reverse("organizations:members")).status_code == 403
    assert client.post(reverse("organizations:invite"), {}).status_code == 403


def test_the_contact_is_kept_current(client, org_a):
    client.post(
        reverse("organizations:profile"),
        {"contact_name": "李建国", "contact_phone": "138 0000 1234", "name": "改名", "capacity": "99"},
    )
    name, capacity = org_a.name, org_a.capacity
    org_a.refresh_from_db()
    assert (org_a.contact_name, org_a.contact_phone) == ("李建国", "13800001234")
    assert (org_a.name, org_a.capacity) == (name, capacity)


def test_a_member_reads_the_particulars(client_for, member_a):
    client = client_for(member_a)
    assert "保存联系方式" not in client.get(reverse("organizations:profile")).content.decode()
    assert client.post(reverse("organizations:profile"), {"contact_name": "某某"}).status_code == 403


def test_the_communities_of_a_street_are_options(client, divisions):
    address = reverse("organizations:communities")
    text = client.get(address, {"street": divisions.street_b.pk}).content.decode()
    assert f'value="{divisions.b1.pk}"' in text
    assert f'value="{divisions.a1.pk}"' not in text
    for nonsense in ("", "x", "９９", "9" * 40):
        assert client.get(address, {"street": nonsense}).content.decode().count("<option") == 1


def test_a_new_slip_does_not_lead_round_the_second_factor(member_a):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    TOTP.activate(member_a, generate_totp_secret())
    code = accounts.issue_slip(member_a, by=factories.admin_of(member_a.organization))
    client = Client()
    answer = client.post(reverse("organizations:activate"), activation(code))
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("intake:home")).status_code == 302
