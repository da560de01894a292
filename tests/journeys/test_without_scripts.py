"""Everything is done without JavaScript, too."""

import pytest
from playwright.sync_api import expect

from donations.models import Donation
from jinchuan.intake.models import Draft
from tests.journeys.portal import open_form, to_check

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


def test_log_goods_for_a_community(signed_in, live_server, divisions):
    page = signed_in
    open_form(page, live_server, "goods")
    page.get_by_label("新的捐赠方").check()
    page.get_by_label("爱心企业", exact=True).check()
    page.locator("#id_donor_name").fill("金昌市绿源粮油有限公司")
    page.locator("#id_line-0-item").fill("大米")
    page.get_by_role("button", name="再加一件物资").click()
    page.locator("#id_line-1-item").fill("棉被")
    for number, (category, quantity, unit) in enumerate([("food", "20", "袋"), ("clothing", "5", "床")]):
        page.locator(f"#id_line-{number}-category").select_option(category)
        page.locator(f"#id_line-{number}-quantity").fill(quantity)
        page.locator(f"#id_line-{number}-unit").fill(unit)
        page.locator(f"#id_line-{number}-valuation_basis").select_option("invoice")
        page.locator(f"#id_line-{number}-value").fill("600")
    page.locator("#id_line-0-expires_on").fill("2027年12月31日")
    page.locator("input[name=day]").first.check()
    page.get_by_label("交村（社区）公益金").check()
    page.get_by_label("指定社区（村）").check()
    page.locator("#id_street").select_option(str(divisions.street_a.pk))
    page.get_by_role("button", name="列出社区").click()
    page.locator("#id_community").select_option(str(divisions.a2.pk))
    page.locator("#id_decision_reference").fill("社区议事会〔2026〕第3次")
    to_check(page)
    expect(page.get_by_text("人民币壹仟贰佰元整")).to_be_visible()
    page.get_by_role("button", name="提交捐物记录").click()
    expect(page.locator(".done-number")).to_be_visible()
    donation = Donation.objects.get()
    expect(page.locator(".done-number")).to_have_text(donation.code)
    assert donation.community == divisions.a2
    assert donation.lines.count() == 2
    assert not Draft.objects.exists()
