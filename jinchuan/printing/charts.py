"""Charts as hand-made SVG for paper and screen: greys that survive a black-and-white printer, text that stays text.

Presentation attributes only (a strict CSP allows them), no ids (several charts may share a page), a title and the
figures in words for those who do not see the picture. Values are numbers or number strings; None is a gap.
"""

import math
import unicodedata
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH = 442  # pt: the type area, 156 mm
HALF = 215  # pt: two charts side by side
LINE = 28.99  # pt: one line of the page
SIZE = 9  # pt: type size
FAMILIES = "GW Song, GW Names, GW Serif, sans-serif"  # the last one is for screens
NO_DATA = "本期没有数据"

FILLS = (
    'fill="#333"',
    'fill="#c8c8c8" stroke="#333" stroke-width=".5"',
    'fill="#fff" stroke="#333" stroke-width=".6"',
)
STROKES = ("", ' stroke-dasharray="5 2.5"', ' stroke-dasharray="1.2 2"')
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 26, 18


def bars(labels, values, *, unit="", title="", width=WIDTH, height=None) -> SafeString:
    """One series: standing bars, or lying ones when the labels are too long to stand side by side."""
    if _too_long(labels):
        return _lying(labels, values, unit, title, width, height)
    return grouped_bars(labels, [("", values)], unit=unit, title=title, width=width, height=height)


def grouped_bars(labels, series, *, unit="", title="", width=WIDTH, height=None) -> SafeString:
    """Up to three series of standing bars side by side: `series` is [(name, values), …]."""
    plot = _Plot(labels, series, unit, title, width, height)
    if plot.empty:
        return plot.finish()
    plot.axes()
    group = plot.inner / len(plot.labels)
    thick = min(group * 0.7 / len(plot.series), 34)
    written = plot.values_fit(thick)
    for number, (_, values) in enumerate(plot.series):
        for index, value in enumerate(values):
            if value is None:
                continue
            x = LEFT + group * (index + 0.5) + thick * (number - len(plot.series) / 2)
            top, base = sorted((plot.y(value), plot.y(0)))
            plot.add(
                f'<rect x="{x:.2f}" y="{top:.2f}" width="{thick:.2f}" height="{base - top:.2f}" {FILLS[number]}/>'
            )
            if written:
                plot.add(
                    f'<rect x="{x:.2f}" y="{top - 10:.2f}" width="{thick:.2f}" height="9.5" fill="#fff"/>'
                )  # over the grid
                plot.text(x + thick / 2, top - 3, number_text(value), "middle", SIZE - 1)
    plot.legend("bar")
    return plot.finish()


def line(labels, series, *, unit="", title="", width=WIDTH, height=None) -> SafeString:
    """Up to three lines over the labels; lines differ in dashes and marks, not in colour."""
    plot = _Plot(labels, series, unit, title, width, height)
    if plot.empty:
        return plot.finish()
    plot.axes()
    group = plot.inner / len(plot.labels)
    written = plot.values_fit(group) and len(plot.series) == 1
    for number, (_, values) in enumerate(plot.series):
        points = [(LEFT + group * (i + 0.5), plot.y(v), v) for i, v in enumerate(values) if v is not None]
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y, _ in points)
        plot.add(f'<polyline points="{path}" fill="none" stroke="#333" stroke-width="1.2"{STROKES[number]}/>')
        for x, y, value in points:
            plot.mark(x, y, number)
            if written:
                plot.text(x, y - 6, number_text(value), "middle", SIZE - 1)
    plot.legend("line")
    return plot.finish()


def spark(labels, values, *, unit="", title="", width=160, height=25) -> SafeString:
    """A small trend without scale and words, as wide as a card: the last bar, which the card is about, is the dark one."""
    plot = _Plot(labels, [("", values)], unit, title, width, height)
    known = [value for value in plot.series[0][1] if value is not None]
    low, high = min([0, *known]), max([0, *known])
    span, step = (high - low) or 1, width / max(1, len(labels))

    def y(value):
        return 1 + (height - 2) * (high - value) / span

    plot.add(f'<line x1="0" x2="{width}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="#777" stroke-width=".6"/>')
    for index, value in enumerate(plot.series[0][1]):
        if value:
            top, base = sorted((y(value), y(0)))
            fill = FILLS[0] if index == len(labels) - 1 else 'fill="#aaa"'
            place = f'x="{step * (index + 0.15):.1f}" y="{top:.1f}" width="{step * 0.7:.1f}"'
            plot.add(f'<rect {place} height="{max(base - top, 0.8):.1f}" {fill}/>')
    plot.empty = False
    return plot.finish()


