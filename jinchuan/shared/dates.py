"""Dates as people type them and as the bureau prints them. Pure."""

import re
from calendar import monthrange
from datetime import date

from jinchuan.shared.text import fold_digits

DATE_EMPTY = "请填写日期"
DATE_FORM = "日期请写成 2025-07-01 或 2025年7月1日"
DATE_YEAR_MISSING = "请写上年份"
DATE_YEAR_SHORT = "年份请写四位，例如 2025年7月1日"
DATE_DAY_MISSING = "请写上几日，例如 2025年7月1日"
DATE_NO_SUCH_MONTH = "没有 {month} 月"
DATE_NO_SUCH_DAY = "{month} 月没有 {day} 日"
DATE_NOT_A_LEAP_YEAR = "{year} 年 2 月没有 29 日"
DATE_YEAR_RANGE = "年份应在 1900 到 2100 之间，请核对"

_BETWEEN = r"[-/.、\u2010-\u2015\u2212]"
_WITH_MARKS = re.compile(rf"(\d+){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}?", re.ASCII)
_IN_CHINESE = re.compile(r"(\d+)年(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NO_YEAR = re.compile(rf"\d{{1,2}}{_BETWEEN}\d{{1,2}}|\d{{1,2}}月\d{{1,2}}[日号]?", re.ASCII)
_NO_DAY = re.compile(rf"\d{{4}}{_BETWEEN}\d{{1,2}}|\d{{4}}年\d{{1,2}}月?", re.ASCII)
_MIDNIGHT = re.compile(r"(?<=\d)[T\s]+0?0:00(:00(\.0+)?)?\s*$", re.ASCII)


class DateError(ValueError):
    """A text that is not a day; ``code`` for programs, ``message`` for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


def parse_day(text: str) -> date:
    """The day somebody typed: 2025-7-1, 2025/7/1, 2025.7.1, 20250701, 2025年7月1日, full-width or not.

    Never guesses: no year, two-digit years and month without day are refused, each with its sentence.
    """
    typed = fold_digits(_MIDNIGHT.sub("", text))
    if not typed:
        raise DateError("empty", DATE_EMPTY)
    for form in (_WITH_MARKS, _IN_CHINESE, _RUN_TOGETHER):
        if match := form.fullmatch(typed):
            return _real_day(*match.groups())
    if _NO_YEAR.fullmatch(typed):
        raise DateError("year_missing", DATE_YEAR_MISSING)
    if _NO_DAY.fullmatch(typed):
        raise DateError("day_missing", DATE_DAY_MISSING)
    raise DateError("format", DATE_FORM)


def zh(day: date) -> str:
    """As printed: ``2026年11月3日``, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def _real_day(year_text: str, month_text: str, day_text: str) -> date:
    if len(year_text) != 4:
        raise DateError("year_short", DATE_YEAR_SHORT)
    year, month, day = int(year_text), int(month_text), int(day_text)
    if not 1900 <= year <= 2100:
        raise DateError("year_range", DATE_YEAR_RANGE)
    if not 1 <= month <= 12:
        raise DateError("month", DATE_NO_SUCH_MONTH.format(month=month))
    if not 1 <= day <= monthrange(year, month)[1]:
        leap_only = (month, day) == (2, 29)
        sentence = DATE_NOT_A_LEAP_YEAR if leap_only else DATE_NO_SUCH_DAY
        raise DateError("day", sentence.format(year=year, month=month, day=day))
    return date(year, month, day)
