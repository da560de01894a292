"""The bureau's pages on people: finding them, merging two, what grows with them, the hours of a year."""

from datetime import date

import pytest
from django.urls import reverse

from jinchuan.audit.models import AuditEvent
from tests import factories
from tests.pages import act, form_values, listing, page, shown
from tests.sheets.filling import opened
from volunteers.models import QueryCode, Training, Volunteer
from volunteers.services.people import NAME_DIFFERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, officer):
    return client_for(officer)


def test_a_document_typed_again_joins_or_is_refused(client, org_a, org_b):
    known = factories.identified_volunteer(org_a)
    empty = form_values(client.get(listing(Volunteer, "add")))
    typed = empty | {"organization": org_b.pk, "joined_on": "2026-9-1", "name": "孙桂英"}
    typed |= {"document_kind": "citizen_id", "document_number": known.document_number}
    assert NAME_DIFFERS in shown(client.post(listing(Volunteer, "add"), typed))
    assert client.post(listing(Volunteer, "add"), typed | {"name": known.name}).url == page(known)
    assert (Volunteer.objects.count(), known.enrollments.count()) == (1, 2)


def test_somebody_is_found_by_the_number_and_revealed_with_a_reason(client, org_a):
    known = factories.identified_volunteer(org_a)
    found = client.post(reverse("admin:volunteers_volunteer_find"), {"id_number": known.document_number})
    assert found.url == page(known)
    assert known.document_number not in shown(client.get(page(known)))


def test_namesakes_are_listed_and_merged(client, org_a, org_b):
    kept, duplicate = (factories.volunteer(org, name="刘桂英") for org in (org_a, org_b))
    factories.volunteer(org_a)
    rows = client.get(listing(Volunteer), {"alike": "alike"}).context["cl"].result_list
    assert set(rows) == {kept, duplicate}
    assert str(duplicate) in shown(client.get(act(kept, "merge")))
    client.post(act(kept, "merge"), {"duplicate": duplicate.pk})
    duplicate.refresh_from_db()
    assert duplicate.merged_into == kept
    assert f"已并入志愿者{kept.pk}" in shown(client.get(listing(Volunteer)))
    assert client.get(page(duplicate)).status_code == 200


def test_a_training_is_entered_for_an_organization_and_voided(client, org_a, org_b):
    one = factories.volunteer(org_a)
    typed = {
        "content": "急救",
        "organizer": "红十字会",
        "held_on": "2026-5-8",
        "place": "社区",
        "class_hours": "2",
    }
    assert client.post(act(one, "training"), typed | {"organization": org_b.pk}).status_code == 200
    client.post(act(one, "training"), typed | {"organization": org_a.pk})
    row = Training.objects.get()
    assert "急救（红十字会，社区，2.0 学时）" in shown(client.get(page(one)))
    client.post(act(one, "void_growth"), {"row": f"training-{row.pk}", "reason": "登记到别人名下了"})
    assert not Training.objects.standing().exists()


def test_the_bureau_prints_a_slip_for_the_whole_record(client, org_a):
    answer = client.post(act(factories.volunteer(org_a), "slip"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert QueryCode.objects.get().organization is None


def test_the_hours_of_a_year_over_all_organizations(client, org_a, org_b):
    one = factories.volunteer(org_a)
    factories.enrolled(one, org_b)
    for organization in (org_a, org_b):
        factories.confirmed_activity(
            organization, held_on=date(2026, 3, 1), services=[factories.service(one)]
        )
    address = reverse("admin:volunteers_volunteer_hours")
    text = shown(client.get(address, {"year": "2026"}))
    assert "1 位志愿者，2 人次，5.0 小时" in text and one.name not in text
    sheet = opened(client.get(address, {"year": "2026", "as": "xlsx"}).content)
    assert list(sheet.active.values)[2][2:] == (2, 5)


def test_the_national_sheet_asks_for_a_reason_before_it_tells_numbers(client, org_a):
    one = factories.identified_volunteer(org_a)
    address = reverse("admin:volunteers_volunteer_national")
    assert "5 个字" in shown(client.post(address, {"year": "2026", "in_full": "on", "reason": "要"}))
    whole = client.post(address, {"year": "2026", "in_full": "on", "reason": "录入全国系统"})
    assert one.document_number in str(list(opened(whole.content).worksheets[0].values))
    assert AuditEvent.objects.filter(action="export", reason="录入全国系统").exists()
