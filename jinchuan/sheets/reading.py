"""A file somebody hands in → its rows. What it really is, is decided by its bytes, never by its name.

Nothing is parsed before its unpacked size is known; every whole-file problem is one sentence (``FileProblem``). Cells and
tags go by in a stream and the rows are kept packed, so a long sheet takes hardly more memory than a short one.
"""

import codecs
import csv
import hashlib
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from jinchuan.shared import text
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.packed import Packed

from .registers import EXAMPLE, NUMBER, Register, plain_heading

ROWS_MOST = 10_000
BYTES_MOST = 10 * 1024 * 1024
_UNPACKED_MOST = 50 * 1024 * 1024
_ENTRIES_MOST = 1000
_RATIO_MOST = 200
_HEADING_WITHIN = 5
_COLUMNS_MOST = 100
_EXCEL_LAST_ROW = 1_048_576

EMPTY = "文件是空的，请重新选择。"
TOO_BIG = "文件超过 10 MB，请分成几个文件导入。"
NOT_A_SHEET = "这不是表格文件，请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
OLD_FORMAT = "请另存为 .xlsx 后再上传。"
LOCKED = "文件有密码，请取消密码后再上传。"
STRANGE = "文件内容异常，请新建一个表格，把内容粘贴为数值后再上传。"
TOO_MANY_ROWS = f"一次最多 {ROWS_MOST} 行，请分成几个文件导入。"
NO_ROWS = "表里没有要导入的内容，请从标题下面一行开始填写。"
COLUMNS_MISSING = "缺少列：{names}。请对照模板补上，列的先后不限。"
COLUMN_TWICE = "有两列都叫“{name}”，请删去一列。"
OLD_TEMPLATE = "模板版本 {version}，请下载新模板；可自动对应的列：{names}。"
HIDDEN_ROWS = "含 {count} 行隐藏行，也一并读取。"
HIDDEN_COLUMNS = "含 {count} 个隐藏列，也一并读取。"
COLUMNS_UNUSED = "没有用到的列：{names}。"
NO_RESULT = "单元格是公式且没有结果，请粘贴为数值"

VERSION_PROPERTY = "模板版本"
LISTS_SHEET = "选项"
NOTES_SHEET = "填写说明"
PROBLEMS_HEADING = "问题说明"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AT_ONCE = 64 * 1024
_TOLD_EVERY = 100
# A tag ends before the next one begins, and what stands in it is looked for apart: with one pattern for both, a part of
# a megabyte made for it would keep the search busy for hours.
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^<>]*>")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


class FileProblem(Refused):
    """The file as a whole cannot be taken."""


class NoResult:
    """Stands for a cell that is a formula without a value, or an error."""

    def __str__(self):
        return ""

    def __reduce__(self):
        return "NO_VALUE"  # packed and unpacked it is the same one


NO_VALUE = NoResult()


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict


@dataclass
class Sheet:
    """What was read. ``columns`` says in which column (from 1) each name stands; ``title`` is None for a text file."""

    name: str
    data: bytes
    title: str | None = None
    heading_row: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    rows: Packed = field(default_factory=Packed)
    notices: list[str] = field(default_factory=list)
    height: int = 0

    @property
    def sha256(self) -> str:
        return digest(self.data)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def untold(done) -> None:
    """Nobody listens to how far it is."""


def read(data: bytes, name: str, register: Register, *, tell=untold) -> Sheet:
    """The rows of a file for a register. Refuses (``FileProblem``) what is no sheet, or not this register's.

    ``tell(rows)`` hears how far it is.
    """
    look_at(data)
    sheet = Sheet(name, data)
    if not data.startswith(b"PK"):
        _from_tables(sheet, [(None, enumerate(_csv_rows(data), start=1))], register, tell)
        return sheet
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            _read_workbook(sheet, register, tell)
    except Refused:
        raise
    except DefusedXmlException as error:
        raise FileProblem(STRANGE) from error
    except Exception as error:  # openpyxl raises whatever a damaged part happens to cause
        raise FileProblem(STRANGE) from error
    return sheet


def look_at(data: bytes) -> None:
    """Refuse (``FileProblem``) at once what is no sheet at all, or a bomb. Nothing is unpacked for it."""
    if not data:
        raise FileProblem(EMPTY)
    if len(data) > BYTES_MOST:
        raise FileProblem(TOO_BIG)
    if data.startswith(_OLE):
        raise FileProblem(_about_ole(data))
    if not data.startswith(b"PK"):
        _encoding_of(data)
    elif not any(entry.lower().endswith("workbook.xml") for entry in check_archive(data)):
        raise FileProblem(NOT_A_SHEET)


