"""The marked file: red cells exactly where something is wrong, and once put right it goes in whole."""

import pytest

from cases.models import Household, Member
from jinchuan.sheets.cellwriting import RED_FILL
from jinchuan.sheets.marking import BAD_ROWS_SHEET, marked
from jinchuan.sheets.registers import named
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import (
    ORGANIZATION,
    as_csv,
    carry_out,
    columns,
    fill,
    opened,
    read,
    rehearse,
    said,
    saved,
)

pytestmark = pytest.mark.django_db

RED = RED_FILL.fgColor.rgb


def household(number, **fields):
    return {
        "number": str(number),
        "community": "龙集里社区",
        "phone": "13909350002",
        "relation": "户主",
        "name": factories.person_name(),
        "id_number": factories.citizen_id(),
    } | fields


# (column, what was typed) – each is one wrong cell of a row of its own.
SEEDS = [
    ("id_number", "620301194708220023"),
    ("id_number", "62030119470822002"),
    ("id_number", "620301470822002"),
    ("id_number", 620301194708220022),
    ("id_number", "6.20302E+17"),
    ("id_number", "620301201502290016"),
    ("id_number", "=A1"),
    ("id_number", "620301209912310012"),
    ("community", "没有里社区"),
    ("community", ""),
    ("community", "北京路街道"),
    ("community", "=B2"),
    ("phone", "1390935"),
    ("phone", "电话在社区"),
    ("phone", "12345678901"),
    ("phone", "=1+1"),
    ("relation", "邻居"),
    ("relation", ""),
    ("relation", "配偶"),
    ("relation", 7),
    ("name", ""),
    ("name", "<script>alert(1)</script>"),
    ("name", "张三1"),
    ("name", "王" * 51),
    ("name", "=HYPERLINK(1)"),
    ("need_level", "很重"),
    ("need_level", 5),
    ("registered_on", "2099-01-01"),
    ("registered_on", "2025-02-30"),
    ("registered_on", "7.1"),
    ("registered_on", "去年"),
    ("sex", "女性"),
    ("sex", "男"),
    ("birth_date", "1950-01-01"),
    ("birth_date", "2025.7"),
    ("guardian_phone", "123"),
    ("guardian_name", "李四<b>"),
    ("category", "困难户"),
    ("basis", ""),
    ("address", "长" * 201),
]


@pytest.fixture
def forty(officer, divisions):
    """Sixty households, forty of them each with one wrong cell."""
    good = [household(number) for number in range(1, 61)]
    bad = [dict(row) for row in good]
    for row, (name, typed) in zip(bad, SEEDS, strict=False):
        row[name] = typed
        if name == "basis":
            row["category"] = "特困人员"
    return good, bad


def red_cells(sheet):
    return {(c.row, c.column) for row in sheet.iter_rows() for c in row if c.fill.fgColor.rgb == RED}


def test_forty_errors_are_forty_red_cells_and_the_file_put_right_goes_in_whole(forty, officer):
    good, bad = forty
    assert len(SEEDS) == 40
    data = fill("households", *bad)
    outcome = rehearse("households", data, by=officer)
    wanted = {(row, columns("households")[name]) for row, (name, _) in enumerate(SEEDS, start=3)}
    assert {(row, columns("households").get(name)) for row, name, _ in said(outcome)} == wanted
    assert (len(outcome.problems), outcome.bad_rows) == (40, 40)

    book = opened(marked(named("households"), read("households", data), outcome.problems))
    page = book["关爱户"]
    assert red_cells(page) == wanted
    last = len(columns("households")) + 1
    assert page.cell(1, last).value == "问题说明"
    assert all(page.cell(row, last).value for row in range(3, 43))
    assert not any(page.cell(row, last).value for row in range(43, 63))
    apart = book[BAD_ROWS_SHEET]
    assert apart.max_row == 41
    assert len(red_cells(apart)) == 40

    carried = carry_out("households", saved(book), by=officer)
    assert (carried.written, len(carried.problems), Household.objects.count()) == (False, 40, 0)

    for row, ((name, _), right) in enumerate(zip(SEEDS, good, strict=False), start=3):
        page.cell(row, columns("households")[name]).value = right.get(name)
        if name == "basis":
            page.cell(row, columns("households")["category"]).value = None
    mended = carry_out("households", saved(book), by=officer)
    assert said(mended) == []
    assert (mended.written, mended.new, Household.objects.count(), Member.objects.count()) == (
        True,
        60,
        60,
        60,
    )


def test_a_second_round_forgets_the_marks_of_the_first(officer):
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(3)]
    rows[0]["capacity"], rows[1]["kind"] = "三", "公司"
    data = fill("organizations", *rows)
    first = opened(
        marked(
            named("organizations"),
            read("organizations", data),
            rehearse("organizations", data, by=officer).problems,
        )
    )
    first["社会组织"].cell(3, columns("organizations")["capacity"]).value = 3
    again = saved(first)
    outcome = rehearse("organizations", again, by=officer)
    second = opened(marked(named("organizations"), read("organizations", again), outcome.problems))
    page, last = second["社会组织"], len(columns("organizations")) + 1
    assert red_cells(page) == {(4, columns("organizations")["kind"])}
    assert [page.cell(1, place).value for place in (last, last + 1)] == ["问题说明", None]
    assert page.cell(3, last).value is None
    assert second.sheetnames.count(BAD_ROWS_SHEET) == 1
    assert second[BAD_ROWS_SHEET].max_row == 2


def test_a_text_file_comes_back_as_a_workbook_at_the_same_rows(officer):
    rows = [ORGANIZATION, ORGANIZATION | {"name": "乙", "uscc": "坏"}]
    data = as_csv("organizations", *rows)
    sheet = read("organizations", data, "表.csv")
    outcome = rehearse("organizations", data, by=officer)
    book = opened(marked(named("organizations"), sheet, outcome.problems))
    assert red_cells(book["社会组织"]) == {(3, columns("organizations")["uscc"])}
    assert book["社会组织"].cell(2, 2).value == ORGANIZATION["name"]
    book["社会组织"].cell(3, columns("organizations")["uscc"]).value = factories.credit_code()
    assert carry_out("organizations", saved(book), by=officer).written
    assert Organization.objects.count() == 2


def test_other_sheets_and_their_own_columns_stay(officer):
    def add(sheet, book):
        sheet.cell(1, 20).value, sheet.cell(3, 20).value = "我的备注", "留着"
        book.create_sheet("另一张")["A1"] = 1

    data = fill("organizations", ORGANIZATION | {"uscc": "坏"}, change=add)
    outcome = rehearse("organizations", data, by=officer)
    book = opened(marked(named("organizations"), read("organizations", data), outcome.problems))
    assert book["社会组织"].cell(3, 20).value == "留着"
    assert book["社会组织"].cell(1, 21).value == "问题说明"
    assert book["另一张"]["A1"].value == 1


def test_text_that_looks_like_a_formula_comes_back_as_text(officer):
    data = as_csv("organizations", ORGANIZATION | {"name": "=cmd|' /C calc'!A0", "uscc": "坏"})
    outcome = rehearse("organizations", data, by=officer)
    book = opened(marked(named("organizations"), read("organizations", data), outcome.problems))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=cmd|' /C calc'!A0" in {cell.value for cell in cells}
