"""Sheets as people fill them in: the real template, some rows, and back to bytes."""

import csv
import io
from functools import lru_cache

import openpyxl

from jinchuan.sheets import blank, importing, reading
from jinchuan.sheets.registers import named

ORGANIZATION = {
    "name": "金川区助老协会",
    "kind": "社会团体",
    "uscc": "51620302MJ0123456E",
    "responsible_person": "王秀兰",
    "contact_phone": "13909350001",
    "capacity": 3,
}
HEAD = {
    "number": "1",
    "community": "龙集里社区",
    "address": "龙集里3栋2单元501室",
    "phone": "13909350002",
    "relation": "户主",
    "name": "李桂英",
    "id_number": "620301194708220022",
    "category": "特困人员",
    "basis": "特困供养证",
}
GIFT = {
    "number": "1",
    "donor_kind": "爱心企业",
    "donor_name": "金川区某商贸有限公司",
    "received_on": "2026-09-01",
    "route": "交区慈善协会",
    "kind": "捐款",
    "value": "1000",
}


@lru_cache
def _template(register) -> bytes:
    return blank.template(named(register))


def columns(register) -> dict[str, int]:
    """Name → column of the template."""
    return {column.name: place for place, column in enumerate(named(register).columns, start=1)}


def fill(register, *rows, change=None) -> bytes:
    """The template with rows below its example; ``change(sheet, book)`` may do to it what people do."""
    book = opened(_template(register))
    sheet = book[named(register).title]
    places = columns(register)
    start = 2 + len(named(register).examples)
    for number, row in enumerate(rows, start=start):
        for name, value in row.items():
            sheet.cell(number, places[name]).value = value
    if change:
        change(sheet, book)
    return saved(book)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def as_csv(register, *rows, encoding="utf-8-sig") -> bytes:
    columns_ = named(register).columns
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns_])
    for row in rows:
        writer.writerow([row.get(column.name, "") for column in columns_])
    return out.getvalue().encode(encoding)


def read(register, data, name="表.xlsx", **options):
    return reading.read(data, name, named(register), **options)


def rehearse(register, data, *, by):
    return importing.rehearse(named(register), read(register, data), by=by)


def carry_out(register, data, *, by):
    return importing.carry_out(named(register), read(register, data), by=by)


def said(outcome) -> list[tuple[int, str, str]]:
    """Row, column's name and sentence of every problem."""
    return [(p.row, p.name, p.sentence) for p in outcome.problems]