def _about_ole(data) -> str:
    """An OLE container is an encrypted xlsx, an old xls (WPS's et is one), or a document."""
    if _wide("EncryptedPackage") in data:
        return LOCKED
    return NOT_A_SHEET if _wide("WordDocument") in data or _wide("PowerPoint") in data else OLD_FORMAT


def _wide(word) -> bytes:
    return word.encode("utf-16-le")


def _encoding_of(data) -> str:
    """How a text file is written."""
    if b"\0" in data or data.lstrip()[:5].lower().startswith((b"<", b"%pdf", b"{\\rtf")):
        raise FileProblem(NOT_A_SHEET)
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(data), _AT_ONCE):
                decoder.decode(data[start : start + _AT_ONCE], final=start + _AT_ONCE >= len(data))
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileProblem(NOT_A_SHEET)


def _csv_rows(data):
    encoding = _encoding_of(data)
    first = data[:4000].decode(encoding, "ignore").splitlines()[:_HEADING_WITHIN]
    delimiter = (
        "\t" if any("\t" in line for line in first) and not any("," in line for line in first) else ","
    )
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    try:
        yield from islice(csv.reader(lines, delimiter=delimiter), _EXCEL_LAST_ROW)
    except csv.Error as error:
        raise FileProblem(NOT_A_SHEET) from error


# xlsx -------------------------------------------------------------------------------------------------------


def check_archive(data) -> list[str]:
    """The names in the archive. Refuses a bomb by the sizes it declares, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileProblem(STRANGE) from error
    unpacked = sum(entry.file_size for entry in entries)
    ratio = max((e.file_size / max(e.compress_size, 1) for e in entries if e.file_size > 2**20), default=0)
    if len(entries) > _ENTRIES_MOST or unpacked > _UNPACKED_MOST or ratio > _RATIO_MOST:
        raise FileProblem(STRANGE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileProblem(LOCKED)
    return [entry.filename for entry in entries]


def _read_workbook(sheet, register, tell) -> None:
    values = openpyxl.load_workbook(io.BytesIO(sheet.data), read_only=True, data_only=True)
    sheets = [ws for ws in values.worksheets if ws.sheet_state == "visible" and ws.title != NOTES_SHEET]
    tags = {ws.title: _tags(sheet.data, ws._worksheet_path) for ws in sheets}
    formulas = None
    if any(found.formulas for found in tags.values()):
        formulas = openpyxl.load_workbook(io.BytesIO(sheet.data), read_only=True, data_only=False)
    tables = [
        (ws.title, _cells(ws, formulas[ws.title] if tags[ws.title].formulas else None)) for ws in sheets
    ]
    version = _template_version(values)
    _from_tables(sheet, tables, register, tell, epoch=values.epoch, version=version)
    if hidden := tags[sheet.title].hidden_rows:
        sheet.notices.append(HIDDEN_ROWS.format(count=hidden))
    if hidden := tags[sheet.title].hidden_columns:
        sheet.notices.append(HIDDEN_COLUMNS.format(count=hidden))


@dataclass
class Tags:
    """What the tags of a worksheet say that openpyxl does not."""

    formulas: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0


def _tags(data, path) -> Tags:
    """Look through a worksheet's part piece by piece; a tag that is cut in two is looked at with the next."""
    found, left = Tags(), b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(path) as part:
        while read := part.read(_AT_ONCE):
            text_ = left + read
            cut = text_.rfind(b"<")
            cut = len(text_) if cut < 0 or b">" in text_[cut:] else cut
            piece, left = text_[:cut], text_[cut:]
            found.formulas = found.formulas or bool(_FORMULA.search(piece))
            found.hidden_rows += sum(1 for _ in _hidden(_ROW, piece))
            found.hidden_columns += sum(_width_of(tag) for tag in _hidden(_COLUMN, piece))
    return found


def _hidden(kind, piece):
    return (tag[0] for tag in kind.finditer(piece) if _HIDDEN.search(tag[0]))


def _width_of(tag) -> int:
    first, last = (re.search(rb'\b%s="(\d+)"' % side, tag) for side in (b"min", b"max"))
    return int(last[1]) - int(first[1]) + 1 if first and last else 1


