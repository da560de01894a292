"""A story from a phone in a living room to the media centre's desk."""

import pytest
from playwright.sync_api import expect

from reports.enums import StoryState
from reports.models import Story
from reports.services import story_packs
from tests import factories
from tests import factories_stories as telling
from tests.journeys.portal import fits, sign_in, to_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_story_is_written_on_a_phone_found_covered_and_released(
    household_a, signed_in, live_server, browser, officer, reviewer, tmp_path
):
    page = signed_in
    member = household_a.members.get()
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(telling.jpeg())
    page.get_by_role("link", name="记一笔", exact=True).click()
    page.get_by_role("link", name="写好故事").click()
    page.get_by_label("标题").fill("一盏新灯")
    page.locator("input[name=day]").first.check()
    page.locator("#id_text").fill(f"志愿者去看望{member.name}，换了灯泡。")
    page.get_by_label("照片说明").fill("换灯泡")
    page.get_by_label("结对的关爱户").select_option(label=household_a.code)
    page.locator("#id_line-0-who").select_option(index=1)
    page.locator("#id_line-0-alias").fill("秋奶奶")
    page.locator("#id_files").set_input_files(photo)
    fits(page)
    to_check(page)
    page.get_by_role("button", name="提交给民政局").click()
    expect(page.locator(".done-number")).to_be_visible()
    story = Story.objects.get()
    expect(page.locator(".done-number")).to_have_text(story.code)

    desk = browser.new_context(viewport={"width": 1366, "height": 850}).new_page()
    address = f"{live_server.url}/admin/reports/story/{story.pk}/change/"
    sign_in(desk, live_server, officer, to=f"/admin/reports/story/{story.pk}/change/")
    expect(desk.get_by_text("还有 1 处要处理")).to_be_visible()
    desk.get_by_role("link", name="审核通过").click()
    desk.get_by_role("button", name="审核通过").click()
    telling.agrees(story.people.get())

    chief = browser.new_context(viewport={"width": 1366, "height": 850}).new_page()
    sign_in(chief, live_server, reviewer, to=f"/admin/reports/story/{story.pk}/change/")
    chief.locator("#id_text").fill("志愿者去看望秋奶奶，换了灯泡。")
    chief.get_by_role("button", name="保存修改").click()
    expect(chief.get_by_text("标题、正文和照片说明里没有查出姓名、号码、住址。")).to_be_visible()

    desk.goto(address)
    desk.get_by_role("link", name="核对同意").click()
    desk.get_by_label("区融媒体中心").check()
    desk.get_by_role("button", name="核对同意").click()
    expect(desk.locator(".badge").first).to_have_text("同意齐备")
    second = factories.user("reviewer", username="second_reviewer")
    last = browser.new_context(viewport={"width": 1366, "height": 850}).new_page()
    sign_in(last, live_server, second, to=f"/admin/reports/story/{story.pk}/change/")
    last.get_by_role("link", name="送出", exact=True).click()
    last.get_by_role("button", name="送出").click()
    expect(last.get_by_text("正在生成稿件包")).to_be_visible()
    story.refresh_from_db()
    assert story.state == StoryState.RELEASED

    story_packs.make_pack(story.releases.get().pk)

    last.get_by_role("link", name="刷新页面").click()
    with last.expect_download() as download:
        last.get_by_role("link", name="下载稿件包").click()
    assert download.value.suggested_filename == f"好故事{story.code}-1.zip"
    for one in (desk, chief, last):
        one.context.close()
