"""Logging a visit on a phone: few taps, one record, nothing lost."""

import pytest
from playwright.sync_api import expect

from cases.models import Claim, Visit
from tests import factories
from tests import factories_cases as care
from tests.journeys.portal import fits, to_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 12


class Taps:
    """Counts how often the thumb comes down."""

    def __init__(self):
        self.count = 0

    def __call__(self, target):
        target.click()
        self.count += 1


def test_the_usual_visit_takes_few_taps_from_the_desk(household_a, signed_in):
    page, tap = signed_in, Taps()
    tap(page.get_by_role("link", name="记一笔", exact=True))
    tap(page.get_by_role("link", name="记走访联系"))
    expect(page.locator("h1")).to_have_text("记走访联系")
    tap(page.get_by_label("上门走访"))
    tap(page.get_by_label("平稳"))
    fits(page)
    tap(page.get_by_role("button", name="下一步：检查"))
    expect(page.locator("h1")).to_have_text("检查一遍，再提交")
    tap(page.get_by_role("button", name="提交走访记录"))
    expect(page.locator(".done-number")).to_be_visible()
    visit = Visit.objects.get()
    expect(page.locator(".done-number")).to_have_text(visit.code)
    assert tap.count <= MOST_TAPS
    assert visit.visited.get().household == household_a
    page.reload()
    expect(page.locator(".done-number")).to_have_text(visit.code)
    fits(page)


def test_who_was_not_met_is_asked_for_no_condition(household_a, signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/visits/log/new/")
    expect(page.get_by_label("平稳")).to_be_hidden()
    page.get_by_label("上门走访").check()
    expect(page.get_by_label("平稳")).to_be_visible()
    page.get_by_label("上门了，没遇到人").check()
    expect(page.get_by_label("平稳")).to_be_hidden()
    to_check(page)
    page.get_by_role("button", name="提交走访记录").dblclick()
    expect(page.locator(".done-number")).to_be_visible()
    assert not Visit.objects.get().was_made


def test_what_was_settled_and_found_is_folded_away(household_a, signed_in, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/visits/log/new/")
    expect(page.get_by_label("办理了什么事")).to_be_hidden()
    page.get_by_text("办成了事，或发现了新需求（选填）").click()
    page.get_by_label("办理了什么事").select_option(label="帮办实事")
    page.get_by_label("打电话").check()
    page.get_by_label("平稳").check()
    page.get_by_role("button", name="下一步：检查").click()
    page.get_by_role("link", name="第 1 件：请写一句办理情况").click()
    expect(page.locator("#id_line-0-description")).to_be_focused()
    page.get_by_label("办理情况").fill("代缴了取暖费。")
    to_check(page)
    page.get_by_role("button", name="提交走访记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    expect(page.get_by_text("代缴了取暖费。")).to_be_visible()
    assert Visit.objects.get().matters.count() == 1


def test_claim_from_the_board(signed_in):
    care.open_need(is_urgent=True)
    page = signed_in
    page.get_by_role("link", name="我的").click()
    page.get_by_role("link", name="等待帮助的需求").click()
    page.get_by_role("link", name="一位独居老人需要厚棉被").click()
    page.get_by_label("认领数量").fill("1")
    page.get_by_role("button", name="认领这条需求").dblclick()
    expect(page.locator("h1")).to_contain_text("认领 RL")
    expect(page.locator("h1")).to_contain_text(Claim.objects.get().code)
    fits(page)


def test_of_several_households_one_is_ticked(org_a, household_a, signed_in, live_server):
    other = factories.active_pairing(organization=org_a).household
    page = signed_in
    page.goto(f"{live_server.url}/visits/log/new/")
    page.get_by_label(other.code).check()
    page.get_by_label("微信或短信").check()
    page.get_by_label("平稳").check()
    to_check(page)
    page.get_by_role("button", name="提交走访记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    assert Visit.objects.get().visited.get().household == other
