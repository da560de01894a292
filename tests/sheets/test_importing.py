"""Sheets → records: counts, identity, all or nothing."""

import pytest
from django.core.exceptions import ValidationError

from cases.models import Hardship, Household, Member, Pairing
from donations.models import Donation, DonationLine, Donor
from jinchuan import sheets
from jinchuan.audit.models import AuditEvent
from jinchuan.sheets import importing
from jinchuan.sheets.registers import named
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import (
    GIFT,
    HEAD,
    ORGANIZATION,
    as_csv,
    carry_out,
    fill,
    opened,
    read,
    rehearse,
    said,
)

pytestmark = pytest.mark.django_db

COUNTED = (Organization, Household, Member, Hardship, Pairing, Donation, DonationLine, Donor, AuditEvent)


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def test_organizations_go_in(officer):
    data = fill("organizations", ORGANIZATION)
    before = counts()
    rehearsed = rehearse("organizations", data, by=officer)
    assert (rehearsed.new, rehearsed.changed, rehearsed.same, rehearsed.problems) == (1, 0, 0, [])
    assert counts() == before
    outcome = carry_out("organizations", data, by=officer)
    assert outcome.written
    organization = Organization.objects.get()
    assert (organization.uscc, organization.state, organization.created_by) == (
        ORGANIZATION["uscc"],
        "submitted",
        officer,
    )


def test_households_go_in_with_their_people(officer, divisions):
    child = {
        "number": "1",
        "relation": "孙子女",
        "name": "张小明",
        "id_number": "620301201812250101",
        "guardian_name": "李桂英",
    }
    data = fill(
        "households", HEAD, child, HEAD | {"number": "2", "name": "王建国", "id_number": "620301194103150017"}
    )
    outcome = carry_out("households", data, by=officer)
    assert said(outcome) == []
    assert (outcome.new, outcome.rows, outcome.written) == (2, 3, True)
    household = Household.objects.order_by("pk").first()
    assert [m.name for m in household.members.order_by("pk")] == ["李桂英", "张小明"]
    assert household.address == HEAD["address"]
    assert Hardship.objects.count() == 2


def test_pairings_become_intentions(officer, divisions):
    household, organization = factories.verified_household(), factories.approved_organization()
    row = {
        "household": household.code,
        "organization": organization.uscc,
        "intended_on": "2026年9月1日",
        "liaison_name": "李四",
    }
    outcome = carry_out("pairings", fill("pairings", row), by=officer)
    assert said(outcome) == []
    pairing = Pairing.objects.get()
    assert (pairing.state, str(pairing.intended_on), pairing.household) == (
        "intention",
        "2026-09-01",
        household,
    )


def test_gifts_go_in_line_by_line(officer, divisions):
    rice = {
        "number": "1",
        "kind": "捐物",
        "item": "大米",
        "goods_category": "米面粮油等食品",
        "quantity": 20,
        "unit": "袋",
        "value": "1，200元",
        "valuation_basis": "发票",
    }
    outcome = carry_out("donations", fill("donations", GIFT, rice), by=officer)
    assert said(outcome) == []
    donation = Donation.objects.get()
    assert [str(line.value) for line in donation.lines.order_by("pk")] == ["1000.00", "1200.00"]
    assert donation.donor.name == GIFT["donor_name"]


# All or nothing ---------------------------------------------------------------------------------------------


def test_what_a_service_refuses_keeps_everything_out_and_points_at_the_row(officer, divisions):
    person = factories.registered_household().members.get()
    rows = [
        HEAD | {"number": str(n), "name": factories.person_name(), "id_number": factories.citizen_id()}
        for n in range(5)
    ]
    second = {"number": "3", "relation": "配偶", "name": "王五", "id_number": person.id_number}
    before = counts()
    outcome = carry_out("households", fill("households", *rows, second), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [(8, "id_number")]
    assert "该身份证号已登记在" in outcome.problems[0].sentence
    assert counts() == before


def test_without_the_transaction_the_good_rows_would_have_stayed(officer, divisions):
    """The control: the same entries written one by one leave what came before the bad one."""
    register = named("organizations")
    rows = [ORGANIZATION, ORGANIZATION | {"name": "乙", "uscc": factories.credit_code()}]
    sheet = read("organizations", fill("organizations", *rows))
    entries = [entry for entry, _ in importing._entries(register, sheet.rows, officer, importing.Outcome())]
    register.write(entries[0])
    entries[1].head["name"] = ""
    with pytest.raises(ValidationError):
        register.write(entries[1])
    assert Organization.objects.count() == 1


def test_a_rehearsal_leaves_no_gap_in_the_numbers(officer):
    data = fill("organizations", ORGANIZATION)
    for _ in range(3):
        rehearse("organizations", data, by=officer)
    carry_out("organizations", data, by=officer)
    assert Organization.objects.get().code.endswith("-0001")


def test_a_rehearsal_sees_every_part_of_a_long_sheet(officer):
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(205)]
    outcome = rehearse("organizations", as_csv("organizations", *rows), by=officer)
    assert (outcome.new, outcome.problems, Organization.objects.count()) == (205, [], 0)


