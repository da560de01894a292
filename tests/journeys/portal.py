"""How journeys go through the portal."""

from playwright.sync_api import expect

from tests import factories


def sign_in(page, live_server, user, *, to="/"):
    page.goto(f"{live_server.url}/accounts/login/?next={to}")
    page.locator("#id_login").fill(user.username)
    page.locator("#id_password").fill(factories.PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.locator("h1")).not_to_have_text("登录")


def fill_cash(page, amount="1000"):
    page.get_by_label("本组织", exact=True).check()
    page.locator("#id_amount").fill(amount)
    page.locator("input[name=day]").first.check()
    page.get_by_label("交区慈善协会").check()
    page.get_by_label("不指定用途").check()


def fits(page):
    """Waits until the page is no wider than its window: a page on its way has no width yet.

    Not ``wait_for_function``, which asks again by ``eval`` in the page, and our pages forbid that.
    """
    expect(page.locator("html")).to_have_js_property("scrollWidth", page.viewport_size["width"])


def to_check(page):
    page.get_by_role("button", name="下一步：检查").click()
    expect(page.locator("h1")).to_have_text("检查一遍，再提交")


def open_form(page, live_server, kind="cash"):
    page.goto(f"{live_server.url}/donations/{kind}/new/")
    expect(page.locator("h1")).to_contain_text("记捐")
