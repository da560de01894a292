"""The daily mail: to exactly the right people, each reminder at most once, without a word about anybody."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from cases.admin.digests import digests_lost
from cases.enums import DigestOutcome
from cases.models import Digest, Member, Notice
from cases.services import digests, households, notices, pairings
from cases.tasks import judge_obligations, mail_digests
from jinchuan.celery import SCHEDULE
from jinchuan.shared.clock import SHANGHAI, now, today, travel
from organizations.enums import Role
from organizations.models import User
from organizations.services import accounts
from tests import factories
from tests import factories_duties as duties
from tests.pages import listing, page, shown

pytestmark = pytest.mark.django_db

FIRST = date(2025, 3, 1)
MORNING = date(2025, 3, 18)
MAILBOXES = "tests.cases.mailboxes."


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.cn"
    settings.SITE_URL = "https://aixin.example.cn"


def _address(user) -> str:
    return f"{user.username}@example.cn".replace("_", ".")


def _everybody_has_an_address():
    for user in User.objects.all():
        accounts.set_email(user, by=user, email=_address(user))


@pytest.fixture
def spring(divisions):
    """A contact each quarter of two households, one in each street; everybody has an address."""
    duties.standard(duties.rule(window="quarter", grace_days=20))
    with duties.at(date(2024, 6, 1)):
        pair = [
            factories.active_pairing(factories.verified_household(community=community))
            for community in (divisions.a1, divisions.b1)
        ]
    for code, pairing in zip("ab", pair, strict=True):
        organization = pairing.organization
        User.objects.filter(pk=factories.admin_of(organization).pk).update(username=f"admin_{code}")
        factories.user(Role.ORG_MEMBER, username=f"gone_{code}", organization=organization, is_active=False)
        factories.user(Role.ORG_MEMBER, username=f"member_{code}", organization=organization)
    for role in (Role.OFFICER, Role.REVIEWER, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR):
        factories._the(str(role), role)
    factories.user(Role.DIVISION_WORKER, username="worker_a", division=divisions.street_a)
    factories.user(Role.DIVISION_WORKER, username="worker_b", division=divisions.street_b)
    factories.user(Role.ORG_ADMIN, username="stranger", organization=factories.approved_organization())
    _everybody_has_an_address()
    return pair


@pytest.fixture
def reminded(spring):
    """The eighteenth of March: both organisations were reminded in the night."""
    duties.night(MORNING)
    with duties.at(MORNING, hour=1):
        notices.remind()
    return spring


def _morning(day=MORNING, hour=7):
    with duties.at(day, hour=hour):
        mail_digests()


def _mailed() -> list[str]:
    return sorted(address.partition("@")[0] for one in mail.outbox for address in one.recipients())


BOTH = ["admin.a", "admin.b", "member.a", "member.b"]


# Ninety days -------------------------------------------------------------------------------------------------


def test_ninety_days(spring):
    first, _ = spring
    acts = {
        date(2025, 3, 10): lambda: duties.confirmed_visit(first, date(2025, 3, 10)),
        date(2025, 4, 3): lambda: accounts.disable_account(
            User.objects.get(username="member_b"), by=User.objects.get(username="admin_b")
        ),
    }
    sent = []
    for day in (FIRST + timedelta(days=number) for number in range(90)):
        with duties.at(day, hour=1):
            judge_obligations()
        mail.outbox.clear()
        for hour in (7, 9):
            _morning(day, hour)
        sent += [(day.isoformat(), name) for name in _mailed()]
        acts.get(day, lambda: None)()

    assert sent == [
        *(("2025-03-18", name) for name in ("admin.b", "member.b")),
        *(("2025-04-01", name) for name in ("admin.b", "member.b", "worker.b")),
        *(("2025-04-08", name) for name in ("officer", "reviewer")),
    ]
    assert Digest.objects.exclude(outcome=DigestOutcome.SENT).count() == 0
    assert Notice.objects.filter(digest__isnull=True).count() == 0


# Who -----------------------------------------------------------------------------------------------------------


def test_everybody_who_was_reminded_gets_one(reminded):
    _morning()

    assert _mailed() == BOTH


def _leaves(pairing):
    accounts.disable_account(User.objects.get(username="member_a"), by=User.objects.get(username="admin_a"))


def _changes_organization(pairing):
    accounts.update_account(
        User.objects.get(username="member_a"), by=None, organization=factories.approved_organization()
    )


def _removes_the_address(pairing):
    user = User.objects.get(username="member_a")
    accounts.set_email(user, by=user, email="")


def _reads_it(pairing):
    user = User.objects.get(username="member_a")
    notices.mark_read(by=user, notices=Notice.objects.filter(user=user))


@pytest.mark.parametrize("act", [_leaves, _changes_organization, _removes_the_address, _reads_it])
def test_who_needs_none_gets_none(reminded, act):
    with duties.at(MORNING, hour=6):
        act(reminded[0])
    _morning()

    assert _mailed() == ["admin.a", "admin.b", "member.b"]


def _ends(pairing):
    pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted")


def _rests(pairing):
    pairings.suspend_pairing(pairing, by=factories.officer(), reason="对象住院三个月")


def _withdraws(pairing):
    households.withdraw_consent(pairing.household.consents.get(), by=factories.officer())


def _moves_away(pairing):
    households.exit_household(pairing.household, by=factories.officer(), reason="moved_away")


@pytest.mark.parametrize("act", [_ends, _rests, _withdraws, _moves_away])
def test_nobody_hears_of_a_household_they_lost_since_the_night(reminded, act):
    with duties.at(MORNING, hour=6):
        act(reminded[0])
    _morning()

    assert _mailed() == ["admin.b", "member.b"]


def test_an_old_reminder_is_no_news(reminded):
    _morning(MORNING + timedelta(days=8))

    assert mail.outbox == []


# What ----------------------------------------------------------------------------------------------------------


def test_a_mail_says_how_many_and_where_and_nothing_else(reminded):
    _morning()

    household = reminded[0].household
    letter = next(one for one in mail.outbox if one.to == ["admin.a@example.cn"])
    assert letter.subject == "【爱心金川】您有 1 条新提醒"
    assert f"1 条新提醒，涉及 1 户：{household.code}。" in letter.body
    assert "https://aixin.example.cn/notices/\n" in letter.body
    assert letter.content_subtype == "plain" and not letter.attachments
    names = [*Member.objects.values_list("name", flat=True), *User.objects.values_list("name", flat=True)]
    for word in (*names, household.address, household.phone, household.summary, "特困", "龙集里"):
        assert word not in letter.subject + letter.body


def test_staff_are_led_to_their_own_inbox(reminded, client_for):
    duties.night(date(2025, 4, 1))
    with duties.at(date(2025, 4, 1), hour=1):
        notices.remind()
    _morning(date(2025, 4, 1))

    letter = next(one for one in mail.outbox if one.to == ["worker.b@example.cn"])
    inbox = f"{reverse('admin:cases_notice_changelist')}?waiting=unread"
    assert f"https://aixin.example.cn{inbox}\n" in letter.body
    worker = User.objects.get(username="worker_b")
    assert client_for(worker).get(inbox).status_code == 200


def test_many_households_are_cut_short(spring):
    organization = spring[0].organization
    type(organization).objects.filter(pk=organization.pk).update(capacity=99)
    with duties.at(date(2024, 6, 1)):
        for _ in range(digests.CODES_MOST):
            factories.active_pairing(factories.verified_household(), organization)
    duties.night(MORNING)
    with duties.at(MORNING, hour=1):
        notices.remind()
    _morning()

    letter = next(one for one in mail.outbox if one.to == ["admin.a@example.cn"])
    assert letter.subject == "【爱心金川】您有 21 条新提醒"
    assert letter.body.count("HJ-") == digests.CODES_MOST and "等。" in letter.body


# Once ----------------------------------------------------------------------------------------------------------


def test_a_second_run_sends_nothing(reminded):
    for hour in (7, 7, 9, 11):
        _morning(hour=hour)
    _morning(MORNING + timedelta(days=1))

    assert _mailed() == BOTH


def test_without_a_server_nothing_is_done(reminded, settings, caplog):
    settings.EMAIL_HOST = ""
    caplog.set_level("INFO", logger="cases.services.digests")

    _morning()

    assert mail.outbox == []
    assert not Digest.objects.exists()
    assert "No mail server is configured" in caplog.text


@pytest.mark.parametrize("box", ["Unreachable", "Refusing", "Busy"])
def test_what_certainly_did_not_go_out_is_tried_again(reminded, settings, box, caplog):
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, MAILBOXES + box
    _morning()

    assert mail.outbox == []
    assert set(Digest.objects.values_list("outcome", flat=True)) == {DigestOutcome.FAILED}
    assert all(one.problem for one in Digest.objects.all())
    assert "example.cn" not in caplog.text

    settings.EMAIL_BACKEND = good
    _morning(hour=9)
    _morning(hour=11)

    assert _mailed() == BOTH


def test_what_may_have_gone_out_is_not_sent_again(reminded, settings):
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{MAILBOXES}Silent"
    _morning()
    settings.EMAIL_BACKEND = good
    _morning(hour=9)
    _morning(MORNING + timedelta(days=1))

    assert _mailed() == BOTH
    assert set(Digest.objects.values_list("outcome", flat=True)) == {DigestOutcome.UNCLEAR}


def test_a_sender_that_dies_leaves_nobody_two_mails(reminded, settings):
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{MAILBOXES}Dying"
    with pytest.raises(SystemExit):
        _morning()
    assert [one.outcome for one in Digest.objects.all()] == [DigestOutcome.SENDING]

    settings.EMAIL_BACKEND = good
    _morning(hour=9)

    assert _mailed() == BOTH
    lost = Digest.objects.get(outcome=DigestOutcome.UNCLEAR)
    assert lost.problem == digests.NO_ANSWER


def test_a_mail_under_way_is_left_alone(reminded):
    with duties.at(MORNING, hour=7):
        claimed = digests.claim(User.objects.get(username="admin_a"), by=None, day=MORNING)
    with travel(datetime(2025, 3, 18, 7, 30, tzinfo=SHANGHAI)):
        mail_digests()

    assert _mailed() == ["admin.b", "member.a", "member.b"]
    claimed.digest.refresh_from_db()
    assert claimed.digest.outcome == DigestOutcome.SENDING


def test_it_runs_in_the_morning():
    assert SCHEDULE[mail_digests.name].hour == {7, 9, 11}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_claim_asks_the_same_number_of_questions(spring, rows, django_assert_num_queries):
    user = User.objects.get(username="admin_a")
    for number in range(rows):
        Notice.objects.create(
            user=user,
            key=f"duty:{number}",
            pairing=spring[0],
            title="提醒",
            url="/",
            created_at=datetime(2025, 3, 18, 1, tzinfo=SHANGHAI),
        )
    with django_assert_num_queries(7), duties.at(MORNING):
        claimed = digests.claim(user, by=None, day=MORNING)
    assert claimed.digest.count == rows


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_each(reminded):
    barrier, failures = threading.Barrier(2), []

    def work():
        try:
            barrier.wait()
            digests.send_digests(on=MORNING)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert failures == []
    assert _mailed() == BOTH


def test_administrators_see_what_did_not_go_out(client_for, officer, administrator, member_a):
    """On their desk and in a register that leads to exactly that; nobody else has either."""
    for outcome, days in ((DigestOutcome.FAILED, 0), (DigestOutcome.UNCLEAR, 6), (DigestOutcome.FAILED, 7)):
        Digest.objects.create(
            user=member_a,
            day=today() - timedelta(days=days),
            outcome=outcome,
            count=2,
            started_at=now(),
            problem="SMTPRecipientsRefused",
        )
    Digest.objects.create(user=officer, day=today(), outcome=DigestOutcome.SENT, count=1, started_at=now())
    client = client_for(administrator)

    (line,) = digests_lost(administrator)
    listed = client.get(line.url)

    assert line.count == listed.context["cl"].result_count == 2
    assert "SMTPRecipientsRefused" in shown(listed)
    assert line.url in shown(client.get(reverse("admin:index")))
    assert "没有发出" in shown(client.get(page(Digest.objects.lost().first())))
    assert list(digests_lost(officer)) == []
    assert client_for(officer).get(listing(Digest)).status_code == 403
    assert client.post(page(Digest.objects.first()), {"outcome": "sent"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_asks_the_same_number_of_questions(
    client_for, administrator, django_assert_num_queries, rows
):
    for _ in range(rows):
        Digest.objects.create(
            user=factories.user(Role.OFFICER),
            day=today(),
            outcome=DigestOutcome.FAILED,
            count=1,
            started_at=now(),
        )
    client = client_for(administrator)
    client.get(listing(Digest))
    with django_assert_num_queries(4):
        client.get(listing(Digest))
