"""The strictness of this suite is itself worth a test: a net with a hole is worse than none."""

import socket

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.template import Origin, Template, engines
from django.urls import include, path
from django.utils import timezone

from organizations.models import Division
from tests import strictness


def template_of(folder, source):
    engine = engines["django"].engine
    return Template(
        source, origin=Origin(str(folder / "page.html"), template_name="page.html"), engine=engine
    )


def render(source, folder=settings.ROOT / "templates", **context):
    from django.template import Context

    return template_of(folder, source).render(Context(context))


@pytest.mark.parametrize(
    "source", ["{{ nobody }}", "{{ row.nothing }}", "{% if row %}{{ row.nothing|upper }}{% endif %}"]
)
def test_an_undefined_name_in_our_templates_fails(source):
    with pytest.raises(strictness.UndefinedName, match="is not defined"):
        render(source, row={"a": 1})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ nobody|default:'没有' }}", "没有"),
        ("{% if nobody %}a{% else %}b{% endif %}", "b"),
        ("{{ row.a }}", "1"),
        ("{{ row.none }}", "None"),
        ("{{ row.empty }}", ""),
    ],
)
def test_what_may_be_absent_may(source, text):
    assert render(source, row={"a": 1, "none": None, "empty": ""}) == text


def test_templates_of_libraries_are_left_alone():
    assert render("a{{ nobody|upper }}b", folder=settings.ROOT / ".venv") == "ab"


def reading(request):
    connection.cursor().execute("SELECT 1")
    cache.set("seen", 1)
    Session(session_key="x", session_data="", expire_date=timezone.now()).save()
    return HttpResponse("read")


def writing(request):
    Division.objects.filter(code="0").update(name="")
    return HttpResponse("written")


urlpatterns = [path("reading", reading), path("writing", writing), path("", include("jinchuan.urls"))]


@pytest.fixture
def two_views(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []


@pytest.mark.django_db
def test_a_get_may_keep_books_but_change_nothing(client, two_views):
    assert client.get("/reading").content == b"read"
    with pytest.raises(strictness.WroteOnGet, match="organizations_division"):
        client.get("/writing")


@pytest.mark.django_db
def test_a_post_may_write(client, two_views):
    assert client.post("/writing").content == b"written"


@pytest.mark.writes_on_get
@pytest.mark.django_db
def test_a_get_may_write_where_the_test_says_so(client, two_views):
    assert client.get("/writing").content == b"written"


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80), ("8.8.8.8", 53)])
def test_other_machines_cannot_be_reached(address):
    with socket.socket() as outgoing, pytest.raises(strictness.Outside):
        outgoing.connect(address)
