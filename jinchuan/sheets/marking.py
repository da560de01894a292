"""What did not go in, handed back as the person's own file: red cells, a column that says why, the bad rows apart."""

import io
import warnings
from collections import defaultdict

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from .cellwriting import RED_FILL, WRAPPED, head, mark, put
from .importing import Problem
from .reading import NO_VALUE, PROBLEMS_HEADING, Sheet
from .registers import NUMBER, Register, plain_heading

BAD_ROWS_SHEET = "需要修改的行"
_HIGHEST = 2_000
_REASON_WIDTH = 50


def marked(register: Register, sheet: Sheet, problems: list[Problem]) -> bytes:
    """The file with every problem marked. Put right, this very file can be handed in again.

    It is their workbook as it came. What came as text, or is long, is set out anew at the same rows, for a workbook that
    is opened to be changed takes a hundred times its size.
    """
    reasons = defaultdict(list)
    for problem in problems:
        reasons[problem.row].append(
            f"{problem.label}：{problem.sentence}" if problem.label else problem.sentence
        )
    if sheet.title is not None and sheet.height <= _HIGHEST:
        book = _own_workbook(sheet, problems, reasons)
    else:
        book = _set_out_anew(register, sheet, problems, reasons)
    _add_bad_rows(book, register, sheet, problems, reasons)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _own_workbook(sheet, problems, reasons):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(sheet.data))
    if BAD_ROWS_SHEET in book.sheetnames:
        del book[BAD_ROWS_SHEET]
    page = book[sheet.title]
    _forget_old_marks(page)
    first = min(sheet.columns.values())
    for problem in problems:
        mark(page.cell(problem.row, sheet.columns.get(problem.name, first)))
    place = _problems_column(page, sheet)
    head(page.cell(sheet.heading_row, place), PROBLEMS_HEADING)
    page.column_dimensions[get_column_letter(place)].width = _REASON_WIDTH
    for row, sentences in reasons.items():
        _explain(page.cell(row, place), sentences)
    return book


def _set_out_anew(register, sheet, problems, reasons):
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet.title or register.title)
    columns = {place: register.column(name) for name, place in sheet.columns.items()}
    first, last = min(columns), max(columns) + 1
    wrong = {(problem.row, sheet.columns.get(problem.name, first)) for problem in problems}
    page.column_dimensions[get_column_letter(last)].width = _REASON_WIDTH
    _skip(page, 1, sheet.heading_row)
    heading = _cells(page, last)
    for place, column in columns.items():
        head(heading[place - 1], column.label, needed=column.field.required)
    head(heading[last - 1], PROBLEMS_HEADING)
    page.append(heading)
    before = sheet.heading_row
    for row in sheet.rows:
        _skip(page, before + 1, row.number)
        before, cells = row.number, _cells(page, last)
        for place, column in columns.items():
            put(cells[place - 1], _kept(row.cells[column.name]))
            if (row.number, place) in wrong:
                mark(cells[place - 1])
        if row.number in reasons:
            _explain(cells[last - 1], reasons[row.number])
        page.append(cells)
    return book


def _skip(page, start, end):
    for _ in range(start, end):
        page.append(())


def _cells(page, count):
    return [WriteOnlyCell(page) for _ in range(count)]


def _explain(cell, sentences):
    put(cell, "；".join(sentences))
    cell.alignment = WRAPPED


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
    for place in range(1, len(columns) + 2):
        page.column_dimensions[get_column_letter(place)].width = (
            18 if place <= len(columns) else _REASON_WIDTH
        )
    page.freeze_panes = "A2"
    heading = _cells(page, len(columns) + 2)
    for cell, column in zip(heading, columns, strict=False):
        head(cell, column.label, needed=column.field.required)
    head(heading[-2], PROBLEMS_HEADING)
    head(heading[-1], "原来的行号")
    page.append(heading)
    wrong = {(problem.row, problem.name if problem.name in sheet.columns else NUMBER) for problem in problems}
    for row in sheet.rows:
        if row.number not in reasons:
            continue
        cells = _cells(page, len(columns) + 2)
        for cell, column in zip(cells, columns, strict=False):
            put(cell, _kept(row.cells[column.name]))
            if (row.number, column.name) in wrong:
                mark(cell)
        put(cells[-2], "；".join(reasons[row.number]))
        put(cells[-1], row.number)
        page.append(cells)
