"""The organisation's pages about gifts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from donations.enums import DonationState, DonorKind, Restriction
from donations.models import Donation, Donor
from jinchuan.shared.clock import today
from tests import factories
from tests.intake import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def one(donation, name="donation") -> str:
    return reverse(f"donations:{name}", kwargs={"code": donation.code})


# Who gave ----------------------------------------------------------------------------------------------------


def test_a_new_donor_is_registered_with_the_gift(client):
    pages.logged(
        client,
        pages.cash(
            donor_choice="new", donor_kind="individual", donor_name="阿依古丽·买买提", donor_agrees="on"
        ),
    )
    donor = Donation.objects.get().donor
    assert (donor.name, donor.kind, donor.agrees_to_be_named) == ("阿依古丽·买买提", "individual", True)


def test_a_donor_is_found_by_pinyin_initials(client, member_a):
    donor = factories.individual_donor(by=member_a, name="单小兰")
    factories.individual_donor(by=member_a, name="张伟")
    address = pages.opened(client)
    answer = client.post(address, pages.cash(donor_choice="known", donor_search="sxl", intent="find"))
    page = client.get(answer.url)
    assert [value for value, _ in page.context["form"].fields["donor"].choices] == ["", donor.pk]
    assert "单*兰" in page.content.decode()
    pages.submit(
        client, address, pages.checked(client, address, pages.cash(donor_choice="known", donor=str(donor.pk)))
    )
    assert Donation.objects.get().donor == donor


def test_a_namesake_is_asked_about(client, member_a):
    factories.individual_donor(by=member_a, name="单小兰")
    data = pages.cash(donor_choice="new", donor_kind="individual", donor_name="单小兰")
    address = pages.opened(client)
    question = client.get(client.post(address, data).url)
    assert "这位捐赠方是不是登记过" in question.content.decode()
    key = question.context["question"].key
    page = client.get(client.post(f"{address}check/", {"intent": f"answer:{key}"}).url)
    pages.submit(client, address, page)
    assert Donor.objects.filter(name="单小兰").count() == 2


@pytest.mark.parametrize("address", ["/donations/%00/", "/donations/x%27y/", "/donations/" + "9" * 300 + "/"])
def test_rubbish_for_a_code_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_rubbish_in_fields_is_answered(client):
    address = pages.opened(client)
    rubbish = pages.cash(
        donor_choice="known", donor_search="%_\\'\x00" + "长" * 300, donor="9" * 40, street="-1", day="\x00"
    )
    for intent in ("check", "find", "street", "take:amount", "detach:x", "remove_line:x", "autosave", ""):
        assert client.post(address, rubbish | {"intent": intent}).status_code in (200, 302)
        assert client.get(address).status_code == 200
    assert client.post(f"{address}check/", {"intent": "answer:" + "x" * 1000}).status_code == 302
    assert client.get(reverse("intake:drafts")).status_code == 200


def test_a_search_without_a_hit_says_so_and_keeps_the_words(client):
    answer = client.post(pages.opened(client), pages.cash(donor_choice="known", donor_search="zzz"))
    assert "没有找到这样的捐赠方" in answer.content.decode()
    assert 'value="zzz"' in answer.content.decode()


def test_the_donors_of_others_are_not_offered(client, member_b):
    stranger = factories.individual_donor(by=member_b, name="孙桂英")
    answer = client.post(pages.opened(client), pages.cash(donor_choice="known", donor=str(stranger.pk)))
    assert "请从列出的选项里重新选择登记过的捐赠方" in answer.content.decode()
    assert not Donation.objects.exists()
    assert "孙桂英" not in answer.content.decode()


def test_a_number_of_a_person_in_the_note_is_asked_about_once(client):
    address = pages.opened(client)
    question = client.get(client.post(address, pages.cash(note="联系 138 0000 0000")).url)
    assert "“备注”里有手机号，建议删去" in question.content.decode()
    answer = {"intent": f"answer:{question.context['question'].key}"}
    page = client.get(client.post(f"{address}check/", answer).url)
    pages.submit(client, address, page)
    assert Donation.objects.get().note == "联系 138 0000 0000"


def test_a_day_of_years_ago_is_asked_about_once(client):
    address = pages.opened(client)
    last_year = today() - timedelta(days=366)
    recent = pages.cash(day="other", received_on=last_year.isoformat())
    assert client.get(client.post(address, recent).url).context.get("question") is None

    slipped = pages.cash(day="other", received_on="2016-2-29")
    question = client.get(client.post(address, slipped).url)
    assert "收到日期是2016年2月29日" in question.content.decode()
    answer = {"intent": f"answer:{question.context['question'].key}"}
    pages.submit(client, address, client.get(client.post(f"{address}check/", answer).url))
    assert Donation.objects.get().received_on == date(2016, 2, 29)


def test_an_anonymous_gift_keeps_no_traits(client):
    pages.logged(client, pages.cash(donor_choice="anonymous", donor_name="不该留下"))
    donation = Donation.objects.get()
    assert donation.donor.kind == DonorKind.ANONYMOUS
    assert not Donor.objects.filter(name="不该留下").exists()


# What for ----------------------------------------------------------------------------------------------------


def test_straight_to_a_household_names_it_and_declares_no_interest(client, household_a):
    address = pages.opened(client)
    direct = pages.cash(route="direct_to_household", restriction="none")
    assert "直接送到关爱户的" in client.post(address, direct).content.decode()
    direct |= {"restriction": "household", "household": str(household_a.pk)}
    assert "利害关系人" in client.post(address, direct).content.decode()
    pages.submit(client, address, pages.checked(client, address, direct | {"declares_no_interest": "on"}))
    donation = Donation.objects.get()
    assert (donation.restriction, donation.household) == (Restriction.HOUSEHOLD, household_a)


def test_a_foreign_household_is_not_on_offer(client, household_a, household_b):
    data = pages.cash(restriction="household", household=str(household_b.pk), declares_no_interest="on")
    answer = client.post(pages.opened(client), data)
    assert household_b.code not in answer.content.decode()
    assert answer.context["summary"]


def test_without_a_paired_household_none_is_asked_for(client):
    text = client.get(pages.opened(client)).content.decode()
    assert "直接送到关爱户" not in text
    assert "指定关爱户" not in text


def test_from_a_households_page_it_is_chosen(client, household_a):
    answer = client.get(reverse("donations:cash_new"), {"household": household_a.pk})
    page = client.get(answer.url)
    assert f'<option value="{household_a.pk}" selected' in page.content.decode()


def test_a_community_is_chosen_in_two_steps_without_scripts(client, divisions):
    address = pages.opened(client)
    data = pages.cash(restriction="community", street=str(divisions.street_b.pk))
    page = client.get(client.post(address, data | {"intent": "street"}).url)
    choices = page.context["form"].fields["community"].queryset
    assert list(choices) == [divisions.b1, divisions.b2]
    data["community"] = str(divisions.b2.pk)
    pages.submit(client, address, pages.checked(client, address, data))
    assert Donation.objects.get().community == divisions.b2


def test_a_community_of_another_street_is_refused(client, divisions):
    data = pages.cash(
        restriction="community", street=str(divisions.street_a.pk), community=str(divisions.b1.pk)
    )
    assert client.post(pages.opened(client), data).context["summary"]


# Goods -------------------------------------------------------------------------------------------------------


def test_log_goods_with_two_lines(client):
    address = pages.opened(client, "donations:goods_new")
    first = pages.goods(intent="add_line")
    added = client.post(address, first)
    assert added.url.endswith("#line-1")
    data = pages.goods(
        **{
            "lines": ["0", "1"],
            "line-1-item": "棉被",
            "line-1-category": "clothing",
            "line-1-quantity": "5",
            "line-1-unit": "床",
            "line-1-valuation_basis": "unvalued",
        }
    )
    page = pages.checked(client, address, data)
    assert "人民币壹仟贰佰元整" in page.content.decode()
    pages.submit(client, address, page)
    lines = Donation.objects.get().lines.order_by("id")
    assert [(line.item, line.value) for line in lines] == [("大米", Decimal(1200)), ("棉被", None)]


def test_a_wrong_line_is_named_by_its_place(client):
    data = pages.goods(
        **{"lines": ["0", "3"], "line-3-item": "牛奶", "line-3-category": "food", "line-3-quantity": "十箱"}
    )
    answer = client.post(pages.opened(client, "donations:goods_new"), data)
    sentences = [sentence for _, sentence in answer.context["summary"]]
    assert sentences == [
        "第 2 件：数量请用数字填写，例如 50 或 2.5",
        "第 2 件：请填写单位",
        "第 2 件：请选择计价依据",
        "第 2 件：食品、药品请填写保质期。",
    ]


def test_removing_a_line_keeps_the_others(client):
    address = pages.opened(client, "donations:goods_new")
    data = pages.goods(**{"lines": ["0", "1"], "line-1-item": "棉被", "intent": "remove_line:0"})
    page = client.get(client.post(address, data).url).content.decode()
    assert 'value="棉被"' in page
    assert 'value="大米"' not in page


def test_expired_food_is_refused(client):
    data = pages.goods(**{"line-0-expires_on": "2025-01-01"})
    answer = client.post(pages.opened(client, "donations:goods_new"), data)
    assert "食品、药品已过保质期" in answer.content.decode()


def test_a_value_follows_its_basis(client):
    address = pages.opened(client, "donations:goods_new")
    missing = client.post(address, pages.goods(**{"line-0-value": ""}))
    assert "请填写折价金额" in missing.content.decode()
    extra = client.post(address, pages.goods(**{"line-0-valuation_basis": "unvalued"}))
    assert "不计价的物资不填金额" in extra.content.decode()


# Lists and single gifts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client, member_a, member_b, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.confirmed_donation(by=member_a, lines=[factories.goods()])
    foreign = factories.submitted_donation(by=member_b)
    address = reverse("donations:donations")
    client.get(address)
    with django_assert_num_queries(5):
        page = client.get(address)
    assert page.context["page"].paginator.count == rows
    assert foreign.code not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_gift_asks_the_same_number_of_questions(client, member_a, rows, django_assert_num_queries):
    donation = factories.submitted_donation(by=member_a, lines=[factories.goods() for _ in range(rows)])
    client.get(one(donation))
    with django_assert_num_queries(9):
        client.get(one(donation))


def test_a_filter_narrows_and_nonsense_is_left_out_with_a_note(client, member_a):
    waiting = factories.submitted_donation(by=member_a)
    confirmed = factories.confirmed_donation(by=member_a)
    address = reverse("donations:donations")
    text = client.get(address, {"state": "confirmed"}).content.decode()
    assert confirmed.code in text
    assert waiting.code not in text
    text = client.get(address, {"state": "x", "since": "foo", "page": "-1", "kind": "cash"}).content.decode()
    assert "有的筛选条件没有看懂，已忽略" in text
    assert waiting.code in text
    assert "第 1/1 页，共 2 条" in text
    text = client.get(address, {"since": "2030-01-01"}).content.decode()
    assert "这个条件下没有记录" in text


@pytest.mark.parametrize(("asked", "shown"), [("-1", 1), ("0", 1), ("foo", 1), ("2", 2), ("9999999999", 2)])
def test_a_page_that_is_not_there_shows_the_nearest(client, member_a, asked, shown):
    for _ in range(21):
        factories.submitted_donation(by=member_a)
    page = client.get(reverse("donations:donations"), {"page": asked}).context["page"]
    assert page.number == shown


def test_a_filter_by_kind_leaves_the_total_whole(client, member_a):
    factories.submitted_donation(by=member_a, lines=[factories.cash("100"), factories.goods(value="20")])
    page = client.get(reverse("donations:donations"), {"kind": "cash"}).context["page"]
    assert [row.total_value for row in page] == [Decimal(120)]


@pytest.mark.parametrize("name", ["donation", "receipt", "correct_new"])
def test_a_foreign_gift_answers_like_none_at_all(client, member_b, name):
    foreign = factories.returned_donation(by=member_b)
    unknown = client.get(reverse(f"donations:{name}", kwargs={"code": "JZ2026-9999"}))
    answer = client.get(one(foreign, name))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_a_persons_name_is_masked_on_the_page(client, member_a):
    donor = factories.individual_donor(by=member_a, name="欧阳秀兰")
    donation = factories.submitted_donation(by=member_a, donor=donor)
    text = client.get(one(donation)).content.decode()
    assert "欧阳**" in text
    assert "欧阳秀兰" not in text


# Returned ----------------------------------------------------------------------------------------------------


def test_a_returned_gift_is_corrected_and_sent_again(client, member_a):
    donation = factories.returned_donation(by=member_a, lines=[factories.goods(expires_on=None)])
    text = client.get(one(donation)).content.decode()
    assert factories.REASON in text
    assert one(donation, "donation") in client.get(reverse("intake:home")).content.decode()
    address = pages.opened(client, "donations:correct_new", code=donation.code)
    page = client.get(address)
    assert 'value="大米"' in page.content.decode()
    assert factories.REASON in page.content.decode()
    data = pages.goods(**{"line-0-quantity": "18", "version": str(donation.version)})
    answer = pages.submit(client, address, pages.checked(client, address, data))
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED
    assert donation.lines.get().quantity == 18
    assert answer.url == one(donation, "receipt")


def test_money_that_came_with_goods_is_not_lost_in_a_correction(client, member_a):
    """A sheet may bring both in one gift; the form of goods shows goods only."""
    donation = factories.returned_donation(
        by=member_a, lines=[factories.cash("300.00"), factories.goods(expires_on=None)]
    )
    address = pages.opened(client, "donations:correct_new", code=donation.code)
    data = pages.goods(**{"line-0-quantity": "18", "version": str(donation.version)})
    pages.submit(client, address, pages.checked(client, address, data))
    kept = donation.lines.order_by("id").values_list("kind", "value", "quantity")
    assert list(kept) == [("cash", Decimal("300.00"), None), ("goods", Decimal("1200.00"), Decimal(18))]


def test_a_stale_correction_shows_what_changed(client, member_a, officer):
    from donations.services import gifts as services

    donation = factories.returned_donation(by=member_a)
    address = pages.opened(client, "donations:correct_new", code=donation.code)
    page = pages.checked(client, address, pages.cash(amount="900", version=str(donation.version)))
    again = services.correct_donation(
        donation,
        by=member_a,
        lines=[factories.cash("800")],
        received_on=donation.received_on,
        route=donation.route,
        note="同事改过",
    )
    services.return_donation(again, by=officer, reason="回单仍然不符")
    answer = pages.submit(client, address, page)
    text = answer.content.decode()
    assert "您打开之后，别人改过这条记录" in text
    assert "同事改过" in text
    assert 'value="900"' in text
    donation.refresh_from_db()
    assert donation.state == DonationState.RETURNED
    assert f'name="version" value="{donation.version}"' in text


def test_a_gift_that_is_not_returned_is_not_opened_for_correction(client, member_a):
    donation = factories.submitted_donation(by=member_a)
    address = pages.opened(client, "donations:correct_new", code=donation.code)
    assert client.get(address).url == one(donation)


# Others --------------------------------------------------------------------------------------------------------


def test_the_associations_clerk_logs_a_gift_without_households(client_for, clerk, household_a):
    client = client_for(clerk)
    address = pages.opened(client)
    text = client.get(address).content.decode()
    assert "本组织" not in text
    assert "指定关爱户" not in text
    data = pages.cash(donor_choice="new", donor_kind="enterprise", donor_name="金昌市绿源粮油有限公司")
    pages.submit(client, address, pages.checked(client, address, data))
    assert Donation.objects.get().organization is None


def test_a_leader_reads_and_logs_nothing(client_for, leader):
    client = client_for(leader)
    assert client.get(reverse("donations:donations")).status_code == 200
    assert client.get(reverse("donations:cash_new")).status_code == 403


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12000", "人民币壹万贰仟元整 · 1.20 万元"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("abc", ""),
        ("1.2万", ""),
    ],
)
def test_an_amount_is_echoed_in_words(client, typed, words):
    assert client.get(reverse("donations:in_words"), {"amount": typed}).content.decode() == words
