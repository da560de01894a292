"""Template tags for paper. Plain strings come in, escaped HTML goes out."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from jinchuan.printing import charts, faces, tables
from jinchuan.printing.qr import qr_svg

register = template.Library()
MARK = re.compile(r"〔\d{1,2}(?:,\d{1,2})*〕")  # no year: 〔2026〕 belongs to the number of a document


@register.simple_tag
def person(name):
    """A person's name, never broken over lines and never mixed from two faces."""
    return format_html('<span class="{}">{}</span>', "person rare" if faces.is_rare(name) else "person", name)


@register.simple_tag
def marked(text):
    """A paragraph whose marks of definitions, such as 〔3,4〕, stand high and small."""
    return SafeString(MARK.sub(r'<span class="mark-of">\g<0></span>', conditional_escape(text)))


@register.simple_tag
def qr(text, size=96, label="二维码"):
    return qr_svg(text, size=size, label=label)


@register.inclusion_tag("print/_figure.html")
def figure(chart, half=False, lines=None):
    """A chart of a frozen fact with its caption, as high as whole lines of the page."""
    lines = lines or charts.lines_of(chart)
    width = charts.HALF if half else charts.WIDTH
    svg = charts.draw(chart, width=width, height=lines * charts.LINE - 6)
    return {"svg": svg, "lines": lines + 1, "title": chart.get("title", "")}


@register.inclusion_tag("print/_figures.html")
def figures(section, alone=False):
    """The charts of a section, after its text: two side by side where they are narrow enough, or each ``alone``."""
    given = [part["chart"] for part in section["subsections"] if part.get("chart")]
    rows = []
    for chart in given:
        if (
            not alone
            and rows
            and len(rows[-1]) == 1
            and charts.is_narrow(chart)
            and charts.is_narrow(rows[-1][0])
        ):
            rows[-1].append(chart)
        else:
            rows.append([chart])
    return {"rows": rows}


@register.inclusion_tag("print/_table.html")
def annex_table(annex, as_of=""):
    """The table of an annex: its head repeats on every page, the unit stands top right."""
    columns, rows = annex["columns"], annex["rows"]
    return {
        "as_of": as_of,
        "unit": annex.get("unit", ""),
        "heads": tables.heads(columns),
        "shares": tables.shares(columns, rows),
        "rows": list(tables.body(columns, rows)),
        "span": len(columns),
        "size": tables.size(columns, rows),
        "pitch": None if annex.get("tall") else tables.pitch(columns, rows, annex.get("notes", ())),
    }


@register.filter
def chinese_day(text):
    """2023-09-30 as 2023年9月30日, without leading zeros."""
    year, month, day = text.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"