def draw(chart, width=WIDTH, height=None) -> SafeString:
    """The chart of a frozen fact: {"kind": "bars" | "grouped" | "line", "title", "unit", "labels", "series"}."""
    labels, series = chart["labels"], chart["series"]
    given = {"unit": chart.get("unit", ""), "title": chart.get("title", ""), "width": width, "height": height}
    if chart["kind"] == "bars" and len(series) == 1:
        return bars(labels, series[0][1], **given)
    return {"bars": grouped_bars, "grouped": grouped_bars, "line": line}[chart["kind"]](
        labels, series, **given
    )


def is_narrow(chart):
    """May the chart stand beside another one? Not when its bars lie."""
    return not (chart["kind"] == "bars" and _too_long(chart["labels"]))


def lines_of(chart):
    """How many lines of the page the picture of a frozen fact fills, without its caption."""
    return 5 if is_narrow(chart) else max(3, math.ceil((len(chart["labels"]) * 16 + 26) / LINE))


def _number(value):
    return None if value is None else float(str(value).replace(",", ""))


def number_text(value):
    """1234.50 as 1,234.5: thousands set off, no idle zeros."""
    text = f"{Decimal(str(round(value, 2))):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_width(text, size=SIZE):
    """Width in pt: a Chinese character is one em, a Latin letter or digit half an em."""
    return sum(size if unicodedata.east_asian_width(each) in "WFA" else size / 2 for each in str(text))


def _too_long(labels):
    return (
        bool(labels) and max(text_width(each) for each in labels) > (WIDTH - LEFT - RIGHT) / len(labels) - 2
    )


def _step(span):
    """A round distance for about four grid lines."""
    rough = span / 4
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999999)


