"""Heads, widths and rows of a printed table."""

import pytest

from jinchuan.printing import tables
from tests.printing import sample


def test_plain_head_is_one_row():
    assert tables.heads([{"label": "序号"}, {"label": "名称"}]) == [
        [tables.Head("序号"), tables.Head("名称")]
    ]


def test_groups_make_a_second_row():
    upper, lower = tables.heads(sample.ORGANISATION_COLUMNS)
    assert [(head.label, head.columns, head.rows) for head in upper] == [
        ("序号", 1, 2),
        ("社会组织名称", 1, 2),
        ("类别", 1, 2),
        ("结对（户）", 2, 1),
        ("累计捐赠（元）", 2, 1),
        ("志愿服务", 2, 1),
    ]
    assert [head.label for head in lower] == ["意向", "生效", "捐款", "捐物折价", "场次", "人次"]


@pytest.mark.parametrize(("count", "closer"), [(25, False), (26, True), (40, True), (41, False)])
def test_a_table_a_little_too_long_for_its_page_is_set_closer(count, closer):
    rows = [[str(number), "指标", "户", "0", "0", "0", "0"] for number in range(count)]
    assert (tables.pitch(sample.STATISTICS_COLUMNS, rows) is not None) is closer
    assert tables.pitch(sample.ORGANISATION_COLUMNS, rows) is None


def test_same_group_apart_is_two_heads():
    upper, _ = tables.heads([{"label": "a", "group": "甲"}, {"label": "b"}, {"label": "c", "group": "甲"}])
    assert [(head.label, head.columns) for head in upper] == [("甲", 1), ("b", 1), ("甲", 1)]


@pytest.mark.parametrize(
    "facts", [sample.full(), sample.empty(), sample.huge()], ids=["full", "empty", "huge"]
)
def test_widths_fill_the_line(facts):
    for annex in facts["annexes"]:
        assert sum(map(float, tables.shares(annex["columns"], annex["rows"]))) == pytest.approx(100, abs=0.1)


def test_long_number_gets_the_room_it_needs():
    columns = [{"label": "说明"}, {"label": "金额", "align": "right", "width": 2}]
    share = float(tables.shares(columns, [["说明" * 60, "9,999,999,999.99"]])[1])
    assert share / 100 * tables.CAPACITY[tables.size(columns, [])] >= 8  # 16 half-width characters


def test_sums_of_ten_digits_are_set_smaller_so_that_the_words_beside_them_can_be_read():
    columns = [dict(column) for column in sample.STATISTICS_COLUMNS]
    columns.insert(5, {"label": "其中补报", "align": "right", "width": 4})
    some = [["1", "捐款捐物合计", "元", *["924,194.00"] * 2, "4,472.00", "—", "924,194.00"]]
    huge = [["1", "捐款捐物合计", "元", *["1,234,567,890.12"] * 5]]
    assert (tables.size(columns, some), tables.size(columns, huge)) == ("", "fine")
    words = float(tables.shares(columns, huge)[1]) / 100 * tables.CAPACITY["fine"]
    assert words >= tables.TIGHTEST * 12


def test_total_is_marked_and_persons_too():
    columns = [{"label": "户主", "kind": "person"}, {"label": "金额", "align": "right"}]
    first, last = tables.body(columns, [["陶镕基", None], ["合计", 5]])
    assert (first.total, last.total) == (False, True)
    assert first.cells == (tables.Cell("陶镕基", "left", True), tables.Cell("", "right", False))
    assert last.cells[1].text == "5"


def test_ragged_row_is_refused():
    with pytest.raises(ValueError, match="2 cells"):
        list(tables.body([{"label": "a"}], [["1", "2"]]))
