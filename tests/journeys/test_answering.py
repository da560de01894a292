"""An organisation is invited and answers on a phone: from the desk in four taps, nothing to fill in."""

import pytest
from playwright.sync_api import expect

from organizations.models import MobilizationInvitation
from tests import factories_mobilizing as moving
from tests.journeys.portal import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_invitation_is_answered_from_the_desk(org_a, member_a, signed_in, live_server):
    meeting = moving.planned_meeting()
    moving.invitation(meeting, org_a)
    page = signed_in
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(live_server.url)
    page.get_by_role("link", name=meeting.title).click()
    expect(page.locator("h1")).to_have_text(meeting.title)
    page.get_by_role("button", name="答复民政局").click()
    expect(page.locator("h1")).to_have_text(meeting.title)
    expect(page.get_by_role("link", name="请选择答复。")).to_be_visible()
    page.get_by_label("参加", exact=True).check()
    page.get_by_role("button", name="答复民政局").click()
    expect(page.get_by_role("status").first).to_contain_text("已答复“参加”")
    fits(page)
    assert MobilizationInvitation.objects.get().answered_by == member_a
    page.goto(live_server.url)
    expect(page.get_by_role("link", name=meeting.title)).to_have_count(0)
