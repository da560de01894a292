"""What must always hold of batches, their files and their mails: sound as the services leave it, and told where it is not."""

from datetime import timedelta

import pytest

from cases.enums import DigestOutcome
from cases.models import Notice
from jinchuan.shared.clock import now, travel
from reports import consistency
from reports.enums import EditionState
from reports.models import BatchEdition, ReportBatch, ReportEdition, ReportMail
from reports.services import batches, mailing
from tests import factories_reports as some

pytestmark = pytest.mark.django_db


def findings():
    checks = [
        consistency.finished_reports_are_whole,
        consistency.batches_are_their_reports,
        consistency.what_is_told_of_was_issued,
    ]
    return [sentence for check in checks for sentence in check()]


@pytest.fixture
def batch(divisions):
    """Finished once, tried again, and finished again."""
    made = some.batch()
    first = ReportEdition.objects.filter(batches__batch=made).first()
    ReportEdition.objects.exclude(pk=first.pk).update(state=EditionState.FAILED)
    some.failed(first)
    batches.settle(made)
    made = batches.retry_failed(made, by=None)
    ReportEdition.objects.update(state=EditionState.FAILED)
    batches.settle(made)
    return ReportBatch.objects.get()


@pytest.fixture
def mail(divisions):
    return mailing.claim(some.issued(), some.recipient(), by=None)


def test_a_batch_that_is_under_way_is_sound(divisions):
    some.batch()
    assert findings() == []


def test_a_batch_that_was_finished_twice_is_sound(batch):
    assert findings() == []


def test_a_report_of_another_period(batch):
    stray = some.edition(period=batch.period_value.previous)
    BatchEdition.objects.create(batch=batch, edition=stray)
    told = findings()
    assert f"{batch.title}里有别的期或别的版的报告 {stray}。" in told
    assert any("完成时的份数" in one for one in told)


def test_a_round_that_nobody_finished(batch):
    ReportBatch.objects.update(finished_at=None)
    assert any("记录的完成次数是 2" in one for one in findings())
    with travel(now() + timedelta(hours=2)):
        assert any("却没有完成" in one for one in findings())


def test_a_finished_report_without_its_sheet(divisions):
    edition = some.ready(template_version=consistency.WITH_FILES)
    assert findings() == [f"报告 {edition} 缺少随附的表格或数据文件。"]


def test_a_mail_of_an_issued_report_is_sound(mail):
    assert findings() == []


def test_a_mail_that_never_came_to_an_end(mail):
    with travel(now() + timedelta(days=2)):
        assert findings() == [f"报告 {mail.edition} 的邮件一天还没有结果。"]


def test_a_mail_of_what_was_not_issued(divisions):
    edition = some.ready()
    ReportMail.objects.create(
        edition=edition, recipient=some.recipient(), outcome=DigestOutcome.SENT, started_at=now()
    )
    assert findings() == [f"报告 {edition} 还没有印发就发了邮件。"]


def test_a_notice_of_what_was_not_issued(org_a, member_a):
    some.issued(org_a)
    mailing.tell_organizations()
    assert findings() == []
    Notice.objects.filter(user=member_a).update(key="statement:987654")
    assert findings() == ["没有印发的报告（statement:987654）已经提醒了社会组织。"]
