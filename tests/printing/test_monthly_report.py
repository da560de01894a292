"""The monthly report as paper and as HTML."""

import copy
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from reports.services.papers import context_of
from tests.printing import paper, sample

GOLDEN = Path(__file__).parent / "golden"
DOCUMENT = {"title": "月报", "author": "金川区民政局"}


@pytest.fixture(scope="module")
def huge():
    return paper.report(sample.huge())


def html_of(facts):
    html = render_to_string("print/report.html", {**context_of(facts), "document": DOCUMENT})
    return re.sub(r"\n\s*\n+", "\n", html).strip() + "\n"


@pytest.mark.parametrize("name", ["full", "empty"])
def test_html_is_the_golden_one(name):
    """To accept a wanted change, delete the file under golden/, run this twice, and read the difference."""
    html, golden = html_of(getattr(sample, name)()), GOLDEN / f"monthly_{name}.html"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(html, encoding="utf-8")
        pytest.fail(f"{golden.name} was not there; it is written now. Read it and run again.")
    assert html == golden.read_text(encoding="utf-8")


def test_facts_are_not_changed_by_printing():
    facts = sample.full()
    before = copy.deepcopy(facts)
    html_of(facts)
    assert facts == before


def test_46_organisations_take_two_to_six_pages():
    made = paper.report(sample.full())
    assert 2 <= made.pages <= 6


@pytest.mark.parametrize("count", [27, 40])
def test_forty_indicators_stay_on_one_page_with_their_notes(count):
    facts = sample.full()
    first, second = facts["annexes"]
    rows = [[str(number + 1), *first["rows"][number % 13][1:]] for number in range(count)]
    notes = ["上月累计加本月新增加更正等于本月累计。", "金额按元汇总后一次折算。"]
    facts["annexes"] = [{**first, "rows": rows, "notes": notes}, second]
    made = paper.report(facts)
    [page] = [words for words in _pages(made) if words.startswith("附件1")]
    assert "2.金额按元汇总后一次折算。" in page


def test_a_column_of_what_came_late_and_its_note_keep_them_on_one_page():
    facts = sample.full()
    first, second = facts["annexes"]
    columns = [
        *first["columns"][:5],
        {"label": "其中补报", "align": "right", "width": 4},
        *first["columns"][5:],
    ]
    told = [
        "有过无人帮扶时段的关爱户",
        "元",
        "908,156.00",
        "17,038.00",
        "4,472.00",
        "-52,380.50",
        "925,194.00",
    ]
    rows = [[str(number), *told] for number in range(1, 41)]
    notes = [
        "上季度末累计＋本季度新增±更正＝本季度末累计；户、人、家、名去重，人次、场按次计。",
        *["一条附注。"] * 3,
    ]
    facts["annexes"] = [{**first, "columns": columns, "rows": rows, "notes": notes}, second]
    [page] = [words for words in _pages(paper.report(facts)) if words.startswith("附件1")]
    assert "4.一条附注。" in page


def _pages(made):
    return [paper.text(made.pdf, page=page) for page in range(1, made.pages + 1)]


def test_published_sentence_is_on_the_first_page():
    words = paper.text(paper.report(sample.full()).pdf, page=1).replace("\n", "")
    assert "共有46家社会组织与55户困难家庭达成结对意向" in words
    assert "15余万元" in words


def test_every_row_is_printed_once(huge):
    words = paper.text(huge.pdf)
    assert (
        len(re.findall(r"金川区\S+?(?:中心|协会|促进会|基金会)(?:社会服务机构|社会团体|基金会)", words))
        >= 298
    )
    assert "12,345,678.90" in words


def test_table_head_repeats_on_every_page(huge):
    pages = [paper.text(huge.pdf, page=page) for page in range(1, huge.pages + 1)]
    with_rows = [words for words in pages if "志愿服务协会社会团体" in words]
    assert len(with_rows) > 5
    for words in with_rows:
        assert "社会组织名称" in words
        assert "捐物折价" in words  # the second row of the head too


def test_rare_names_are_printed(huge):
    last = paper.text(huge.pdf, page=huge.pages)
    for name in sample.RARE_NAMES:
        assert name in last


def test_date_starts_two_characters_right_of_the_issuer():
    made = paper.report({**sample.full(), "annexes": [], "sections": []})  # all of it on page 1
    every = paper.lines(made.pdf, 1)
    issuer = next(line for line in every if line[3] == "金川区民政局")
    date = next(line for line in every if line[3] == "2023年10月1日")
    assert date[1] - issuer[1] == pytest.approx(2 * 15.79, abs=1)
    assert max(date[2], issuer[2]) == pytest.approx(521.57 - 2 * 15.79, abs=1)


def test_annexes_begin_on_their_own_pages():
    made = paper.report(sample.full())
    firsts = [paper.lines(made.pdf, page)[0][3] for page in range(1, made.pages + 1)]
    assert [first for first in firsts if first.startswith("附件")] == ["附件1", "附件2"]


def test_annexes_are_listed_with_numbers_only_when_several():
    several, one = paper.text(paper.report(sample.full()).pdf), paper.text(paper.report(sample.empty()).pdf)
    assert "附件：1.“结对帮扶·爱心金川”工作统计表" in several
    assert "附件：各社会组织参与结对帮扶情况表" in one


def test_empty_month_says_so():
    words = paper.text(paper.report(sample.empty()).pdf)
    assert "本期没有记录" in words
    assert "本期没有数据" in words


def test_without_annexes_the_charts_follow_the_body():
    facts = {**sample.full(), "annexes": []}
    words = paper.text(paper.report(facts).pdf)
    assert "附件" not in words
    assert "图2" in words
    assert "核验码：7K3M-92QF-X4TD" in words
