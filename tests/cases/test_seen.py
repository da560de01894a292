"""谁看过, 谁能看."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from cases import seen
from cases.models import Household
from cases.services import households, pairings
from cases.services.merges import merge_households
from jinchuan import sheets
from jinchuan.audit import chain
from jinchuan.audit.reveal import reveal
from jinchuan.intake.services import attach
from jinchuan.shared import clock
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.sheets import registers
from organizations.enums import Role
from organizations.models import User
from organizations.services import accounts
from tests import factories, factories_cases
from tests.access.world import build
from tests.pages import page
from tests.pages import shown as text_of


def test_what_was_revealed_is_told_with_who_and_why(household_a, officer, worker_a):
    member = household_a.members.get()
    reveal(member, "id_number", by=officer, reason="办理低保核对")
    reveal(household_a, "phone", by=worker_a, reason="约定上门时间")

    told = [(one.account, one.role, one.what, one.reason) for one in seen.readings(household_a)]

    assert told == [
        (worker_a.username, "街道社区工作人员", "关爱户的联系电话", "约定上门时间"),
        (officer.username, "民政局经办", "家庭成员的身份证号", "办理低保核对"),
    ]


def test_what_was_opened_of_others_is_not_told(household_a, household_b, officer):
    reveal(household_b, "phone", by=officer, reason="约定上门时间")

    assert seen.readings(household_a) == []


def test_changes_are_no_readings(household_a, officer):
    households.update_household(household_a, by=officer, need_level="severe")

    assert seen.readings(household_a) == []


def test_what_was_seen_before_a_merge_is_seen_after_it(officer):
    born = {"no_id_reason": "尚未办证", "birth_date": "1950-03-04", "id_number": "", "name": "王秀兰"}
    kept, duplicate = (factories.verified_household(members=[factories.head(**born)]) for _ in range(2))
    reveal(duplicate, "phone", by=officer, reason="约定上门时间")

    merge_households(kept, duplicate, by=officer)

    assert [one.reason for one in seen.readings(kept)] == ["约定上门时间"]


def test_readings_take_a_fixed_number_of_queries(household_a, officer, django_assert_num_queries):
    for _ in range(3):
        reveal(household_a, "phone", by=officer, reason="约定上门时间")

    with django_assert_num_queries(5):
        seen.readings(household_a)


def _told(household):
    return [(one.account, one.what) for one in seen.readings(household)]


def test_who_opens_a_photo_is_told(client_for, pairing_a, worker_a):
    visit = factories_cases.confirmed_visit(pairing_a)
    photo = attach(visit._meta.label, visit.pk, factories.photo(), by=worker_a)
    client = client_for(worker_a)
    for _ in range(2):
        assert client.get(reverse("intake:attachment", args=[photo.pk])).status_code == 200
    assert _told(pairing_a.household) == [(worker_a.username, "打开附件")]


@pytest.fixture
def reader(client_for, officer):
    """A member of staff who walks about the admin."""
    return client_for(officer)


def test_who_opens_the_page_is_told_once_for_one_sitting(reader, household_a, officer):
    for _ in range(3):
        reader.get(page(household_a))
    assert _told(household_a) == [(officer.username, "打开关爱户的档案")]

    with clock.travel(clock.now() + timedelta(hours=1, minutes=1)):
        reader.get(page(household_a))
    assert _told(household_a) == [(officer.username, "打开关爱户的档案")] * 2


def test_the_page_of_one_of_its_people_counts_too(reader, household_a, officer):
    reader.get(page(household_a.members.get()))

    assert _told(household_a) == [(officer.username, "打开家庭成员的档案")]


def test_every_print_is_told(reader, household_a, officer):
    for _ in range(2):
        assert reader.get(page(household_a, "file")).status_code == 200

    assert _told(household_a) == [(officer.username, "打印关爱户的一户一档")] * 2


def test_the_organisation_that_reads_name_and_address_is_told(client_for, member_a, household_a, officer):
    member_reads = client_for(member_a)
    address = reverse("cases:household", args=[household_a.code])
    assert member_reads.get(address).status_code == 200

    assert _told(household_a) == [(member_a.username, "打开关爱户的档案")]


def test_who_is_turned_away_has_seen_nothing(client_for, worker_b, admin_b, auditor, household_a):
    for stranger in (worker_b, auditor):
        for name in ("change", "file"):
            assert client_for(stranger).get(page(household_a, name)).status_code in (403, 404)
    assert client_for(admin_b).get(reverse("cases:household", args=[household_a.code])).status_code == 404

    assert _told(household_a) == []


def test_what_is_left_after_the_end_opens_nothing(client_for, member_a, pairing_a, officer):
    _ended(pairing_a, officer)
    client_for(member_a).get(reverse("cases:household", args=[pairing_a.household.code]))

    assert _told(pairing_a.household) == []


def test_a_reading_that_cannot_be_noted_shows_nothing(client_for, officer, household_a, monkeypatch):
    def full(events):
        raise OperationalError("database or disk is full")

    client = client_for(officer, raise_request_exception=False)
    monkeypatch.setattr(chain, "append", full)
    for name in ("change", "file"):
        answer = client.get(page(household_a, name))
        assert answer.status_code == 500
        assert household_a.code not in text_of(answer)


@pytest.mark.parametrize(
    ("register", "what"),
    [("households", "导出关爱户"), ("members", "导出家庭成员"), ("pairings", "导出结对")],
)
def test_who_takes_a_list_with_it_is_told(household_a, household_b, officer, worker_a, register, what):
    rows = registers.named(register).model.objects
    sheets.export(register, rows.all(), by=officer)
    sheets.export(register, rows.none(), by=officer)
    sheets.export(register, rows.all(), by=worker_a)

    assert [(account, words[: len(what)]) for account, words in _told(household_a)] == [
        (worker_a.username, what),
        (officer.username, what),
    ]
    assert [account for account, _ in _told(household_b)] == [officer.username]


def test_readings_are_no_changes(reader, household_a):
    reader.get(page(household_a, "file"))
    text = text_of(reader.get(page(household_a, "history"))).split("<h1", 1)[1]

    assert "打印" not in text and "打开档案" not in text


# Who could ---------------------------------------------------------------------------------------------------


def test_it_says_what_visible_to_says_for_every_account(db):
    build()

    assert Household.objects.count() >= 2
    for household in Household.objects.select_related("community"):
        told = seen.who_can_see(household)
        visible, remembering = set(), set()
        for user in User.objects.all():
            if Household.objects.visible_to(user).filter(pk=household.pk).exists():
                visible.add(user.pk)
            remembered = Household.objects.remembered_by(user.organization_id)
            if user.is_active and remembered.filter(pk=household.pk).exists():
                remembering.add(user.pk)
        assert {one.user.pk for one in told if one.extent != seen.SEES_OWN} == visible != set()
        assert {one.user.pk for one in told if one.extent == seen.SEES_OWN} == remembering


@pytest.fixture
def shown(pairing_a, admin_a, admin_b, officer, worker_a, worker_b, auditor):
    return lambda: {one.user.username: one for one in seen.who_can_see(pairing_a.household)}


def test_everyone_with_the_reason(shown, admin_a, admin_b, officer, worker_a, worker_b, auditor):
    found = shown()

    assert found[officer.username].reason == seen.BY_BUREAU
    assert found[officer.username].extent == seen.SEES_EVERYTHING
    assert found[worker_a.username].reason == seen.BY_DIVISION.format(place=worker_a.division)
    assert found[admin_a.username].reason == seen.BY_PAIRING.format(organization=admin_a.organization)
    assert found[admin_a.username].extent == seen.SEES_CONTACT
    assert not {admin_b.username, worker_b.username, auditor.username} & set(found)


def _withdrawn(pairing, officer):
    for consent in pairing.household.consents.sharing():
        households.withdraw_consent(consent, by=officer)


def _ended(pairing, officer):
    pairings.end_pairing(pairing, by=officer, reason="adjusted")


def test_at_once_when_the_consent_is_withdrawn(shown, pairing_a, admin_a, officer):
    assert admin_a.username in shown()

    _withdrawn(pairing_a, officer)

    assert admin_a.username not in shown()


def test_after_the_end_it_is_told_what_is_left_and_until_when(shown, pairing_a, admin_a, officer, settings):
    _ended(pairing_a, officer)

    told = shown()[admin_a.username]
    until = today() + timedelta(days=settings.GRACE_AFTER_END_DAYS - 1)
    assert told.extent == seen.SEES_OWN
    assert told.reason == seen.BY_GRACE.format(
        organization=admin_a.organization, day=zh(today()), until=zh(until)
    )

    with clock.travel(clock.now() + timedelta(days=settings.GRACE_AFTER_END_DAYS)):
        assert admin_a.username not in shown()


def test_after_a_withdrawal_nothing_is_left(shown, pairing_a, admin_a, officer):
    _ended(pairing_a, officer)
    _withdrawn(pairing_a, officer)

    assert admin_a.username not in shown()


@pytest.mark.parametrize("rows", [1, 3])
def test_who_can_see_takes_a_fixed_number_of_queries(pairing_a, admin_a, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.user(Role.ORG_MEMBER, organization=admin_a.organization)
        factories.ended_pairing(pairing_a.household)
    household = Household.objects.select_related("community").get(pk=pairing_a.household_id)
    with django_assert_num_queries(4):
        seen.who_can_see(household)


def test_a_suspended_helper_still_sees(shown, pairing_a, admin_a, officer):
    pairings.suspend_pairing(pairing_a, by=officer, reason="负责人外出学习")

    assert admin_a.username in shown()


def test_a_shut_account_sees_nothing(shown, worker_a, administrator):
    accounts.disable_account(worker_a, by=administrator)

    assert worker_a.username not in shown()


def test_roles_stand_in_their_order(shown):
    roles = [one.role for one in shown().values()]

    assert roles == sorted(roles, key=[label for _, label in seen.Role.choices].index)
