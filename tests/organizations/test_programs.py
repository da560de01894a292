"""Service brands: one machine of facts behind the admin and the portal, each app filling in its own columns."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.facts import HIDDEN, PROGRAMS, Column, Facts
from organizations.models import Program
from organizations.services import organizations as registry
from tests import factories, factories_book
from tests import factories_mobilizing as moving
from tests.pages import act, listing, page, shown

pytestmark = pytest.mark.django_db


def told(program) -> dict:
    values = PROGRAMS.of([program.pk])[program.pk]
    return {column.name: column.text(value) for column, value in zip(PROGRAMS.columns, values, strict=True)}


def test_a_brand_tells_confirmed_service_and_the_gifts_it_used(org_a, admin_a):
    program, other = factories.program(), factories.program()
    two = [factories.service(factories.volunteer(org_a)) for _ in range(2)]
    factories.confirmed_activity(org_a, by=admin_a, program=program, services=two)
    factories.confirmed_activity(org_a, by=admin_a, program=program)
    factories.confirmed_activity(org_a, by=admin_a, program=other)
    factories.submitted_activity(org_a, by=admin_a, program=program)
    money = factories_book.holding("500.00")
    factories_book.approved(money, "300.00", program=program)
    assert told(program) == {
        "志愿服务": "2",
        "参加志愿者": "3",
        "服务时长": "7.5",
        "惠及住户": "6",
        "惠及群众": "8",
        "分配款物": "300.00",
        "已交付款物": "0.00",
        "资助学生": "0",
    }


def test_columns_keep_their_order_and_who_has_nothing_has_zeros():
    facts = Facts()
    facts.register(20, [Column("后", "元")], lambda keys: {})
    facts.register(10, [Column("先", "场")], lambda keys: {1: (4,)})
    assert [column.name for column in facts.columns] == ["先", "后"]
    assert facts.of([1, 2]) == {1: [4, 0], 2: [0, 0]}


@pytest.mark.parametrize(
    ("unit", "value", "said"), [("人", 2, HIDDEN), ("人", 3, "3"), ("人", 0, "0"), ("场", 2, "2")]
)
def test_counts_of_people_below_three_are_hidden_outside_the_bureau(unit, value, said):
    assert Column("受助", unit).public(value) == said


def test_every_organisation_reads_of_a_brand_and_nobodys_name(client_for, outsider, org_a):
    program = factories.program(lead_organization=org_a, summary="为独居老人送餐")
    registry.add_partner(
        program, by=factories.officer(), organization=factories.approved_organization(name="金川区书画协会")
    )
    client = client_for(outsider)
    assert program.name in shown(client.get(reverse("organizations:programs")))
    text = shown(client.get(reverse("organizations:program", args=[program.code])))
    assert "金川区书画协会" in text
    assert "为独居老人送餐" in text
    assert org_a.responsible_person not in text


def test_students_of_a_small_programme_are_not_counted_out(client_for, outsider, officer):
    program = moving.student_program()
    moving.approved_aid(program=program)
    text = shown(client_for(outsider).get(reverse("organizations:program", args=[program.code])))
    assert f"{HIDDEN} 人" in text
    assert told(program)["资助学生"] == "1"
    assert "受助学生" in shown(client_for(officer).get(page(program)))


def test_partners_are_entered_and_ended_on_the_page(client_for, officer, org_a):
    program, client = factories.program(), client_for(officer)
    typed = {"organization": org_a.pk, "started_on": "2026-03-01"}
    assert client.post(act(program, "partner"), typed).status_code == 302
    partner = program.partners.get()
    assert (
        client.post(act(program, "end_partner"), {"partner": partner.pk, "on": "2026-04-01"}).status_code
        == 302
    )
    partner.refresh_from_db()
    assert (partner.started_on, partner.ended_on) == (date(2026, 3, 1), date(2026, 4, 1))
    assert "2026年4月1日" in shown(client.get(page(program)))


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_brands_ask_the_same(client_for, outsider, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        program = factories.program(lead_organization=factories.approved_organization())
    for _ in range(rows):
        registry.add_partner(program, by=officer, organization=factories.approved_organization())
        factories.confirmed_activity(program=program)
    client, staff = client_for(outsider), client_for(officer)
    client.get(reverse("organizations:programs"))
    staff.get(listing(Program))
    with django_assert_num_queries(5):
        client.get(reverse("organizations:programs"))
    with django_assert_num_queries(10):
        client.get(reverse("organizations:program", args=[program.code]))
