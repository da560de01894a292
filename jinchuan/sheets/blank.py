"""The empty template of a register: headings, drop-downs, an example row, notes. Opens in Excel, WPS and LibreOffice."""

import io

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from jinchuan.shared.fields.form import CitizenIdFormField, CreditCodeFormField, PhoneFormField

from .cells import LookupFormField
from .cellwriting import EXAMPLE_FILL, EXAMPLE_FONT, TEXT, WRAPPED, head, put
from .reading import LISTS_SHEET, NOTES_SHEET, ROWS_MOST, VERSION_PROPERTY
from .registers import NUMBER, Register

_WIDEST, _NARROWEST = 40, 10
NOT_LISTED = "请从列表里选择；列表里没有的，请先在系统里登记。"


def template(register: Register, *, by=None) -> bytes:
    """A workbook ready to fill in. Drop-downs hold what ``by`` may choose from."""
    book = Workbook()
    sheet = book.active
    sheet.title = register.title
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "veryHidden"
    columns = register.columns
    for place, column in enumerate(columns, start=1):
        head(sheet.cell(1, place), column.label, needed=column.field.required)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _width(column)
        if column.options:
            _add_list(book, sheet, lists, column, letter, list(column.options(by)))
        if _is_code(column):
            sheet.column_dimensions[letter].number_format = TEXT
    sheet.row_dimensions[1].height = 32
    _add_examples(sheet, register)
    sheet.freeze_panes = "B2"
    _add_notes(book, register)
    book.custom_doc_props.append(StringProperty(name=VERSION_PROPERTY, value=register.version))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _is_code(column) -> bool:
    """Identity numbers, phones and codes must be text before anybody types: Excel keeps 15 digits of a number."""
    by_code = isinstance(column.field, LookupFormField) and not column.options
    return by_code or isinstance(column.field, CitizenIdFormField | CreditCodeFormField | PhoneFormField)


def _width(column) -> int:
    widest = max(2 * len(column.label) + 4, 2 * len(str(column.example)) + 2)
    return max(_NARROWEST, min(_WIDEST, widest))


def _add_list(book, sheet, lists, column, letter, words):
    """A drop-down over a named range: a list written into the cell's own rule breaks the file beyond 255 characters."""
    if not words:
        return
    place = lists.max_column + 1 if lists["A1"].value else 1
    for row, word in enumerate([column.label, *words], start=1):
        put(lists.cell(row, place), word)
    name = f"list_{column.name}"
    at = get_column_letter(place)
    book.defined_names[name] = DefinedName(name, attr_text=f"'{LISTS_SHEET}'!${at}$2:${at}${len(words) + 1}")
    rule = DataValidation("list", formula1=name, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error, rule.errorStyle = "不在列表里", NOT_LISTED, "warning"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS_MOST + 1}")


def _add_examples(sheet, register):
    for row, example in enumerate(register.examples, start=2):
        for place, column in enumerate(register.columns, start=1):
            cell = sheet.cell(row, place)
            put(cell, f"{column.example}{row - 1}" if column.name == NUMBER else example.get(column.name))
            cell.fill, cell.font = EXAMPLE_FILL, EXAMPLE_FONT
            if _is_code(column):
                cell.number_format = TEXT


def _add_notes(book, register):
    notes = book.create_sheet(NOTES_SHEET)
    for place, heading in enumerate(("列名", "是否必填", "怎么填"), start=1):
        head(notes.cell(1, place), heading)
    for row, column in enumerate(register.columns, start=2):
        put(notes.cell(row, 1), column.label)
        put(notes.cell(row, 2), "必填" if column.field.required else "选填")
        put(notes.cell(row, 3), _hint(column))
    last = len(register.columns) + 3
    for row, note in enumerate((*_GENERAL, *register.notes), start=last):
        put(notes.cell(row, 1), note)
    for letter, width in zip("ABC", (26, 12, 90), strict=True):
        notes.column_dimensions[letter].width = width
    for cell in notes["C"]:
        cell.alignment = WRAPPED
    notes.freeze_panes = "A2"


_GENERAL = (
    "标 * 的列必填；列的先后不限，不要改动列名。",
    "灰色的示例行（第一列以“示例”开头）导入时跳过，可以删去。",
    f"一次最多 {ROWS_MOST} 行；有一行不对，全部都不写入，改好标红的地方再上传。",
    "身份证号、电话和代码已设为文本格式，请不要改成数字。",
)


def _hint(column) -> str:
    hint = str(column.field.help_text or "")
    choices = getattr(column.field, "choices", None)
    words = [str(label) for key, label in choices if key not in (None, "")] if choices else []
    one_of = f"请选：{'、'.join(words)}。" if words else ""
    return f"{one_of}{hint}"
