"""The board of needs and the claims of an organisation."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cases.enums import ClaimState
from cases.models import Claim
from cases.services import needs
from jinchuan.shared.clock import today
from organizations.services import organizations
from tests import factories
from tests import factories_cases as care

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def address(row, name="need"):
    return reverse(f"care:{name}", kwargs={"code": row.code})


def press(client, need, quantity="1", token=None):
    return client.post(address(need), {"quantity": quantity, "token": str(token or uuid.uuid4())})


def private_of(household) -> list[str]:
    head = household.members.get()
    return [
        household.code,
        head.name,
        head.name[0] + "*",
        household.address,
        household.phone,
        household.community.short_name,
        head.id_number,
    ]


def test_the_board_says_what_and_where_but_never_who(client, divisions):
    need = care.open_need(factories.verified_household(community=divisions.b1), is_urgent=True)
    for page in (client.get(reverse("care:needs")), client.get(address(need))):
        text = page.content.decode()
        for shown in (need.public_words, "温暖过冬", "急需", divisions.street_b.short_name, "2 床"):
            assert shown in text
        for private in [*private_of(need.household), need.description]:
            assert private not in text


def test_a_claim_does_not_tell_who_it_is(client, org_a, household_b):
    claim = care.claim(care.open_need(household_b), org_a)
    text = client.get(address(claim, "claim")).content.decode()
    for private in private_of(household_b):
        assert private not in text


def test_of_a_household_that_is_shared_the_claim_leads_to_its_page(client, org_a, household_a):
    claim = care.claim(care.open_need(household_a), org_a)
    page = client.get(address(claim, "claim")).content.decode()
    assert reverse("cases:household", kwargs={"code": household_a.code}) in page


def test_needs_without_public_words_are_not_on_the_board(client):
    hidden = care.open_need(public_words="")
    page = client.get(reverse("care:needs"))
    assert page.context["page"].paginator.count == 0
    assert "现在没有等待帮助的需求" in page.content.decode()
    assert client.get(address(hidden)).status_code == 404


def test_the_board_can_be_narrowed(client):
    care.open_need()
    urgent = care.open_need(is_urgent=True, need="medical", public_words="一位老人需要轮椅")
    for query in ("?urgent=1", "?need=medical"):
        rows = client.get(reverse("care:needs") + query).context["page"].object_list
        assert list(rows) == [urgent]
    assert client.get(reverse("care:needs") + "?need=x").context["ignored"]


def test_claim_a_part(client, org_a):
    need = care.open_need()
    answer = press(client, need)
    claim = Claim.objects.get()
    assert answer.url == address(claim, "claim")
    assert (claim.organization, claim.quantity) == (org_a, 1)
    assert claim.hold_until == today() + timedelta(days=15)
    need.refresh_from_db()
    assert need.open_quantity == 1
    assert claim.code in client.get(reverse("care:claims")).content.decode()
    assert "本组织已认领 1 床" in client.get(address(need)).content.decode()


def test_a_second_press_is_one_claim(client):
    need, token = care.open_need(), uuid.uuid4()
    assert press(client, need, token=token).url == press(client, need, token=token).url
    assert Claim.objects.count() == 1


def test_a_second_page_says_that_it_is_claimed(client):
    need = care.open_need()
    press(client, need)
    assert "已经认领了这条需求" in press(client, need).content.decode()
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("", "请填写认领数量"),
        ("3", "还可认领 2 床，请减少数量"),
        ("0", "大于 0"),
        ("两床", "数字"),
    ],
)
def test_an_odd_quantity_is_named_and_kept(client, quantity, sentence):
    answer = press(client, care.open_need(), quantity=quantity)
    assert sentence in answer.content.decode()
    assert f'value="{quantity}"' in answer.content.decode() or quantity == ""
    assert not Claim.objects.exists()


def test_an_organisation_that_is_not_approved_has_no_button(client, org_a, reviewer):
    need = care.open_need()
    assert "认领这条需求" in client.get(address(need)).content.decode()
    organizations.suspend_organization(org_a, by=reviewer, reason="年检没有按时办理")
    page = client.get(address(need))
    assert "认领这条需求" not in page.content.decode()
    assert "暂时不能认领" in page.content.decode()
    press(client, need)
    assert not Claim.objects.exists()


def test_the_same_help_days_ago_is_told_before_claiming(client, pairing_b):
    need = care.open_need(pairing_b.household)
    matter = care.submitted_matter(pairing_b, need=care.open_need(pairing_b.household))
    page = client.get(address(need)).content.decode()
    assert "刚得到过同类帮助" in page
    assert matter.code not in page
    assert pairing_b.organization.name not in page


def test_a_claim_is_given_back(client, org_a):
    claim = care.claim(organization=org_a, quantity=2)
    client.post(address(claim, "claim"), {"reason": "货源断了"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.RELEASED
    assert claim.transitions.get().reason == "货源断了"
    again = client.post(address(claim, "claim"), {"reason": ""}, follow=True)
    assert "不能放弃" in again.content.decode()


def test_live_claims_wait_on_the_desk(client, org_a, org_b):
    mine, theirs = care.claim(organization=org_a), care.claim(organization=org_b)
    page = client.get(reverse("intake:home")).content.decode()
    assert address(mine, "claim") in page
    assert address(theirs, "claim") not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_questions(client, org_a, org_b, rows, django_assert_num_queries):
    for _ in range(rows):
        care.claim(care.open_need(quantity=Decimal(5)), org_a)
    theirs = care.claim(organization=org_b)
    for name, queries in (("needs", 6), ("claims", 5)):
        client.get(reverse(f"care:{name}"))
        with django_assert_num_queries(queries):
            page = client.get(reverse(f"care:{name}"))
        assert page.context["page"].paginator.count == (rows if name == "claims" else rows + 1)
    assert theirs.code not in page.content.decode()


def test_a_foreign_claim_answers_like_none_at_all(client, org_b):
    foreign = care.claim(organization=org_b)
    for method in (client.get, client.post):
        unknown = method(reverse("care:claim", kwargs={"code": "RL2026-9999"}))
        answer = method(address(foreign, "claim"))
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content


def test_a_need_that_others_took_answers_like_none_at_all(client, org_b, officer):
    taken = care.claim(organization=org_b, quantity=2).need
    gone = needs.withdraw_need(care.open_need(), by=officer, reason=care.REASON)
    unknown = client.get(reverse("care:need", kwargs={"code": "XQ2026-9999"}))
    for need in (taken, gone):
        answer = client.get(address(need))
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content


@pytest.mark.parametrize("name", ["needs", "claims", "visits"])
def test_the_bureau_is_sent_to_its_own_pages(client_for, officer, name):
    assert client_for(officer).get(reverse(f"care:{name}")).url == reverse("admin:index")
