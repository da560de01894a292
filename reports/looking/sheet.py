"""The rows behind a figure: the heads of their columns, and all of them on their way out as xlsx, masked as the page shows them."""

from decimal import Decimal

from jinchuan.audit.services import verb
from jinchuan.shared.access import require
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.sheets import workbooks

from ..indicators import INDICATORS
from ..scopes import code_of, name_of
from . import scopes
from .behind import behind
from .cards import hides, state
from .words import measured, sum_words

MOST_ROWS = 20_000
TOO_MANY = "这个数据背后有 {count} 条记录，一张表最多 {most} 条。请按月份或者按街道、社会组织分开下载。"


def heads(one) -> tuple[str, ...]:
    """Over the columns of one table of rows."""
    return (
        *(["日期"] if one.is_dated else []),
        *(["性质"] if one.is_booked else []),
        *one.source.heads,
        *([_amount_head(one.indicator.unit)] if one.is_measured else []),
    )


def lead(one, row) -> list[str]:
    """What stands before the columns of the row itself: when it counted, and as what."""
    return [*([zh(row.told_on)] if one.is_dated else []), *([row.told_kind] if one.is_booked else [])]


def _amount_head(unit) -> str:
    return {"元": "金额（元）", "小时": "时长", "天": "天数"}.get(unit, unit)


@verb
def rows_sheet(code, period, scope, *, by, as_of) -> bytes:
    """An xlsx of the rows that the person may see behind the period's own part of a figure: of a closed month those that were booked.
    Who took how many of which stands in it and in the log. Refuses more than ``MOST_ROWS``."""
    require(by, scopes.PERMISSION)
    require(by, "sheets.export_sheet")
    found = behind(code, period, scope, by, as_of=as_of)
    count = sum(one.seen for one in found)
    if count > MOST_ROWS:
        raise Refused(TOO_MANY.format(count=count, most=MOST_ROWS))
    indicator, hide = INDICATORS[code], hides(by, code, scope)
    about = [
        ("口径", indicator.definition),
        ("单位", indicator.unit),
        ("范围", name_of(scope)),
        ("时期", period.label),
        ("数据截至", f"{zh(as_of)}。{state(period, as_of)}"),
        *((one.title, sum_words(one, hide)) for one in found),
    ]
    pages, taken = [], set()
    for number, one in enumerate(found, start=1):
        body = []
        for row in one.rows:
            taken.add(row.pk)
            body.append(_line(one, row))
        pages.append((f"{number} {one.title}", heads(one), body))
    title = f"{name_of(scope)}{period.label}{indicator.name}明细"
    return workbooks.write(
        "figure_rows", title, pages, by=by, ids=taken, about=about, key=f"{code} {period} {code_of(scope)}"
    )


def _line(one, row) -> list:
    amount = one.amount_of(row) if one.is_measured else None
    told = [] if amount is None else [_number(amount, one.indicator.unit)]
    return [*lead(one, row), *one.source.cells(row), *told]


def _number(amount, unit):
    """An amount that adds up in the sheet; time in words."""
    if unit == "元":
        return Decimal(amount)
    return measured(amount, unit) if unit == "小时" else amount