class _Plot:
    """The frame shared by all charts: scale, grid, labels, legend, and the figures in words."""

    def __init__(self, labels, series, unit, title, width, height):
        if len(series) > len(FILLS):
            raise ValueError(f"a chart shows at most {len(FILLS)} series, not {len(series)}")
        self.labels = [str(label) for label in labels]
        self.series = [(name, [_number(value) for value in values]) for name, values in series]
        if any(len(values) != len(self.labels) for _, values in self.series):
            raise ValueError("every series needs one value per label")
        self.unit, self.title = unit, title
        self.width, self.height = width, float(height or 5 * LINE - 6)
        self.inner = width - LEFT - RIGHT
        legend = sum(text_width(name) + 40 for name, _ in series if name)
        self.low_legend = bool(unit) and text_width(f"单位：{unit}") + legend > width - RIGHT
        self.top = TOP + 12 * self.low_legend
        self.parts = []
        known = [value for _, values in self.series for value in values if value is not None]
        self.empty = not known
        low, high = min([0, *known]), max([0, *known])
        self.step = _step(high - low or 4)
        if all(value == int(value) for value in known):
            self.step = max(1, self.step)
        self.low, self.high = (
            self.step * math.floor(low / self.step),
            self.step * math.ceil((high or self.step) / self.step),
        )

    def y(self, value):
        return (
            self.height
            - BOTTOM
            - (self.height - self.top - BOTTOM) * (value - self.low) / (self.high - self.low)
        )

    def add(self, markup):
        self.parts.append(markup)

    def text(self, x, y, text, anchor="start", size=None):
        grown = f' font-size="{size}"' if size else ""
        self.add(f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"{grown}>{escape(text)}</text>')

    def axes(self):
        for number in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + number * self.step
            y, ink = (
                self.y(value),
                'stroke="#000" stroke-width=".8"' if abs(value) < 1e-9 else 'stroke="#bbb" stroke-width=".4"',
            )
            self.add(f'<line x1="{LEFT}" x2="{self.width - RIGHT}" y1="{y:.2f}" y2="{y:.2f}" {ink}/>')
            self.text(LEFT - 5, y + 3, number_text(value), "end")
        group = self.inner / len(self.labels)
        every = max(1, math.ceil(max(text_width(each) for each in self.labels) / (group - 2)))
        for index, label in enumerate(self.labels):
            if index % every == 0:
                self.text(LEFT + group * (index + 0.5), self.height - 5, label, "middle")
        if self.unit:
            self.text(2, 10, f"单位：{self.unit}")

    def values_fit(self, width):
        longest = max(
            text_width(number_text(value), SIZE - 1)
            for _, values in self.series
            for value in values
            if value is not None
        )
        return longest <= width + 3

    def mark(self, x, y, number):
        if number == 1:
            self.add(
                f'<rect x="{x - 2.4:.2f}" y="{y - 2.4:.2f}" width="4.8" height="4.8" fill="#fff" stroke="#333"/>'
            )
        else:
            self.add(
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.5" fill="{"#333" if number == 0 else "#fff"}" stroke="#333"/>'
            )

    def legend(self, kind):
        x, y = self.width - RIGHT, 22 if self.low_legend else 10
        for number, (name, _) in reversed(list(enumerate(self.series))):
            if not name:
                continue
            x -= text_width(name)
            self.text(x, y, name)
            x -= 24 if kind == "line" else 14
            if kind == "line":
                self.add(
                    f'<line x1="{x:.2f}" x2="{x + 20:.2f}" y1="{y - 3}" y2="{y - 3}" stroke="#333" stroke-width="1.2"{STROKES[number]}/>'
                )
                self.mark(x + 10, y - 3, number)
            else:
                self.add(f'<rect x="{x:.2f}" y="{y - 7.5}" width="9" height="8" {FILLS[number]}/>')
            x -= 14

    def words(self):
        rows = []
        for index, label in enumerate(self.labels):
            known = [(name, values[index]) for name, values in self.series if values[index] is not None]
            said = "，".join(f"{name} {number_text(value)}".strip() for name, value in known)
            rows.append(f"{label}：{said or '没有数据'}")
        return "；".join(rows) or NO_DATA

    def finish(self):
        if self.empty:
            frame = f'width="{self.width - 1}" height="{self.height - 1:.2f}" fill="none" stroke="#bbb" stroke-width=".4"'
            self.add(f'<rect x=".5" y=".5" {frame}/>')
            self.text(self.width / 2, self.height / 2, NO_DATA, "middle")
        unit = f"（单位：{self.unit}）" if self.unit else ""
        size = f'viewBox="0 0 {self.width} {self.height:.2f}" width="{self.width}pt" height="{self.height:.2f}pt"'
        return mark_safe(  # noqa: S308 - every text in it went through escape()
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FAMILIES}" font-size="{SIZE}" fill="#000">'
            f"<title>{escape(self.title or '统计图')}</title><desc>{escape(self.words() + unit)}</desc>{''.join(self.parts)}</svg>"
        )


def _lying(labels, values, unit, title, width, height):
    plot = _Plot(labels, [("", values)], unit, title, width, height or len(labels) * 16 + 22)
    if plot.empty:
        return plot.finish()
    row = (plot.height - 20) / len(labels)
    start = min(max(text_width(each) for each in plot.labels) + 6, width * 0.6)
    if unit:
        plot.text(2, 10, f"单位：{unit}")
    room = (
        width
        - start
        - 8
        - max(text_width(number_text(value)) for value in plot.series[0][1] if value is not None)
    )
    highest = max(abs(value) for value in plot.series[0][1] if value is not None) or 1
    for index, (label, value) in enumerate(zip(plot.labels, plot.series[0][1], strict=True)):
        top = 16 + row * index
        plot.text(start - 5, top + row / 2 + 3, label, "end")
        if value is not None:
            length = room * abs(value) / highest
            plot.add(
                f'<rect x="{start:.2f}" y="{top + row * 0.2:.2f}" width="{length:.2f}" height="{row * 0.6:.2f}" {FILLS[0]}/>'
            )
            plot.text(start + length + 4, top + row / 2 + 3, number_text(value))
    plot.add(
        f'<line x1="{start:.2f}" x2="{start:.2f}" y1="14" y2="{plot.height - 2:.2f}" stroke="#000" stroke-width=".8"/>'
    )
    return plot.finish()
