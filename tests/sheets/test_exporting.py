"""Lists going out: exactly what one may see, masked, never a formula."""

import pytest
from openpyxl import Workbook
from openpyxl.styles import numbers

from cases.models import CareNeed, Household, Matter, Member, Pairing, Visit
from donations.models import Donation
from jinchuan import sheets
from jinchuan.audit.models import AuditEvent
from jinchuan.sheets.cellwriting import put
from organizations.models import Organization
from tests import factories
from tests import factories_cases as care
from tests.sheets.filling import opened, saved

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.test","点我")',
    '=DISPIMG("ID_1",1)',
    "=2+5+cmd|' /C calc'!A0",
    "==1",
    "=",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+86 139",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@a",
    "@",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    '"=1+1"',
    "＝1+1",
    "#REF!",
    "#N/A",
    '=IMPORTXML(CONCAT("http://x.test"),"//a")',
    '=WEBSERVICE("http://x.test")',
    "{=SUM(1)}",
    "%0A-1+1",
    "\u200b=1+1",
]


def rows_of(data):
    sheet = opened(data).active
    heading = [cell.value for cell in sheet[2]]
    return [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]


def every_cell(data):
    return [cell for sheet in opened(data) for row in sheet.iter_rows() for cell in row]


# T09 --------------------------------------------------------------------------------------------------------


def test_there_are_thirty_payloads():
    assert len(set(PAYLOADS)) == 30


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_cell_keeps_text_as_text(payload):
    book = Workbook()
    put(book.active["A1"], payload)
    cell = opened(saved(book)).active["A1"]
    assert cell.data_type != "f" and cell.data_type != "e"
    assert cell.quotePrefix
    assert cell.number_format == numbers.FORMAT_TEXT
    assert cell.value.strip() == payload.replace("\u200b", "").replace("\r", "").strip()


def test_without_the_guard_the_same_cell_is_a_formula():
    book = Workbook()
    book.active["A1"] = PAYLOADS[0]
    assert opened(saved(book)).active["A1"].data_type == "f"


def test_no_payload_in_any_text_column_is_a_formula(officer, divisions):
    """Put below the services, as rows of another age may hold anything."""
    for payload in PAYLOADS:
        household, organization = factories.verified_household(), factories.approved_organization()
        pairing = factories.intention(household, organization, liaison_name="李四")
        donation = factories.submitted_donation(lines=[factories.goods()])
        Organization.objects.filter(pk=organization.pk).update(
            name=payload,
            responsible_person=payload,
            contact_name=payload,
            contact_phone=payload,
            code=payload[:20],
        )
        Household.objects.filter(pk=household.pk).update(address=payload, phone=payload, code=payload[:20])
        household.members.update(name=payload)
        Pairing.objects.filter(pk=pairing.pk).update(liaison_name=payload, code=payload[:20])
        Donation.objects.filter(pk=donation.pk).update(code=payload[:20])
        donation.lines.update(item=payload, unit=payload[:10])
        type(donation.donor).objects.filter(pk=donation.donor_id).update(name=payload, kind="enterprise")
    for register, model in (
        ("organizations", Organization),
        ("households", Household),
        ("pairings", Pairing),
        ("donations", Donation),
    ):
        data = sheets.export(register, model.objects.all(), by=officer)
        cells = every_cell(data)
        assert not [cell.coordinate for cell in cells if cell.data_type in ("f", "e")]
        assert {cell.quotePrefix for cell in cells if isinstance(cell.value, str)} <= {True}
        assert len(rows_of(data)) == model.objects.count() >= 30


# T07 --------------------------------------------------------------------------------------------------------

PEOPLE = ["officer", "reviewer", "leader", "worker_a", "worker_b", "clerk", "admin_a", "admin_b", "outsider"]
LISTS = [
    ("organizations", Organization),
    ("households", Household),
    ("pairings", Pairing),
    ("donations", Donation),
    ("visits", Visit),
    ("matters", Matter),
    ("needs", CareNeed),
]


