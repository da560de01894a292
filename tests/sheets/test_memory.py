"""Memory does not grow with the sheet: what reading and writing hold at their highest, counted by Python itself."""

import tracemalloc

import openpyxl
import pytest

from jinchuan.sheets import importing, reading
from jinchuan.sheets.registers import named
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import HEAD, ORGANIZATION, as_csv, saved

pytestmark = pytest.mark.django_db


def highest(act, *arguments, **options) -> int:
    """The most that was held at once while ``act`` ran, in bytes."""
    tracemalloc.start()
    try:
        act(*arguments, **options)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def households(count) -> bytes:
    register = named("households")
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(register.title)
    page.append([column.label for column in register.columns])
    for number in range(count):
        cells = HEAD | {"number": str(number), "address": f"龙集里{number}号", "phone": f"139{number:08d}"}
        page.append([cells.get(column.name, "") for column in register.columns])
    return saved(book)


def test_reading_five_times_the_rows_takes_hardly_more(db):
    register, few, many = named("households"), households(400), households(2000)
    reading.read(few, "表.xlsx", register)
    low, high = (highest(reading.read, data, "表.xlsx", register) for data in (few, many))
    # As objects the further rows would take 3 MB.
    assert high - low < 1_000_000


def test_writing_four_times_the_rows_takes_hardly_more(officer):
    register = named("organizations")
    sheets = [
        reading.read(as_csv("organizations", *rows(count)), "表.csv", register) for count in (5, 50, 200)
    ]
    _, low, high = (highest(importing.carry_out, register, sheet, by=officer) for sheet in sheets)
    assert Organization.objects.count() == 255
    # The entry and the events of a row are 5 kB as objects.
    assert high - low < 150 * 2_000


def rows(count):
    return [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(count)]
