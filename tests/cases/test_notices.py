"""Reminders over ninety days: exactly these, to exactly these people, each once."""

from datetime import date, timedelta

import pytest

from cases.models import Notice
from cases.services import households, notices, obligations, pairings
from cases.tasks import judge_obligations
from organizations.enums import Role
from organizations.models import User
from tests import factories
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

FIRST = date(2025, 3, 1)


@pytest.fixture
def spring(divisions):
    """A contact each quarter, two home visits in April; one household in each street."""
    duties.standard(
        duties.rule(window="quarter", grace_days=20),
        duties.rule("home_visit", times=2, grace_days=3, season=((4, 1), (4, 30))),
    )
    with duties.at(date(2024, 6, 1)):
        pair = [
            factories.active_pairing(factories.verified_household(community=community))
            for community in (divisions.a1, divisions.b1)
        ]
    for code, pairing in zip("ab", pair, strict=True):
        organization = pairing.organization
        User.objects.filter(pk=factories.admin_of(organization).pk).update(username=f"admin_{code}")
        factories.user(Role.ORG_MEMBER, username=f"gone_{code}", organization=organization, is_active=False)
    for role in (Role.OFFICER, Role.REVIEWER, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR):
        factories._the(str(role), role)
    factories.user(Role.DIVISION_WORKER, username="worker_a", division=divisions.street_a)
    factories.user(Role.DIVISION_WORKER, username="worker_b", division=divisions.street_b)
    factories.user(Role.ORG_ADMIN, username="stranger", organization=factories.approved_organization())
    return pair


def test_ninety_days(spring):
    first, second = spring
    duties.confirmed_visit(first, date(2025, 3, 10))
    visited = {
        date(2025, 4, 5): lambda: duties.confirmed_visit(second, date(2025, 4, 5)),
        date(2025, 4, 10): lambda: duties.confirmed_visit(first, date(2025, 4, 10), "home_visit"),
    }
    sent = []
    for day in (FIRST + timedelta(days=number) for number in range(90)):
        for _ in range(2):
            known = set(Notice.objects.values_list("pk", flat=True))
            with duties.at(day, hour=1):
                judge_obligations()
            new = Notice.objects.exclude(pk__in=known).select_related("user")
            sent += [(day.isoformat(), one.user.username, one.title) for one in new]
        visited.get(day, lambda: None)()

    a, b = first.household.code, second.household.code
    spring_visits = "走访探视（2025年4月1日至4月30日）"
    quarter = "联系交流（2025年第{}季度）"
    overdue, undone = "{}：{}逾期，还差{}次，请尽快办理。", "{}：{}逾期未完成，还差{}次，请了解原因。"
    soon = "{}：{}还差{}次，{}前完成。"
    assert sorted(sent) == sorted(
        [
            ("2025-03-18", "admin_b", soon.format(b, quarter.format("一"), 1, "2025年3月31日")),
            ("2025-04-01", "admin_b", overdue.format(b, quarter.format("一"), 1)),
            ("2025-04-01", "worker_b", overdue.format(b, quarter.format("一"), 1)),
            ("2025-04-17", "admin_a", soon.format(a, spring_visits, 1, "2025年4月30日")),
            ("2025-04-17", "admin_b", soon.format(b, spring_visits, 2, "2025年4月30日")),
            ("2025-05-01", "admin_a", overdue.format(a, spring_visits, 1)),
            ("2025-05-01", "worker_a", overdue.format(a, spring_visits, 1)),
            ("2025-05-01", "admin_b", overdue.format(b, spring_visits, 2)),
            ("2025-05-01", "worker_b", overdue.format(b, spring_visits, 2)),
            ("2025-05-04", "officer", undone.format(a, spring_visits, 1)),
            ("2025-05-04", "reviewer", undone.format(a, spring_visits, 1)),
            ("2025-05-04", "officer", undone.format(b, spring_visits, 2)),
            ("2025-05-04", "reviewer", undone.format(b, spring_visits, 2)),
        ]
    )


def test_the_bureau_is_told_after_some_days_of_grace(spring):
    duties.night(date(2025, 3, 31))
    for day in (date(2025, 4, 7), date(2025, 4, 8)):
        with duties.at(day):
            notices.remind()
            told = set(Notice.objects.filter(key__endswith="undone").values_list("user__username", flat=True))
        assert told == (set() if day == date(2025, 4, 7) else {"officer", "reviewer"})


def test_without_consent_the_organisation_hears_nothing(spring):
    first, second = spring
    with duties.at(FIRST):
        households.withdraw_consent(first.household.consents.get(), by=factories.officer())
    duties.night(date(2025, 3, 20))
    with duties.at(date(2025, 3, 20)):
        notices.remind()
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"admin_b"}
    assert second.household.code in Notice.objects.get().title


def test_nobody_is_reminded_of_a_pairing_that_rests_or_is_over(spring):
    first, second = spring
    with duties.at(FIRST):
        pairings.suspend_pairing(first, by=factories.officer(), reason="对象住院三个月")
        pairings.end_pairing(second, by=factories.officer(), reason="adjusted")
    with duties.at(date(2025, 3, 20)):
        obligations.run_night()
        assert notices.remind() == 0


def test_a_reminder_leads_where_the_reader_may_go(spring, client_for):
    duties.night(date(2025, 3, 31))
    for day in (date(2025, 3, 20), date(2025, 4, 10)):
        with duties.at(day):
            notices.remind()
    for notice in Notice.objects.select_related("user"):
        assert client_for(notice.user).get(notice.url).status_code == 200


def test_reading_marks_only_ones_own(spring):
    duties.night(date(2025, 4, 2))
    with duties.at(date(2025, 4, 2)):
        notices.remind()
        mine = Notice.objects.filter(user__username="admin_a").get()
        others = Notice.objects.exclude(user=mine.user)
        assert notices.mark_read(by=mine.user, notices=Notice.objects.all()) == 1
        assert notices.mark_read(by=mine.user, notices=[mine]) == 0
    assert set(others.unread()) == set(others)
    assert list(Notice.objects.visible_to(mine.user)) == [mine]
