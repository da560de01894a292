"""Members, visits, settled matters and needs: in through their services, out masked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cases.enums import CareNeedState, VisitState
from cases.models import CareNeed, Hardship, Matter, Member, Visit
from cases.services import visits
from jinchuan import sheets
from jinchuan.shared.clock import today
from jinchuan.sheets.registers import named
from tests import factories
from tests import factories_cases as care
from tests.sheets.filling import carry_out, fill, rehearse, said
from tests.sheets.test_exporting import every_cell, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paired(divisions):
    return factories.active_pairing()


def member(of, **cells):
    return {
        "household": of.code,
        "relation": "子女",
        "name": "李建国",
        "id_number": factories.citizen_id(),
        **cells,
    }


def visit(*pairings, **cells):
    return {
        "households": "、".join(pairing.household.code for pairing in pairings),
        "organization": pairings[0].organization.name,
        "visited_on": str(today()),
        "kind": "走访探视",
        "visitors": "张建华、王秀兰",
        "condition": "平稳",
        "notes": "屋里暖和。",
        **cells,
    }


def matter(pairing, **cells):
    return {
        "household": pairing.household.code,
        "organization": pairing.organization.code,
        "settled_on": str(today()),
        "kind": "帮办实事",
        "description": "陪同办理了高龄补贴认证。",
        **cells,
    }


def need(of, **cells):
    return {
        "household": of.code,
        "need": "温暖过冬",
        "description": "被子太薄。",
        "public_words": "一位独居老人需要厚棉被",
        "quantity": 2,
        "unit": "床",
        "raised_on": str(today()),
        **cells,
    }


# Members -----------------------------------------------------------------------------------------------------


def test_a_member_is_added_corrected_and_known_again(officer, paired):
    row = member(paired.household, category="残疾人", basis="残疾人证")
    before = Member.objects.count()
    assert rehearse("members", fill("members", row), by=officer).new == 1
    assert Member.objects.count() == before
    assert carry_out("members", fill("members", row), by=officer).new == 1
    added = paired.household.members.get(name="李建国")
    assert added.joined_on == paired.household.registered_on
    assert Hardship.objects.filter(member=added, category="person_with_disability").exists()
    assert rehearse("members", fill("members", row), by=officer).same == 1
    outcome = carry_out("members", fill("members", row | {"relation": "兄弟姐妹"}), by=officer)
    assert outcome.changed == 1
    assert [change[0] for change in outcome.updates[0].changes] == ["与户主关系"]


def test_what_is_wrong_with_members_is_told_row_by_row(officer, paired):
    household, twice = paired.household, factories.citizen_id()
    rows = [
        member(household, household="HJ-9999"),
        member(household, id_number=factories.registered_household().members.get().id_number),
        member(household, id_number="620301201812250101"),
        member(household, id_number=twice),
        member(household, name="李建军", id_number=twice),
        member(household, relation="户主"),
    ]
    before = Member.objects.count()
    outcome = carry_out("members", fill("members", *rows), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [
        (3, "household"),
        (4, "id_number"),
        (5, "guardian_name"),
        (7, "id_number"),
        (8, ""),
    ]
    assert Member.objects.count() == before


# Visits ------------------------------------------------------------------------------------------------------


def test_a_visit_on_paper_goes_in_for_its_organization_and_waits(officer, reviewer, paired):
    second = factories.active_pairing(organization=paired.organization)
    data = fill("visits", visit(paired, second))
    assert rehearse("visits", data, by=officer).new == 1
    assert not Visit.objects.exists()
    outcome = carry_out("visits", data, by=officer)
    assert (said(outcome), outcome.new) == ([], 1)
    logged = Visit.objects.get()
    assert (logged.organization, logged.channel, logged.state) == (
        paired.organization,
        "in_person",
        VisitState.SUBMITTED,
    )
    assert {row.pairing for row in logged.visited.all()} == {paired, second}
    visits.confirm_visit(logged, by=reviewer)
    assert rehearse("visits", fill("visits", visit(second, paired)), by=officer).same == 1


def test_staff_visits_have_no_organization_and_attempts_no_condition(officer, paired):
    rows = [
        visit(paired, organization=""),
        visit(paired, kind="联系交流", channel="电话", was_made="否", condition=""),
    ]
    assert said(carry_out("visits", fill("visits", *rows), by=officer)) == []
    own, attempt = Visit.objects.order_by("pk")
    assert own.organization is None
    assert (attempt.was_made, attempt.channel, attempt.condition) == (False, "phone", "")


def test_two_like_visits_of_one_sheet_are_two(officer, paired):
    data = fill("visits", visit(paired), visit(paired, notes="傍晚又去了一次。"))
    assert carry_out("visits", data, by=officer).new == 2


def test_what_is_wrong_with_visits_is_told_row_by_row(officer, paired, outsider_org):
    early = str(paired.started_on - timedelta(days=1))
    rows = [
        visit(paired, households=f"{paired.household.code}、HJ-9999"),
        visit(paired, organization=outsider_org.name),
        visit(paired, visited_on=early),
        visit(paired, visited_on=str(today() + timedelta(days=1))),
        visit(paired, condition=""),
        visit(paired, was_made="否"),
        visit(paired, kind="联系交流"),
        visit(paired, kind="走访探视", channel="电话"),
        visit(paired, next_on=early),
    ]
    outcome = carry_out("visits", fill("visits", *rows), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [
        (3, "households"),
        (4, "households"),
        (5, "visited_on"),
        (6, "visited_on"),
        (7, "condition"),
        (8, "condition"),
        (9, "channel"),
        (10, ""),
        (11, ""),
    ]
    assert not Visit.objects.exists()


def test_a_household_of_another_street_is_unknown(worker_a, household_b, divisions):
    """Rows are read as the person at the sheet may see; whether they may hand sheets in is asked before."""
    outcome = rehearse("needs", fill("needs", need(household_b)), by=worker_a)
    assert [(row, name) for row, name, _ in said(outcome)] == [(3, "household")]


# Matters and needs -------------------------------------------------------------------------------------------


def test_a_matter_goes_in_and_answers_its_need_once_confirmed(officer, reviewer, paired):
    wanted = care.open_need(paired.household)
    data = fill("matters", matter(paired, need=wanted.code))
    assert rehearse("matters", data, by=officer).new == 1
    assert not Matter.objects.exists()
    assert said(carry_out("matters", data, by=officer)) == []
    visits.confirm_matter(Matter.objects.get(), by=reviewer)
    wanted.refresh_from_db()
    assert wanted.state == CareNeedState.MET
    again = matter(paired, need=wanted.code, settled_on=f"{today():%Y/%m/%d}")
    assert rehearse("matters", fill("matters", again), by=officer).same == 1


def test_what_is_wrong_with_matters_is_told_row_by_row(officer, paired):
    elsewhere = care.open_need()
    rows = [
        matter(paired, need=elsewhere.code),
        matter(paired, need="XQ-2020-0001"),
        matter(paired, description=""),
        matter(paired, kind="做好事"),
    ]
    outcome = carry_out("matters", fill("matters", *rows), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [
        (3, "need"),
        (4, "need"),
        (5, "description"),
        (6, "kind"),
    ]


def test_a_need_is_raised_known_again_and_corrected_by_its_code(officer, divisions):
    household = factories.verified_household()
    assert carry_out("needs", fill("needs", need(household)), by=officer).new == 1
    raised = CareNeed.objects.get()
    assert (raised.open_quantity, raised.is_urgent, raised.state) == (2, False, CareNeedState.OPEN)
    assert rehearse("needs", fill("needs", need(household)), by=officer).same == 1
    care.claim(raised, quantity=1)
    outcome = carry_out(
        "needs", fill("needs", need(household, number=raised.code, quantity=5, is_urgent="是")), by=officer
    )
    assert (said(outcome), outcome.changed) == ([], 1)
    raised.refresh_from_db()
    assert (raised.quantity, raised.open_quantity, raised.is_urgent) == (5, 4, True)


def test_what_is_wrong_with_needs_is_told_row_by_row(officer, divisions):
    household = factories.verified_household()
    taken = care.open_need(household, quantity=Decimal(3))
    care.claim(taken, quantity=2)
    head = household.members.get().name
    rows = [
        need(household, public_words=f"{head}需要厚棉被"),
        need(household, number=taken.code, quantity=1),
        need(household, number="XQ-2020-0001"),
        need(factories.verified_household(), number=taken.code),
        need(factories.exited_household()),
        need(household, quantity=0),
    ]
    before = CareNeed.objects.count()
    outcome = carry_out("needs", fill("needs", *rows), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [
        (3, "public_words"),
        (4, "quantity"),
        (5, "number"),
        (6, "household"),
        (7, "household"),
        (8, "quantity"),
    ]
    assert CareNeed.objects.count() == before


# Out ---------------------------------------------------------------------------------------------------------


def test_what_went_in_comes_out(officer, paired):
    for register, row in (
        ("members", member(paired.household)),
        ("visits", visit(paired)),
        ("matters", matter(paired)),
        ("needs", need(paired.household)),
    ):
        assert carry_out(register, fill(register, row), by=officer).written
        model = named(register).model
        out = rows_of(sheets.export(register, model.objects.all(), by=officer))[-1]
        assert out["户编号"] == paired.household.code
    assert out["需求类别"] == "温暖过冬" and out["数量"] == "2"


def test_nobody_is_named_and_nothing_is_told_in_exports(officer, paired):
    number = factories.citizen_id()
    carry_out("members", fill("members", member(paired.household, id_number=number)), by=officer)
    carry_out("visits", fill("visits", visit(paired, people_met="李建国")), by=officer)
    carry_out("matters", fill("matters", matter(paired)), by=officer)
    carry_out("needs", fill("needs", need(paired.household)), by=officer)
    text = "\n".join(
        str(cell.value)
        for register in ("members", "visits", "matters", "needs")
        for cell in every_cell(sheets.export(register, named(register).model.objects.all(), by=officer))
    )
    assert "张*华、王*兰" in text
    for secret in (number, "李建国", "张建华", "王秀兰", "屋里暖和", "高龄补贴", "被子太薄"):
        assert secret not in text


def test_only_their_own_visits_and_matters_are_open_to_organizations(paired):
    by = factories.admin_of(paired.organization)
    allowed = {name for name in ("members", "visits", "matters", "needs") if named(name).may_export(by)}
    assert allowed == {"visits", "matters"}
    assert not any(named(name).may_import(by) for name in ("members", "visits", "matters", "needs"))
