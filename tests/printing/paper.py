"""What a test needs to look at paper: print HTML, measure where the words stand."""

import re
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinchuan.printing import render_pdf
from jinchuan.printing.rendering import print_html
from reports.services.papers import context_of

CREATED = datetime(2023, 10, 1, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
MM = 25.4 / 72
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def report(facts, **options):
    """The monthly report of some frozen facts."""
    return render_pdf("print/report.html", context_of(facts), title="月报", created=CREATED, **options)


def printed(body, head=""):
    """A page with our style sheet around `body`."""
    sheet = '<link rel="stylesheet" href="print:official.css">'
    sheet = '<link rel="stylesheet" href="print:official.css">'
    html = f'<!doctype html><html lang="zh-CN"><head>{sheet}{head}</head><body>{body}</body></html>'
    return print_html(html, title="试印", created=CREATED, author="金川区民政局")


def _poppler(tool, pdf, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        command = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def text(pdf, page=None):
    """The text without spaces: where a line is stretched, pdftotext sees some that nobody typed."""
    pages = ["-f", str(page), "-l", str(page)] if page else []
    return re.sub(r"[ \u3000]+", "", _poppler("pdftotext", pdf, "-layout", *pages))


def lines(pdf, page):
    """The lines of a page from top to bottom as (y, left, right, text), in pt."""
    rows = defaultdict(list)
    for left, top, right, _, word in WORD.findall(
        _poppler("pdftotext", pdf, "-bbox", "-f", str(page), "-l", str(page))
    ):
        rows[round(float(top), 1)].append((float(left), float(right), word))
    found = []
    for top, words in sorted(rows.items()):
        words.sort()
        found.append((top, words[0][0], words[-1][1], "".join(word for _, _, word in words)))
    return found


@dataclass(frozen=True)
class Sheet:
    """One page as it lies: its size, and its words as (left, top, right, bottom, text), in mm."""

    width: float
    height: float
    words: list

    @property
    def foot(self) -> list:
        """The words of the page number."""
        dashes = {top for _, top, _, _, word in self.words if word == "—"}
        return [word for word in self.words if word[1] in dashes]

    @property
    def extent(self) -> tuple:
        """(left, top, right, bottom) of everything but the page number."""
        foot = self.foot
        lefts, tops, rights, bottoms, _ = zip(*(one for one in self.words if one not in foot), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def sheets(pdf) -> list[Sheet]:
    found = []
    for page in _poppler("pdftotext", pdf, "-bbox").split("<page ")[1:]:
        width, height = (float(edge) * MM for edge in re.findall(r'"([\d.]+)"', page)[:2])
        words = [(*(float(edge) * MM for edge in edges), word) for *edges, word in WORD.findall(page)]
        found.append(Sheet(width, height, words))
    return found


def fonts(pdf):
    """The names of the embedded fonts, without the prefix of the subset."""
    return {line.split()[0].partition("+")[2] for line in _poppler("pdffonts", pdf).splitlines()[2:]}
