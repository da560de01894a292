"""The organisations' inbox: one's own reminders, opened by a button, counted on the desk."""

from datetime import date

import pytest
from django.urls import reverse

from cases import notice_views
from cases.models import Notice
from cases.services import notices, pairings
from jinchuan.shared.clock import now
from tests import factories
from tests import factories_duties as duties
from tests.pages import said, shown

INBOX = "/notices/"


@pytest.fixture
def reminder(pairing_a, admin_a):
    return _remind(admin_a, pairing_a)


def _remind(user, pairing, number=0):
    return Notice.objects.create(
        user=user,
        key=f"duty:{pairing.pk}:{number}",
        pairing=pairing,
        title=f"{pairing.household.code}：联系交流（2026年第四季度）还差{number + 1}次，2026年12月31日前完成。",
        url=reverse("cases:household", args=[pairing.household.code]),
        created_at=now(),
    )


def _open(notice) -> str:
    return reverse("cases:notice_open", args=[notice.pk])


def test_an_empty_inbox_says_when_something_will_be_there(client_for, admin_a):
    text = shown(client_for(admin_a).get(INBOX))

    assert "没有新通知" in text and "全部标为已读" not in text


def test_the_newest_stands_first_with_its_mark(client_for, admin_a, pairing_a, reminder):
    later = _remind(admin_a, pairing_a, 1)
    notices.mark_read(by=admin_a, notices=[reminder])

    response = client_for(admin_a).get(INBOX)

    assert list(response.context["page"]) == [later, reminder]
    assert "1 条未读，共 2 条。" in shown(response)
    assert shown(response).index(later.title) < shown(response).index(reminder.title)


def test_the_button_marks_it_read_and_leads_to_the_household(client_for, admin_a, reminder, household_a):
    client = client_for(admin_a)

    answer = client.post(_open(reminder))

    assert answer.url == reverse("cases:household", args=[household_a.code])
    assert client.get(answer.url).status_code == 200
    reminder.refresh_from_db()
    assert reminder.read_at is not None


def test_reading_the_list_marks_nothing(client_for, admin_a, reminder):
    client = client_for(admin_a)
    assert client.get(_open(reminder)).url == INBOX
    client.get(INBOX)

    reminder.refresh_from_db()
    assert reminder.read_at is None


def test_what_is_over_is_explained(client_for, admin_a, reminder, pairing_a, officer):
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")

    answer = client_for(admin_a).post(_open(reminder), follow=True)

    assert said(answer) == [notice_views.OVER]
    assert answer.wsgi_request.path == INBOX
    assert not Notice.objects.unread().exists()


def test_all_at_once_are_ones_own(client_for, admin_a, member_a, reminder, pairing_a):
    theirs = _remind(member_a, pairing_a)
    answer = client_for(admin_a).post(reverse("cases:notices_read"), follow=True)

    assert said(answer) == [notice_views.ALL_READ]
    assert set(Notice.objects.unread()) == {theirs}


@pytest.mark.parametrize("who", ["member_a", "admin_b", "outsider"])
def test_another_persons_is_none_at_all(client_for, request, reminder, who):
    client = client_for(request.getfixturevalue(who))

    assert client.post(_open(reminder)).status_code == 404
    assert reminder.title not in shown(client.get(INBOX))
    assert Notice.objects.unread().exists()


def test_staff_have_theirs_in_the_admin(client_for, officer):
    assert client_for(officer).get(INBOX).url == reverse("admin:index")


def test_the_desk_says_how_many_and_the_newest(client_for, admin_a, reminder, pairing_a):
    later = _remind(admin_a, pairing_a, 1)
    client = client_for(admin_a)

    text = shown(client.get("/"))
    assert "2 条未读提醒" in text and later.title in text

    client.post(reverse("cases:notices_read"))
    assert "条未读提醒" not in shown(client.get("/"))


def test_the_desk_leads_where_a_reminder_of_the_night_was_written(client_for, divisions):
    duties.standard(duties.rule(window="quarter", grace_days=20))
    pairing = duties.pairing()
    with duties.at(date(2025, 3, 20)):
        duties.night(date(2025, 3, 20))
        notices.remind()
        user = factories.admin_of(pairing.organization)
        notice = Notice.objects.get(user=user)
        assert notice.pairing == pairing
        answer = client_for(user).post(_open(notice), follow=True)
    assert pairing.household.members.get().name in shown(answer)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_the_same_number_of_questions(
    client_for, admin_a, pairing_a, rows, django_assert_num_queries
):
    for number in range(rows):
        _remind(admin_a, pairing_a, number)
    client = client_for(admin_a)
    client.get(INBOX)
    with django_assert_num_queries(6):
        client.get(INBOX)
