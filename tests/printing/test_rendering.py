"""PDF bytes: the page grid, sameness, refusals."""

import itertools
import json
import logging
import os
import subprocess
import sys
from datetime import datetime
from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from jinchuan.printing import Attachment, PrintError, rendering
from tests.printing import paper, sample

PITCH, LEFT, RIGHT, FOOT = 28.9905, 79.37, 521.57, 742.6  # pt, on an odd page
EVEN_SHIFT = (28 - 26) * 72 / 25.4

HANZI = "金川区社会组织参与结对帮扶爱心金川工程建设工作进展情况" * 60


@pytest.fixture(scope="module")
def book():
    """Three pages of nothing but text."""
    return paper.printed(f"<p>{HANZI}</p>").pdf


def body_of(pdf, page):
    return [line for line in paper.lines(pdf, page) if line[0] < FOOT]


def test_page_has_22_lines(book):
    assert [len(body_of(book, page)) for page in (1, 2)] == [22, 22]


def test_lines_stand_28_99_pt_apart(book):
    tops = [top for top, *_ in body_of(book, 1)]
    assert [b - a for a, b in itertools.pairwise(tops)] == pytest.approx(
        [PITCH] * 21, abs=0.11
    )  # measured to 0.1
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(PITCH, abs=0.01)


def test_line_has_28_characters(book):
    assert {len(text) for *_, text in body_of(book, 1)[1:]} == {28}


def test_type_area_is_156_mm_wide_and_mirrored(book):
    for page, shift in ((1, 0), (2, EVEN_SHIFT)):
        for _, left, right, _ in body_of(book, page)[1:]:
            assert left == pytest.approx(LEFT - shift, abs=0.1)
            assert right == pytest.approx(RIGHT - shift, abs=0.1)


def test_mixed_faces_keep_the_grid():
    """A taller line for a rare name or a heading would shift every line after it."""
    mixed = paper.printed(
        "".join(
            '<h2>一、标题</h2><h3>（一）标题</h3><p>金额1,234.50元，“引号”，<span class="rare">陶镕基𬱖</span>㛃。</p>'
            for _ in range(7)
        )
    ).pdf
    tops = [top for top, *_ in body_of(mixed, 1)]
    for top in tops:
        assert (top - tops[0]) / PITCH == pytest.approx(round((top - tops[0]) / PITCH), abs=0.03)


def test_page_number_stands_outside(book):
    for page, on_the_right in ((1, True), (2, False), (3, True)):
        (number,) = [line for line in paper.lines(book, page) if line[0] > FOOT]
        assert number[3] == f"—{page}—"
        assert (number[1] > 400) is on_the_right
        assert (number[2] < 200) is not on_the_right
    right = next(line for line in paper.lines(book, 1) if line[0] > FOOT)[2]
    assert right == pytest.approx(RIGHT - 14, abs=0.2)  # one character of 四号 from the edge


def test_same_input_same_bytes():
    first, second = paper.report(sample.full()), paper.report(sample.full())
    assert first.pdf == second.pdf
    assert first.sha256 == second.sha256


