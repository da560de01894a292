"""Charts and QR codes: valid SVG, figures in words, nothing for the CSP to refuse."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from jinchuan.printing import charts, qr_svg

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [f"{month}月" for month in range(1, 13)]
ALL = [
    charts.grouped_bars(
        ["6月", "7月"], [("捐款", ["12.5", 30]), ("捐物", [None, 4])], unit="元", title="捐款捐物"
    ),
    charts.bars(["6月", "7月"], [3, 5], unit="家", title="社会组织"),
    charts.bars(
        ["金川区第一个名字很长的社会工作服务中心", "另一家名字也很长很长的社会组织"] * 3,
        [1, 2, 0, None, 5, 6],
        unit="元",
        title="捐赠",
    ),
    charts.line(MONTHS, [("今年", range(12)), ("去年", range(12, 0, -1))], unit="小时", title="服务时长"),
    charts.grouped_bars([], [], title="空"),
    charts.grouped_bars(MONTHS, [("零", [0] * 12)], title="零"),
    charts.line(["6月"], [("缺", [None])], title="缺"),
    charts.bars(["更正"], [-5], title="负数"),
]


@pytest.mark.parametrize("svg", [*ALL, qr_svg("https://example.test/v/7K3M")])
def test_is_valid_and_has_no_style_or_script(svg):
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text
    names = {name for element in root.iter() for name in element.attrib}
    assert not names & {"style", "id", "class", "href"}
    assert not [name for name in names if name.startswith("on")]
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}"
        for name in ("svg", "title", "desc", "rect", "line", "polyline", "circle", "text", "path")
    }


@pytest.mark.parametrize("svg", ALL)
def test_everything_stands_inside_the_picture(svg):
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height
        assert float(element.get("width", "0").rstrip("pt")) >= 0


def test_tells_the_figures_in_words():
    description = ElementTree.fromstring(ALL[0])[1].text
    assert description == "6月：捐款 12.5；7月：捐款 30，捐物 4（单位：元）"


@pytest.mark.parametrize("svg", [ALL[4], ALL[6]])
def test_empty_chart_says_so(svg):
    assert charts.NO_DATA in svg


def test_figures_with_thousands_set_off_are_read():
    assert "<desc>6月：1,234.5</desc>" in charts.bars(["6月"], ["1,234.50"])


def test_zeros_are_data():
    assert charts.NO_DATA not in ALL[5]


def test_series_differ_without_colour():
    fills = re.findall(
        r'<rect [^>]*fill="(#\w+)"', charts.grouped_bars(["6月"], [("a", [1]), ("b", [2]), ("c", [3])])
    )
    assert {"#333", "#c8c8c8", "#fff"} <= set(fills)
    assert all(len({fill[i] for i in (1, 2, 3)}) == 1 for fill in fills if len(fill) == 4)  # greys only


def test_names_are_escaped():
    svg = charts.grouped_bars(["<b>"], [("</svg><script>", [1])], unit="<i>", title="<u>")
    assert "<script" not in svg
    assert ElementTree.fromstring(svg)[0].text == "<u>"


@pytest.mark.parametrize("series", [[("a", [1, 2])], [("a", [1]), ("b", [1]), ("c", [1]), ("d", [1])]])
def test_wrong_data_is_refused(series):
    with pytest.raises(ValueError, match="series"):
        charts.grouped_bars(["6月"], series)


def test_long_labels_lie():
    assert not charts.is_narrow({"kind": "bars", "labels": ["很长很长很长很长的名字"] * 8})
    assert charts.is_narrow({"kind": "grouped", "labels": MONTHS})


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.50, "1,234.5"), (0, "0"), (1000, "1,000"), (0.125, "0.12"), (-3, "-3"), (1e7, "10,000,000")],
)
def test_numbers_read_well(value, text):
    assert charts.number_text(value) == text


def test_qr_code_holds_a_quiet_zone():
    root = ElementTree.fromstring(qr_svg("7K3M-92QF-X4TD", size=80))
    assert root.get("width") == "80pt"
    assert re.match(r"M4 4h7", root[2].get("d"))  # the finder pattern, four modules in
