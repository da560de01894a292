"""Where the words of each print stand on its sheets, measured from the PDF: the plain form, the large print, the leader's page."""

import pytest

from jinchuan.printing import render_pdf
from reports import brief
from reports.services.papers import context_of
from tests.printing import paper, sample

HANZI = "金川区社会组织参与结对帮扶爱心金川工程建设工作进展情况" * 60
SLACK = 0.3  # mm; poppler tells a tenth of a pt
PLAIN, ACROSS = (
    (28, 37, 184, 262),
    (37, 28, 262, 184),
)  # left, top, right, bottom of an odd page; a table across the sheet
FORMS = {"plain": (28, 22), "large": (20, 16)}  # characters of a line, lines of a page


@pytest.fixture(scope="module", params=FORMS)
def printed(request):
    """(form, PDF, its sheets) of a report with several pages of text and a long table of organisations."""
    facts = sample.full()
    facts["sections"][0]["paragraphs"] = [HANZI]
    facts["annexes"][1]["rows"] = sample.organisations(36)
    context = {**context_of(facts), "large": request.param == "large"}
    pdf = render_pdf("print/report.html", context, title="月报", created=paper.CREATED).pdf
    return request.param, pdf, paper.sheets(pdf)


def _area(sheet, number):
    if sheet.width > sheet.height:
        return ACROSS
    shift = 0 if number % 2 else 2  # even pages are mirrored: 26 mm on the left
    return PLAIN[0] - shift, PLAIN[1], PLAIN[2] - shift, PLAIN[3]


def test_every_word_stands_in_the_type_area(printed):
    _, _, sheets = printed
    for number, sheet in enumerate(sheets, start=1):
        left, top, right, bottom = _area(sheet, number)
        found = sheet.extent
        assert found[0] >= left - SLACK, number
        assert found[1] >= top - SLACK, number
        assert found[2] <= right + SLACK, number
        assert found[3] <= bottom + SLACK, number


def test_a_page_of_text_is_full(printed):
    form, pdf, sheets = printed
    characters, count = FORMS[form]
    body = [line for line in paper.lines(pdf, 2) if not line[3].startswith("—")]
    assert len(body) == count
    assert {len(text) for *_, text in body if text in HANZI} == {characters}
    left, top, right, bottom = sheets[1].extent
    assert (left, right) == pytest.approx((26, 182), abs=SLACK)
    assert bottom - top == pytest.approx(225, abs=225 / count)


def test_numbers_stand_outside_on_the_right_of_odd_and_the_left_of_even_pages(printed):
    _, _, sheets = printed
    for number, sheet in enumerate(sheets, start=1):
        assert "".join(word for *_, word in sheet.foot) == f"—{number}—"
        assert (sheet.foot[0][0] > sheet.width / 2) is (number % 2 == 1)
        assert min(top for _, top, *_ in sheet.foot) > _area(sheet, number)[3]


def test_heads_are_repeated(printed):
    _, _, sheets = printed
    pages = ["".join(word for *_, word in sheet.words) for sheet in sheets]
    listed = [text for text in pages if "志愿服务协会" in text]
    assert len(listed) > 1
    assert all("社会组织名称" in text and "捐物折价" in text for text in listed)


def test_the_leaders_page_is_one_sheet_and_nothing_runs_into_its_foot():
    facts = {**sample.full(), "scope": {"name": "金川区"}, "words": {"now": "本月", "before": "上月"}}
    line = {"name": "捐款捐物合计", "unit": "元", "month": "1.00", "correction": "0.00", "cumulative": "1.00"}
    facts["indicators"] = dict.fromkeys(brief.CHIEF, line)
    for part, section in zip(("problems", "next_steps"), facts["sections"][2:], strict=True):
        section |= {"part": part, "paragraphs": ["关爱帮扶工作需要推进。" * 12] * 7}
    context = {**context_of(facts, "0" * 64), "brief": brief.of(facts)}
    [sheet] = paper.sheets(render_pdf("print/brief.html", context, title="一页通", created=paper.CREATED).pdf)
    left, top, right, bottom = sheet.extent
    assert left >= 28 - SLACK
    assert top >= 20 - SLACK
    assert right <= 184 + SLACK
    assert bottom <= 297 - 15 + SLACK
    foot = max(top for _, top, *_, word in sheet.words if word.startswith("金川区民政局"))
    lists = [bottom for *_, bottom, word in sheet.words if "推进" in word or "见报告正文" in word]
    assert len(lists) > 10
    assert max(lists) < foot
