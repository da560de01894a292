"""Meetings and appeals in the admin and on a phone: inviting a selection, answering, and reading what followed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jinchuan.shared.clock import today
from organizations.enums import Answer
from organizations.models import (
    Mobilization,
    MobilizationInvitation,
    Organization,
    SupervisingUnit,
)
from organizations.services import mobilizations as services
from organizations.services.papers import UNTIL_BEFORE_SINCE
from tests import factories
from tests import factories_mobilizing as moving
from tests.pages import act, acts, agreed, listing, outcome, page, shown

pytestmark = pytest.mark.django_db


# The bureau ----------------------------------------------------------------------------------------------------


def test_a_meeting_is_entered_and_organisations_are_invited_by_a_selection(client_for, officer, org_a, org_b):
    client = client_for(officer)
    typed = {
        "kind": "meeting",
        "title": "冬季走访动员会",
        "held_on": "2026年12月1日",
        "starts_at": "15:00",
        "place": "三楼会议室",
        "outline": "听取意见",
    }
    assert client.post(listing(Mobilization, "add"), typed).status_code == 302
    meeting = Mobilization.objects.get()
    moving.invitation(meeting, org_b)
    chosen = {"ids": [org_a.pk, org_b.pk], "mobilization": meeting.pk}
    preview = client.post(acts(Organization, "invite"), chosen)
    assert list(outcome(preview, "done").values()) == [f"邀请参加 {meeting.code} 冬季走访动员会"]
    assert list(outcome(preview, "refused").values()) == ["这个组织已经邀请过了。"]
    assert not MobilizationInvitation.objects.filter(organization=org_a).exists()

    agreed(client, acts(Organization, "invite"), **chosen)

    assert MobilizationInvitation.objects.get(organization=org_a).invited_by == officer


def test_the_selection_is_by_kind_unit_and_street(client_for, officer, org_a):
    unit = SupervisingUnit.objects.create(name="区文旅局")
    mine = factories.approved_organization(supervising_unit=unit)
    found = client_for(officer).get(listing(Organization), {"supervising_unit__id__exact": unit.pk})
    assert list(found.context["cl"].queryset) == [mine]


def test_one_is_invited_by_hand_and_its_answer_by_telephone_written_down(client_for, officer, org_a):
    client, meeting = client_for(officer), moving.planned_meeting()
    typed = {"mobilization": meeting.pk, "organization": org_a.pk, "note": "请早到"}
    assert client.post(listing(MobilizationInvitation, "add"), typed).status_code == 302
    row = MobilizationInvitation.objects.get()

    assert client.post(act(row, "answer"), {"answer": "attending", "words": "两人"}).status_code == 302

    assert "（电话）" in shown(client.get(page(meeting)))
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == (Answer.ATTENDING, officer)


def test_answers_of_meetings_and_appeals_are_not_mixed(client_for, officer):
    rows = [moving.invitation(), moving.invitation(moving.appeal())]
    answer = client_for(officer).post(
        acts(MobilizationInvitation, "answer"), {"ids": [one.pk for one in rows], "answer": "attending"}
    )
    assert answer.context["form"].errors["answer"]


def test_what_followed_stands_by_organisation_code_within_the_days(
    client_for, officer, org_a, org_b, admin_a
):
    day = today() - timedelta(days=30)
    meeting = services.hold_mobilization(moving.planned_meeting(held_on=day), by=officer)
    for organization in (org_b, org_a):
        moving.invitation(meeting, organization)
    large = factories.confirmed_donation(
        by=factories.admin_of(org_b), lines=[factories.cash("90000")], received_on=day
    )
    small = factories.confirmed_donation(by=admin_a, received_on=day + timedelta(days=5))
    before = factories.confirmed_donation(by=admin_a, received_on=day - timedelta(days=1))
    stranger = factories.confirmed_donation(
        by=factories.admin_of(factories.approved_organization()), received_on=day
    )
    unconfirmed = factories.submitted_donation(by=admin_a, received_on=day)
    intention = factories.intention(organization=org_a)
    activity = factories.confirmed_activity(org_a, by=admin_a, held_on=day)
    factories.volunteer(org_b, joined_on=day)
    text = shown(client_for(officer).get(page(meeting)))
    for row in (large, small, intention, activity):
        assert row.code in text
    for row in (before, stranger, unconfirmed):
        assert row.code not in text
    assert text.index(small.code) < text.index(large.code)
    assert "新加入的志愿者" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_meeting_asks_the_same_for_one_and_for_three(
    client_for, officer, django_assert_num_queries, rows
):
    meeting = services.hold_mobilization(moving.planned_meeting(), by=officer)
    for _ in range(rows):
        organization = factories.approved_organization()
        moving.invitation(meeting, organization)
        factories.intention(organization=organization)
        factories.confirmed_donation(by=factories.admin_of(organization), received_on=today())
        factories.confirmed_activity(organization, held_on=today())
    client = client_for(officer)
    client.get(page(meeting))
    with django_assert_num_queries(14):
        client.get(page(meeting))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [(Mobilization, 4), (MobilizationInvitation, 6)])
def test_lists_ask_the_same_number_of_questions(
    client_for, officer, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        moving.invitation()
    client = client_for(officer)
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


def test_who_has_not_answered_is_a_list_for_staff_and_a_task_for_nobody_else(
    client_for, officer, admin_a, org_a
):
    moving.invitation(organization=org_a)
    moving.answered()
    line = next(
        one
        for one in client_for(officer).get(reverse("admin:index")).context["waiting"]
        if "动员" in one.title
    )
    assert line.count == 1
    assert client_for(officer).get(line.url).context["cl"].result_count == 1
    desk = shown(client_for(admin_a).get(reverse("intake:home")))
    assert "冬季走访动员会" in desk
    assert "逾期" not in desk


# Supervising units ---------------------------------------------------------------------------------------------


def supervised(**fields):
    unit = SupervisingUnit.objects.create(name="区文旅局")
    return unit, factories.approved_organization(supervising_unit=unit, **fields)


def test_a_unit_reads_how_its_organisations_take_part(client_for, officer):
    unit, organization = supervised(name="金川区书画协会")
    by = factories.admin_of(organization)
    moving.answered(moving.invitation(moving.planned_meeting(), organization))
    held = MobilizationInvitation.objects.get().mobilization
    services.hold_mobilization(held, by=officer)
    services.note_attendance(MobilizationInvitation.objects.get(), by=officer, attended=True)
    factories.active_pairing(organization=organization)
    factories.confirmed_donation(
        by=by, lines=[factories.cash("800"), factories.goods(value="50.5")], received_on=today()
    )
    factories.confirmed_activity(organization, by=by, held_on=today())
    factories.approved_organization(name="金川区别家的协会")
    panel = next(one for one in client_for(officer).get(page(unit)).context["panels"] if "所属" in one.title)
    assert [[str(getattr(cell, "text", cell)) for cell in row][1:] for row in panel.rows] == [
        ["金川区书画协会", "1", "1", "1", "1", "1", "1", "1", "2.5", "800.00", "50.50"]
    ]  # fmt: skip


def test_the_sheet_of_a_unit_is_a_pdf_and_leaves_a_line_in_the_log(client_for, officer):
    unit, _ = supervised()
    client = client_for(officer)
    made = client.post(act(unit, "sheet"), {"since": "2026-01-01", "until": "2026-11-01"})
    assert (made.headers["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")
    wrong = client.post(act(unit, "sheet"), {"since": "2026-11-02", "until": "2026-11-01"})
    assert UNTIL_BEFORE_SINCE in shown(wrong)
    assert "打印" in shown(client.get(page(unit)))


# The organisation ----------------------------------------------------------------------------------------------


def test_an_organisation_answers_and_its_words_reach_the_bureau(client_for, officer, admin_a, org_a):
    meeting = moving.planned_meeting()
    moving.invitation(meeting, org_a)
    address = reverse("organizations:invitation", args=[meeting.code])
    client = client_for(admin_a)
    empty = client.post(address, {})
    assert services.CHOOSE_ANSWER in shown(empty)
    assert "错误：" in shown(empty)

    answered = client.post(address, {"answer": "attending", "words": "打算认领两户"}, follow=True)

    assert "已答复“参加”" in shown(answered)
    assert "打算认领两户" in shown(client_for(officer).get(page(meeting)))


def test_what_is_over_is_read_and_not_answered(client_for, admin_a, org_a, officer):
    meeting = moving.planned_meeting()
    moving.invitation(meeting, org_a)
    services.hold_mobilization(meeting, by=officer)
    address = reverse("organizations:invitation", args=[meeting.code])
    client = client_for(admin_a)
    assert "不再接受答复" in shown(client.get(address))
    assert "不再接受答复" in shown(client.post(address, {"answer": "attending"}))


def test_a_cancelled_meeting_says_why(client_for, admin_a, org_a, officer):
    meeting = moving.planned_meeting()
    moving.invitation(meeting, org_a)
    services.cancel_mobilization(meeting, by=officer, reason=moving.REASON)
    text = shown(client_for(admin_a).get(reverse("organizations:invitation", args=[meeting.code])))
    assert moving.REASON in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_invitations_asks_the_same(client_for, admin_a, org_a, django_assert_num_queries, rows):
    for _ in range(rows):
        moving.invitation(organization=org_a)
    client = client_for(admin_a)
    client.get(reverse("organizations:invitations"))
    with django_assert_num_queries(5):
        client.get(reverse("organizations:invitations"))
