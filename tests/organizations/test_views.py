"""Activation slips, members, the organisation's particulars."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from jinchuan.audit.models import AuditEvent
from jinchuan.shared.text import EMAIL_FORM
from organizations.enums import Role
from organizations.models import User
from organizations.services import accounts
from organizations.views import EMAIL_REMOVED, EMAIL_SAVED
from tests import factories
from tests.pages import form_values, page, said, shown

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


# One's own account -------------------------------------------------------------------------------------------

ACCOUNT = "/account/"


@pytest.mark.parametrize("who", ["member_a", "admin_a", "officer", "worker_a", "auditor", "administrator"])
def test_everybody_keeps_their_own_address(client_for, request, who):
    user = request.getfixturevalue(who)
    client = client_for(user)
    answer = client.post(ACCOUNT, {"email": " Wang.Xiao＠Example.CN "}, follow=True)
    user.refresh_from_db()
    assert user.email == "Wang.Xiao@example.cn"
    assert said(answer) == [EMAIL_SAVED]
    assert 'value="Wang.Xiao@example.cn"' in shown(answer)

    answer = client.post(ACCOUNT, {"email": ""}, follow=True)
    user.refresh_from_db()
    assert user.email == ""
    assert said(answer) == [EMAIL_REMOVED]


@pytest.mark.parametrize("typed", ["王小明", "a@b", "a b@c", "x@example..cn", "x@y.cn\nBcc: z@y.cn", "@y.cn"])
def test_what_is_no_address_is_answered_and_kept_on_the_form(client_for, member_a, typed):
    answer = client_for(member_a).post(ACCOUNT, {"email": typed})

    assert answer.context["summary"] == [("id_email", EMAIL_FORM)]
    member_a.refresh_from_db()
    assert member_a.email == ""


def test_nothing_else_of_the_account_is_changed(client_for, member_a):
    client_for(member_a).post(ACCOUNT, {"email": "w@example.cn", "role": "administrator", "name": "某某"})
    name, role = member_a.name, member_a.role
    member_a.refresh_from_db()
    assert (member_a.name, member_a.role, member_a.email) == (name, role, "w@example.cn")


def test_the_page_says_when_no_mail_is_sent(client_for, member_a, settings):
    words = "还没有接通邮件"
    assert words in shown(client_for(member_a).get(ACCOUNT))
    settings.EMAIL_HOST = "mail.example.cn"
    assert words not in shown(client_for(member_a).get(ACCOUNT))


def test_others_see_the_address_masked(client_for, member_a, administrator, auditor, admin_a):
    accounts.set_email(member_a, by=member_a, email="wangxiao@example.cn")
    for reader in (administrator, auditor):
        text = shown(client_for(reader).get(page(member_a)))
        assert "w***@example.cn" in text and "wangxiao" not in text
    assert "wangxiao" not in shown(client_for(admin_a).get(reverse("organizations:members")))
    event = AuditEvent.objects.get(action="set_email")
    assert event.after["email"] == "w***@example.cn"


def test_an_administrator_sets_it_for_others_and_nobody_else_does(administrator, officer, admin_a, member_a):
    assert accounts.set_email(member_a, by=administrator, email="w@example.cn").email == "w@example.cn"
    for other in (officer, admin_a):
        with pytest.raises(PermissionDenied):
            accounts.set_email(member_a, by=other, email="other@example.cn")


def test_an_administrator_types_it_in_the_admin(client_for, administrator, member_a):
    client = client_for(administrator)
    values = form_values(client.get(page(member_a)))
    client.post(page(member_a), values | {"email": "w@example.cn"})
    member_a.refresh_from_db()
    assert member_a.email == "w@example.cn"
    client.post(page(member_a), form_values(client.get(page(member_a))))
    member_a.refresh_from_db()
    assert member_a.email == "w@example.cn"