def _cells(values, formulas):
    """(row number, values) of a worksheet; the dimension it declares is not believed."""
    values.reset_dimensions()
    rows = values.iter_rows(max_row=_EXCEL_LAST_ROW, max_col=_COLUMNS_MOST)
    if formulas is None:
        for number, cells in enumerate(rows, start=1):
            yield number, [NO_VALUE if cell.data_type == "e" else cell.value for cell in cells]
        return
    formulas.reset_dimensions()
    twins = formulas.iter_rows(max_row=_EXCEL_LAST_ROW, max_col=_COLUMNS_MOST)
    for number, (cells, behind) in enumerate(zip(rows, twins, strict=True), start=1):
        yield number, [_value(cell, twin) for cell, twin in zip(cells, behind, strict=True)]


def _value(cell, twin):
    if cell.data_type == "e" or (twin.data_type == "f" and cell.value in (None, "")):
        return NO_VALUE
    return cell.value


def _template_version(workbook) -> str:
    """The version a template of ours carries in its document properties; empty for anybody's own table."""
    for held in workbook.custom_doc_props.props:
        if held.name == VERSION_PROPERTY:
            return str(held.value)
    return ""


# Rows -------------------------------------------------------------------------------------------------------


def _from_tables(sheet, tables, register, tell, *, epoch=WINDOWS_EPOCH, version=""):
    """Fill ``sheet`` from the first table whose heading is this register's."""
    fullest = {}
    for title, rows in tables:
        rows = iter(rows)
        top = [row for _, row in zip(range(_HEADING_WITHIN), rows, strict=False)]
        heading_row, columns, unused = _find_heading(top, register)
        if len(columns) > len(fullest):
            fullest = columns
        if any(register.is_needed(c) and c.name not in columns for c in register.columns) or not columns:
            continue
        if version and version != register.version:
            break
        sheet.title, sheet.heading_row, sheet.columns = title, heading_row, columns
        below = (row for row in top if row[0] > heading_row)
        _take_rows(sheet, chain(below, rows), register, tell, epoch)
        if unused:
            sheet.notices.append(COLUMNS_UNUSED.format(names="、".join(unused)))
        return
    if version and version != register.version:
        names = "、".join(register.labels[name] for name in fullest) or "无"
        raise FileProblem(OLD_TEMPLATE.format(version=version, names=names))
    missing = [c.label for c in register.columns if register.is_needed(c) and c.name not in fullest]
    raise FileProblem(COLUMNS_MISSING.format(names="、".join(missing)))


def _find_heading(top, register):
    """The row, within the first five, that holds most of the headings: its number, name → column, headings not ours."""
    ours = {plain_heading(column.label): column.name for column in register.columns}
    labels = {plain_heading(heading): name for heading, name in register.also.items()} | ours
    best = (0, {}, [])
    for number, cells in top:
        columns, unused = {}, []
        for place, cell in enumerate(cells, start=1):
            heading = plain_heading(cell) if cell not in (None, "", NO_VALUE) else ""
            name = labels.get(heading)
            if name in columns and heading not in ours:
                name = None
            if name in columns:
                raise FileProblem(COLUMN_TWICE.format(name=heading))
            if name:
                columns[name] = place
            elif heading and heading != PROBLEMS_HEADING:
                unused.append(heading[:20])
        if len(columns) > len(best[1]):
            best = (number, columns, unused)
    return best


def _take_rows(sheet, rows, register, tell, epoch):
    days = {c.name for c in register.columns if isinstance(c.field, DayFormField)}
    for number, cells in rows:
        sheet.height, taken = number, {}
        if all(value is None for value in cells):  # of a million such rows there is no more to ask
            continue
        for name, place in sheet.columns.items():
            value = cells[place - 1] if place <= len(cells) else None
            taken[name] = _day(value, epoch) if name in days else value
        filled = {name for name, value in taken.items() if not _is_blank(value)}
        if filled <= {NUMBER} and not (register.grouped and filled):
            continue
        if text.clean(str(taken.get(NUMBER) or "")).startswith(EXAMPLE):
            continue
        if len(sheet.rows) >= ROWS_MOST:
            raise FileProblem(TOO_MANY_ROWS)
        sheet.rows.append(Row(number, taken))
        if len(sheet.rows) % _TOLD_EVERY == 0:
            tell(len(sheet.rows))
    if not len(sheet.rows):
        raise FileProblem(NO_ROWS)


def _is_blank(value) -> bool:
    return value is None or (isinstance(value, str) and not text.clean(value))


def _day(value, epoch):
    """A date's serial number in a cell that lost its date format, as the day it is in the workbook's own system."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 10_000 <= value <= 80_000:
        found = from_excel(value, epoch)
        return found.date() if isinstance(found, datetime) else found
    return value
