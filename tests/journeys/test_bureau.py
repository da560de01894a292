"""The bureau's pages in a real browser: no script refused by the policy, tabs by keyboard, choices that are searched."""

from datetime import date
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from donations.enums import DonationState
from tests import factories
from tests.journeys.portal import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(page, live_server):
    """Sign in as somebody and open a page of the admin."""
    page.set_viewport_size({"width": 1366, "height": 768})

    def enter(username, path="/admin/"):
        page.goto(f"{live_server.url}{path}")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(factories.PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(f"{live_server.url}{path}")
        return page

    return enter


def test_an_officer_confirms_what_waits(bureau):
    factories.home()
    factories.officer()
    member = factories.admin_of(factories.approved_organization())
    donation = factories.submitted_donation(by=member)
    page = bureau("officer")
    page.get_by_role("link", name="待确认捐赠").click()
    page.get_by_role("link", name=donation.code).click()
    page.get_by_role("link", name="确认", exact=True).click()
    expect(page.get_by_text("人民币壹仟元整")).to_be_visible()
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_text(f"已办理“确认”：{donation.code}。")).to_be_visible()
    donation.refresh_from_db()
    assert donation.state == DonationState.CONFIRMED


def test_tabs_open_by_keyboard_and_the_address_remembers(bureau):
    pairing = factories.active_pairing()
    page = bureau("officer", f"/admin/cases/household/{pairing.household_id}/change/")
    first = page.get_by_role("tab", name="基本")
    first.focus()
    first.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    family = page.get_by_role("tab", name="家庭")
    expect(family).to_be_focused()
    expect(family).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="家庭")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="家庭")).to_have_attribute("aria-selected", "true")


def test_a_household_is_chosen_by_pinyin_and_mistakes_are_told_first(bureau):
    household = factories.verified_household(members=[factories.head(name="王秀兰")])
    factories.approved_organization()
    page = bureau("officer", "/admin/cases/pairing/add/")
    page.locator("#id_household + .select2").click()
    with page.expect_request(lambda request: "/autocomplete/" in request.url and request.method == "POST"):
        page.keyboard.type("wxl")
    page.get_by_role("option", name=household.code).click()
    page.locator(".submit-row input[type=submit]").click()
    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_text("请选择组织")).to_be_visible()
    expect(page.locator("#select2-id_household-container")).to_contain_text(household.code)


@pytest.mark.parametrize("width", [360, 1366])
def test_pages_do_not_scroll_sideways(bureau, live_server, width):
    pairing = factories.active_pairing()
    page = bureau("officer")
    page.set_viewport_size({"width": width, "height": 768})
    for path in (
        "/admin/",
        "/admin/donations/donation/",
        f"/admin/cases/household/{pairing.household_id}/change/",
        "/admin/cases/household/add/",
        f"/admin/cases/household/{pairing.household_id}/reveal/phone/",
        f"/admin/organizations/organization/{pairing.organization_id}/change/",
    ):
        page.goto(f"{live_server.url}{path}")
        fits(page)


def test_the_rows_of_a_list_are_chosen_together(bureau):
    factories.home()
    factories.officer()
    for _ in range(2):
        factories.submitted_donation()
    page = bureau("officer")
    faults = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.goto(page.url + "donations/donation/")
    page.locator("#action-toggle").check()
    expect(page.locator(".action-counter")).to_have_text("选中了 2 个中的 2 个")
    assert faults == []


def test_from_the_dashboard_to_a_figure_to_a_row(bureau):
    """The dashboard is printed on one page, however it is filled."""
    factories.home()
    factories.user("leader", username="leader")
    donation = factories.confirmed_donation(received_on=date(2026, 9, 3))
    page = bureau("leader", "/admin/reports/figures/?on=2026-09-30")
    fits(page)
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    assert "数据看板" in printed.pages[0].extract_text()
    page.get_by_role("link", name="捐款捐物合计").click()
    expect(page.locator("h1")).to_contain_text("捐款捐物合计")
    expect(page.locator(".figure-line")).to_contain_text("1,000.00")
    fits(page)
    page.get_by_role("link", name=donation.code).click()
    expect(page.locator("h1")).to_contain_text(donation.code)
    fits(page)
