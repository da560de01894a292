"""Templates: they open, offer choices, keep codes as text, and their example never becomes a record."""

import shutil
import subprocess

import pytest
from openpyxl.utils import get_column_letter

from jinchuan.sheets import blank
from jinchuan.sheets.reading import VERSION_PROPERTY
from jinchuan.sheets.registers import every, named
from organizations.models import Division
from tests.sheets.filling import columns, fill, opened, read

pytestmark = pytest.mark.django_db

REGISTERS = (
    "organizations",
    "households",
    "members",
    "pairings",
    "visits",
    "matters",
    "needs",
    "donations",
    "donors",
    "volunteers",
    "activities",
    "service_records",
    "stories",
)
ONLY_OUT = ("allocations", "distributions")


def test_the_registers_of_the_house():
    assert [register.name for register in every() if register.write] == list(REGISTERS)
    assert sorted(register.name for register in every()) == sorted([*REGISTERS, *ONLY_OUT])
    assert all(named(name).out_only for name in ONLY_OUT)


@pytest.mark.parametrize("register", REGISTERS)
def test_the_heading_is_styled_frozen_and_complete(register, divisions):
    sheet = opened(blank.template(named(register)))[named(register).title]
    assert sheet.freeze_panes == "B2"
    for column, cell in zip(named(register).columns, sheet[1], strict=True):
        assert cell.value == (f"{column.label} *" if column.field.required else column.label)
        assert cell.font.bold and cell.fill.fgColor.rgb == "FF1F4E79"


@pytest.mark.parametrize("register", REGISTERS)
def test_drop_downs_are_named_ranges_on_a_hidden_sheet(register, divisions):
    book = opened(blank.template(named(register)))
    assert book["选项"].sheet_state == "veryHidden"
    rules = book[named(register).title].data_validations.dataValidation
    names = {
        column.name for column in named(register).columns if column.options and list(column.options(None))
    }
    assert {rule.formula1 for rule in rules} == {f"list_{name}" for name in names}
    for name in names:
        sheet, _, area = book.defined_names[f"list_{name}"].attr_text.partition("!")
        words = [cell.value for (cell,) in book[sheet.strip("'")][area.replace("$", "")]]
        column = next(column for column in named(register).columns if column.name == name)
        assert words == list(column.options(None))


def test_communities_offered_are_those_one_looks_after(divisions, worker_a):
    column = next(c for c in named("households").columns if c.name == "community")
    assert set(column.options(worker_a)) == {divisions.a1.short_name, divisions.a2.short_name}


@pytest.mark.parametrize(
    ("register", "names"),
    [
        ("organizations", ["uscc", "contact_phone"]),
        ("households", ["id_number", "phone", "guardian_phone"]),
        ("pairings", ["household", "organization"]),
        ("donations", ["donor_phone", "household"]),
    ],
)
def test_codes_and_phones_are_text_before_anybody_types(register, names, divisions):
    sheet = opened(blank.template(named(register)))[named(register).title]
    first_empty = 2 + len(named(register).examples)
    assert sheet.max_row < first_empty, "an empty cell has the format of its column"
    for name in names:
        place = columns(register)[name]
        assert sheet.column_dimensions[get_column_letter(place)].number_format == "@"
        assert {sheet.cell(row, place).number_format for row in range(2, first_empty)} == {"@"}


@pytest.mark.parametrize("register", REGISTERS)
def test_the_notes_tell_every_column(register, divisions):
    notes = opened(blank.template(named(register)))["填写说明"]
    told = {row[0].value: row[1].value for row in notes.iter_rows(min_row=2)}
    for column in named(register).columns:
        assert told[column.label] == ("必填" if column.field.required else "选填")


@pytest.mark.parametrize("register", REGISTERS)
def test_the_example_is_marked_and_skipped(register, divisions):
    sheet = opened(blank.template(named(register)))[named(register).title]
    assert sheet["A2"].value.startswith("示例")
    row = {"number": "1", named(register).columns[1].name: "x"}
    assert [r.number for r in read(register, fill(register, row)).rows] == [3]


def test_the_template_carries_its_version():
    (held,) = opened(blank.template(named("households"))).custom_doc_props.props
    assert (held.name, held.value) == (VERSION_PROPERTY, named("households").version)


def test_a_list_longer_than_a_rule_can_hold_stays_a_list(divisions):
    total = sum(len(place.short_name) + 1 for place in Division.objects.all())
    column = next(c for c in named("households").columns if c.name == "category")
    assert sum(len(word) + 1 for word in column.options(None)) + total > 100
    rules = opened(blank.template(named("households")))["关爱户"].data_validations.dataValidation
    assert all(len(rule.formula1) < 255 for rule in rules)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
def test_libreoffice_opens_it(tmp_path, divisions):
    path = tmp_path / "t.xlsx"
    path.write_bytes(blank.template(named("households")))
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=120,
    )
    assert "户编号或户序" in (tmp_path / "t.csv").read_text(encoding="utf-8")
