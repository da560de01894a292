"""Two people with the same household open in two browsers: the second to save sees both versions and chooses."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.portal import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["with scripts", "without scripts"])
def two(request, browser, live_server):
    """Two people's pages of one household, opened before either has saved; the first on a phone."""
    household = factories.active_pairing().household
    contexts, pages = [], []
    for user, width in ((factories.officer(), 360), (factories.reviewer(), 1366)):
        context = browser.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 768},
            java_script_enabled=request.param == "with scripts",
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, live_server, user, to=f"/admin/cases/household/{household.pk}/change/")
        pages.append(page)
    yield household, *pages
    for context in contexts:
        context.close()


def save(page):
    page.locator("input[name=_save]").click()


def test_the_second_to_save_sees_both_and_chooses(two):
    household, mine, theirs = two
    theirs.get_by_label("困难程度").select_option("severe")
    theirs.get_by_label("详细地址").fill("新华里9栋3单元501室")
    save(theirs)
    expect(theirs.get_by_text(f"修改已保存：{household.code}")).to_be_visible()

    mine.get_by_label("困难程度").select_option("marked")
    mine.get_by_label("联系电话").fill("139 0935 8888")
    save(mine)
    expect(mine.get_by_role("heading", name="您打开之后，有人改过这条记录")).to_be_visible()
    level = mine.get_by_role("group", name="困难程度")
    expect(level.get_by_role("radio", name="用已保存的 严重 reviewer")).not_to_be_checked()
    expect(level.get_by_role("radio", name="用我填写的 较重")).not_to_be_checked()
    phone = mine.get_by_role("group", name="联系电话")
    expect(phone.get_by_role("radio", name="用我填写的 139 0935 8888")).to_be_checked()
    expect(mine.get_by_text("详细地址：新华里9栋***")).to_be_visible()
    assert "501室" not in mine.content()
    widths = mine.locator(".which").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(widths) <= 360

    save(mine)
    expect(level.get_by_text("请选择用哪一个")).to_be_visible()
    level.get_by_role("radio", name="用已保存的").check()
    save(mine)
    expect(mine.get_by_text(f"修改已保存：{household.code}")).to_be_visible()
    household.refresh_from_db()
    assert (household.need_level, household.phone) == ("severe", "13909358888")
    assert household.address == "新华里9栋3单元501室"


def test_a_third_save_asks_again(two):
    household, mine, theirs = two
    theirs.get_by_label("困难程度").select_option("severe")
    save(theirs)
    expect(theirs.get_by_text(f"修改已保存：{household.code}")).to_be_visible()
    mine.get_by_label("困难程度").select_option("marked")
    save(mine)
    level = mine.get_by_role("group", name="困难程度")
    level.get_by_role("radio", name="用我填写的").check()

    theirs.get_by_label("困难程度").select_option("ordinary")
    save(theirs)
    expect(theirs.get_by_text(f"修改已保存：{household.code}")).to_be_visible()
    save(mine)
    expect(level.get_by_role("radio", name="用已保存的 一般 reviewer")).not_to_be_checked()
    level.get_by_role("radio", name="用我填写的 较重").check()
    save(mine)
    expect(mine.get_by_text(f"修改已保存：{household.code}")).to_be_visible()
    household.refresh_from_db()
    assert household.need_level == "marked"
