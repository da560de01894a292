"""What an organisation sees of households, and its word on an intention."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.enums import PairingState
from cases.services import households, pairings
from cases.services.households import withdraw_consent
from jinchuan.shared import clock
from tests import factories, factories_cases
from tests.pages import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def test_names_are_masked_in_the_list_and_full_on_the_page(client, household_a):
    head = household_a.members.get()
    masked = f"{head.name[0]}*{head.name[-1]}"
    listed = client.get(reverse("cases:households")).content.decode()
    assert masked in listed
    assert head.name not in listed
    page = client.get(reverse("cases:household", kwargs={"code": household_a.code})).content.decode()
    assert head.name in page
    assert household_a.address in page
    assert head.id_number not in page
    assert head.id_number[-4:] not in page


def test_a_withdrawn_consent_closes_the_page_at_once(client, household_a, officer):
    withdraw_consent(household_a.consents.get(), by=officer)
    address = reverse("cases:household", kwargs={"code": household_a.code})
    assert client.get(address).status_code == 404
    listed = client.get(reverse("cases:households")).content.decode()
    assert household_a.code not in listed
    pairings = client.get(reverse("cases:pairings")).content.decode()
    assert household_a.members.get().name[0] + "*" not in pairings


def test_a_foreign_household_answers_like_none_at_all(client, household_b):
    unknown = client.get(reverse("cases:household", kwargs={"code": "HJ-9999"}))
    answer = client.get(reverse("cases:household", kwargs={"code": household_b.code}))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_questions(
    client, org_a, household_b, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.active_pairing(factories.verified_household(), org_a)
    client.get(reverse("cases:households"))
    with django_assert_num_queries(6):
        page = client.get(reverse("cases:households"))
    assert page.context["page"].paginator.count == rows
    with django_assert_num_queries(6):
        client.get(reverse("cases:pairings"))


def test_before_consent_an_intention_shows_a_code_and_nothing_else(client_for, admin_a, org_a):
    pairing = factories.intention(factories.verified_household(), org_a)
    head = pairing.household.members.get()
    for name in ("pairings", "pairing"):
        kwargs = {"code": pairing.code} if name == "pairing" else {}
        text = client_for(admin_a).get(reverse(f"cases:{name}", kwargs=kwargs)).content.decode()
        assert pairing.household.code in text
        for secret in (head.name, f"{head.name[0]}*{head.name[-1]}", pairing.household.address):
            assert secret not in text
        assert pairing.household.community.short_name not in text


def test_the_administrator_confirms(client_for, admin_a, org_a):
    pairing = factories.intention(factories.verified_household(), org_a)
    client = client_for(admin_a)
    address = reverse("cases:pairing", kwargs={"code": pairing.code})
    assert address in client.get(reverse("intake:home")).content.decode()
    client.post(address, {"intent": "confirm"})
    pairing.refresh_from_db()
    assert pairing.organization_confirmed_by == admin_a
    assert address not in client.get(reverse("intake:home")).content.decode()


def test_declining_needs_a_reason(client_for, admin_a, org_a):
    pairing = factories.intention(factories.verified_household(), org_a)
    client = client_for(admin_a)
    address = reverse("cases:pairing", kwargs={"code": pairing.code})
    assert "请填写不能结对的原因" in client.post(address, {"intent": "decline"}).content.decode()
    client.post(address, {"intent": "decline", "reason": "今年人手不够，明年再结对"})
    pairing.refresh_from_db()
    assert pairing.state == PairingState.DECLINED


def test_a_member_may_not_answer(client, org_a, admin_a):
    pairing = factories.intention(factories.verified_household(), org_a)
    address = reverse("cases:pairing", kwargs={"code": pairing.code})
    assert "请本组织管理员登录后答复" in client.get(address).content.decode()
    assert client.post(address, {"intent": "confirm"}).status_code == 403


# After a pairing -----------------------------------------------------------------------------------------------


def _household_page(household):
    return reverse("cases:household", kwargs={"code": household.code})


def _on(day):
    return clock.travel(clock.now() + timedelta(days=day))


def test_after_the_end_the_page_holds_what_one_wrote_and_nothing_new(
    client, pairing_a, member_a, officer, settings
):
    household = pairing_a.household
    own = factories_cases.submitted_visit(pairing_a, by=member_a)
    of_the_bureau = factories_cases.submitted_visit(by=officer, households=[household])
    need = factories_cases.open_need(household, public_words="需要一床棉被")
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    households.update_household(household, by=officer, address="迁到龙集里9栋1单元101室", need_level="severe")
    household.refresh_from_db()
    head = household.members.get()
    private = (head.name, household.address, household.phone, household.community.short_name)

    for day in (0, settings.GRACE_AFTER_END_DAYS - 1):
        with _on(day):
            text = shown(client.get(_household_page(household)))
        assert household.code in text and own.code in text and pairing_a.code in text
        for word in (*private, of_the_bureau.code, need.code, head.id_number, "记走访", "突出困难"):
            assert word not in text
    with _on(settings.GRACE_AFTER_END_DAYS):
        assert client.get(_household_page(household)).status_code == 404
        assert client.get(reverse("care:visit", kwargs={"code": own.code})).status_code == 200


def test_the_pairing_leads_there_while_there_is_something(client, pairing_a, officer, settings):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    address = reverse("cases:pairing", kwargs={"code": pairing_a.code})
    link = f'href="{_household_page(pairing_a.household)}"'

    assert link in shown(client.get(address))
    with _on(settings.GRACE_AFTER_END_DAYS):
        text = shown(client.get(address))
    assert link not in text and "结对已结束，只保留编号。" in text


def test_the_list_of_households_holds_the_running_ones_alone(client, pairing_a, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    assert pairing_a.household.code not in shown(client.get(reverse("cases:households")))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_after_the_end_asks_the_same_number_of_questions(
    client, pairing_a, member_a, officer, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories_cases.submitted_visit(
            pairing_a, by=member_a, matters=[factories_cases.settled(pairing_a.household)]
        )
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    client.get(_household_page(pairing_a.household))
    with django_assert_num_queries(8):
        client.get(_household_page(pairing_a.household))
