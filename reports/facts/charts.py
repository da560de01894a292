"""The charts of a paper: the last twelve months, whatever the period; a chart without anything is left out."""

from donations.enums import LineKind
from jinchuan.shared.money import in_wan
from jinchuan.shared.months import Month

from .. import breakdowns

MONTHS = 12


def giving(period, scope):
    months = _months(period)
    cash = breakdowns.by_month("donations_cash", months, scope)
    goods = breakdowns.by_month("donations_goods", months, scope)
    first = _first_filled(cash, goods)
    if first is None:
        return None
    return {
        "kind": "grouped",
        "title": "各月捐款捐物",
        "unit": "万元",
        "labels": [f"{month.month}月" for month in months[first:]],
        "series": [
            [LineKind.CASH.label, [float(in_wan(amount)) for amount in cash[first:]]],
            ["捐物折价", [float(in_wan(amount)) for amount in goods[first:]]],
        ],
    }


def service(period, scope):
    months = _months(period)
    people = breakdowns.by_month("service_person_times", months, scope)
    first = _first_filled(people)
    if first is None:
        return None
    return {
        "kind": "bars",
        "title": "各月志愿服务人次",
        "unit": "人次",
        "labels": [f"{month.month}月" for month in months[first:]],
        "series": [["人次", people[first:]]],
    }


def _months(period) -> list[Month]:
    return list(Month.range(period.closing.plus(1 - MONTHS), period.closing))


def _first_filled(*series):
    """The first month in which any series has something, or None."""
    for index, values in enumerate(zip(*series, strict=True)):
        if any(values):
            return index
    return None
