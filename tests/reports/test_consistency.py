from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from jinchuan.shared import guards
from jinchuan.shared.months import Month
from reports import consistency
from reports.models import ReportEdition
from reports.periods import Period
from reports.services import closings
from reports.services import editions as services
from tests import factories, factories_reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(divisions, officer):
    return factories_reports.built(services.request_edition(by=officer, period=Period.read("2026-09")))


def findings():
    return [sentence for check in consistency.CHECKS for sentence in check()]


def test_a_sound_report_has_no_findings(ready):
    assert findings() == []


def test_a_state_that_no_step_led_to(ready):
    ReportEdition.objects.update(state="failed")
    assert len(findings()) == 1


def test_a_file_that_is_gone(ready):
    ready.pdf.storage.delete(ready.pdf.name)
    assert findings() == [f"报告 {ready} 的文件不见了。"]


def test_a_file_that_was_changed(ready):
    with Path(ready.pdf.path).open("ab") as file:
        file.write(b"%")
    assert findings() == [f"报告 {ready} 的文件被改动。"]


def test_a_line_that_does_not_add_up(ready):
    ready.facts["indicators"]["donations_cash"]["cumulative"] = "0.01"
    ReportEdition.objects.update(facts=ready.facts)
    assert findings() == [f"报告 {ready} 的“捐款”上月累计、本月新增与累计不相符。"]


@pytest.fixture
def closed(officer, admin_a):
    factories.confirmed_donation(by=admin_a)
    return closings.close_month(by=officer, month=Month(2026, 9))


def _past_the_guards(statement):
    for guard in guards.registered():
        guard.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_closed_month_is_sound_whatever_comes_after(closed, admin_a):
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 1))
    assert findings() == []


def test_a_closed_month_somebody_changed(closed):
    _past_the_guards("UPDATE reports_entry SET amount = amount + 1 WHERE indicator = 'donations_cash'")
    assert findings() == ["2026年9月的定稿（第 1 次）被改动。", "统计台账的“捐款”与登记的数据不一致。"]
