"""Where the last glyph of a line stands, and what happens on a WeasyPrint we do not know."""

import logging

import pytest
import weasyprint

from jinchuan.printing import justification
from tests.printing import paper

RIGHT = 521.57
MIXED = (
    "截至9月30日，共有46家社会组织与55户困难家庭达成结对意向，累计捐款捐物154,260.50元，其中捐款80,800.00元。"
    * 8
)


def full_lines(html):
    return [line for line in paper.lines(paper.printed(html).pdf, 1) if line[0] < 742]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{MIXED}</p>",
        f"<p>{MIXED.replace('46', '<b>46</b>').replace('社会组织', '<span>社会</span><span class=rare>组织</span>')}</p>",
        f"<p>{MIXED.replace('，', '， ')}</p>",
        f"<p>{MIXED.replace('困难', 'the quick brown fox')}</p>",
    ],
    ids=["mixed", "spans", "spaces", "latin"],
)
def test_full_lines_end_at_the_right_edge(html):
    *full, _last = full_lines(html)
    assert len(full) > 8
    for _, _, right, text in full:
        assert right == pytest.approx(RIGHT, abs=0.6), text


def test_last_line_is_left_alone():
    (only,) = full_lines("<p>短短的一行。</p>")
    assert only[2] < 250


def test_short_line_is_not_torn_apart():
    """A line that a long word leaves half empty keeps its natural gaps."""
    first = full_lines(f"<p>金川区民政局{'x' * 50}</p>")[0]
    assert first[2] < 300


def test_centred_text_is_not_stretched():
    first = full_lines('<p class="subtitle">（2023年9月）</p>')[0]
    assert first[1] > 200
    assert first[2] < 400


def test_unknown_version_is_left_alone_and_said(monkeypatch, caplog):
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with caplog.at_level(logging.WARNING):
        assert justification.install() is False
    assert "71.0" in caplog.text


def test_installed_version_is_the_known_one():
    assert weasyprint.__version__ == justification.VERSION
    assert justification.install() is True