def test_what_the_database_refuses_is_told_in_the_words_of_its_constraint(officer, divisions):
    outcome = carry_out("donations", fill("donations", GIFT | {"route": "直接送到关爱户"}), by=officer)
    assert [problem.sentence for problem in outcome.problems] == ["直接送到关爱户的捐赠，请选择是哪一户。"]
    assert (outcome.problems[0].row, Donation.objects.count(), Donor.objects.count()) == (3, 0, 0)


def test_the_import_is_one_event_with_its_counts(officer):
    carry_out("organizations", fill("organizations", ORGANIZATION), by=officer)
    event = AuditEvent.objects.get(action="import")
    assert event.after == {"rows": "1", "new": "1", "changed": "0", "same": "0"}
    assert (event.actor, event.target_type) == ("officer", "sheets.organizations")


def test_a_problem_shows_its_value_masked(officer, divisions):
    row = HEAD | {"id_number": "620301194708220023", "phone": "139093", "name": "李桂英1"}
    outcome = rehearse("households", fill("households", row), by=officer)
    shown = {problem.name: problem.value for problem in outcome.problems}
    assert shown == {"id_number": "****************23", "phone": "******", "name": "李**1"}


# Households -------------------------------------------------------------------------------------------------


def test_the_head_comes_first(officer, divisions):
    outcome = rehearse("households", fill("households", HEAD | {"relation": "配偶"}), by=officer)
    assert said(outcome) == [(3, "relation", "每户的第一行填户主")]


