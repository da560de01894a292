"""Volunteers come in and go out by sheet; the sheet for the national system."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from jinchuan.sheets import exporting
from jinchuan.sheets.registers import named
from tests import factories
from tests.sheets.filling import carry_out, fill, opened
from volunteers import national
from volunteers.models import Volunteer
from volunteers.sheets import SAME_NAME

pytestmark = pytest.mark.django_db


def row(at, **fields):
    return {
        "name": "刘桂英",
        "document_kind": "居民身份证",
        "document_number": "620301197503040022",
        "phone": "13909350001",
        "skills": "理发、维修",
        "organization": at.name,
        "joined_on": "2024-03-05",
        **fields,
    }


@pytest.fixture
def number():
    return factories.citizen_id(date(1975, 3, 4))


def bring_in(*rows, by):
    return carry_out("volunteers", fill("volunteers", *rows), by=by)


def test_one_person_of_two_organizations_takes_two_rows(officer, org_a, org_b, number):
    first = bring_in(row(org_a, document_number=number), by=officer)
    assert first.new == 1, first.problems
    second = bring_in(row(org_b, document_number=number, phone="", skills=""), by=officer)
    assert (second.new, second.changed) == (0, 1)
    person = Volunteer.objects.get()
    assert (person.skills, person.phone) == (["hairdressing", "repair"], "13909350001")
    assert person.enrollments.count() == 2
    again = bring_in(row(org_b, document_number=number), by=officer)
    assert (again.new, again.changed, again.same) == (0, 0, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "孙桂英"},
        {"document_number": "620301197503040011"},
        {"document_kind": "未提供"},
        {"organization": "没有的组织"},
        {"skills": "飞行"},
    ],
)
def test_rows_that_cannot_be_are_told_and_nothing_written(officer, org_a, number, fields):
    factories.volunteer(org_a, name="刘桂英", document_kind="citizen_id", document_number=number)
    outcome = bring_in(row(org_a, **{"document_number": number, **fields}), by=officer)
    assert outcome.problems
    assert Volunteer.objects.count() == 1


def test_a_namesake_without_a_document_is_not_guessed(officer, org_a):
    factories.volunteer(org_a, name="刘桂英")
    outcome = bring_in(row(org_a, document_kind="", document_number=""), by=officer)
    assert SAME_NAME in str(outcome.problems)


def test_the_list_goes_out_masked(officer, org_a, number):
    factories.volunteer(
        org_a, name="刘桂英", document_kind="citizen_id", document_number=number, phone="13909350001"
    )
    register = named("volunteers")
    data = exporting.export(register, Volunteer.objects.all(), by=officer)
    text = str(list(opened(data).active.values))
    assert "刘*英" in text and "139****0001" in text
    assert not [word for word in ("刘桂英", "13909350001", number) if word in text]


def _pages(data):
    return {page.title: list(page.values)[1:] for page in opened(data).worksheets}


def test_the_national_sheet_has_the_five_groups_in_order(officer, leader, org_a, org_b):
    person = factories.identified_volunteer(org_a, phone="13909350001")
    factories.confirmed_activity(org_a, held_on=date(2026, 3, 1), services=[factories.service(person)])
    factories.confirmed_activity(org_a, held_on=date(2025, 3, 1), services=[factories.service(person)])
    factories.training(person, org_a)

    masked = _pages(national.national_sheet(by=officer, year=2026))

    assert list(masked) == ["个人基本信息", "志愿服务情况", "培训情况", "表彰奖励情况", "评价情况"]
    assert masked["志愿服务情况"][0][:4] == ("姓名", "证件类型", "证件号码", "全国志愿者编号")
    assert [len(rows) - 1 for rows in masked.values()] == [1, 1, 1, 0, 0]
    assert person.document_number not in str(masked)

    with pytest.raises(Refused):
        national.national_sheet(by=officer, year=2026, in_full=True, reason="")
    with pytest.raises(PermissionDenied):
        national.national_sheet(by=leader, year=2026)
    reason = "录入全国志愿服务信息系统"
    whole = _pages(national.national_sheet(by=officer, year=2026, in_full=True, reason=reason))
    assert whole["志愿服务情况"][1][:3] == (person.name, "居民身份证", person.document_number)
    assert AuditEvent.objects.filter(action="export", reason=reason, actor=officer.username).count() == 1
