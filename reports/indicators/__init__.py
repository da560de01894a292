"""What is counted, and how. Screen, sheet, chart and PDF all ask here; a figure is written down nowhere else.

An ``Indicator`` knows the rows behind it. It counts up to a day: distinct things in the month of their first event, so
that 上月累计 + 本月新增 = 本月累计 holds on every line.
"""

from dataclasses import replace
from datetime import date

from .care import CARE
from .definition import Cuts, Figure, Indicator
from .giving import GIVING
from .mobilizing import MOBILIZING
from .pairing import PAIRING
from .service import SERVICE
from .stories import STORIES
from .using import USING

__all__ = ["INDICATORS", "Cuts", "Figure", "Indicator", "read_all", "read_one", "shown"]

INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (*MOBILIZING, *PAIRING, *CARE, *GIVING, *USING, *SERVICE, *STORIES)
}


def read_all(cuts: Cuts | date, scope=None, *, codes=None, parts=True) -> dict[str, Figure]:
    """Every indicator that can be told of the scope, at the cuts (of a day: its month so far); one query each, one for its
    categories and one for what it is told by, whatever the size of the district. Without ``parts`` the first alone; ``codes``
    leaves the other indicators out."""
    return {
        code: read_one(indicator, cuts, scope, parts=parts)
        for code, indicator in INDICATORS.items()
        if indicator.tells(scope) and (codes is None or code in codes)
    }


def read_one(indicator: Indicator, cuts: Cuts | date, scope=None, *, parts=True) -> Figure:
    """What ``read_all`` tells of one indicator."""
    if isinstance(cuts, date):
        cuts = Cuts.at(cuts)
    figure = indicator.read(cuts, scope)
    if not parts:
        return figure
    return replace(
        figure, by_category=indicator.read_by_category(cuts, scope), by=indicator.read_by(cuts, scope)
    )


def shown(figure: Figure) -> dict:
    """A figure as it is printed and handed over: 元 as text with two places, the rest as numbers; ``late`` is part of ``month``.

    Hours are rounded down where the line stands (previous, corrected, cumulative) and the rest is the difference, so that it
    adds up.
    """
    indicator = figure.indicator
    told = {
        "name": indicator.name,
        "unit": indicator.unit,
        **(_hours(figure) if indicator.unit == "小时" else _values(figure)),
        "definition": indicator.definition,
    }
    if indicator.splits:
        told["by"] = {
            name: {part: _values(figure) for part, figure in parts.items()}
            for name, parts in figure.by.items()
        }
    if indicator.hardships:
        told["by_category"] = {category: _values(part) for category, part in figure.by_category.items()}
    return told


def _values(figure) -> dict:
    names = ("month", "late", "previous", "correction", "cumulative")
    values = {name: getattr(figure, name) for name in names}
    if figure.indicator.unit == "元":
        return {name: f"{amount:.2f}" for name, amount in values.items()}
    return values


def _hours(figure) -> dict:
    before, late = figure.previous + figure.correction, figure.late
    previous, corrected, with_late, now = (
        minutes * 10 // 60 for minutes in (figure.previous, before, before + late, figure.cumulative)
    )
    tenths = {
        "month": now - corrected,
        "late": with_late - corrected,
        "previous": previous,
        "correction": corrected - previous,
        "cumulative": now,
    }
    return {name: n / 10 for name, n in tenths.items()}
