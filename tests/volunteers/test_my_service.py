"""A volunteer reads the own record with the code of a slip, without signing in."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from jinchuan.audit.models import AuditEvent
from jinchuan.shared.codes import grouped, normalised
from tests import factories
from volunteers import querycodes
from volunteers.models import CorrectionRequest
from volunteers.own_record_views import ASKED, UNKNOWN, WHICH
from volunteers.services import growth, own_record

pytestmark = pytest.mark.django_db

ADDRESS = "/my-service/"


def _of_ours(queries):
    """Without what counts the requests of an address, which is a matter of the cache."""
    return [one["sql"] for one in queries.captured_queries if '"volunteers_' in one["sql"]]


@pytest.fixture
def person(org_a, admin_a):
    return factories.identified_volunteer(org_a, by=admin_a, phone="13909350001")


@pytest.fixture
def code(person, member_a):
    return own_record.issue_code(person, by=member_a)


def test_the_record_is_shown_masked_and_added_up(client, person, code, org_a, org_b, member_a):
    factories.enrolled(person, org_b)
    for organization in (org_a, org_a, org_b):
        factories.confirmed_activity(organization, services=[factories.service(person)])
    factories.submitted_activity(org_a, services=[factories.service(person)])
    factories.training(person, org_a)
    growth.void_growth(factories.training(person, org_a, content="消防"), by=member_a, reason="登记错了人")

    answer = client.post(ADDRESS, {"code": grouped(code).lower()})

    text, record = answer.content.decode(), answer.context["record"]
    assert (len(record.served), record.minutes, record.organizations) == (2, 300, (org_a.name,))
    assert "上门陪护常识" in text and "消防" not in text
    assert org_b.name not in text
    assert not [word for word in (person.name, person.document_number, "13909350001") if word in text]
    whole = client.post(ADDRESS, {"code": own_record.issue_code(person, by=factories.officer())})
    assert (whole.context["record"].minutes, whole.context["record"].whole) == (450, True)


def test_it_is_kept_nowhere_on_the_way(client, code):
    answer = client.post(ADDRESS, {"code": code})
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get(f"{ADDRESS}?code={code}").context["form"].is_bound is False


@pytest.mark.parametrize("typed", ["", "0" * 26, "x", "'; DROP TABLE --", "１" * 26, "A" * 5000, "\0"])
def test_codes_of_nobody_tell_nothing(client, code, typed):
    answer = client.post(ADDRESS, {"code": typed})
    assert "record" not in answer.context
    assert answer.status_code in (200, 404)


def test_unknown_and_renewed_codes_get_one_answer_after_one_look(client, person, code, member_a):
    own_record.issue_code(person, by=member_a)
    answers = []
    for typed in (code, "0" * 26):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(ADDRESS, {"code": typed})
        assert len(_of_ours(queries)) == 1
        assert UNKNOWN in answer.content.decode()
        plain = re.sub(r'middlewaretoken" value="\w+"', "", answer.content.decode())
        answers.append((answer.status_code, plain.replace(typed, "")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("rows", [1, 3])
def test_however_long_the_record_the_same_questions(client, person, code, org_a, rows):
    for _ in range(rows):
        factories.confirmed_activity(org_a, services=[factories.service(person)])
    with CaptureQueriesContext(connection) as queries:
        client.post(ADDRESS, {"code": code})
    assert len(_of_ours(queries)) == 9


def test_what_is_wrong_reaches_the_organization(client, person, code, org_a, org_b, member_a, member_b):
    record = factories.confirmed_activity(org_a, services=[factories.service(person)]).records.get()
    foreign = factories.confirmed_activity(org_b).records.get()
    for number in (foreign.pk, "x", "9" * 30, ""):
        answer = client.post(ADDRESS, {"code": code, "record": number, "text": "少记了一小时"})
        assert WHICH in answer.content.decode()
    assert "请填写应当是什么" in client.post(ADDRESS, {"code": code, "record": record.pk}).content.decode()
    assert not CorrectionRequest.objects.exists()

    asked = {"code": code, "record": record.pk, "text": "少记了一小时", "contact": "13909350001"}
    assert ASKED in client.post(ADDRESS, asked).content.decode()

    request = CorrectionRequest.objects.visible_to(member_a).get()
    assert (request.record, request.text, request.contact) == (record, "少记了一小时", "13909350001")
    assert not CorrectionRequest.objects.visible_to(member_b).exists()
    assert "13909350001" not in str(AuditEvent.objects.of(request).values())
    client.post(ADDRESS, asked)
    assert CorrectionRequest.objects.count() == 1
    own_record.decline_correction(request, by=member_a, answer="签到表上是两小时。")
    assert "签到表上是两小时。" in client.post(ADDRESS, {"code": code}).content.decode()


def test_nobody_tries_codes_by_the_thousand(client, settings):
    settings.PUBLIC_LIMITS = {"my_service": (3, 600)}
    assert [client.post(ADDRESS, {"code": "0" * 26}).status_code for _ in range(4)] == [404, 404, 404, 429]
    assert client.get(ADDRESS).status_code == 429


def test_the_slip_is_a_pdf_that_opens_the_record(client_for, member_a, person, client):
    """The code stands on the paper, and behind the # of its address."""
    answer = client_for(member_a).post(reverse("volunteers:slip", kwargs={"code": person.code}))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    (page,) = PdfReader(BytesIO(answer.content)).pages
    text = page.extract_text().replace("\n", "")
    printed = text.split("查询码：")[1][: querycodes.LENGTH + 6]
    assert (
        client.post(ADDRESS, {"code": printed}).context["record"].name
        == f"{person.name[0]}*{person.name[2:]}"
    )
    assert person.name not in text
    event = AuditEvent.objects.filter(action="issue").get()
    assert normalised(printed, querycodes.LENGTH) not in str(event.after)


def test_a_stranger_needs_no_account(db):
    assert Client().get(ADDRESS).status_code == 200
