"""The check page: what it says of each certificate, and that it says nothing to whoever guesses."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jinchuan.shared.codes import ALPHABET, grouped, new_code
from tests import factories_certificates as made
from tests.guarding import guards_removed
from tests.pages import shown
from volunteers import certificate_content as contents
from volunteers.certificate_check import UNKNOWN
from volunteers.certificate_enums import CHECK_CODE_LENGTH
from volunteers.models import Certificate

pytestmark = pytest.mark.django_db
PAGE = "/certificates/check/"


def check(client, code):
    return client.post(PAGE, {"code": code})


def code_of(certificate) -> str:
    return contents.read(Certificate.objects.get(pk=certificate.pk))["code"]


@pytest.mark.parametrize(
    ("state", "verdict"), [("issued", "真实有效"), ("revoked", "已撤销"), ("replaced", "已被替换")]
)
def test_it_says_what_stands_and_no_more_than_is_printed(client, state, verdict):
    certificate = getattr(made, state)()
    content = contents.read(certificate)
    answer = check(client, grouped(content["code"]).lower())
    words = shown(answer)
    assert f"<strong>{verdict}</strong>" in answer.content.decode()
    for told in (content["number"], content["issuer"], f"{content['hours']} 小时"):
        assert told in words
    for kept in (content["name"], content["document_number"], content["code"], content["handler"]):
        assert kept not in answer.content.decode()
    assert "document_number" not in answer.context["found"]


def test_an_empty_code_finds_nothing(client):
    made.noticed()
    for code in ("", " ", "-"):
        assert "证明编号" not in shown(check(client, code))


def _without_what_was_typed(answer, code):
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, html.replace(code, "")


def test_a_guesser_learns_nothing(client):
    real = code_of(made.issued())
    near = real[:-1] + ("2" if real[-1] != "2" else "3")
    codes = [near, new_code(CHECK_CODE_LENGTH), "ZM0001-2026-0001", "FZ2026-0001", "x" * 80, "' OR 1=1"]
    answers = {_without_what_was_typed(check(client, code), code.replace("'", "&#x27;")) for code in codes}
    assert len(answers) == 1
    assert UNKNOWN in next(iter(answers))[1]
    for code in (real, near, "x"):  # and each asks the database the same
        with CaptureQueriesContext(connection) as queries:
            check(client, code)
        assert sum("volunteers_" in query["sql"] for query in queries) == 1


def test_a_code_is_long_and_random():
    codes = {new_code(CHECK_CODE_LENGTH) for _ in range(1000)}
    assert len(codes) == 1000
    assert len(ALPHABET) ** CHECK_CODE_LENGTH >= 2**128


def test_an_address_that_asks_too_often_is_turned_away(client, settings):
    settings.PUBLIC_LIMITS = {"certificate": (3, 600)}
    code = code_of(made.issued())
    assert [check(client, code).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get(PAGE).status_code == 429


def test_no_index_no_store_and_no_code_in_an_address(client):
    code = code_of(made.issued())
    for answer in (client.get(PAGE), check(client, code)):
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
    assert reverse("certificates:check") == PAGE
    assert UNKNOWN not in shown(client.get(PAGE, {"code": code}))
    assert "真实有效" not in shown(client.get(PAGE, {"code": code}))


def test_content_that_is_not_what_was_sealed_is_never_called_genuine(client):
    certificate = made.issued()
    code = code_of(certificate)
    with guards_removed():
        Certificate.objects.filter(pk=certificate.pk).update(content='{"name": "别人"}')
    assert UNKNOWN in shown(check(client, code))
