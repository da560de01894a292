"""认捐 on the organisation's pages, and gifts by every lawful route."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from donations.enums import DonationState, Route
from donations.forms.pledges import REST_NEEDED, REST_REASON_NEEDED
from donations.models import Donation, Holding
from donations.services import gifts
from jinchuan.shared.clock import today
from tests import factories, factories_book
from tests.intake import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def one(donation, name="donation") -> str:
    return reverse(f"donations:{name}", kwargs={"code": donation.code})


def pledge_data(**fields) -> dict:
    soon = today() + timedelta(days=20)
    return pages.cash(what="cash", amount="20000", expected_on=soon.isoformat(), **fields)


def pledged(client, data=None) -> Donation:
    pages.logged(client, data or pledge_data(), "donations:pledge_new")
    return Donation.objects.get()


def received(client, donation, **typed):
    """From 登记到账 to the receipt."""
    address = pages.opened(client, "donations:receive_new", code=donation.code)
    opened = client.get(address)
    data = {
        "amount": "20000",
        "day": today().isoformat(),
        "version": opened.context["form"].version,
        "intent": "check",
        **typed,
    }
    return pages.submit(client, address, pages.checked(client, address, data))


# Pledge and receive -------------------------------------------------------------------------------------------


def test_money_is_pledged_and_comes_later(client, reviewer):
    donation = pledged(client)
    assert (donation.state, donation.received_on) == (DonationState.PLEDGED, None)
    text = client.get(one(donation, "receipt")).content.decode()
    assert "认捐已登记，等待到账" in text
    listed = client.get(reverse("donations:pledges")).content.decode()
    assert one(donation, "receive_new") in listed
    assert donation.code in client.get(reverse("donations:donations")).content.decode()
    opened = client.get(pages.opened(client, "donations:receive_new", code=donation.code))
    assert 'value="20000.00"' in opened.content.decode()
    answer = received(client, donation, amount="20,000元")
    assert answer.url == one(donation, "receipt")
    donation.refresh_from_db()
    assert (donation.state, donation.received_on) == (DonationState.SUBMITTED, today())
    assert donation.lines.get().value == 20000
    gifts.confirm_donation(donation, by=reviewer)
    assert Holding.objects.get().free == 20000
    assert donation.code not in client.get(reverse("donations:pledges")).content.decode()


def test_what_has_not_come_stays_promised(client):
    donation = pledged(client)
    address = pages.opened(client, "donations:receive_new", code=donation.code)
    typed = {"amount": "19500", "day": today().isoformat(), "intent": "check"}
    typed["version"] = client.get(address).context["form"].version
    assert REST_NEEDED in client.post(address, typed).content.decode()
    assert REST_REASON_NEEDED in client.post(address, typed | {"rest": "lapses"}).content.decode()

    checked = pages.checked(client, address, typed | {"rest": "later"})
    assert "500.00 元，留作一笔新的认捐" in checked.content.decode()
    pages.submit(client, address, checked)

    rest = Donation.objects.exclude(pk=donation.pk).get()
    donation.refresh_from_db()
    assert (rest.state, rest.lines.get().value, rest.donor) == ("pledged", 500, donation.donor)
    assert (rest.pledged_on, rest.expected_on) == (donation.pledged_on, donation.expected_on)
    assert (donation.state, donation.lines.get().value) == ("submitted", 19500)
    assert donation.code in rest.transitions.get().reason


def test_what_will_not_come_is_told_with_the_reason(client):
    donation = pledged(client)
    received(client, donation, amount="19500", rest="lapses", rest_reason="企业停产，书面说明不再履行")
    assert Donation.objects.get().transitions.last().reason == (
        "认捐到账，其余不再到账：企业停产，书面说明不再履行"
    )


def test_goods_are_pledged_without_what_is_not_known_yet(client):
    data = pages.goods(what="goods", **{"line-0-expires_on": ""})
    donation = pledged(client, data)
    address = pages.opened(client, "donations:receive_new", code=donation.code)
    page = client.get(address)
    typed = {
        **{key: value for key, value in data.items() if key.startswith("line")},
        "line-0-quantity": "18",
        "day": today().isoformat(),
        "version": page.context["form"].version,
        "intent": "check",
    }
    assert "食品、药品请填写保质期" in client.post(address, typed).content.decode()
    typed["line-0-expires_on"] = "2020-1-1"
    assert "食品、药品已过保质期" in client.post(address, typed).content.decode()
    typed["line-0-expires_on"] = "2030-1-1"
    typed["rest"] = "later"
    checked = pages.checked(client, address, typed)
    assert "认捐的大米" in checked.content.decode()
    pages.submit(client, address, checked)
    assert donation.lines.get().quantity == 18
    rest = Donation.objects.exclude(pk=donation.pk).get().lines.get()
    assert (rest.item, rest.quantity, rest.value) == ("大米", 2, Decimal("120.00"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"what": ""}, "请选择认捐什么"),
        ({"amount": ""}, "请填写认捐金额（元）"),
        ({"expected_on": "2020-01-01"}, "预计到账日期不能早于认捐日期"),
        ({"day": "other", "received_on": "2099-1-1"}, "不能晚于今天"),
        ({"what": "goods", "lines": ["0"]}, "第 1 件：请填写物资名称"),
    ],
)
def test_what_is_wrong_in_a_pledge_is_told(client, typed, sentence):
    answer = client.post(pages.opened(client, "donations:pledge_new"), pledge_data() | typed)
    assert sentence in answer.content.decode()
    assert not Donation.objects.exists()


def test_a_pledge_of_money_is_not_asked_about_goods(client):
    answer = client.post(pages.opened(client, "donations:pledge_new"), pledge_data(lines=["0"]))
    assert answer.status_code == 302


def test_a_pledge_is_received_once(client):
    donation = pledged(client)
    stale = pages.opened(client, "donations:receive_new", code=donation.code)
    received(client, donation)
    assert client.get(stale).url == one(donation)
    assert Donation.objects.count() == 1


def test_a_stale_page_does_not_receive(client, member_a):
    donation = pledged(client)
    address = pages.opened(client, "donations:receive_new", code=donation.code)
    data = {"amount": "20000", "day": today().isoformat(), "version": "1", "intent": "check"}
    page = pages.checked(client, address, data)
    gifts.lapse_pledge(donation, by=member_a, reason="捐赠方书面说明不再履行")
    pages.submit(client, address, page)
    donation.refresh_from_db()
    assert donation.state == DonationState.LAPSED


def test_a_pledge_is_called_off_with_a_reason(client):
    donation = pledged(client)
    assert one(donation, "lapse") in client.get(one(donation)).content.decode()
    short = client.post(one(donation, "lapse"), {"reason": "没了"})
    assert "至少 5 个字" in short.content.decode()
    assert 'value="没了"' in short.content.decode()
    assert client.post(one(donation, "lapse"), {"reason": "捐赠方经营困难，书面说明"}).url == one(donation)
    donation.refresh_from_db()
    assert donation.state == DonationState.LAPSED
    text = client.get(one(donation)).content.decode()
    assert "捐赠方经营困难" in text
    assert client.get(one(donation, "lapse")).url == one(donation)


@pytest.mark.parametrize("name", ["receive_new", "lapse"])
def test_a_foreign_pledge_answers_like_none_at_all(client, name):
    foreign = factories_book.pledged_donation()
    unknown = client.get(reverse(f"donations:{name}", kwargs={"code": "JZ2026-9999"}))
    answer = client.get(one(foreign, name))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_an_overdue_pledge_stands_on_the_desk(client, member_a):
    gifts.pledge_donation(
        by=member_a,
        donor=gifts.donor_for_organization(member_a.organization, by=member_a),
        lines=[factories.cash()],
        pledged_on=date(2026, 1, 1),
        expected_on=date(2026, 1, 20),
        route=Route.ASSOCIATION,
    )
    text = client.get(reverse("intake:home")).content.decode()
    assert "认捐待到账" in text
    assert "已过期" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_pledges_asks_the_same_number_of_questions(
    client, member_a, rows, django_assert_num_queries
):
    for number in range(rows):
        gifts.pledge_donation(
            by=member_a,
            donor={"kind": "individual", "name": "王芳"},
            lines=[factories.cash(str(100 + number))],
            pledged_on=date(2026, 1, 1),
            route=Route.ASSOCIATION,
        )
    client.get(reverse("donations:pledges"))
    with django_assert_num_queries(5):
        client.get(reverse("donations:pledges"))


# Routes -------------------------------------------------------------------------------------------------------


def test_a_gift_for_a_community_fund_says_where_and_by_which_decision(client, divisions):
    address = pages.opened(client)
    data = pages.cash(route="community_fund")
    assert "请在“用途指定”里选“指定社区（村）”" in client.post(address, data).content.decode()
    data |= {
        "restriction": "community",
        "street": str(divisions.street_b.pk),
        "community": str(divisions.b2.pk),
    }
    asked = client.get(client.post(address, data).url)
    assert "没有写村（社区）的议事决定" in asked.content.decode()
    data["decision_reference"] = "2026年9月1日居民议事会第3号"
    pages.submit(client, address, pages.checked(client, address, data))
    donation = Donation.objects.get()
    assert (donation.decision_reference, donation.division) == (data["decision_reference"], divisions.b2)
    assert data["decision_reference"] in client.get(one(donation)).content.decode()


def test_the_government_exception_is_the_bureaus_alone_and_has_a_reason(client, client_for, officer):
    assert "政府代收" not in client.get(pages.opened(client)).content.decode()
    assert client.post(pages.opened(client), pages.cash(route="government_exception")).status_code == 200
    bureau = client_for(officer)
    address = pages.opened(bureau)
    data = pages.cash(
        donor_choice="new",
        donor_kind="enterprise",
        donor_name="金昌市绿源粮油有限公司",
        route="government_exception",
    )
    assert "政府代收只限法定例外情形" in bureau.post(address, data).content.decode()
    data["exception_reason"] = "抗震救灾期间捐赠人要求政府接收"
    pages.submit(bureau, address, pages.checked(bureau, address, data))
    assert Donation.objects.get().exception_reason == data["exception_reason"]


def test_straight_to_a_household_says_that_nothing_more_is_to_be_noted(client, household_a, reviewer):
    data = pages.cash(
        route="direct_to_household",
        restriction="household",
        household=str(household_a.pk),
        declares_no_interest="on",
    )
    address = pages.opened(client)
    page = pages.checked(client, address, data)
    assert "民政局确认时一并记下" in page.content.decode()
    answer = pages.submit(client, address, page)
    assert "确认的同时记下分配和送达" in client.get(answer.url).content.decode()
    donation = Donation.objects.get()
    gifts.confirm_donation(donation, by=reviewer)
    assert "分配和送达已同时记下" in client.get(answer.url).content.decode()
    text = client.get(one(donation)).content.decode()
    assert "已分配 1,000.00 元，已送达 1,000.00 元" in text


# What became of it --------------------------------------------------------------------------------------------


def test_the_page_of_a_gift_tells_what_became_of_it_in_counts(client, member_a):
    donation = factories.confirmed_donation(by=member_a, lines=[factories.goods(), factories.cash("300")])
    text = client.get(one(donation)).content.decode()
    assert text.count("还没有分配") == 2
    holding = Holding.objects.get(lot__kind="goods")
    households = [factories.verified_household() for _ in range(3)]
    rows = [factories_book.approved(holding, "2.5", household=household) for household in households]
    factories_book.proposed(holding, "1")
    batch = factories_book.sent_out(*rows)
    lines = list(batch.lines.order_by("number"))
    for line in lines[:2]:
        factories_book.delivered(line)
    text = client.get(one(donation)).content.decode()
    assert "已分配 7.5 袋，已送达 5 袋。" in text
    factories_book.delivered(lines[2])
    text = client.get(one(donation)).content.decode()
    assert "已送达 7.5 袋，送到 3 户。" in text
    assert not any(household.code in text for household in households)


def test_unvalued_goods_show_a_quantity_and_enter_no_sum(client, member_a):
    unvalued = factories.goods("棉被", quantity="5", unit="床", value=None, valuation_basis="unvalued")
    donation = factories.submitted_donation(by=member_a, lines=[factories.cash("300"), unvalued])
    text = client.get(one(donation)).content.decode()
    assert "300.00 元" in text
    assert "5 床" in text
    assert Donation.objects.for_list().get().total_value == Decimal(300)
