"""What is counted, and how. Screen, sheet, chart and PDF all ask here; a figure is written down nowhere else.

An ``Indicator`` knows the rows behind it. It counts up to a day: distinct things in the month of their first event, so
that 上月累计 + 本月新增 = 本月累计 holds on every line.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from .care import CARE
from .definition import Cuts, Figure, Indicator
from .giving import GIVING
from .mobilizing import MOBILIZING
from .pairing import PAIRING
from .service import SERVICE
from .stories import STORIES
from .using import USING

__all__ = ["INDICATORS", "Cuts", "Figure", "Indicator", "read_all", "shown"]

INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (*MOBILIZING, *PAIRING, *CARE, *GIVING, *USING, *SERVICE, *STORIES)
}


def read_all(cuts: Cuts | date, scope=None, *, codes=None, parts=True) -> dict[str, Figure]:
    """Every indicator that can be told of the scope, at the cuts (of a day: its month so far); one query each, one for its
    categories and one for what it is told by, whatever the size of the district. Without ``parts`` the first alone; ``codes`` leaves the
    other indicators out."""
    if isinstance(cuts, date):
        cuts = Cuts.at(cuts)
    return {
        code: replace(
            indicator.read(cuts, scope),
            by_category=indicator.read_by_category(cuts, scope) if parts else {},
            by=indicator.read_by(cuts, scope) if parts else {},
        )
        for code, indicator in INDICATORS.items()
        if indicator.tells(scope) and (codes is None or code in codes)
    }


def shown(figure: Figure) -> dict:
    """A figure as it is printed and handed over: 元 as text with two places, the rest as numbers.

    Hours are rounded down from the cumulative minutes and the month is the difference, so that the line adds up.
    """
    indicator = figure.indicator
    cumulative, previous = figure.cumulative, figure.previous
    if indicator.unit == "小时":
        tenths, tenths_before = cumulative * 10 // 60, previous * 10 // 60
        values = [n / 10 for n in (tenths - tenths_before, tenths_before, 0, tenths)]
    elif indicator.unit == "元":
        values = [f"{amount:.2f}" for amount in (figure.month, previous, Decimal(0), cumulative)]
    else:
        values = [figure.month, previous, 0, cumulative]
    month, before, correction, now = values
    told = {
        "name": indicator.name,
        "unit": indicator.unit,
        "month": month,
        "previous": before,
        "correction": correction,
        "cumulative": now,
        "definition": indicator.definition,
    }
    if indicator.splits:
        told["by"] = {
            name: {part: _part(figure) for part, figure in parts.items()} for name, parts in figure.by.items()
        }
    if indicator.hardships:
        told["by_category"] = {category: _part(part) for category, part in figure.by_category.items()}
    return told


def _part(figure) -> dict:
    values = {
        "month": figure.month,
        "previous": figure.previous,
        "correction": 0,
        "cumulative": figure.cumulative,
    }
    if figure.indicator.unit == "元":
        return {name: f"{amount:.2f}" for name, amount in values.items()}
    return values
