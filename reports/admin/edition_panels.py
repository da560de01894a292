"""What stands on the page of a report: its files, its words as composed and as issued, what differs, its figures, its editions."""

from decimal import Decimal

from django.urls import reverse

from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.money import yuan
from jinchuan.shared.templatetags.house import zh_time

from .. import facts as fact
from ..enums import Variant
from ..looking import scopes
from ..models import ReportEdition
from .edition_forms import written_by
from .figures import figure_address

COMPOSED = "同系统写的"
STALE = "在数据重新汇总以前写的"
WHAT = {
    Variant.XLSX: "同一份数据的表格，合计是公式，可以直接打印。",
    Variant.BRIEF: "给领导看的一页纸。",
    Variant.LARGE: "同一份报告，大字印刷。",
    Variant.FIGURES: "冻结的数据，也附在 PDF 里。",
}


def figure(line, key) -> Cell:
    """A frozen figure as the report prints it; older papers did not tell 补报."""
    if key not in line:
        return Cell("--", figure=True)
    value = line[key]
    return Cell(yuan(Decimal(value)) if line["unit"] == "元" else value, figure=True)


def of(edition, user):
    if edition.pdf:
        yield files(edition)
    if edition.facts:
        if told := words(edition):
            yield told
        yield from difference(edition)
        yield figures(edition, user)
    yield editions(edition)


def files(edition) -> Panel:
    def address(name):
        return reverse(f"admin:reports_reportedition_{name}", args=[edition.pk])

    rows = [
        (
            Cell("报告", address("pdf")),
            "全文和附件，PDF/A。",
            Cell(edition.pages, figure=True),
            edition.sha256,
        )
    ]
    rows += [
        (
            Cell(one.get_variant_display(), address(one.variant)),
            WHAT[one.variant],
            Cell(one.pages or "--", figure=True),
            one.sha256,
        )
        for one in edition.files.all()
    ]
    return Panel("文件", ("文件", "说明", "页数", "SHA-256"), rows, leads=True, screen_only=True)


def words(edition) -> Panel | None:
    """Every part as it was composed and as it is printed, who changed it and when."""
    rows, stale = [], fact.stale(edition.facts, edition.words)
    for part, heading, text in fact.parts(edition.facts):
        changed = edition.words.get(part)
        who = written_by(changed) if changed else "--"
        if part in stale:
            who = f"{who}，{STALE}"
        rows.append((heading, text, changed["text"] if changed else COMPOSED, who))
    note = "左边是系统按数据写的，右边是印在报告里的；改过的写明谁、什么时候改的。"
    return Panel("文字", ("段落", "系统写的", "印在报告里的", "修改人"), rows, note=note) if rows else None


def difference(edition):
    for annex in edition.facts["annexes"]:
        if annex.get("kind") == "difference":
            heads = tuple(column["label"] for column in annex["columns"])
            rows = [
                [
                    Cell(text, figure=column.get("align") == "right")
                    for text, column in zip(row, annex["columns"], strict=True)
                ]
                for row in annex["rows"]
            ]
            yield Panel(annex["title"], heads, rows, empty=annex["notes"][0])


def figures(edition, user) -> Panel:
    heads = fact.words_of(edition.period_value)

    def address(code):
        """The figure's page, for those who may look."""
        if not user.has_perm(scopes.PERMISSION):
            return ""
        return figure_address(code, edition.period_value, edition.scope)

    return Panel(
        "本期数据",
        ("指标", "单位", *heads.values()),
        [
            (Cell(line["name"], address(code)), line["unit"], *(figure(line, key) for key in heads))
            for code, line in fact.in_order(edition.facts["indicators"]).items()
        ],
        note="印在报告里的就是这些数据；冻结以后，后来的登记不会改变它们。点开指标看现在的数和明细。",
    )


def editions(edition) -> Panel:
    """Every edition of this report, and which one replaced which."""
    rows = ReportEdition.objects.about(edition.period_value, edition.scope).for_list()
    return Panel(
        "版次",
        ("版次", "文件编号", "状态", "印发时间", "替代"),
        [
            (
                Cell(f"第 {one.number} 版{'（本页）' if one.pk == edition.pk else ''}", row_link(one)),
                one.serial,
                one.get_state_display(),
                zh_time(one.issued_at) if one.issued_at else "--",
                f"第 {one.number - 1} 版" if one.supersedes_id else "--",
            )
            for one in rows
        ],
        screen_only=True,
    )
