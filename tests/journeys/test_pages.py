"""Every page of an organisation, on a phone: what a person must be able to count on."""

import re

import pytest

from tests import factories
from tests.journeys.portal import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BANNED = re.compile(r"非法|无效|抱歉|该字段|系统异常|Error|None\b|null\b|Traceback")

# Said in the page itself, for every page at once.
LOOK = """() => {
  const seen = e => e.offsetParent !== null && getComputedStyle(e).visibility !== 'hidden' && !e.closest('.vh');
  const all = s => [...document.querySelectorAll(s)].filter(seen);
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('scrolls sideways');
  if (all('h1').length !== 1) wrong.push('h1: ' + all('h1').length);
  const levels = all('h1,h2,h3').map(h => +h.tagName[1]);
  for (const e of all('a.button,.button,.button-second,.tabs a,.task,a.card,summary,select,input:not([type=hidden])'))
    if (e.getBoundingClientRect().height < 24 ||
        (!['radio', 'checkbox'].includes(e.type) && e.getBoundingClientRect().height < 44))
      wrong.push('small: ' + (e.id || e.textContent.trim()) + ' ' + e.getBoundingClientRect().height);
  for (const e of all('input:not([type=hidden]),select,textarea')) {
    if (!e.labels || !e.labels.length) wrong.push('no label: ' + e.name);
    if (parseFloat(getComputedStyle(e).fontSize) < 16) wrong.push('small text: ' + e.name);
    if (e.required || e.maxLength > 0 || e.type === 'number') wrong.push('browser rule: ' + e.name);
  }
  for (const e of document.querySelectorAll('[aria-describedby]'))
    for (const id of e.getAttribute('aria-describedby').split(' '))
      if (!document.getElementById(id)) wrong.push('describedby: ' + id);
  for (const f of all('form[method=post]')) if (!f.noValidate && f.querySelector('input:not([type=hidden])'))
    wrong.push('validates by itself');
  for (const b of document.querySelectorAll('button')) if (b.disabled) wrong.push('disabled: ' + b.textContent);
  if (document.querySelector('[style],script:not([src]),[onclick]')) wrong.push('inline');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('id twice: ' + ids.filter((id, i) => ids.indexOf(id) !== i));
  return wrong;
}"""


def test_every_page_on_a_phone(page, live_server, admin_a, pairing_a):
    donation = factories.confirmed_donation(by=admin_a, lines=[factories.goods()])
    returned = factories.returned_donation(by=admin_a)
    activity = factories.returned_activity(admin_a.organization, by=admin_a)
    intention = factories.intention(factories.verified_household(), admin_a.organization)
    other = factories.user("org_member", organization=admin_a.organization)
    sign_in(page, live_server, admin_a)
    titles = {}
    for path in (
        "/",
        "/log/",
        "/me/",
        "/help/",
        "/drafts/",
        "/households/",
        f"/households/{pairing_a.household.code}/",
        "/pairings/",
        f"/pairings/{pairing_a.code}/",
        f"/pairings/{intention.code}/",
        "/donations/",
        "/donations/?state=x",
        f"/donations/{donation.code}/",
        f"/donations/{donation.code}/receipt/",
        "/donations/cash/new/",
        "/donations/goods/new/",
        f"/donations/{returned.code}/correct/",
        "/activities/",
        f"/activities/{activity.code}/",
        f"/activities/{activity.code}/receipt/",
        "/activities/log/new/",
        "/members/",
        "/members/invite/",
        f"/members/{other.pk}/slip/",
        f"/members/{other.pk}/disable/",
        "/organization/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/activate/",
        "/forgotten/",
        "/not/there/",
    ):
        page.goto(live_server.url + path)
        assert not page.evaluate(LOOK), path
        assert not BANNED.search(page.locator("body").inner_text()), path
        assert "0935-0000000" in page.locator("header").inner_text(), path
        assert page.evaluate("document.documentElement.lang") == "zh-CN", path
        titles.setdefault(page.title(), []).append(path)
    twice = {title: paths for title, paths in titles.items() if len({p.split("?")[0] for p in paths}) > 1}
    assert not twice


@pytest.mark.parametrize("path", ["/donations/cash/new/", "/donations/goods/new/", "/activities/log/new/"])
def test_a_form_full_of_errors_still_holds(page, live_server, admin_a, pairing_a, path):
    sign_in(page, live_server, admin_a)
    page.goto(live_server.url + path)
    page.get_by_role("button", name="下一步：检查").click()
    page.wait_for_selector("[data-summary]")
    page.wait_for_load_state()
    assert not page.evaluate(LOOK)
    told = page.locator("[data-summary] a").all_inner_texts()
    beside = page.locator(".wrong span:visible").all_inner_texts()
    assert [
        sentence.split("：", 1)[1] if sentence.startswith("第") else sentence for sentence in told
    ] == beside
    for link in page.locator("[data-summary] a").all():
        link.click()
        anchor = link.get_attribute("href")[1:]
        assert page.evaluate(
            "id => document.getElementById(id).contains(document.activeElement)"
            " || document.activeElement.closest('.field').contains(document.getElementById(id))",
            anchor,
        ), anchor
