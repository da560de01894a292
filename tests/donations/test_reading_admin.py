"""The bureau reads the book: the sheet of a fund, the public list, a statement; as page, workbook and paper."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from donations.admin.reading import ORDER
from donations.models import Fund, Paper
from donations.papers import NO_RECEIPT
from donations.services import papers
from jinchuan.audit.models import AuditEvent
from jinchuan.sheets import reading
from tests import factories, factories_book
from tests.donations.test_reconciling import statement
from tests.pages import page, shown
from tests.printing.paper import text as words_of

pytestmark = pytest.mark.django_db

PERIOD = {"since": "2026-09-01", "until": "2026-10-31"}
BALANCE, DISCLOSURE, RECONCILE = (
    reverse(f"admin:donations_fund_{name}") for name in ("balance", "disclosure", "reconcile")
)


@pytest.fixture
def client(client_for, officer):
    return client_for(officer)


def book(response):
    assert response["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(response.content))


def test_the_sheet_of_all_funds_and_of_one(client):
    factories_book.approved(factories_book.holding("1000"), "300", fund=factories_book.fund())
    assert "期初余额" not in shown(client.get(BALANCE))
    text = shown(client.get(BALANCE, PERIOD | {"until": "2026-11-22"}))
    assert "1,000.00" in text and "钩稽关系" in text and "不相符" not in text
    fund = Fund.objects.get(kind="purpose")
    whole = book(
        client.get(
            BALANCE, {"since": "2026-09-01", "until": str(date.today()), "fund": fund.pk, "as": "xlsx"}
        )
    )
    page = whole.worksheets[0]
    assert page.cell(2, 1).value == "用途·款物"
    assert 300 in [cell.value for cell in page[3]]
    assert AuditEvent.objects.filter(action="export").count() == 1


def test_a_period_that_ends_before_it_begins(client):
    answer = client.get(BALANCE, {"since": "2026-09-02", "until": "2026-09-01"})
    assert ORDER in shown(answer)


def test_the_public_list_as_page_workbook_and_paper(client, household_a):
    donor = factories.individual_donor(name="王秀兰")
    factories.confirmed_donation(
        donor=donor, household=household_a, lines=[factories.cash(), factories.goods()]
    )
    text = shown(client.get(DISCLOSURE, PERIOD))
    assert "爱心人士" in text and "王秀兰" not in text and household_a.code not in text
    rows = list(book(client.get(DISCLOSURE, PERIOD | {"as": "xlsx"})).worksheets[0].values)
    assert [row[1:3] for row in rows[2:]] == [("爱心人士", "捐款"), ("爱心人士", "大米")]


def test_the_list_to_be_put_up_is_printed_by_a_worker(client, household_a):
    donor = factories.individual_donor(name="王秀兰")
    factories.confirmed_donation(donor=donor, household=household_a, lines=[factories.goods()])
    answer = client.post(DISCLOSURE, PERIOD)
    paper = papers.print_paper(Paper.objects.get(kind="disclosure").pk)
    assert answer.url == page(paper)
    words = words_of(client.get(page(paper, "pdf")).getvalue()).replace("\n", "")
    assert "爱心人士" in words and "大米" in words and NO_RECEIPT in words
    assert "王秀兰" not in words and household_a.code not in words


def test_a_statement_is_compared_and_thrown_away(client):
    donor = factories.individual_donor(name="王秀兰")
    donation = factories.confirmed_donation(donor=donor)
    data = statement(("2026-09-10", "1000.00", "王秀兰", "捐款", "A1"), ("2026-09-11", 5, "李建国", "", ""))
    text = shown(client.post(RECONCILE, {"file": SimpleUploadedFile("流水.xlsx", data)}))
    assert donation.code in text and "李建国" in text
    told = book(client.post(RECONCILE, {"file": SimpleUploadedFile("流水.xlsx", data), "xlsx": "1"}))
    assert told.sheetnames[:2] == ["需要核对", "流水里有，系统里没有"]
    assert AuditEvent.objects.filter(action="reconcile").count() == 2


def test_a_file_that_is_none_is_told_beside_the_field(client):
    answer = client.post(RECONCILE, {"file": SimpleUploadedFile("流水.xlsx", b"PK\x03\x04 nothing")})
    assert reading.STRANGE in shown(answer)


@pytest.mark.parametrize("address", [BALANCE, DISCLOSURE, RECONCILE])
def test_organisations_have_no_business_there(client_for, admin_a, address):
    assert client_for(admin_a).get(address).status_code in (302, 403, 404)


def test_the_register_leads_there(client):
    text = shown(client.get(reverse("admin:donations_fund_changelist")))
    for address in (BALANCE, DISCLOSURE, RECONCILE):
        assert address in text
