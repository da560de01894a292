from decimal import Decimal

import pytest

from reports import wording


@pytest.mark.parametrize(
    ("this", "last", "words"),
    [
        (Decimal("150"), Decimal("100"), "环比增长50.0%"),
        (Decimal("50"), Decimal("100"), "环比下降50.0%"),
        (Decimal("100"), Decimal("100"), "与上月持平"),
        (Decimal("100"), Decimal("0"), "上月无"),
        (Decimal("0"), Decimal("0"), "与上月同为零"),
        (Decimal("0"), Decimal("80"), "环比下降100.0%"),
        (Decimal("100.05"), Decimal("100"), "环比增长0.1%"),
        (Decimal("3"), Decimal("7"), "环比下降57.1%"),
    ],
)
def test_month_on_month(this, last, words):
    assert wording.compared(this, last) == words


@pytest.mark.parametrize(
    ("this", "last", "words"),
    [
        (5, 3, "较上月增加2户"),
        (3, 5, "较上月减少2户"),
        (3, 3, "与上月持平"),
        (3, 0, "上月无"),
        (0, 0, "上月亦无"),
        (0, 4, "较上月减少4户"),
    ],
)
def test_moved(this, last, words):
    assert wording.moved(this, last, "户") == words


def test_added_says_when_there_is_nothing():
    assert wording.added(3, "户") == "本月新增3户"
    assert wording.added(0, "户") == "本月无新增"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("152380.00", "15余万元"), ("150000.00", "15万元"), ("9999.50", "9,999.50元"), ("10000", "1万元")],
)
def test_about(amount, words):
    assert wording.about(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [("123456.00", "12.35万元"), ("99.50", "99.50元"), ("9999.99", "9,999.99元"), ("10000", "1.00万元")],
)
def test_money(amount, words):
    assert wording.money(Decimal(amount)) == words


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "不足3"), (2, "不足3"), (3, "3")])
def test_small_counts_are_hidden(count, shown):
    assert wording.hidden_below_three(count) == shown
