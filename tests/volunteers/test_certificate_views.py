"""The organisation's pages: asking, the notice, issuing, the file, a batch; and the bureau's register."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from jinchuan.audit.models import AuditEvent
from jinchuan.intake import desk
from tests import factories
from tests import factories_certificates as made
from tests.pages import shown
from volunteers import tasks
from volunteers.models import Certificate, CertificateBatch, CertificatePaper
from volunteers.services import certificates as services

pytestmark = pytest.mark.django_db
DAYS = {"period_from": "2026-01-01", "period_to": "2026-09-30", "least": ""}
ASK = reverse("certificates:ask")


@pytest.fixture
def client(client_for, member_a):
    return client_for(member_a)


@pytest.fixture
def admin(client_for, admin_a):
    return client_for(admin_a)


def page_of(row):
    name = "batch" if isinstance(row, CertificateBatch) else "certificate"
    return reverse(f"certificates:{name}", args=[row.code])


def printed():
    """What the worker does after the click."""
    tasks.print_certificates(list(CertificatePaper.objects.waiting().values_list("pk", flat=True)))


def test_from_the_form_to_the_file(client, admin, org_a, django_capture_on_commit_callbacks):
    person = made.served_volunteer(org_a)
    assert f"{person.name}　2.5 小时" in client.get(ASK, DAYS | {"volunteer": person.pk}).content.decode()
    answer = client.post(ASK, DAYS | {"volunteers": [person.pk]})
    certificate = Certificate.objects.get()
    assert answer.url == page_of(certificate)
    assert certificate.state == "noticed"
    assert person.name in shown(client.get(reverse("certificates:notice")))
    with made.later():
        assert page_of(certificate) in [
            task.url for block in desk.blocks(factories.admin_of(org_a)) for task in block.tasks
        ]
        assert "开具证明" not in shown(client.get(page_of(certificate)))
        assert "开具证明" in shown(admin.get(page_of(certificate)))
        admin.post(page_of(certificate), {"intent": "issue"})
        printed()
        assert person.name not in shown(client.get(reverse("certificates:notice")))
    file = admin.get(reverse("certificates:file", args=[certificate.code]))
    assert len(PdfReader(BytesIO(b"".join(file))).pages) == 1
    assert AuditEvent.objects.of(certificate).filter(action="open_file").count() == 1
    assert client.get(reverse("certificates:file", args=[certificate.code])).status_code == 403


def test_who_cannot_get_one_is_told_why_and_cannot_be_ticked(client, org_a):
    first, second = made.served_volunteer(org_a), factories.volunteer(org_a)
    made.serve(org_a, second)
    made.applied(org_a, first)
    page = shown(client.get(ASK, DAYS))
    assert "这段时间已申请或开具过" in page
    assert "请先补齐证件类型和号码" in page
    for person in (first, second):
        answer = client.post(ASK, DAYS | {"volunteers": [person.pk]})
        assert answer.context["summary"]
    assert Certificate.objects.count() == 1


def test_only_those_with_so_many_hours_are_offered(client, org_a):
    few, many = made.served_volunteer(org_a), made.served_volunteer(org_a, times=4)
    page = client.get(ASK, DAYS | {"least": "10"}).content.decode()
    assert many.name in page
    assert few.name not in page


@pytest.mark.parametrize(
    "days", [{"period_from": "2026-12-01"}, {"period_to": "2999-01-01"}, {"period_from": "某天"}]
)
def test_wrong_days_are_named_and_kept(client, days):
    answer = client.get(ASK, DAYS | days)
    assert answer.context["summary"]
    assert next(iter(days.values())) in answer.content.decode()


def test_a_batch_is_issued_by_another_and_opened_in_one_go(client, admin, org_a):
    batch = made.batch(org_a, size=3)
    with made.later():
        assert "开具公示期满的" not in shown(client.get(page_of(batch)))
        assert "开具公示期满的 3 份" in shown(admin.get(page_of(batch)))
        admin.post(page_of(batch), {"intent": "issue"})
        printed()
    page = shown(admin.get(page_of(batch)))
    assert "已开具 3 份，已打印 3 份" in page
    answer = admin.get(reverse("certificates:batch_file", args=[batch.code]))
    assert len(PdfReader(BytesIO(answer.content)).pages) == 3


def test_a_failure_is_told_by_masked_name_with_a_way_to_try_again(admin, org_a):
    batch = made.batch(org_a, size=2)
    with made.later():
        services.issue_many(batch, by=factories.admin_of(org_a))
        failed = CertificatePaper.objects.first()
        CertificatePaper.objects.filter(pk=failed.pk).update(failure="没有字形", finished_at=failed.asked_at)
        page = shown(admin.get(page_of(batch)))
        assert "没有办成 1 份" in page
        assert failed.certificate.volunteer.name not in page
        admin.post(page_of(batch), {"intent": "again"})
    failed.refresh_from_db()
    assert (failed.failure, failed.finished_at) == ("", None)


@pytest.mark.parametrize("intent", ["revoke", "replace", "waive", "decline"])
def test_words_are_asked_for_and_what_was_typed_stays(admin, org_a, intent):
    row = made.issued(org_a) if intent in ("revoke", "replace") else made.noticed(org_a)
    answer = admin.post(
        page_of(row), {"intent": intent, f"{intent}-reason": "太短", "waive-waiver_reason": "太短"}
    )
    assert answer.context["summary"]
    assert "太短" in answer.content.decode()
    row.refresh_from_db()
    assert row.state in ("issued", "noticed")


def test_revoked_and_replaced_on_the_page(admin, client, org_a):
    row = made.issued(org_a)
    client.post(page_of(row), {"intent": "replace", "replace-reason": "姓名写错一个字"})
    new = Certificate.objects.get(supersedes=row)
    assert new.code in shown(admin.get(page_of(row)))
    admin.post(page_of(row), {"intent": "revoke", "revoke-reason": "活动登记有误，已更正"})
    assert "已撤销" in shown(admin.get(page_of(row)))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_questions(admin, org_a, rows, django_assert_num_queries):
    batch = made.batch(org_a, size=rows)
    lists = {
        reverse("certificates:certificates"): 6,
        page_of(batch): 5,
        ASK + "?" + "&".join(f"{k}={v}" for k, v in DAYS.items()): 6,
        reverse("certificates:notice"): 4,
    }
    for address, queries in lists.items():
        admin.get(address)
        with django_assert_num_queries(queries):
            admin.get(address)


@pytest.mark.parametrize("name", ["certificate", "file", "batch", "batch_file"])
def test_those_of_others_answer_like_none_at_all(admin, org_b, name):
    batch = made.batch(org_b, size=1)
    code = batch.code if name.startswith("batch") else batch.certificates.get().code
    foreign = admin.get(reverse(f"certificates:{name}", args=[code]))
    unknown = admin.get(reverse(f"certificates:{name}", args=["FZ2026-9876"]))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_the_bureau_reads_and_reminds(client_for, officer, admin, org_a):
    row = made.issued(org_a)
    bureau = client_for(officer)
    register = shown(bureau.get(reverse("admin:volunteers_certificate_changelist")))
    assert row.number in register
    assert row.volunteer.name not in register
    address = reverse("admin:volunteers_certificate_verb", args=[row.pk, "remark"])
    bureau.post(address, {"confirmed": "1", "reason": "时长与活动登记不符"})
    assert "时长与活动登记不符" in shown(admin.get(page_of(row)))
    admin.post(page_of(row), {"intent": "answer", "answer-answer": "已核对，没有错"})
    page = shown(bureau.get(reverse("admin:volunteers_certificate_change", args=[row.pk])))
    assert "已核对，没有错" in page
    assert row.volunteer.name not in page