def test_other_process_same_bytes():
    script = (
        "import django; django.setup()\n"
        "from tests.printing import paper, sample\n"
        "print(paper.report(sample.full()).sha256)"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "America/Lima",
        "DJANGO_SETTINGS_MODULE": "jinchuan.settings.test",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split()[-1] == paper.report(sample.full()).sha256


def test_another_date_other_bytes():
    html = '<link rel="stylesheet" href="print:official.css"><p>正文</p>'
    prints = [
        rendering.print_html(
            html, title="试印", created=paper.CREATED.replace(day=day), author="金川区民政局"
        ).sha256
        for day in (1, 2)
    ]
    assert prints[0] != prints[1]


def test_created_without_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        rendering.print_html("<p>", title="试印", created=datetime(2023, 10, 1), author="")


def test_document_describes_itself():
    made = paper.report(sample.full())
    reader = PdfReader(BytesIO(made.pdf))
    assert reader.metadata.title == "月报"
    assert reader.metadata.author == "金川区民政局"
    assert reader.metadata["/CreationDate"] == "D:20231001000500+08'00"
    assert len(reader.pages) == made.pages
    assert b"pdfaid:part" in made.pdf or b"pdfaid" in reader.xmp_metadata.stream.get_data()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_charts_have_a_text_alternative():
    made = paper.report(sample.full())
    catalog = PdfReader(BytesIO(made.pdf)).trailer["/Root"]
    assert catalog["/Lang"] == "zh-CN"
    assert {"2023年6月至9月结对意向情况", "2023年6月至9月各月捐款捐物情况"} <= set(
        _alternatives(catalog["/StructTreeRoot"])
    )


def _alternatives(element):
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _alternatives(child)
    elif isinstance(element, dict):
        if "/Alt" in element:
            yield str(element["/Alt"])
        if "/K" in element:
            yield from _alternatives(element["/K"])


def test_figures_are_attached():
    figures = json.dumps(sample.full()["indicators"], ensure_ascii=False).encode()
    made = paper.report(sample.full(), attachments=[Attachment("figures.json", figures, "本期统计数据")])
    (attached,) = PdfReader(BytesIO(made.pdf)).attachment_list
    assert attached.name == "figures.json"
    assert attached.content == figures
    assert attached.subtype == "/application/json"


def test_only_prepared_faces_are_used():
    assert paper.fonts(paper.report(sample.huge()).pdf) == {
        "GW-FangSong", "GW-Song", "GW-Song-Bold", "GW-Hei", "GW-Kai", "GW-Names",
    }  # fmt: skip


def test_sample_prints_without_a_warning(caplog):
    with caplog.at_level(logging.WARNING, "jinchuan.printing"):
        paper.report(sample.huge())
        paper.report(sample.empty())
    assert not caplog.records


@pytest.mark.parametrize("character", ["\ue863", "\U0002b8ff", "😀"])
def test_character_without_glyph_fails_and_is_named(character):
    with pytest.raises(PrintError) as refusal:
        paper.printed(f"<p>户主王{character}</p>")
    assert str(refusal.value) == rendering.NO_GLYPH.format(
        characters=f"{character}（U+{ord(character):04X}）"
    )


def test_next_document_is_not_blamed_for_the_last_one():
    with pytest.raises(PrintError):
        paper.printed("<p>😀</p>")
    assert paper.printed("<p>正文</p>").pages == 1


def test_too_many_rows_are_refused_before_any_work():
    rows = "<tr><td>1</td></tr>" * (rendering.MAX_ROWS + 1)
    with pytest.raises(PrintError) as refusal:
        paper.printed(f"<table>{rows}</table>")
    assert str(refusal.value) == rendering.TOO_MANY_ROWS.format(rows=4001, limit=4000)


def test_too_much_text_is_refused():
    with pytest.raises(PrintError, match="文字太多"):
        paper.printed("<p>" + "字" * rendering.MAX_CHARACTERS + "</p>")


@pytest.mark.parametrize(
    "cell", ["<td colspan=100000>", '<td rowspan="100000">', '<col span="70000">', "<TD ColSpan = '9999'>"]
)
def test_enormous_span_is_refused(cell):
    with pytest.raises(PrintError, match="跨"):
        paper.printed(f"<table><tr>{cell}</table>")


def test_collector_runs_again_after_a_failure():
    import gc

    with pytest.raises(PrintError):
        paper.printed("<p>😀</p>")
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_missing_fonts_are_said(monkeypatch, tmp_path):
    monkeypatch.setenv("JINCHUAN_CACHE", str(tmp_path))
    rendering.faces.prepared.cache_clear()
    rendering._engine.cache_clear()
    try:
        with pytest.raises(PrintError) as refusal:
            paper.printed("<p>正文</p>")
    finally:
        monkeypatch.undo()
        rendering.faces.prepared.cache_clear()
        rendering._engine.cache_clear()
    assert str(refusal.value) == rendering.NO_FONTS
