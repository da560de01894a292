"""The book in a real browser: a part is proposed by one and approved by another; a pledge comes in."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from donations.enums import AllocationState, DonationState
from donations.models import Allocation, Donation, Holding
from donations.services import gifts
from jinchuan.shared.clock import today
from tests import factories, factories_book
from tests.journeys.portal import fits, sign_in, to_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_one_proposes_and_another_approves(page, live_server):
    officer, reviewer = factories.officer(), factories.reviewer()
    household = factories.verified_household(members=[factories.head(name="王秀兰")])
    holding = factories_book.goods_holding("20")
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, live_server, officer, to="/admin/")
    page.get_by_role("link", name="分配款物").click()
    page.get_by_role("link", name="大米").first.click()
    page.get_by_role("link", name="提出分配").click()
    # Only what belongs to the chosen target is asked for.
    expect(page.locator("#id_program")).to_be_hidden()
    page.get_by_label("项目", exact=True).first.check()
    expect(page.locator("#id_program")).to_be_visible()
    page.get_by_label("关爱户", exact=True).first.check()
    expect(page.locator("#id_program")).to_be_hidden()
    page.locator("#id_household + .select2").click()
    page.keyboard.type("wxl")
    page.get_by_role("option", name=household.code).click()
    page.locator("#id_amount").fill("１２袋")
    page.get_by_role("button", name="提出分配").click()
    expect(page.get_by_text("已办理“提出分配”")).to_be_visible()
    allocation = Allocation.objects.get()
    page.get_by_role("button", name="退出").click()
    sign_in(page, live_server, reviewer, to="/admin/")
    page.get_by_role("link", name="待批准的分配").click()
    page.get_by_role("link", name=allocation.code).click()
    page.get_by_role("link", name="批准", exact=True).click()
    expect(page.locator(".facts")).to_contain_text(household.code)
    page.get_by_role("button", name="批准").click()
    expect(page.get_by_text(f"已办理“批准”：{allocation.code}。")).to_be_visible()
    allocation.refresh_from_db()
    assert allocation.state == AllocationState.APPROVED
    holding.refresh_from_db()
    assert (holding.free, holding.promised) == (8, 12)


def test_a_pledge_is_noted_and_comes_in(signed_in):
    page = signed_in
    page.set_viewport_size({"width": 360, "height": 640})
    page.get_by_role("link", name="记一笔走访、捐赠或服务").click()
    page.get_by_role("link", name="记认捐").click()
    page.get_by_label("本组织", exact=True).check()
    expect(page.locator("#id_amount")).to_be_hidden()
    page.get_by_label("捐款", exact=True).check()
    page.locator("#id_amount").fill("20000")
    page.locator("input[name=day]").first.check()
    page.locator("#id_expected_on").fill((today() + timedelta(days=9)).isoformat())
    page.get_by_label("交区慈善协会").check()
    page.get_by_label("不指定用途").check()
    to_check(page)
    expect(page.get_by_text("人民币贰万元整")).to_be_visible()
    page.get_by_role("button", name="提交认捐记录").click()
    expect(page.locator("h1")).to_have_text("认捐已登记，等待到账")
    donation = Donation.objects.get()
    assert donation.state == DonationState.PLEDGED
    page.get_by_role("link", name="回到待办").click()
    page.get_by_role("link", name=donation.code).click()
    page.get_by_role("link", name="登记到账").click()
    expect(page.locator("#id_amount")).to_have_value("20000.00")
    page.locator("input[name=day]").first.check()
    fits(page)
    to_check(page)
    page.get_by_role("button", name="提交到账").dblclick()
    expect(page.locator("h1")).to_have_text("已提交，等民政局确认")
    donation.refresh_from_db()
    assert (donation.state, donation.received_on) == (DonationState.SUBMITTED, today())
    gifts.confirm_donation(donation, by=factories.officer())
    assert Holding.objects.get().free == 20000


@pytest.mark.parametrize("width", [360, 1366])
def test_the_pages_of_the_book_do_not_scroll_sideways(page, live_server, width):
    officer = factories.officer()
    place = factories_book.place()
    holding = factories_book.goods_holding("20", place=place)
    allocation = factories_book.proposed(holding, "3")
    take = factories_book.stock_take(holding)
    donation = holding.lot.line.donation_id
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, live_server, officer, to="/admin/")
    for path in (
        "holding/",
        f"holding/{holding.pk}/change/",
        f"holding/{holding.pk}/do/allocate/",
        "allocation/",
        f"allocation/{allocation.pk}/do/approve/",
        f"place/{place.pk}/count/",
        f"stocktake/{take.pk}/change/",
        f"donation/{donation}/change/",
    ):
        page.goto(f"{live_server.url}/admin/donations/{path}")
        fits(page)
