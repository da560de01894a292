from pathlib import Path

import pytest

from reports import consistency
from reports.models import ReportEdition
from reports.periods import Period
from reports.services import building
from reports.services import editions as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(divisions, officer):
    return building.build(services.request_edition(by=officer, period=Period.read("2026-09")).pk)


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
