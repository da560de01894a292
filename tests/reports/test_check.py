"""The public page that checks a code, and the papers it vouches for."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from jinchuan.shared.codes import grouped
from reports import check, reading
from reports.enums import Variant
from reports.models import EditionFile
from reports.periods import Period
from reports.services import building
from reports.services import editions as services
from tests import factories, factories_reports
from tests.guarding import ROUTES
from tests.printing import paper

pytestmark = pytest.mark.django_db

SEPTEMBER = Period.read("2026-09")
ADDRESS = "reports:check"


@pytest.fixture
def edition(divisions, officer, admin_a):
    factories.confirmed_donation(by=admin_a)
    factories_reports.closed(SEPTEMBER)
    return services.request_edition(by=officer, period=SEPTEMBER)


@pytest.fixture
def ready(edition):
    return factories_reports.built(edition)


@pytest.fixture
def issued(ready, reviewer):
    return services.issue_edition(ready, by=reviewer)


def asked(client, code):
    return client.post(reverse(ADDRESS), {"code": code}).content.decode()


def test_the_code_of_an_issued_report_is_vouched_for(issued, client):
    body = asked(client, grouped(issued.verify_code).lower())
    assert check.STANDS in body
    assert issued.serial in body
    assert issued.files.get(variant=Variant.FIGURES).sha256 in body
    assert "1,000" not in body
    assert "捐款" not in body


def test_codes_that_vouch_for_nothing(ready, client):
    for code in (ready.verify_code, "A" * 28, "x", ready.serial):
        assert check.UNKNOWN in asked(client, code)
    assert ready.serial not in asked(client, ready.verify_code)


def test_a_later_edition_replaces_the_earlier_only_once_it_is_issued(
    issued, officer, reviewer, client, monkeypatch
):
    monkeypatch.setattr(reading, "number", lambda period: 2)
    second = factories_reports.built(services.request_edition(by=officer, period=SEPTEMBER))
    assert (second.number, second.supersedes) == (2, issued)
    assert services.request_edition(by=officer, period=SEPTEMBER) == second
    assert check.STANDS in asked(client, issued.verify_code)
    second = factories_reports.built(second)
    services.issue_edition(second, by=reviewer)
    assert check.SUPERSEDED.format(number=2) in asked(client, issued.verify_code)
    assert check.STANDS in asked(client, second.verify_code)


def test_an_edition_that_was_replaced_is_not_issued(ready, officer, reviewer, monkeypatch):
    monkeypatch.setattr(reading, "number", lambda period: 2)
    services.request_edition(by=officer, period=SEPTEMBER)
    with pytest.raises(services.Refused, match="第 2 版"):
        services.issue_edition(ready, by=reviewer)


def test_asking_too_often_is_refused(issued, client, settings):
    settings.PUBLIC_LIMITS = {**settings.PUBLIC_LIMITS, "report": (2, 600)}
    answers = [client.post(reverse(ADDRESS), {"code": "x"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_a_file_of_an_issued_report_changes_by_no_door(issued):
    for go in ROUTES.values():
        file = issued.files.get(variant=Variant.XLSX)
        with pytest.raises(IntegrityError, match=r"report_(file|issued)_fixed"), transaction.atomic():
            go(file, "sha256", "0" * 64)


def test_nothing_is_put_beside_an_issued_report(issued, reviewer):
    file = issued.files.get(variant=Variant.XLSX)
    with pytest.raises(IntegrityError, match="report_file_fixed"):
        EditionFile.objects.create(edition=issued, variant=Variant.XLSX, file=file.file.name, sha256="0" * 64)


def test_sheet_figures_and_paper_say_the_same(edition):
    """The sheet's sums are formulas; worked out they are the figures of the JSON, and the paper prints them."""
    ready = building.build(edition.pk)
    files = {file.variant: Path(file.file.path).read_bytes() for file in ready.files.all()}
    told = json.loads(files[Variant.FIGURES])["indicators"]
    with ready.pdf.open() as file:
        content = file.read()
    assert PdfReader(io.BytesIO(content)).attachments["figures.json"] == [files[Variant.FIGURES]]
    printed = paper.text(content)
    page = load_workbook(io.BytesIO(files[Variant.XLSX]))["主要指标"]
    lines = {line["name"]: line for line in told.values()}
    assert page.max_row - 3 == len(told)
    for row in range(4, page.max_row + 1):
        line = lines[page.cell(row, 2).value]
        parts = [Decimal(str(page.cell(row, column).value)) for column in (4, 5, 6)]
        assert page.cell(row, 7).value == f"=D{row}+E{row}+F{row}"
        assert sum(parts) == Decimal(str(line["cumulative"]))
    assert lines["捐款"]["cumulative"] == "1000.00"
    assert "1,000.00" in printed
    assert "指标口径说明" in printed
    assert ready.files.get(variant=Variant.FIGURES).sha256 in printed.replace("\n", "")


def test_a_name_that_looks_like_a_formula_stays_text(divisions, officer):
    factories.approved_organization(name="=HYPERLINK(1)协会")
    made = building.build(services.request_edition(by=officer, period=Period.read("2026-11")).pk)
    with made.files.get(variant=Variant.XLSX).file.open() as file:
        page = load_workbook(file)["各社会组织参与情况表"]
    cell = next(cell for cell in page["B"] if "HYPERLINK" in str(cell.value))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    formulas = [cell.value for row in page for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(value.startswith("=SUM(") for value in formulas)


def test_the_brief_is_one_page_whatever_people_wrote(edition, officer, settings):
    settings.REPORT_VARIANTS = ["brief", "large"]
    long = "\n".join(
        f"{'一二三四五六七'[n]}是" + "困难家庭关爱帮扶工作需要进一步推进" * 12 + "。" for n in range(7)
    )
    services.write_words(edition, by=officer, words={"problems": long, "next_steps": long})
    made = building.build(edition.pk)
    assert made.files.get(variant=Variant.BRIEF).pages == 1
    assert made.files.get(variant=Variant.LARGE).pages > made.pages


def test_a_statement_of_an_organisation_has_neither_brief_nor_large_print(org_a, officer, settings):
    settings.REPORT_VARIANTS = ["brief", "large"]
    made = building.build(services.request_edition(by=officer, period=SEPTEMBER, scope=org_a).pk)
    assert {file.variant for file in made.files.all()} == {Variant.XLSX, Variant.FIGURES}
