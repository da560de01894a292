"""The organisation's pages about volunteer service."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from jinchuan.shared.clock import today
from tests import factories
from tests.intake import pages
from volunteers.enums import ActivityState
from volunteers.models import TOO_LONG, Activity, Volunteer

pytestmark = pytest.mark.django_db

NEW = "volunteers:log_new"


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


@pytest.fixture
def helper(org_a):
    return factories.volunteer(org_a)


def test_log_a_session_with_a_known_and_a_new_volunteer(client, helper):
    data = pages.activity(
        helper,
        **{
            "lines": ["0", "1"],
            "line-1-new_name": "刘桂英",
            "line-1-started_at": "22:00",
            "line-1-ended_at": "01:30",
            "line-1-crosses_midnight": "on",
            "line-1-break_minutes": "30",
        },
    )
    answer = pages.logged(client, data, NEW)
    activity = Activity.objects.get()
    assert answer.url == reverse("volunteers:receipt", kwargs={"code": activity.code})
    assert list(activity.records.order_by("id").values_list("minutes", flat=True)) == [150, 180]
    assert (
        Volunteer.objects.filter(name="刘桂英", enrollments__organization=activity.organization).count() == 1
    )


def test_crossing_midnight_is_asked_for(client, helper):
    data = pages.activity(helper, **{"line-0-started_at": "22:00", "line-0-ended_at": "6:00"})
    answer = client.post(pages.opened(client, NEW), data)
    assert "第 1 位：结束时间早于开始时间，请核对。如果服务到第二天凌晨，请勾选“跨过午夜”。" in [
        sentence for _, sentence in answer.context["summary"]
    ]


def test_too_long_and_too_much_rest_are_named(client, helper):
    address = pages.opened(client, NEW)
    times = {"line-0-started_at": "8:00", "line-0-ended_at": "8:01", "line-0-crosses_midnight": "on"}
    assert TOO_LONG in client.post(address, pages.activity(helper, **times)).content.decode()
    rest = pages.activity(helper, **{"line-0-break_minutes": "150"})
    assert "休息时间不能等于或超过服务时间" in client.post(address, rest).content.decode()


def test_another_day_must_be_said(client, helper):
    answer = client.post(pages.opened(client, NEW), pages.activity(helper, day="other", held_on="7.1"))
    assert any("请写上年份" in sentence for _, sentence in answer.context["summary"])


def test_nobody_is_named_twice(client, helper):
    data = pages.activity(
        helper,
        **{
            "lines": ["0", "1"],
            "line-1-volunteer": str(helper.pk),
            "line-1-started_at": "13:00",
            "line-1-ended_at": "14:00",
        },
    )
    assert "这位志愿者前面已经填过" in client.post(pages.opened(client, NEW), data).content.decode()


def test_an_overlap_is_asked_about(client, helper, member_a):
    factories.submitted_activity(
        by=member_a, held_on=today(), services=[factories.service(helper, time(10), time(12), on=today())]
    )
    answer = client.post(pages.opened(client, NEW), pages.activity(helper))
    assert "服务时间重叠了" in client.get(answer.url).content.decode()


def test_a_night_that_runs_into_the_next_day_is_asked_about(client, helper, member_a):
    before = today() - timedelta(days=1)
    night = factories.service(helper, time(20), time(9, 30), on=before, crosses_midnight=True)
    factories.submitted_activity(by=member_a, held_on=before, services=[night])
    answer = client.post(pages.opened(client, NEW), pages.activity(helper))
    assert "服务时间重叠了" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(("ended_at", "asked"), [("23:00", False), ("23:01", True)])
def test_more_than_sixteen_hours_of_a_day_are_asked_about(client, helper, member_a, ended_at, asked):
    served = [factories.service(helper, time(6), time(9), on=today())]
    factories.submitted_activity(by=member_a, held_on=today(), services=served)
    times = {"line-0-started_at": "10:00", "line-0-ended_at": ended_at}
    answer = client.post(pages.opened(client, NEW), pages.activity(helper, **times))
    assert ("一天服务超过 16 小时" in client.get(answer.url).content.decode()) == asked


def test_a_namesake_is_asked_about(client, helper):
    data = pages.activity(helper) | {"line-0-volunteer": "", "line-0-new_name": helper.name}
    answer = client.post(pages.opened(client, NEW), data)
    assert "这位志愿者是不是登记过" in client.get(answer.url).content.decode()


def test_the_volunteers_of_others_are_not_on_offer(client, org_b):
    stranger = factories.volunteer(org_b, name="孙桂英")
    address = pages.opened(client, NEW)
    assert "孙桂英" not in client.get(address).content.decode()
    assert client.post(address, pages.activity(stranger)).context["summary"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(client, member_a, org_b, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.submitted_activity(by=member_a)
    foreign = factories.submitted_activity(org_b)
    address = reverse("volunteers:activities")
    client.get(address)
    with django_assert_num_queries(5):
        page = client.get(address)
    assert page.context["page"].paginator.count == rows
    assert foreign.code not in page.content.decode()


@pytest.mark.parametrize("name", ["activity", "receipt", "correct_new"])
def test_a_foreign_activity_answers_like_none_at_all(client, org_b, name):
    foreign = factories.returned_activity(org_b)
    unknown = client.get(reverse(f"volunteers:{name}", kwargs={"code": "HD2026-9999"}))
    answer = client.get(reverse(f"volunteers:{name}", kwargs={"code": foreign.code}))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_a_returned_activity_is_corrected(client, helper, member_a):
    activity = factories.returned_activity(by=member_a, organization=member_a.organization)
    address = pages.opened(client, "volunteers:correct_new", code=activity.code)
    page = client.get(address)
    assert f'value="{activity.title}"' in page.content.decode()
    data = pages.activity(helper, version=str(activity.version), title="上门理发两小时")
    pages.submit(client, address, pages.checked(client, address, data))
    activity.refresh_from_db()
    assert (activity.state, activity.title) == (ActivityState.SUBMITTED, "上门理发两小时")


def test_the_bureau_is_sent_to_its_own_pages(client_for, officer):
    answer = client_for(officer).get(reverse(NEW))
    assert answer.url == reverse("admin:index")