@pytest.mark.parametrize("who", PEOPLE)
def test_an_export_holds_exactly_what_one_may_see(request, who, pairing_a, pairing_b, outsider_org):
    user = request.getfixturevalue(who)
    for organization in (pairing_a.organization, pairing_b.organization):
        factories.submitted_donation(by=factories.admin_of(organization))
    for pairing in (pairing_a, pairing_b):
        care.submitted_visit(pairing)
        care.submitted_matter(pairing)
        care.open_need(pairing.household, **({"public_words": ""} if pairing is pairing_b else {}))
    for register, model in LISTS:
        data = sheets.export(register, model.objects.all(), by=user)
        codes = {next(iter(row.values())) for row in rows_of(data)}
        assert codes == set(model.objects.visible_to(user).values_list("code", flat=True)), register


@pytest.mark.parametrize("who", PEOPLE)
def test_people_are_exported_with_the_households_one_may_see(request, who, pairing_a, pairing_b):
    user = request.getfixturevalue(who)
    data = sheets.export("members", Member.objects.all(), by=user)
    seen = Member.objects.visible_to(user).values_list("household__code", flat=True)
    assert sorted(row["户编号"] for row in rows_of(data)) == sorted(seen)


def test_a_worker_exports_the_own_street_only(worker_a, household_a, household_b):
    data = sheets.export("households", Household.objects.all(), by=worker_a)
    assert [row["户编号"] for row in rows_of(data)] == [household_a.code]


def test_the_filters_of_the_list_are_kept(officer, household_a, household_b):
    data = sheets.export("households", Household.objects.filter(pk=household_b.pk), by=officer)
    assert [row["户编号"] for row in rows_of(data)] == [household_b.code]


def test_a_disabled_account_exports_nothing(officer, household_a):
    officer.is_active = False
    assert rows_of(sheets.export("households", Household.objects.all(), by=officer)) == []


# Masks, watermark, log --------------------------------------------------------------------------------------


def test_people_leave_the_house_masked(officer, divisions):
    number = factories.citizen_id()
    household = factories.verified_household(
        members=[factories.head(name="王秀兰", id_number=number)],
        address="龙集里3栋2单元501室",
        phone="13909350002",
        summary="独居",
    )
    factories.intention(
        household, factories.approved_organization(contact_phone="13909351111"), liaison_name="赵国强"
    )
    factories.submitted_donation(donor=factories.individual_donor(name="钱多多", phone="13909352222"))
    everything = "\n".join(
        str(cell.value)
        for register, model in LISTS
        for cell in every_cell(sheets.export(register, model.objects.all(), by=officer))
    )
    for secret in (
        "王秀兰",
        number,
        "501室",
        "13909350002",
        "独居",
        "赵国强",
        "钱多多",
        "13909351111",
        "13909352222",
    ):
        assert secret not in everything
    for shown in ("王*兰", "龙集里3栋***", "139****0002", "赵*强", "钱*多", "139****1111"):
        assert shown in everything


def test_figures_are_numbers_and_days_are_days(officer):
    factories.submitted_donation(lines=[factories.cash("1234.50"), factories.goods(value="1200.00")])
    (row,) = rows_of(sheets.export("donations", Donation.objects.all(), by=officer))
    assert (row["捐款（元）"], row["捐物折价（元）"], row["合计（元）"]) == (1234.5, 1200, 2434.5)
    assert row["收到日期"].isoformat().startswith("2026-09-10")
    assert row["物资"] == "大米 20 袋"


def test_the_first_row_says_who_took_it_and_when(officer, household_a):
    mark = opened(sheets.export("households", Household.objects.all(), by=officer)).active["A1"].value
    assert "（officer）" in mark and "导出" in mark and "内部资料" in mark
    assert officer.name not in mark


def test_every_export_is_in_the_log_with_its_count(worker_a, household_a, household_b):
    sheets.export("households", Household.objects.all(), by=worker_a)
    event = AuditEvent.objects.get(action="export")
    assert (event.actor, event.target_type, event.after["rows"]) == ("worker_a", "sheets.households", "1")


@pytest.mark.parametrize(("register", "model"), LISTS)
def test_three_rows_take_as_many_queries_as_one(
    register, model, officer, divisions, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(connection) as caught:
            sheets.export(register, model.objects.all(), by=officer)
        return len(caught)

    def another():
        pairing = factories.intention()
        factories.submitted_donation(by=factories.admin_of(pairing.organization), lines=[factories.goods()])

    another()
    one = count()
    another(), another()
    assert count() == one
