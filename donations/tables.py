"""The balance sheet, the public list and a reconciliation as plain tables: the page, the workbook and the paper show the
same ones."""

import io
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from jinchuan.audit.services import record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.dates import zh
from jinchuan.shared.masking import mask_name
from jinchuan.shared.money import yuan
from jinchuan.shared.templatetags.house import quantity
from jinchuan.sheets import exporting
from jinchuan.sheets.cellwriting import head, put
from jinchuan.sheets.importing import SubjectOfEvent

from .balances import LABELS
from .disclosing import UNVALUED
from .enums import DonationState

_NOT_IN_TITLES = str.maketrans("/\\?*[]:", "-------")
PASSED, FAILED = "相符", "不相符"
_COLUMNS = tuple(LABELS)


@dataclass(frozen=True)
class _Named:
    """What an event about such a table is about."""

    title: str
    name: str = "donation_tables"


@dataclass(frozen=True)
class Table:
    """``rows`` hold text, amounts (``Decimal``), numbers and days; what is empty is None."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple] = field(default_factory=list)
    empty: str = "这段时间没有记录。"
    note: str = ""

    def annex(self) -> dict:
        """For the paper: columns of figures to the right."""
        figures = [
            any(isinstance(row[place], Decimal | int) for row in self.rows)
            for place in range(len(self.heads))
        ]
        columns = [
            {"label": label, "align": "right" if figure else "left"}
            for label, figure in zip(self.heads, figures, strict=True)
        ]
        return {"columns": columns, "rows": [[said(value) for value in row] for row in self.rows]}


def said(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return yuan(value)
    return zh(value) if hasattr(value, "isoformat") else str(value)


def of_balance(sheet) -> list[Table]:
    """By use and kind with the whole below; by fund; the relations; what has no value."""
    shown = [
        column for column in _COLUMNS if sheet.whole.sums[column] or column in ("opening", "closing", "free")
    ]

    def rows(accounts):
        return [(one.label, *(one.value(column) for column in shown)) for one in accounts]

    heads = tuple(LABELS[column] for column in shown)
    whole = [sheet.whole] if sheet.accounts else []
    tables = [Table("按用途和款物（元）", ("用途·款物", *heads), rows([*sheet.accounts, *whole]))]
    if len(sheet.by_fund) > 1:
        tables.append(Table("按基金（账户）（元）", ("基金（账户）", *heads), rows([*sheet.by_fund, *whole])))
    tables.append(
        Table(
            "钩稽关系",
            ("关系", "左边（元）", "右边（元）", "结果"),
            [(one.label, one.left, one.right, PASSED if one.passed else FAILED) for one in sheet.checks],
        )
    )
    if sheet.unvalued:
        tables.append(
            Table(
                "不计价物资（只列数量）",
                ("物资", "单位", "收到", "交付", "期末结存"),
                [
                    (
                        one.item,
                        one.unit,
                        *(quantity(n) or "0" for n in (one.received, one.delivered, one.left)),
                    )
                    for one in sheet.unvalued
                ],
            )
        )
    return tables


def of_disclosure(found) -> list[Table]:
    gifts = [
        (
            gift.number,
            gift.giver,
            gift.item,
            quantity(gift.quantity) if gift.quantity else None,
            gift.unit,
            UNVALUED if gift.value is None else gift.value,
            gift.on,
            gift.bound,
        )
        for gift in found.gifts
    ]
    tables = [
        Table(
            "接收捐赠",
            ("序号", "捐赠者", "款物名称", "数量", "单位", "金额或折价（元）", "日期", "定向/非定向"),
            gifts,
        ),
        Table("合计", ("定向/非定向", "金额（元）"), list(found.totals.items())),
        Table(
            "使用情况",
            ("款物名称", "数量或金额", "单位", "折价（元）", "受益户数"),
            [
                (
                    use.item,
                    quantity(use.quantity),
                    use.unit,
                    use.value if use.value is not None else UNVALUED,
                    use.households,
                )
                for use in found.uses
            ],
            note="受益户数不足 3 户的不列具体数目。",
        ),
    ]
    if found.corrections:
        tables.append(
            Table(
                "更正说明",
                ("更正编号", "捐赠者", "款物名称", "数量增减", "单位", "价值增减（元）", "更正日期"),
                [
                    (
                        one.code,
                        one.giver,
                        one.item,
                        f"{one.quantity.normalize():f}",
                        one.unit,
                        one.value,
                        one.on,
                    )
                    for one in found.corrections
                ],
            )
        )
    return tables


def of_reconciliation(result) -> list[Table]:
    def bank(row):
        return (row.number, row.on, row.amount, row.payer, row.summary, row.reference)

    row_heads = ("行号", "日期", "金额（元）", "对方户名", "摘要", "流水号")
    pair_heads = (*row_heads, "捐赠编号", "收到日期")
    pairs = [
        (title, [(*bank(pair.row), pair.gift.code, pair.gift.on, pair.doubt) for pair in found], empty)
        for title, found, empty in (
            ("需要核对", result.doubtful, "没有需要核对的。"),
            ("已对上", result.matched, "没有对上的。"),
        )
    ]
    doubtful, matched = pairs
    tables = [
        Table(doubtful[0], (*pair_heads, "为什么"), doubtful[1], doubtful[2]),
        Table("流水里有，系统里没有", row_heads, [bank(row) for row in result.missing_here], "没有。"),
        Table(
            "系统里有，流水里没有",
            ("捐赠编号", "收到日期", "金额（元）", "状态"),
            [
                (
                    gift.code,
                    gift.on,
                    gift.amount,
                    (DonationState.CONFIRMED if gift.confirmed else DonationState.SUBMITTED).label,
                )
                for gift in result.missing_there
            ],
            "没有。",
        ),
        Table(matched[0], pair_heads, [row[:-1] for row in matched[1]], matched[2]),
    ]
    if result.unread:
        tables.append(Table("看不懂的行", ("行号",), [(number,) for number in result.unread]))
    return tables


@verb
def workbook(tables, *, by, title) -> bytes:
    """An xlsx with one page a table. Who took it stands at the top of each, and in the log."""
    require(by, "sheets.export_sheet")
    count = sum(len(table.rows) for table in tables)
    when = now()
    mark = exporting.WATERMARK.format(
        title=title,
        name=mask_name(by.name),
        account=by.get_username(),
        when=f"{zh(when.date())} {when:%H:%M}",
        count=count,
    )
    record("export", SubjectOfEvent(_Named(title), title), by=by, after={"rows": str(count)})
    book = Workbook()
    book.remove(book.active)
    for table in tables:
        page = book.create_sheet(table.title.translate(_NOT_IN_TITLES)[:31])
        put(page.cell(1, 1), mark)
        page.cell(1, 1).font = Font(color="FF999999", italic=True)
        for place, label in enumerate(table.heads, start=1):
            head(page.cell(2, place), label)
            page.column_dimensions[get_column_letter(place)].width = max(14, 2 * len(label) + 4)
        for number, row in enumerate(table.rows, start=3):
            for place, value in enumerate(row, start=1):
                put(page.cell(number, place), value)
        page.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
