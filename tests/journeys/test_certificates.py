"""On a phone: from the application to the notice, the certificate and the page that checks it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories_certificates as made
from tests.journeys.portal import fits, sign_in
from volunteers import certificate_content, certificate_printing
from volunteers.models import Certificate, CertificatePaper
from volunteers.services import certificate_papers


@pytest.fixture
def days_later(monkeypatch):
    """For every thread, the web server's too."""
    real = timezone.now

    def jump(days):
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))

    return jump


def test_a_certificate_is_applied_for_announced_issued_and_checked(
    page, context, live_server, org_a, member_a, admin_a, days_later, settings
):
    settings.SITE_URL = live_server.url
    page.set_viewport_size({"width": 360, "height": 740})
    person = made.served_volunteer(org_a)
    sign_in(page, live_server, member_a, to="/certificates/ask/")
    page.locator("#id_period_from").fill("2026-01-01")
    page.locator("#id_period_to").fill("2026-09-30")
    page.get_by_role("button", name="列出志愿者").click()
    page.get_by_label(person.name).check()
    page.get_by_role("button", name="申请并开始公示").click()
    expect(page.locator("h1")).to_contain_text("公示中")
    page.goto(f"{live_server.url}/certificates/notice/")
    expect(page.get_by_role("cell", name=person.name)).to_be_visible()

    days_later(8)
    context.clear_cookies()
    sign_in(page, live_server, admin_a)
    page.get_by_role("link", name="待开具证明").click()
    page.get_by_role("button", name="开具证明").click()
    expect(page.locator("h1")).to_contain_text("已开具")
    certificate_papers.make(CertificatePaper.objects.get().pk)
    page.reload()
    expect(page.get_by_role("link", name="打开证明文件")).to_be_visible()
    fits(page)

    certificate = Certificate.objects.get()
    printed = certificate_printing.facts(certificate_content.read(certificate))
    context.clear_cookies()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(printed["check_address"])  # what the QR code holds
    expect(page.get_by_text("真实有效")).to_be_visible()
    expect(page.get_by_text(certificate.number)).to_be_visible()
    expect(page.get_by_text(person.name)).to_have_count(0)
    assert urlsplit(page.url).fragment == ""
    assert [url for url in asked if printed["code"] in urlsplit(url)._replace(fragment="").geturl()] == []
