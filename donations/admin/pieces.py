"""Sections and words that several pages of the book share."""

from jinchuan.shared.admin import Cell, Panel, badge, row_link
from jinchuan.shared.templatetags.house import yuan, zh_date


def gifts_panel(gifts, **more) -> Panel:
    return Panel(
        "捐赠",
        ("捐赠编号", "收到日期", "捐款（元）", "捐物折价（元）", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                zh_date(one.received_on),
                yuan(one.cash_value),
                yuan(one.goods_value),
                badge(one),
            )
            for one in gifts
        ],
        empty="还没有捐赠。",
        **more,
    )
