"""The one place that puts text into a cell: always as text, never as a formula, never with a character Excel cannot keep."""

from datetime import date, datetime
from decimal import Decimal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from jinchuan.shared import text

TEXT = "@"
DAY = "yyyy-mm-dd"
MONEY = "#,##0.00"
_LONGEST = 32_767

HEADING_FILL = PatternFill("solid", fgColor="FF1F4E79")
HEADING_FONT = Font(name="等线", bold=True, color="FFFFFFFF")
NEEDED_FONT = Font(name="等线", bold=True, color="FFFFD966")
EXAMPLE_FILL = PatternFill("solid", fgColor="FFF2F2F2")
EXAMPLE_FONT = Font(name="等线", italic=True, color="FF666666")
RED_FILL = PatternFill("solid", fgColor="FFFF9999")
WRAPPED = Alignment(vertical="center", wrap_text=True)
THIN = Border(*(Side(style="thin", color="FFBFBFBF"),) * 4)


def put(cell, value) -> None:
    """Write a value. Text is text whatever it begins with: type ``s`` with Excel's own quote prefix, nothing changed."""
    if value is None or value == "":
        return
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date | datetime):
        cell.value = ""
        cell._value = text.strip_invisible(str(value)).replace("\r", "")[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = TEXT
        cell.quotePrefix = True
        return
    cell.value = value
    if isinstance(value, Decimal):
        cell.number_format = MONEY
    elif isinstance(value, date):
        cell.number_format = DAY


def head(cell, label, *, needed=False) -> None:
    """A heading; a column that must be filled in carries a star."""
    put(cell, f"{label} *" if needed else label)
    cell.font = NEEDED_FONT if needed else HEADING_FONT
    cell.fill = HEADING_FILL
    cell.alignment = WRAPPED
    cell.border = THIN


def mark(cell) -> None:
    cell.fill = RED_FILL