def test_rows_of_one_household_agree_on_what_is_said_once(officer, divisions):
    other = {
        "number": "1",
        "relation": "配偶",
        "name": "王建国",
        "no_id_reason": "尚未办证",
        "community": "龙泉里社区",
    }
    outcome = rehearse("households", fill("households", HEAD, other), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [(4, "community")]
    assert "与第 3 行填写的不同" in outcome.problems[0].sentence


def test_a_row_without_its_number_is_refused(officer, divisions):
    outcome = rehearse("households", fill("households", HEAD | {"number": None}), by=officer)
    assert said(outcome) == [(3, "number", "请填写户编号或户序")]


def test_an_existing_household_is_found_by_its_code_and_gains_a_member(officer, divisions):
    household = factories.registered_household()
    person = household.members.get()
    rows = [
        {
            "number": household.code,
            "community": household.community.short_name,
            "relation": "户主",
            "name": person.name,
            "id_number": person.id_number,
        },
        {"number": household.code, "relation": "子女", "name": "王小云", "no_id_reason": "尚未办证"},
    ]
    outcome = carry_out("households", fill("households", *rows), by=officer)
    assert said(outcome) == []
    assert (outcome.changed, outcome.updates[0].changes) == (1, (("家庭成员", "无", "王*云"),))
    assert household.members.count() == 2


def test_an_unknown_code_is_not_taken_for_a_new_household(officer, divisions):
    outcome = rehearse("households", fill("households", HEAD | {"number": "HJ-0099"}), by=officer)
    assert said(outcome) == [(3, "number", "没有户编号“HJ-0099”，或不在您的工作范围内")]


def test_an_empty_cell_changes_nothing(officer, divisions):
    carry_out("households", fill("households", HEAD), by=officer)
    bare = {name: HEAD[name] for name in ("number", "community", "relation", "name", "id_number")}
    outcome = rehearse("households", fill("households", bare), by=officer)
    assert (outcome.same, outcome.changed) == (1, 0)


def test_a_minor_needs_a_guardian(officer, divisions):
    child = {"number": "1", "relation": "子女", "name": "张小明", "id_number": "620301201812250101"}
    outcome = rehearse("households", fill("households", HEAD, child), by=officer)
    assert said(outcome) == [(4, "guardian_name", "未满 18 周岁，请填写监护人。")]


# Pairings and gifts -----------------------------------------------------------------------------------------


def test_a_pairing_that_is_there_is_corrected_or_left(officer, divisions):
    pairing = factories.intention(liaison_name="李四")
    row = {"household": pairing.household.code, "organization": pairing.organization.name}
    assert rehearse("pairings", fill("pairings", row), by=officer).same == 1
    outcome = carry_out("pairings", fill("pairings", row | {"liaison_name": "王五六"}), by=officer)
    assert outcome.updates[0].changes == (("联系人（结对干部）", "李*", "王*六"),)
    pairing.refresh_from_db()
    assert pairing.liaison_name == "王五六"


def test_an_organisation_that_is_not_approved_pairs_with_nobody(officer, divisions):
    row = {
        "household": factories.verified_household().code,
        "organization": factories.submitted_organization().name,
    }
    outcome = rehearse("pairings", fill("pairings", row), by=officer)
    assert said(outcome) == [(3, "organization", "组织还没有批准，或已暂停、注销。")]


def test_an_unknown_organisation_is_told_by_what_was_typed(officer, divisions):
    row = {"household": factories.verified_household().code, "organization": "没有的协会"}
    outcome = rehearse("pairings", fill("pairings", row), by=officer)
    assert said(outcome) == [(3, "organization", "没有“没有的协会”，请按名册里的写法填写")]


def test_the_same_gifts_again_are_no_change_and_two_alike_are_two(officer, divisions):
    rows = [GIFT, GIFT | {"number": "2"}, GIFT | {"number": "3", "value": "50"}]
    assert carry_out("donations", fill("donations", *rows), by=officer).new == 3
    again = carry_out("donations", fill("donations", *reversed(rows)), by=officer)
    assert (again.new, again.same, again.written) == (0, 3, False)
    assert (Donation.objects.count(), Donor.objects.count()) == (3, 1)


def test_an_organisation_gives_under_its_own_name(officer, org_a):
    row = GIFT | {"donor_kind": "社会组织", "donor_name": org_a.name}
    carry_out("donations", fill("donations", row), by=officer)
    assert Donation.objects.get().donor.organization == org_a


def test_an_anonymous_gift_has_no_name(clerk, divisions):
    outcome = rehearse("donations", fill("donations", GIFT | {"donor_kind": "匿名"}), by=clerk)
    assert said(outcome) == [(3, "donor_name", "匿名捐赠不填名称，请清空这一格")]
    carry_out("donations", fill("donations", GIFT | {"donor_kind": "匿名", "donor_name": ""}), by=clerk)
    assert Donation.objects.get().donor.name == "匿名"


def test_cash_and_goods_say_what_they_need(clerk, divisions):
    goods = GIFT | {"kind": "捐物", "value": ""}
    outcome = rehearse("donations", fill("donations", goods), by=clerk)
    assert {name for _, name, _ in said(outcome)} == {"item", "quantity", "unit", "valuation_basis", "value"}
    outcome = rehearse("donations", fill("donations", GIFT | {"item": "大米", "value": "1.2万"}), by=clerk)
    assert said(outcome) == [
        (3, "value", "请按元填写。1.2 万元 = 12000 元，是否采用？"),
        (3, "item", "捐款不填物资名称，请清空这一格"),
    ]


def test_goods_without_a_price_add_nothing(clerk, divisions):
    goods = GIFT | {
        "kind": "捐物",
        "item": "棉被",
        "quantity": "10",
        "unit": "床",
        "valuation_basis": "不计价（只记数量）",
        "value": "",
    }
    carry_out("donations", fill("donations", goods), by=clerk)
    assert DonationLine.objects.get().value is None


def test_an_organisation_is_corrected_in_words_people_read(officer):
    carry_out("organizations", fill("organizations", ORGANIZATION | {"strengths": "助学"}), by=officer)
    row = ORGANIZATION | {"strengths": "生活照料、助学", "capacity": 9, "has_party_group": "是"}
    (update,) = carry_out("organizations", fill("organizations", row), by=officer).updates
    assert set(update.changes) == {
        ("帮扶专长", "助学", "生活照料、助学"),
        ("可结对户数", "3", "9"),
        ("建有党组织", "否", "是"),
    }


# Round trip -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("register", "row", "heading"),
    [
        ("organizations", ORGANIZATION, "组织名称"),
        ("households", HEAD, "户主"),
        ("donations", GIFT, "捐赠方"),
    ],
)
def test_template_filled_rehearsed_imported_exported(register, row, heading, officer, divisions):
    data = fill(register, row)
    assert rehearse(register, data, by=officer).new == 1
    assert carry_out(register, data, by=officer).written
    out = opened(sheets.export(register, named(register).model.objects.all(), by=officer)).active
    values = dict(zip([cell.value for cell in out[2]], [cell.value for cell in out[3]], strict=True))
    assert values[heading] in {row.get("name"), row.get("donor_name"), "李*英"}
