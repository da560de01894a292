"""All reports of a period at once: asked for once, finished once, told of once, and only what failed made again."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import Notice
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import SHANGHAI, now, travel
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from organizations.models import Organization, SupervisingUnit
from reports.enums import EditionState, ReportKind
from reports.models import ReportEdition
from reports.periods import Period
from reports.scopes import name_of
from reports.services import batches, building, closings, editions
from tests import factories, factories_reports

SEPTEMBER = Period(ReportKind.MONTH, Month(2026, 9))
JUNE = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
FIRST_NIGHT = datetime(2026, 10, 1, 0, 5, tzinfo=SHANGHAI)

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(divisions, officer, reviewer):
    """An organisation of a supervising unit, one that came later, and a programme that ran."""
    unit = SupervisingUnit.objects.create(name="金川区卫生健康局")
    with travel(JUNE):
        factories.approved_organization(name="金川区甲爱心协会", supervising_unit=unit)
        factories.program(name="助老护小", started_on=JUNE.date())
    with travel(FIRST_NIGHT):
        factories.approved_organization(name="金川区乙爱心协会")


@pytest.fixture
def batch(district):
    with travel(FIRST_NIGHT):
        return batches.ask_batch(by=None, period=SEPTEMBER)


def every(batch):
    return ReportEdition.objects.filter(batches__batch=batch).order_by("pk")


def ended(batch, *, failed=()):
    """As workers leave it, without the printing: each claimed, then put in place or failed."""
    for edition in every(batch).waiting():
        run = uuid.uuid4()
        edition = building._claim(edition, by=None, run_id=run)
        if edition.pk in failed:
            edition = building._fail(edition, by=None, run_id=run, failure="“下一步打算”里有字没有字形。")
        else:
            ReportEdition.objects.filter(pk=edition.pk).update(
                state=EditionState.READY, pdf="x.pdf", sha256="0" * 64, pages=1, facts={}, facts_at=now()
            )
            edition.transitions.create(from_state="building", to_state="ready", at=now())
        batches.settle_with(edition)
    batch.refresh_from_db()


def test_everybody_who_has_a_report_has_one(batch):
    assert [name_of(edition.scope) for edition in every(batch)] == [
        "金川区",
        *[name_of(one) for one in batches.scopes(SEPTEMBER)[1:3]],
        "金川区甲爱心协会",
        "金川区卫生健康局",
        "助老护小",
    ]
    assert Organization.objects.count() == 2


def test_asked_for_twice_it_is_the_same_batch_and_nothing_is_made_again(batch, officer):
    before = list(every(batch).values("version", "requested_at"))
    assert batches.ask_batch(by=officer, period=SEPTEMBER) == batch
    assert list(every(batch).values("version", "requested_at")) == before


def test_a_period_that_is_not_over_is_refused(district, officer):
    with travel(FIRST_NIGHT - timedelta(minutes=10)), pytest.raises(Refused, match="还没有结束"):
        batches.ask_batch(by=officer, period=SEPTEMBER)


def test_a_leader_cannot_ask(district, leader):
    with pytest.raises(PermissionDenied):
        batches.ask_batch(by=leader, period=SEPTEMBER)


@pytest.mark.parametrize(
    ("night", "due"),
    [
        (datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI), ["2026-08"]),
        (datetime(2026, 11, 1, 0, 5, tzinfo=SHANGHAI), ["2026-10"]),
        (datetime(2026, 10, 31, 0, 5, tzinfo=SHANGHAI), ["2026-09", "2026-Q3"]),
        (datetime(2026, 7, 1, 0, 5, tzinfo=SHANGHAI), ["2026-06", "2026-Q2", "2026-H1"]),
        (datetime(2027, 1, 1, 0, 5, tzinfo=SHANGHAI), ["2026-12", "2026-Q4", "2026-H2", "2026"]),
    ],
)
def test_on_the_first_night_what_is_due_is_due(night, due):
    with travel(night):
        assert [str(period) for period in batches.due_periods()] == due


def test_the_night_asks_for_what_is_due_once(district):
    with travel(FIRST_NIGHT):
        assert [batch.period for batch in batches.ensure_due()] == ["2026-09", "2026-Q3"]
        assert batches.ensure_due() == []


def test_the_last_one_done_finishes_the_batch_and_each_hears_of_it_once(batch, officer, reviewer):
    ended(batch)
    assert batch.finished_at
    batches.settle(batch)
    batches.sweep()
    told = Notice.objects.filter(key=f"batch:{batch.pk}:1")
    assert set(told.values_list("user", flat=True)) == {officer.pk, reviewer.pk}
    assert told.count() == 2
    assert AuditEvent.objects.filter(action="finish").count() == 1
    assert "共6份" in told[0].title


def test_a_batch_with_a_report_under_way_is_not_finished(batch):
    left = every(batch).last()
    every(batch).exclude(pk=left.pk).update(state=EditionState.FAILED)
    assert not batches.settle(batch)
    every(batch).update(state=EditionState.FAILED)
    assert batches.settle(batch)
    assert not batches.settle(batch)


def test_only_what_failed_is_made_again_and_that_is_told_anew(batch, officer):
    failed = every(batch)[2]
    ended(batch, failed={failed.pk})
    assert [edition.failure for edition in batches.failures(batch)] == ["“下一步打算”里有字没有字形。"]
    untouched = list(every(batch).exclude(pk=failed.pk).values("version", "state"))

    batch = batches.retry_failed(batch, by=officer)
    assert batches.queued(batch.pk) == [failed.pk]
    assert batch.finished_at is None
    assert list(every(batch).exclude(pk=failed.pk).values("version", "state")) == untouched
    ended(batch)

    keys = Notice.objects.filter(user=officer).order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"batch:{batch.pk}:1", f"batch:{batch.pk}:2"]
    with pytest.raises(Refused, match="不用重新生成"):
        batches.retry_failed(batch, by=officer)


def test_who_asked_for_one_report_hears_of_it_once_and_of_those_of_a_batch_not_at_all(batch, officer):
    edition = editions.request_edition(by=officer, period=SEPTEMBER.previous)
    factories_reports.built(edition)
    building.build(edition.pk)
    ended(batch)
    keys = [key.split(":")[0] for key in Notice.objects.filter(user=officer).values_list("key", flat=True)]
    assert sorted(keys) == ["batch", "report"]


def test_the_sweep_leaves_batches_their_turn(batch, officer):
    alone = editions.request_edition(by=officer, period=SEPTEMBER.previous)
    assert building.sweep() == [alone.pk]
    assert batches.sweep() == batches.queued(batch.pk)


def test_time_left_is_reckoned_from_those_that_are_done(batch):
    assert batches.progress(batch).left is None
    done = every(batch)[:2]
    with travel(batch.started_at + timedelta(minutes=2)):
        for edition in done:
            edition.transitions.create(from_state="building", to_state="ready", at=now())
        ReportEdition.objects.filter(pk__in=[one.pk for one in done]).update(state=EditionState.FAILED)
        told = batches.progress(batch)
    assert (told.wanted, told.done, told.failed, told.under_way) == (6, 0, 2, 4)
    assert told.left == timedelta(minutes=4)


def test_after_the_closing_drafts_are_made_again_in_a_batch_of_its_own(batch, officer):
    ended(batch)
    with travel(FIRST_NIGHT + timedelta(days=3)):
        closings.finish_closing(closings.begin_closing(by=officer, month=SEPTEMBER.opening))
        final = next(one for one in batches.ensure_due() if one.period == "2026-09")
        assert (final.is_final, final.number) == (True, 1)
        assert list(every(final)) == list(every(batch))
        assert batches.queued(final.pk) == [edition.pk for edition in every(batch)]
        ended(final)
        assert batches.ensure_due() == []
    batch.refresh_from_db()
    assert Notice.objects.filter(user=officer, key=f"batch:{final.pk}:1").count() == 1


def test_a_draft_that_was_being_made_during_the_closing_is_made_again(batch, officer):
    with travel(FIRST_NIGHT + timedelta(days=3)):
        slow = building._claim(every(batch)[0], by=None, run_id=uuid.uuid4())
        ReportEdition.objects.filter(pk=slow.pk).update(facts={}, facts_at=now() - timedelta(minutes=1))
        closings.finish_closing(closings.begin_closing(by=officer, month=SEPTEMBER.opening))
        final = batches.ask_batch(by=officer, period=SEPTEMBER)
        ended(final)
        assert final.finished_at is None
        ReportEdition.objects.filter(pk=slow.pk).update(
            state=EditionState.READY, pdf="x.pdf", sha256="0" * 64, pages=1
        )
        batches.settle_with(slow)
        assert batches.queued(final.pk) == [slow.pk]


def test_drafts_are_not_issued_by_the_hundred(batch, reviewer):
    ended(batch)
    with pytest.raises(Refused, match="请先定稿"):
        batches.issue_statements(batch, by=reviewer)
