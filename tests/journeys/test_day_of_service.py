"""From the plan to the hours: the organiser's phone, the volunteers' phones without an account, the bureau, a correction."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from jinchuan.shared.clock import today
from tests import factories, factories_activities
from tests.journeys.portal import fits, sign_in, to_check
from volunteers.models import Activity, CheckInWindow, ServiceRecord, Volunteer
from volunteers.services import activities

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(browser, live_server):
    """Somebody's own phone: no account, no cookie."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="zh-CN")
    yield context.new_page()
    context.close()


def _scan(phone, address, name, tail):
    phone.goto(address)
    expect(phone.get_by_role("navigation")).to_have_count(0)
    phone.get_by_label("您的姓名").fill(name)
    phone.get_by_label("手机号或证件号的最后 4 位").fill(tail)
    phone.get_by_role("button", name="签到或签退").click()
    expect(phone.get_by_label("您的姓名")).to_have_count(0)
    fits(phone)


def test_a_plan_is_made_and_volunteers_are_signed_up(org_a, signed_in, live_server):
    factories.volunteer(org_a, name="刘桂英")
    page = signed_in
    page.get_by_role("link", name="记一笔", exact=True).click()
    page.get_by_role("link", name="做活动计划").click()
    page.get_by_label("活动名称").fill("重阳节上门理发")
    page.get_by_label("活动日期").fill((today() + timedelta(days=3)).isoformat())
    page.get_by_label("开始时间").fill("9点")
    page.get_by_label("结束时间").fill("11点半")
    page.get_by_label("负责人", exact=False).first.fill("王芳")
    page.get_by_label("负责人电话").fill("13909350001")
    page.get_by_label("地点").fill("龙集里社区活动室")
    page.get_by_label("打算做什么").fill("为老人理发。")
    page.get_by_label("需要多少人").fill("1")
    to_check(page)
    page.get_by_role("button", name="保存活动计划").click()
    expect(page.locator("h1")).to_contain_text("计划中")
    page.get_by_role("link", name="报名").click()
    page.get_by_role("button", name="开放报名").click()
    page.get_by_label("刘桂英").check()
    page.get_by_role("button", name="为勾选的人报名").click()
    expect(page.get_by_role("heading", name="已报名（1 人）")).to_be_visible()
    fits(page)
    plan = Activity.objects.get().plan
    assert (plan.capacity, plan.places_left) == (1, 0)


def test_who_scans_is_there_and_what_was_served_is_put_right(
    org_a, member_a, admin_a, officer, signed_in, phone, live_server
):
    known = factories.volunteer(org_a)
    activity = factories_activities.open_activity(by=member_a, day=today(), starts=time(0), ends=time(23, 59))
    page = signed_in
    page.goto(f"{live_server.url}/activities/{activity.code}/check-in/")
    page.get_by_role("button", name="打开签到").click()
    expect(page.get_by_role("img", name="签到二维码")).to_be_visible()
    address = f"{live_server.url}/checkin/{CheckInWindow.objects.get().code}/"

    _scan(phone, address, known.name, known.phone[-4:])
    expect(phone.locator("h1")).to_have_text("已签到")
    _scan(phone, address, "孙巧云", "1234")
    expect(phone.locator("h1")).to_have_text("已签到")
    _scan(phone, address, known.name, known.phone[-4:])
    phone.get_by_role("button", name="现在签退").click()
    expect(phone.locator("h1")).to_have_text("已签退")

    page.get_by_role("link", name="刷新").click()
    expect(page.get_by_role("heading", name="到了 2 人，现在在场 1 人")).to_be_visible()
    page.get_by_role("link", name="孙巧云").click()
    page.get_by_role("button", name="计入这个人").click()
    expect(page.get_by_role("heading", name="要核对的人")).to_have_count(0)

    page.goto(f"{live_server.url}/activities/{activity.code}/")
    page.get_by_role("link", name="登记服务时长").click()
    expect(page.locator("fieldset.line")).to_have_count(2)
    for line in (0, 1):
        page.locator(f"#id_line-{line}-started_at").fill("8点")
        page.locator(f"#id_line-{line}-ended_at").fill("10点半")
        page.locator(f"#id_line-{line}-break_minutes").fill("")
    page.get_by_label("惠及多少人次").fill("12")
    to_check(page)
    page.get_by_role("button", name="提交服务记录").click()
    expect(page.locator(".done-number")).to_have_text(activity.code)
    activity.refresh_from_db()
    assert {one.volunteer for one in activity.records.all()} == {known, Volunteer.objects.get(name="孙巧云")}

    activities.confirm_activity(activity, by=officer)
    record = activity.records.get(volunteer=known)
    page.goto(f"{live_server.url}/service-records/{record.pk}/")
    page.get_by_label("结束时间").fill("10:00")
    page.get_by_label("为什么更正").fill("本人提出，签到表上是十点离开")
    page.get_by_role("button", name="提交更正").click()
    expect(page.get_by_role("heading", name="更正")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, live_server, admin_a, to=f"/service-records/{record.corrections.get().pk}/")
    page.get_by_role("button", name="确认更正").click()
    expect(page.get_by_text("更正已确认")).to_be_visible()
    assert ServiceRecord.objects.confirmed().get(volunteer=known).minutes == 120
