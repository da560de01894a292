"""Logging gifts on a phone: one record whatever happens, and nothing typed is lost."""

import re
import time

import pytest
from playwright.sync_api import expect

from donations.models import Donation
from jinchuan.shared.middleware import STARTED
from tests import factories
from tests.journeys.portal import fill_cash, fits, open_form, to_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_log_cash_from_the_desk_to_the_receipt(signed_in):
    page = signed_in
    page.get_by_role("link", name="记一笔走访、捐赠或服务").click()
    page.get_by_role("link", name="记捐款").click()
    fill_cash(page, "12000")
    expect(page.locator("[data-echo]")).to_have_text("人民币壹万贰仟元整 · 1.20 万元")
    to_check(page)
    expect(page.get_by_text("人民币壹万贰仟元整")).to_be_visible()
    page.get_by_role("button", name="提交捐款记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    donation = Donation.objects.get()
    expect(page.locator(".done-number")).to_have_text(donation.code)
    page.reload()
    expect(page.locator(".done-number")).to_have_text(donation.code)
    fits(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_errors_get_the_focus_and_lead_to_their_fields(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    page.get_by_role("button", name="下一步：检查").click()
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.locator("[data-summary]")).to_be_focused()
    page.get_by_role("link", name="请填写金额").click()
    expect(page.locator("#id_amount")).to_be_focused()


def test_a_double_click_is_one_record(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    fill_cash(page)
    to_check(page)
    page.get_by_role("button", name="提交捐款记录").dblclick()
    expect(page.locator(".done-number")).to_be_visible()
    assert Donation.objects.count() == 1


def test_back_after_submitting_says_it_is_done(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    fill_cash(page)
    to_check(page)
    page.get_by_role("button", name="提交捐款记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text("这条记录已经提交")
    page.go_back()
    expect(page.locator("h1")).to_have_text("这条记录已经提交")
    assert Donation.objects.count() == 1


def test_two_tabs_are_two_forms(signed_in, live_server):
    first = signed_in
    second = first.context.new_page()
    for page, amount in ((first, "100"), (second, "200")):
        open_form(page, live_server)
        fill_cash(page, amount)
    to_check(first)
    to_check(second)
    for page in (second, first):
        page.get_by_role("button", name="提交捐款记录").click()
        expect(page.locator(".done-number")).to_be_visible()
    assert sorted(d.lines.get().value for d in Donation.objects.all()) == [100, 200]


def test_what_is_typed_saves_itself(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    page.locator("#id_note").fill("写到一半")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    address = page.url
    page.goto(f"{live_server.url}/drafts/")
    page.get_by_role("link", name="接着填").click()
    expect(page).to_have_url(address)
    expect(page.locator("#id_note")).to_have_value("写到一半")


def test_without_a_network_the_page_stays(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    page.locator("#id_note").fill("断网了")
    page.context.set_offline(True)
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value("断网了")
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")


def test_an_expired_session_loses_nothing(signed_in, live_server, member_a):
    page = signed_in
    open_form(page, live_server)
    address = page.url
    fill_cash(page, "4321.50")
    _expire_sessions()
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.get_by_text("刚才填写的内容已经留住")).to_be_visible()
    page.locator("#id_login").fill(member_a.username)
    page.locator("#id_password").fill(factories.PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(address)
    expect(page.locator("#id_amount")).to_have_value("4321.50")
    to_check(page)
    page.get_by_role("button", name="提交捐款记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    assert Donation.objects.get().lines.get().value == 4321.5


def test_a_rotated_csrf_token_loses_nothing(signed_in, live_server):
    page = signed_in
    open_form(page, live_server)
    fill_cash(page, "765")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.locator("h1")).to_have_text("页面放得太久，需要再确认一次")
    page.get_by_role("link", name="继续填写").click()
    expect(page.locator("#id_amount")).to_have_value("765")
    to_check(page)
    page.get_by_role("button", name="提交捐款记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    assert Donation.objects.count() == 1


def _expire_sessions():
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        session = row.get_session_store_class()(row.session_key)
        session[STARTED] = time.time() - 8 * 24 * 3600
        session.save()
