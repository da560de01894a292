"""Every check of the care side finds the breach it is there for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.enums import CareNeedState, ClaimState, Outcome, VisitKind, VisitState
from cases.models import CareNeed, Claim, Matter, Obligation, Pairing, Visit, VisitHousehold
from cases.services.needs import expire_claim
from cases.services.obligations import run_night, waive_obligation
from cases.services.visits import void_visit
from jinchuan.intake.models import Sequence
from jinchuan.ops import consistency
from jinchuan.shared.clock import now, today
from tests import factories
from tests import factories_cases as care
from tests import factories_duties as duties
from tests.guarding import guards_removed

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)


def found():
    return list(consistency.findings())


def past_the_services(model, **columns):
    """What somebody with the database in hand could do to the rows of a table; returns the first as it was."""
    row = model.objects.order_by("pk").first()
    with guards_removed():
        model._base_manager.filter(pk=row.pk).update(**columns)
    return row


@pytest.fixture
def pairing(db):
    return factories.active_pairing()


@pytest.fixture
def cared(pairing):
    """A confirmed visit with something settled, a need half claimed, one met by a matter."""
    care.confirmed_visit(pairing, matters=[care.settled(pairing.household)])
    care.claim(care.open_need(pairing.household, quantity=Decimal(3)), pairing.organization, quantity=2)
    care.confirmed_matter(pairing, need=care.open_need(pairing.household, need="housing"))
    assert found() == []
    return pairing


@pytest.fixture
def dutiful(db):
    """Two contacts a year, one of them made in March, the rest open."""
    duties.standard(duties.rule(times=2), effective_from=START)
    pairing = duties.pairing(date(2025, 6, 1))
    duties.confirmed_visit(pairing, date(2026, 3, 2))
    run_night()
    assert Obligation.objects.filter(state=Outcome.MET).count() == 1
    assert found() == []
    return pairing


# States and numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Visit, {"state": VisitState.SUBMITTED, "confirmed_at": None, "confirmed_by": None}),
        (Matter, {"state": VisitState.RETURNED, "confirmed_at": None, "confirmed_by": None}),
        (CareNeed, {"state": CareNeedState.WITHDRAWN}),
        (Claim, {"state": ClaimState.EXPIRED}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_state_nobody_moved_it_to(cared, model, columns):
    row = past_the_services(model, **columns)
    expected = f"{model._meta.verbose_name} {row.code} 的状态是 {columns['state']}，最后一次状态变更却到 {row.state}。"
    assert expected in found()


@pytest.mark.parametrize("model", [Visit, Matter, CareNeed, Claim])
def test_a_code_beyond_its_sequence(cared, model):
    row = model.objects.order_by("pk").last()
    name = row.code.rpartition("-")[0]
    Sequence.objects.filter(name=name).update(last=0)
    assert f"{model._meta.verbose_name}编号 {row.code} 超出了编号器 {name} 最后给出的号 0。" in found()


# Visits and matters ------------------------------------------------------------------------------------------


def test_a_visit_to_nobody(pairing):
    visit = care.confirmed_visit(pairing)
    visit.visited.all().delete()
    assert found() == [f"走访 {visit} 没有写明走访了哪一户。"]


def test_a_visit_before_its_pairing(pairing):
    visit = care.confirmed_visit(pairing)
    past_the_services(Visit, visited_on=today() - timedelta(days=1))
    assert found() == [f"走访 {visit} 到关爱户 {pairing.household}，所属结对与走访当天不符。"]


def test_a_visit_on_the_day_its_pairing_ended(pairing):
    visit = care.confirmed_visit(pairing)
    past_the_services(Pairing, ended_on=today(), end_reason="adjusted", state="ended")
    assert f"走访 {visit} 到关爱户 {pairing.household}，所属结对与走访当天不符。" in found()


@pytest.mark.parametrize("breach", ["none", "other"])
def test_a_visit_without_its_pairing(pairing, breach):
    visit = care.confirmed_visit(pairing)
    VisitHousehold.objects.update(pairing=None if breach == "none" else factories.active_pairing())
    assert found() == [f"走访 {visit} 到关爱户 {pairing.household}，所属结对与走访当天不符。"]


def test_a_visit_of_staff_under_a_pairing(pairing):
    visit = care.submitted_visit(pairing, by=factories.reviewer())
    assert found() == []
    VisitHousehold.objects.update(pairing=pairing)
    assert found() == [f"走访 {visit} 是工作人员自己的，却写了结对 {pairing}。"]


def test_a_matter_that_counts_without_its_visit(cared):
    voided = {"voided_at": now(), "voided_by": factories.reviewer()}
    visit = past_the_services(Visit, state=VisitState.VOIDED, **voided)
    matter = Matter.objects.get(visit=visit)
    assert f"办理事项 {matter} 的状态是已确认，与走访 {visit} 不一致。" in found()


def test_a_matter_of_a_household_that_was_not_visited(cared):
    other = factories.active_pairing()
    matter = past_the_services(Matter, household=other.household)
    assert found() == [f"办理事项 {matter} 的 {other.household} 不在走访 {matter.visit} 走访的户里。"]


def test_a_matter_for_the_need_of_another_household(cared):
    matter = past_the_services(Matter, need=care.open_need())
    assert found() == [f"办理事项 {matter} 所选的需求是另一户的。"]


# Needs and claims --------------------------------------------------------------------------------------------


def test_claims_that_do_not_add_up(cared):
    need = past_the_services(CareNeed, open_quantity=Decimal(2))
    assert found() == [f"需求 {need} 尚未认领的数量是 2.00，按认领计算应为 1.00。"]


def test_a_claim_that_outlives_its_need(cared):
    claim = Claim.objects.get()
    day = today()
    past_the_services(CareNeed, state=CareNeedState.MET, met_on=day, met_by="捐赠")
    assert f"需求 {claim.need} 已解决，认领 {claim} 却还没有结束。" in found()


@pytest.mark.parametrize("met_by", ["SX2020-9999", "other"])
def test_a_need_met_by_nothing_that_counts(cared, met_by):
    need = CareNeed.objects.get(state=CareNeedState.MET)
    if met_by == "other":
        met_by = care.submitted_matter(cared).code
    CareNeed.objects.filter(pk=need.pk).update(met_by=met_by)
    assert found() == [f"需求 {need} 记为由 {met_by} 解决，却没有这一户的这件已确认事项。"]


def test_a_claim_that_lapsed_before_its_day(cared):
    claim = expire_claim(Claim.objects.get())
    assert found() == [f"认领 {claim} 保留至 {claim.hold_until.isoformat()}，却提前失效。"]


# Duties ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "breach", [{"was_made": False, "condition": ""}, {"kind": VisitKind.HOME_VISIT, "channel": "in_person"}]
)
def test_a_duty_met_by_what_does_not_count(dutiful, breach):
    duty = Obligation.objects.get(state=Outcome.MET)
    visit = past_the_services(Visit, **breach)
    assert found() == [f"任务 {duty} 记为由走访 {visit} 完成，这次走访却不能算数。"]


def test_a_duty_met_by_the_visit_of_another_pairing(dutiful):
    duty = Obligation.objects.get(state=Outcome.MET)
    other = duties.confirmed_visit(duties.pairing(date(2026, 2, 1)), date(2026, 3, 4))
    Obligation.objects.filter(pk=duty.pk).update(met_by=other)
    assert found() == [f"任务 {duty} 记为由走访 {other} 完成，这次走访却不能算数。"]


@pytest.mark.parametrize(("state", "says"), [(Outcome.LATE, "逾期完成"), (Outcome.MET, "按时完成")])
def test_a_duty_judged_by_another_day(dutiful, state, says):
    """A visit of 2 March is neither late for the whole year, nor in time for a window that began later."""
    duty = Obligation.objects.get(state=Outcome.MET)
    columns = {"state": state} if state == Outcome.LATE else {"window_start": date(2026, 6, 1)}
    Obligation.objects.filter(pk=duty.pk).update(**columns)
    duty.refresh_from_db()
    assert found() == [f"任务 {duty} 记为{says}，走访 {duty.met_by} 的日期却不在那段时间。"]


def test_a_visit_that_meets_a_rule_twice(dutiful):
    visit = Visit.objects.get()
    Obligation.objects.filter(state=Outcome.OPEN).update(state=Outcome.MET, met_by=visit, judged_on=today())
    assert found() == [f"结对 {dutiful} 的走访 {visit} 被同一条标准算了 2 次。"]


def test_a_waiver_nobody_gave(dutiful):
    duty = Obligation.objects.filter(state=Outcome.OPEN).first()
    given = waive_obligation(duty, by=factories.officer(), reason="关爱户住院治疗")
    assert found() == []
    with guards_removed():
        given.transitions.all().delete()
    assert found() == [f"任务 {duty} 记为已免除，却没有免除的记录。"]


def test_a_judgement_without_its_day(dutiful):
    duty = Obligation.objects.get(state=Outcome.MET)
    Obligation.objects.update(judged_on=None)
    assert found() == [f"任务 {duty} 记为按时完成，却没有判定日期。"]


def test_what_the_night_will_put_right_is_no_breach(dutiful):
    void_visit(Visit.objects.get(), by=factories.reviewer(), reason="与另一条重复登记")
    assert found() == []
    run_night()
    assert found() == []
