"""What did not go in, handed back as the person's own file: red cells, a column that says why, the bad rows apart."""

import io
import warnings
from collections import defaultdict

import openpyxl
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from .cellwriting import RED_FILL, WRAPPED, head, mark, put
from .importing import Problem
from .reading import NO_VALUE, PROBLEMS_HEADING, Sheet
from .registers import NUMBER, Register, plain_heading

BAD_ROWS_SHEET = "需要修改的行"
_HIGHEST = 20_000


def marked(register: Register, sheet: Sheet, problems: list[Problem]) -> bytes:
    """The file with every problem marked. Put right, this very file can be handed in again."""
    book = _own_workbook(register, sheet)
    page = book[sheet.title or register.title]
    _forget_old_marks(page)
    reasons = defaultdict(list)
    first = min(sheet.columns.values())
    for problem in problems:
        mark(page.cell(problem.row, sheet.columns.get(problem.name, first)))
        reasons[problem.row].append(
            f"{problem.label}：{problem.sentence}" if problem.label else problem.sentence
        )
    place = _problems_column(page, sheet)
    head(page.cell(sheet.heading_row, place), PROBLEMS_HEADING)
    page.column_dimensions[get_column_letter(place)].width = 50
    for row, sentences in reasons.items():
        cell = page.cell(row, place)
        put(cell, "；".join(sentences))
        cell.alignment = WRAPPED
    _add_bad_rows(book, register, sheet, problems, reasons)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _own_workbook(register, sheet):
    """Their workbook as it came; what came as text, or is a million rows high, is set out anew at the same rows."""
    if sheet.title is not None and sheet.height <= _HIGHEST:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(io.BytesIO(sheet.data))
        if BAD_ROWS_SHEET in book.sheetnames:
            del book[BAD_ROWS_SHEET]
        return book
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet.title or register.title
    for column in register.columns:
        if place := sheet.columns.get(column.name):
            head(page.cell(sheet.heading_row, place), column.label, needed=column.field.required)
            for row in sheet.rows:
                put(page.cell(row.number, place), _kept(row.cells[column.name]))
    return book


def _kept(value):
    return None if value is NO_VALUE else value


def _problems_column(page, sheet) -> int:
    """The column that says why: the one of an earlier round, emptied, or the next free one."""
    last = 0
    for cell in page[sheet.heading_row]:
        if cell.value is None:
            continue
        last = cell.column
        if plain_heading(cell.value) == PROBLEMS_HEADING:
            for row in range(sheet.heading_row + 1, page.max_row + 1):
                page.cell(row, cell.column).value = None
            return cell.column
    return last + 1


def _forget_old_marks(page):
    for row in page.iter_rows():
        for cell in row:
            if cell.has_style and cell.fill.fgColor.rgb == RED_FILL.fgColor.rgb:
                cell.fill = PatternFill()


def _add_bad_rows(book, register, sheet, problems, reasons):
    page = book.create_sheet(BAD_ROWS_SHEET)
    columns = [column for column in register.columns if column.name in sheet.columns]
    for place, column in enumerate(columns, start=1):
        head(page.cell(1, place), column.label, needed=column.field.required)
        page.column_dimensions[get_column_letter(place)].width = 18
    last = len(columns) + 1
    head(page.cell(1, last), PROBLEMS_HEADING)
    head(page.cell(1, last + 1), "原来的行号")
    page.column_dimensions[get_column_letter(last)].width = 50
    page.freeze_panes = "A2"
    wrong = {(problem.row, problem.name if problem.name in sheet.columns else NUMBER) for problem in problems}
    bad = [row for row in sheet.rows if row.number in reasons]
    for number, row in enumerate(bad, start=2):
        for place, column in enumerate(columns, start=1):
            cell = page.cell(number, place)
            put(cell, _kept(row.cells[column.name]))
            if (row.number, column.name) in wrong:
                mark(cell)
        put(page.cell(number, last), "；".join(reasons[row.number]))
        put(page.cell(number, last + 1), row.number)
