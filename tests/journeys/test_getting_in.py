"""From the activation slip to the first record, and a session of service from a phone."""

import pytest
from playwright.sync_api import expect

from donations.models import Donation
from organizations.enums import Role
from organizations.services import accounts
from tests import factories
from tests.journeys.portal import fill_cash, sign_in, to_check
from volunteers.models import Activity

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_from_the_slip_to_the_first_record(page, live_server, admin_a):
    _, code = accounts.invite(
        by=admin_a, username="new", name="刘桂英", role=Role.ORG_MEMBER, organization=admin_a.organization
    )
    page.goto(f"{live_server.url}/activate/?code={code}")
    page.locator("#id_password").fill("Mu-Tong-Yao-Zhi-19")
    page.get_by_role("button", name="显示密码").click()
    assert page.locator("#id_password").get_attribute("type") == "text"
    page.get_by_label("我承诺").check()
    page.get_by_role("button", name="启用并进入").click()
    expect(page.locator("h1")).to_have_text("今日待办")
    page.get_by_role("link", name="记一笔走访、捐赠或服务").click()
    page.get_by_role("link", name="记捐款").click()
    fill_cash(page)
    to_check(page)
    page.get_by_role("button", name="提交捐款记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    expect(page.locator(".done-number")).to_have_text(Donation.objects.get().code)


def test_log_a_session_of_service(page, live_server, admin_a, divisions):
    known = factories.volunteer(admin_a.organization)
    sign_in(page, live_server, admin_a, to="/activities/log/new/")
    page.locator("#id_title").fill("重阳节上门理发")
    page.locator("input[name=day]").first.check()
    page.locator("#id_responsible_person").fill("王芳")
    page.locator("#id_street").select_option(str(divisions.street_b.pk))
    page.locator("#id_community").select_option(str(divisions.b2.pk))
    page.locator("#id_place").fill("社区活动室")
    page.locator("#id_content").fill("为老人理发。")
    page.locator("#id_line-0-volunteer").select_option(str(known.pk))
    page.locator("#id_line-0-started_at").fill("9点")
    page.locator("#id_line-0-ended_at").fill("11：30")
    page.get_by_role("button", name="再加一位志愿者").click()
    page.locator("#id_line-1-new_name").fill("阿依古丽·买买提")
    page.locator("#id_line-1-started_at").fill("0900")
    page.locator("#id_line-1-ended_at").fill("上午10点")
    to_check(page)
    expect(page.get_by_text("2 人次，3.5 小时")).to_be_visible()
    page.get_by_role("button", name="提交服务记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    activity = Activity.objects.get()
    expect(page.locator(".done-number")).to_have_text(activity.code)
    assert activity.community == divisions.b2
    assert activity.records.count() == 2
