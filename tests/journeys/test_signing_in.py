import pytest
from playwright.sync_api import expect

from jinchuan.shared.login import WRONG_PASSWORD

pytestmark = pytest.mark.journey


def test_a_wrong_password_is_answered_in_words(page, live_server):
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill("nobody")
    page.locator("input[name=password]").fill("wrong")
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_text(WRONG_PASSWORD).first).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
