"""The tables behind a paper: figures, organisations, what differs from the edition before, what each figure means."""

from decimal import Decimal

from jinchuan.shared.money import yuan
from organizations.models import Organization

from .. import breakdowns
from ..indicators import INDICATORS, shown
from ..ledger import columns
from ..wording import hidden_below_three
from .saying import PEOPLE

COUNTS = ("previous", "month", "correction", "cumulative")
LATE = "late"
ADDING_NOTE = "{previous}＋{month}±更正＝{cumulative}；户、人、家、名去重，人次、场按次计。"
MARKS_NOTE = "序号就是正文里的注码，口径见附件“指标口径说明”。"
LATE_NOTE = "“其中补报”是以前月份发生、本期才确认的，已含在“{month}”里。"
ROUNDING_NOTE = "金额按元汇总后一次折算为万元，因四舍五入，分项之和与合计可能略有出入。"
ORGANIZATION_NOTE = (
    "按组织编号排列，不分先后。一户由多个组织帮扶的，各组织分别计数，合计行去重；"
    "捐款捐物按登记的组织统计，工作人员代为登记的只计入合计。"
)
DIFFERENCE_NOTE = "只列与第{number}版不同的数；其余各数与第{number}版相同。"
NO_DIFFERENCE = "各项数据与第{number}版完全相同。"
_COLUMNS = {
    "intention_households": ("意向", "累计结对（户）", 2.8),
    "paired_households": ("结对", "累计结对（户）", 2.8),
    "donations_cash": ("捐款", "累计捐赠（元）", 6),
    "donations_goods": ("捐物折价", "累计捐赠（元）", 6),
    "service_sessions": ("场次", "志愿服务", 2.8),
    "service_person_times": ("人次", "志愿服务", 3),
}


def all_of(period, as_of, scope, figures, *, hide, before=None) -> list[dict]:
    """The annexes in their order, with their marks; ``before`` are the facts of the edition that this one supersedes."""
    tables = [statistics(period, figures, hide=hide)]
    if not isinstance(scope, Organization):
        tables.append(organizations(as_of, scope, figures, hide=hide))
    if before:
        tables.append(difference(period, figures, before, hide=hide))
    tables.append(definitions(figures))
    return [{"mark": f"附件{number}", **table} for number, table in enumerate(tables, start=1)]


def statistics(period, figures, *, hide) -> dict:
    """Every figure on a line; what of it was entered late has a column where there is any."""
    words, some_late = words_of(period), any(figure.late for figure in figures.values())
    told = ("previous", "month", LATE, "correction", "cumulative") if some_late else COUNTS
    rows = []
    for number, figure in enumerate(figures.values(), start=1):
        line = shown(figure)
        rows.append([str(number), line["name"], line["unit"], *(_cell(line, name, hide) for name in told)])
    notes = [ADDING_NOTE.format(**words), MARKS_NOTE, ROUNDING_NOTE]
    if some_late:
        notes.insert(1, LATE_NOTE.format(**words))
    return {
        "title": f"{period.label}主要指标统计表",
        "unit": "",
        "columns": [
            {"label": "序号", "align": "center", "width": 3},
            {"label": "指标", "align": "left", "width": 13},
            {"label": "单位", "align": "center", "width": 3},
            *(
                {"label": words[name], "align": "right", "width": 4.5 if name in (LATE, "correction") else 6}
                for name in told
            ),
        ],
        "rows": rows,
        "notes": notes,
    }


def words_of(period) -> dict[str, str]:
    """What the columns of figures are called: the bureau's own words, for every kind of period."""
    previous, cumulative = period.totals
    return {
        "previous": previous,
        "month": f"{period.this}新增",
        LATE: "其中补报",
        "correction": "更正",
        "cumulative": cumulative,
    }


def organizations(as_of, scope, figures, *, hide) -> dict:
    """Each organisation with what it has done so far, in the order of the codes: no ranking."""
    codes = [code for code in columns.CODES if code in figures]

    def cells(totals):
        return [
            _amount(totals[code])
            if INDICATORS[code].unit == "元"
            else _count(totals[code], INDICATORS[code].unit, hide)
            for code in codes
        ]

    rows = [
        [str(number), organization.name, *cells(totals)]
        for number, (organization, totals) in enumerate(breakdowns.by_organization(as_of, scope), start=1)
    ]
    sums = {code: figures[code].cumulative for code in codes}
    return {
        "title": "各社会组织参与情况表",
        "unit": "",
        "columns": [
            {"label": "序号", "align": "center", "width": 2.6},
            {"label": "社会组织名称", "align": "left", "width": 15},
            *(
                {"label": label, "group": group, "align": "right", "width": width}
                for label, group, width in (_COLUMNS[code] for code in codes)
            ),
        ],
        "rows": [*rows, ["", "合计", *cells(sums)]] if rows else [],
        "notes": [ORGANIZATION_NOTE],
    }


def difference(period, figures, before, *, hide) -> dict:
    """Line by line what stood otherwise in the edition before."""
    number, rows, words = before.get("number", 1), [], words_of(period)
    for place, (code, figure) in enumerate(figures.items(), start=1):
        line, old = shown(figure), before["indicators"].get(code)
        for name in COUNTS:
            now, then = _cell(line, name, hide), _cell(old, name, hide) if old else "—"
            if now != then:
                rows.append([str(place), line["name"], line["unit"], words[name], then, now])
    return {
        "kind": "difference",
        "title": f"与第{number}版的差异",
        "unit": "",
        "columns": [
            {"label": "序号", "align": "center", "width": 3},
            {"label": "指标", "align": "left", "width": 13},
            {"label": "单位", "align": "center", "width": 3},
            {"label": "栏目", "align": "center", "width": 5},
            {"label": f"第{number}版", "align": "right", "width": 6},
            {"label": "本版", "align": "right", "width": 6},
        ],
        "rows": rows,
        "notes": [(DIFFERENCE_NOTE if rows else NO_DIFFERENCE).format(number=number)],
    }


def definitions(figures) -> dict:
    """What each figure counts; the number is its mark in the text and its line in the table of figures."""
    return {
        "title": "指标口径说明",
        "tall": True,
        "unit": "",
        "columns": [
            {"label": "序号", "align": "center", "width": 2.5},
            {"label": "指标", "align": "left", "width": 9},
            {"label": "单位", "align": "center", "width": 2.6},
            {"label": "口径", "align": "left", "width": 26},
        ],
        "rows": [
            [str(number), figure.indicator.name, figure.indicator.unit, figure.indicator.definition]
            for number, figure in enumerate(figures.values(), start=1)
        ],
        "notes": [],
    }


def _cell(line, name, hide) -> str:
    """A figure of a line as the table prints it."""
    return _amount(line[name]) if line["unit"] == "元" else _count(line[name], line["unit"], hide)


def _count(value, unit, hide) -> str:
    return hidden_below_three(value) if hide and unit in PEOPLE else str(value)


def _amount(value) -> str:
    """元 with thousands separators; a dash where there is none."""
    amount = Decimal(value)
    return yuan(amount) if amount else "—"
