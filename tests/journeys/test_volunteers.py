"""On a phone: a volunteer is registered, gets a slip, and reads the own record with it."""

from datetime import date

import pytest
from playwright.sync_api import expect

from jinchuan.shared.clock import today
from tests import factories
from tests.journeys.portal import fits, sign_in, to_check
from volunteers.models import Volunteer
from volunteers.services import own_record

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_register_a_volunteer_who_reads_the_own_record(page, live_server, admin_a):
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, live_server, admin_a, to="/volunteers/")
    page.get_by_role("link", name="登记志愿者").click()
    page.locator("#id_document_number").fill(factories.citizen_id(date(1975, 3, 4)).lower())
    page.locator("#id_name").fill("阿依古丽·买买提")
    expect(page.locator("#id_birth_date")).to_be_hidden()
    page.locator("#id_phone").fill("138 0000 0001")
    page.get_by_label("维修").check()
    to_check(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("h1")).to_contain_text("阿")
    fits(page)

    row = Volunteer.objects.get()
    served = [factories.service(row)]
    factories.confirmed_activity(admin_a.organization, held_on=today(), services=served)
    code = own_record.issue_code(row, by=admin_a)
    page.context.clear_cookies()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/my-service/#{code}")
    expect(page.locator("h1")).to_contain_text("的志愿服务记录")
    expect(page.get_by_text("2.5 小时（150 分钟）").first).to_be_visible()
    assert code not in page.url
    assert not [url for url in asked if code in url.partition("#")[0]]
