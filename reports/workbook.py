"""The same figures as an xlsx: sums are formulas, text is never one, and it prints as it stands."""

import io
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from jinchuan.sheets.cellwriting import MONEY, THIN, head, put

from . import facts as fact

FIGURES, SUMS = "主要指标", "各组织合计"
PARTS = ("previous", "month", "correction")
LATE_HEAD = "其中补报"
ADDING = ("捐款", "捐物折价", "场次", "人次")  # columns of which a thing counts for one organisation only
HEAD_ROW = 3


def workbook(facts) -> bytes:
    """One sheet for the figures and one for each further annex of the paper. Same facts, same bytes but for the zip's dates."""
    book = Workbook()
    book.properties.creator, book.properties.title = facts["issuer"], "".join(facts["title"])
    book.properties.created = book.properties.modified = datetime.fromisoformat(facts["as_of"])
    _figures(book.active, facts)
    for annex in facts["annexes"][1:]:
        _annex(book.create_sheet(annex["title"][:31]), annex, facts)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _figures(page, facts):
    """The table of figures: 上月累计 + 本月新增 ± 更正 = 本月累计 is a formula on every line that is told in numbers."""
    page.title = FIGURES
    columns = facts["annexes"][0]["columns"]
    _heads(page, facts, facts["annexes"][0]["title"], columns)
    late = ["late"] if LATE_HEAD in [column["label"] for column in columns] else []
    told = ["previous", "month", *late, "correction", "cumulative"]
    for row, (number, line) in enumerate(
        enumerate(fact.in_order(fact.carried(facts)).values(), start=1), start=HEAD_ROW + 1
    ):
        values = {name: _number(line[name], line["unit"]) for name in told}
        for place, value in enumerate([number, line["name"], line["unit"], *values.values()], start=1):
            _cell(page, row, place, value)
        added = [values[name] for name in (*PARTS, "cumulative")]
        if not any(isinstance(value, str) for value in added):
            cells = [f"{get_column_letter(4 + told.index(name))}{row}" for name in PARTS]
            page.cell(row, 4 + told.index("cumulative")).value = f"={'+'.join(cells)}"
    _printing(page, facts, columns, page.max_row)


def _annex(page, annex, facts):
    columns = annex["columns"]
    _heads(page, facts, annex["title"], columns)
    figures = [place for place, column in enumerate(columns) if column.get("align") == "right"]
    for row, cells in enumerate(annex["rows"], start=HEAD_ROW + 1):
        for place, text in enumerate(cells):
            _cell(page, row, place + 1, _read(text) if place in figures or place == 0 else text)
    if annex["rows"] and annex["rows"][-1][1:2] == ["合计"]:
        _sums(page, columns, len(annex["rows"]) - 1)
    _printing(page, facts, columns, page.max_row)
    for row, note in enumerate(annex["notes"], start=page.max_row + 2):
        put(page.cell(row, 1), note)


def _sums(page, columns, count):
    """Below the printed total, which counts a household once, what the columns that add up come to."""
    row, first, last = page.max_row + 1, HEAD_ROW + 1, HEAD_ROW + count
    _cell(page, row, 2, SUMS)
    for place, column in enumerate(columns, start=1):
        if column["label"] in ADDING:
            letter = get_column_letter(place)
            _cell(page, row, place, 0).value = f"=SUM({letter}{first}:{letter}{last})"
            page.cell(row, place).number_format = MONEY if column["label"].startswith("捐") else "0"


def _heads(page, facts, title, columns):
    put(page.cell(1, 1), f"{facts['scope']['name']} {title}")
    page.cell(1, 1).font = Font(name="等线", bold=True, size=14)
    put(page.cell(2, 1), f"截至 {facts['as_of']}　文件编号 {facts['serial']}　第 {facts['number']} 版")
    for place, column in enumerate(columns, start=1):
        group = column.get("group")
        head(page.cell(HEAD_ROW, place), f"{group} {column['label']}" if group else column["label"])
        page.column_dimensions[get_column_letter(place)].width = max(6, 2.1 * (column.get("width") or 6))


def _printing(page, facts, columns, last):
    """A4 across, as wide as the sheet, the head on every page, the number of the page at its foot."""
    page.freeze_panes = f"A{HEAD_ROW + 1}"
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.print_area = f"A1:{get_column_letter(len(columns))}{last}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "— &P —"


def _cell(page, row, place, value):
    cell = page.cell(row, place)
    put(cell, value)
    cell.border, cell.alignment = THIN, Alignment(vertical="center", wrap_text=True)
    return cell


def _number(value, unit):
    return Decimal(value) if unit == "元" and re.fullmatch(r"-?[0-9.]+", str(value)) else value


def _read(text):
    """A printed figure as a number; words such as 不足3 stay words."""
    try:
        number = Decimal(text.replace(",", "")) if text != "—" else Decimal("0.00")
    except InvalidOperation:
        return text
    return number if "." in text or text == "—" else int(number)
