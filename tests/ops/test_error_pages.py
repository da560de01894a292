import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import include, path, reverse

from tests.pages import shown

pytestmark = pytest.mark.django_db


def failing(request):
    raise ValueError("王秀兰 620301194708222042")


def suspicious(request):
    raise SuspiciousOperation("王秀兰")


def forbidden(request):
    raise PermissionDenied


def reading(request):
    return HttpResponse(len(request.POST))


handler400 = "jinchuan.ops.error_pages.bad_request"
handler500 = "jinchuan.ops.error_pages.server_error"
urlpatterns = [
    path("failing", failing),
    path("suspicious", suspicious),
    path("forbidden", forbidden),
    path("reading", reading),
    path("", include("jinchuan.urls")),
]


@pytest.fixture
def somebody(settings, officer):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(officer)
    return client


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/failing", 500, "页面暂时打不开"),
        ("/suspicious", 400, ""),
        ("/forbidden", 403, ""),
        ("/nowhere", 404, "没有找到这一页"),
    ],
)
def test_an_error_says_what_to_do_and_nothing_of_what_happened(somebody, address, status, heading):
    response = somebody.get(address)
    text = response.content.decode()
    assert response.status_code == status
    assert heading in text
    assert re.search("[一-鿿]{6}", text)
    assert "王秀兰" not in text
    assert "Traceback" not in text


def test_a_failure_shows_the_number_that_the_log_has(somebody):
    response = somebody.get("/failing")
    assert response["X-Request-ID"] in response.content.decode()


def test_too_much_at_once_is_said_as_such(somebody, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = somebody.post("/reading", {"a": 1, "b": 2, "c": 3})
    assert response.status_code == 413
    assert "太大" in response.content.decode()


def test_who_signs_in_again_and_lands_on_what_is_no_page_is_told_where_to_go(member_a, client_for):
    response = client_for(member_a).get(reverse("volunteers:hours_sheet"))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "还没有办" in shown(response) and reverse("intake:home") in shown(response)
    assert response["Cache-Control"] == "no-store, private"


def test_there_is_an_answer_even_without_templates(somebody, tmp_path):
    engine = engines["django"].engine
    before, engine.dirs = engine.dirs, [tmp_path]
    for loader in engine.template_loaders:
        loader.reset()
    (tmp_path / "500.html").write_text("{% broken %}")
    try:
        response = somebody.get("/failing")
    finally:
        engine.dirs = before
        for loader in engine.template_loaders:
            loader.reset()
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()
    assert "请稍后再试" in response.content.decode()
