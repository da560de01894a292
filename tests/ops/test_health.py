import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_everything_answers_without_signing_in(client):
    response = client.get(reverse("healthz"))
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok", "storage": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_nothing_stays_in_the_storage(client):
    client.get(reverse("healthz"))
    assert default_storage.listdir("healthz") == ([], [])


def test_a_part_that_is_down_is_named_and_nothing_else(client, settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    settings.MEDIA_ROOT = blocked
    response = client.get(reverse("healthz"))
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "cache": "ok", "storage": "down"}


def test_only_reading_is_allowed(client):
    assert client.post(reverse("healthz")).status_code == 405
