"""The day itself: who scans the code is in, known or not; who was there becomes hours."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from cases.retaining import NAMELESS
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from tests import factories, factories_activities
from tests.factories_activities import DAY, at, check_in_window, checked_in, open_activity
from tests.pages import shown
from tests.printing import paper
from volunteers import consistency, day_papers, spans
from volunteers.attendance import roll_of
from volunteers.checkin_views import SLOW_DOWN
from volunteers.models import CheckIn, CheckInWindow, UnknownPerson
from volunteers.plan_forms import FOUR
from volunteers.services import checkins

pytestmark = pytest.mark.django_db


@pytest.fixture
def window(admin_a):
    return check_in_window(by=admin_a)


@pytest.fixture
def volunteer(org_a, window):
    return factories.volunteer(org_a)


def _desk(window):
    return reverse("checkin:desk", args=[window.code])


def _typed(person, **fields):
    return {"name": person.name, "tail": person.phone[-4:], **fields}


def test_the_code_is_random_and_lies_encrypted(window, admin_a):
    raw = CheckInWindow.objects.filter(pk=window.pk).extra(select={"stored": "code"}).values_list("stored")
    assert len(window.code) >= 27  # 160 bits in base64
    assert window.code not in raw.get()[0]
    assert not AuditEvent.objects.filter(after__icontains=window.code).exists()


def test_a_phone_without_an_account_checks_in_and_out(client, window, volunteer):
    with at(8, 55):
        assert "已签到" in shown(client.post(_desk(window), _typed(volunteer)))
    with at(11, 20):
        text = shown(client.post(_desk(window), _typed(volunteer)))
        assert "您刚才已经签到过了" in text
        assert "08:55" in text
        assert "已签退" in shown(client.post(_desk(window), _typed(volunteer, intent="leave")))
    with at(11, 21):
        assert "您已经签退过了" in shown(client.post(_desk(window), _typed(volunteer)))
    (one,) = roll_of(window.activity).known
    assert (one.person, one.words) == (volunteer, "08:55–11:20")


def test_typing_twice_checks_in_once(client, window, volunteer):
    with at(9):
        for _ in range(3):
            client.post(_desk(window), _typed(volunteer))
    assert CheckIn.objects.count() == 1


def test_the_answer_is_the_same_for_who_is_known_and_who_is_not(client, window, volunteer):
    with at(9):
        known = shown(client.post(_desk(window), _typed(volunteer)))
        other = shown(client.post(_desk(window), _typed(volunteer, tail="0000")))
    assert known == other
    assert volunteer.name not in known
    roll = roll_of(window.activity)
    assert [one.person for one in roll.known] == [volunteer]
    assert [one.person.tail for one in roll.unknown] == ["0000"]


def test_the_document_opens_as_well_as_the_phone(client, window, org_a):
    volunteer = factories.identified_volunteer(org_a)
    with at(9):
        client.post(_desk(window), {"name": volunteer.name, "tail": volunteer.document_number[-4:].lower()})
    assert [one.person for one in roll_of(window.activity).known] == [volunteer]


def test_two_of_one_name_and_number_are_told_apart_by_the_organiser(client, window, org_a):
    phone = factories.phone()
    for _ in range(2):
        factories.volunteer(org_a, name="王芳", phone=phone)
    with at(9):
        client.post(_desk(window), {"name": "王芳", "tail": phone[-4:]})
    assert roll_of(window.activity).known == []
    assert len(roll_of(window.activity).unknown) == 1


@pytest.mark.parametrize("tail", ["", "123", "12345", "十二三四", "12 4"])
def test_four_characters_are_asked_for(client, window, tail):
    with at(9):
        response = client.post(_desk(window), {"name": "王芳", "tail": tail})
    assert response.status_code == 200
    assert not CheckIn.objects.exists()
    assert tail == "" or FOUR in shown(response)


@pytest.mark.parametrize("moment", [(6, 59), (17, 30), (23, 0)])
def test_the_window_is_the_day_around_the_plan(client, admin_a, moment):
    activity = open_activity(by=admin_a)
    with at(*moment), pytest.raises(Refused):
        checkins.open_check_in(activity, by=admin_a)


@pytest.mark.parametrize("moment", [(8, 29), (17, 30)])
def test_outside_the_window_nobody_checks_in(client, window, volunteer, moment):
    with at(*moment):
        response = client.post(_desk(window), _typed(volunteer))
        assert response.status_code == 404
    assert not CheckIn.objects.exists()


def test_a_closed_code_is_dead_and_a_new_one_is_another(client, window, volunteer, admin_a):
    with at(9):
        checkins.close_check_in(window.activity, by=admin_a)
        assert client.get(_desk(window)).status_code == 404
        again = checkins.open_check_in(window.activity, by=admin_a)
        assert again.code != window.code
        assert client.post(_desk(window), _typed(volunteer)).status_code == 404
        assert "已签到" in shown(client.post(_desk(again), _typed(volunteer)))


def test_a_code_of_nobody_and_a_closed_one_get_the_same_answer(client, window, admin_a):
    with at(9):
        unknown = client.get(reverse("checkin:desk", args=["x" * 27]))
        checkins.close_check_in(window.activity, by=admin_a)
        closed = client.get(_desk(window))
    assert (unknown.status_code, unknown.content) == (closed.status_code, closed.content)


def test_one_name_is_tried_only_so_often(client, window, volunteer):
    with at(9):
        answers = [client.post(_desk(window), _typed(volunteer, tail=f"{number:04}")) for number in range(13)]
        assert [answer.status_code for answer in answers] == [200] * 12 + [429]
        assert SLOW_DOWN in shown(answers[-1])
        other = factories.volunteer(window.activity.organization)
        assert client.post(_desk(window), _typed(other)).status_code == 200


def test_a_hall_behind_one_address_checks_in(client, window, org_a):
    """More than the pages for guessers allow; the whole 500 come over real HTTP with `make soak`."""
    with at(9):
        for number in range(60):
            assert client.get(_desk(window)).status_code == 200
            typed = {
                "name": f"赵{'一二三四五六七八九十'[number % 10]}{'东南西北中上'[number // 10]}",
                "tail": "1234",
            }
            assert client.post(_desk(window), typed).status_code == 200
    assert UnknownPerson.objects.count() == 60


def test_nobody_is_turned_away_and_nobody_is_lost(window, org_a, admin_a):
    with at(9):
        for name in ("王芳", "李强", "赵敏"):
            checkins.check_in(window, name=name, tail="1234")
    first, second, third = UnknownPerson.objects.order_by("id")
    known = factories.volunteer(org_a)

    checkins.resolve_unknown(first, by=admin_a, volunteer=known)
    second = checkins.register_unknown(second, by=admin_a)
    checkins.dismiss_unknown(third, by=admin_a, reason="走错了门")

    roll = roll_of(window.activity)
    assert {one.person for one in roll.known} == {known, second.volunteer}
    assert second.volunteer.name == "李强"
    assert roll.unknown == []
    with pytest.raises(Refused) as refusal:
        checkins.dismiss_unknown(third, by=admin_a, reason="走错了门")
    assert refusal.value.messages == [checkins.RESOLVED]


def test_one_person_under_two_names_was_there_once(window, volunteer, admin_a):
    checked_in(window, volunteer, (9, 0), (10, 0))
    with at(9, 30):
        checkins.check_in(window, name="错别字", tail="1234")
    checkins.resolve_unknown(UnknownPerson.objects.get(), by=admin_a, volunteer=volunteer)

    (one,) = roll_of(window.activity).known
    assert one.span(window.activity.plan.ends_at) == (
        spans.instant(DAY, time(9)),
        spans.instant(DAY, time(11, 30)),
        0,
    )


def test_who_has_no_phone_is_noted_by_hand(window, volunteer, admin_a):
    with at(9):
        row = checkins.check_by_hand(window.activity, by=admin_a, volunteer=volunteer)
    assert (row.way, row.noted_by, row.is_arrival) == ("by_hand", admin_a, True)
    with at(10):
        assert not checkins.check_by_hand(window.activity, by=admin_a, volunteer=volunteer).is_arrival
    assert list(consistency.check_ins_in_turn()) == []


def test_another_organizations_volunteer_is_not_known_here(window, org_b):
    other = factories.volunteer(org_b)
    with at(9):
        checkins.check_in(window, name=other.name, tail=other.phone[-4:])
    assert roll_of(window.activity).known == []


def test_two_windows_are_never_open_at_once(window, admin_a):
    with at(9), pytest.raises(Exception, match="签到已经打开"):
        checkins.open_check_in(window.activity, by=admin_a)


def test_the_organiser_checks_in_for_the_organisation_alone(window, admin_b, client_for):
    client = client_for(admin_b)
    for name in ("check_in", "sign_ups", "poster", "roll", "log_hours_new", "replan_new", "cancel"):
        assert client.get(reverse(f"volunteers:{name}", args=[window.activity.code])).status_code == 404


def test_signing_in_by_scan_is_in_the_log_without_a_name(window, volunteer):
    checked_in(window, volunteer, (9, 0))
    event = AuditEvent.objects.get(action="check_in")
    assert (event.actor, volunteer.name in str(event.after)) == ("", False)


def test_the_papers_of_the_day(client_for, admin_a, window, volunteer):
    factories_activities.signed_up(window.activity, volunteer, by=admin_a)
    client = client_for(admin_a)
    with at(9):
        for name in ("poster", "roll"):
            answer = client.get(reverse(f"volunteers:{name}", args=[window.activity.code]))
            assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(("days", "kept"), [(365, True), (366, False)])
def test_names_typed_at_the_door_go_after_a_year_and_no_figure_with_them(window, org_a, admin_a, days, kept):
    with at(9):
        for name in ("王芳", "李强", "赵敏"):
            checkins.check_in(window, name=name, tail="1234")
    first, _, third = UnknownPerson.objects.order_by("id")
    checkins.resolve_unknown(first, by=admin_a, volunteer=factories.volunteer(org_a))
    checkins.dismiss_unknown(third, by=admin_a, reason="走错了门")
    before = roll_of(window.activity)
    with at(3, day=DAY + timedelta(days=days)):
        assert checkins.forget_unknown(by=None) == (0 if kept else 3)
        assert checkins.forget_unknown(by=None) == 0
    names = set(UnknownPerson.objects.values_list("name", "tail").order_by("id"))
    assert names == ({("王芳", "1234"), ("李强", "1234"), ("赵敏", "1234")} if kept else {(NAMELESS, "")})
    after = roll_of(window.activity)
    assert (after.known, after.came, CheckIn.objects.count()) == (before.known, before.came, 3)
    assert AuditEvent.objects.filter(action="forget_unknown").count() == (0 if kept else 1)


def test_a_long_roll_is_printed_by_the_hundred(client_for, admin_a, org_a, monkeypatch):
    activity, names = open_activity(by=admin_a), ("丁一", "马超", "赵云")
    factories_activities.signed_up(activity, *(factories.volunteer(org_a, name=name) for name in names))
    monkeypatch.setattr(day_papers, "NAMES_OF_A_SHEET", 2)
    client, page = client_for(admin_a), reverse("volunteers:roll", args=[activity.code])
    printed = [paper.text(client.get(page, {"sheet": sheet}).content) for sheet in (1, 2)]
    assert [[name in told for name in names] for told in printed] == [
        [True, True, False],
        [False, False, True],
    ]
    assert client.get(page, {"sheet": "0"}).status_code == client.get(page, {"sheet": "x"}).status_code == 404
