"""An officer's way with a sheet, in a real browser under our content policy."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Household
from tests import factories
from tests.sheets.filling import HEAD, fill

# A worker has to start first, beside everything else that this machine does.
PATIENCE = 120_000

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_the_desk(page, context, live_server):
    client = Client()
    client.force_login(factories.officer())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def test_a_bad_sheet_is_marked_and_a_good_one_goes_in(at_the_desk, live_server, tmp_path, background):
    background("serve", "--worker")
    page = at_the_desk
    bad, good, none = (tmp_path / name for name in ("坏.xlsx", "好.xlsx", "图.xlsx"))
    bad.write_bytes(fill("households", HEAD | {"id_number": "620301194708220023"}))
    good.write_bytes(fill("households", HEAD))
    none.write_bytes(b"\x89PNG\0")

    page.goto(live_server.url + reverse("sheets:index"))
    page.get_by_role("link", name="导入关爱户").click()

    page.set_input_files("input[type=file]", none)
    page.get_by_role("button", name="上传并检查").click()
    expect(page).to_have_title(re.compile("^错误："))

    page.set_input_files("input[type=file]", bad)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("有 1 行要改，没有写入任何数据。")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标红的文件").click()
    assert download.value.suggested_filename.startswith("关爱户需修改-")

    page.get_by_role("link", name="重新上传").click()
    page.set_input_files("input[type=file]", good)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="确认导入关爱户").click(timeout=PATIENCE)
    expect(page.get_by_text("“关爱户”已导入：新增 1 户，更新 0 户，无变化 0 户。")).to_be_visible(
        timeout=PATIENCE
    )
    assert Household.objects.count() == 1
