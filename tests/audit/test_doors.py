import pytest
from django.urls import reverse

from jinchuan.audit import keycheck
from jinchuan.audit.models import AuditEvent, KeySentinel
from tests import factories

pytestmark = pytest.mark.django_db


def events(action):
    return AuditEvent.objects.filter(action=action)


def sign_in(client, username, password=factories.PASSWORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def test_coming_and_going_is_noted(officer, client):
    sign_in(client, "officer")
    assert events("sign_in").get().actor == "officer"
    client.post(reverse("account_logout"))
    assert events("sign_out").get().actor == "officer"


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.2"), (1, "203.0.113.9"), (2, "198.51.100.4"), (3, "10.0.0.2")]
)
def test_behind_proxies_the_log_names_the_caller(officer, client, settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client.force_login(officer)
    client.post(
        reverse("account_logout"),
        REMOTE_ADDR="10.0.0.2",
        headers={"X-Forwarded-For": "198.51.100.4, 203.0.113.9"},
    )
    assert events("sign_out").get().address == address


def test_a_wrong_password_is_noted_without_it(officer, client):
    sign_in(client, "officer", "hunter2-hunter2")
    event = events("sign_in_failed").get()
    assert event.target_label == "officer"
    assert "hunter2" not in str(event.__dict__)


def test_what_was_typed_as_an_unknown_account_is_not_kept(officer, client):
    sign_in(client, "my-password-by-mistake")
    event = events("sign_in_failed").get()
    assert event.target_label == "没有这个账号"
    assert "mistake" not in str(event.__dict__)


def test_a_locked_account_is_noted(officer, client):
    for _ in range(6):
        sign_in(client, "officer", "wrong-wrong-wrong")
    assert events("sign_in_failed").count() == 5
    assert events("sign_in_locked").count() == 1


def test_a_refusal_is_noted(leader, client_for):
    address = reverse("admin:reports_reportedition_add")
    assert client_for(leader).get(address).status_code == 403
    event = events("refused").get()
    assert (event.actor, event.reason) == ("leader", f"GET {address}")


def test_the_right_keys_fit(db):
    keycheck.verify()


@pytest.mark.parametrize("damage", [{"sealed": "t1:AAAA"}, {"fingerprint": "0" * 64}])
def test_wrong_keys_stop_the_start(db, damage):
    KeySentinel.objects.update(**damage)
    with pytest.raises(keycheck.ImproperlyConfigured, match="FIELD_KEYS or INDEX_KEY"):
        keycheck.verify()
