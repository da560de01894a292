import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared.pinyin import (
    MOST_READINGS,
    SURNAMES,
    initials_of,
    phrase_of,
    pinyin_of,
    query_of,
    search_key,
)


@pytest.mark.parametrize(
    ("surname", "reading"),
    [
        ("单", "shan"), ("曾", "zeng"), ("解", "xie"), ("仇", "qiu"), ("区", "ou"), ("查", "zha"), ("盖", "ge"),
        ("任", "ren"), ("华", "hua"), ("燕", "yan"), ("缪", "miao"), ("翟", "zhai"), ("朴", "piao"), ("乐", "yue"),
        ("宁", "ning"), ("逄", "pang"), ("冼", "xian"), ("召", "shao"), ("吕", "lv"), ("尉迟", "yu chi"),
        ("万俟", "mo qi"), ("欧阳", "ou yang"), ("长孙", "zhang sun"), ("乐正", "yue zheng"), ("王", "wang"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(surname, reading):
    assert pinyin_of(f"{surname}小兰") == f"{reading} xiao lan"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("金川区", "jcq"), ("单小兰", "sxl"), ("阿依古丽·买买提", "ayglmmt"), ("Anna 王", "aw"), ("", "")],
)
def test_initials(name, initials):
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("吕布", ["lv", "lu", "lü", "LV BU", "lvbu", "lb", "lyubu"]),
        ("单小兰", ["shan", "sxl", "dxl", "danxiaolan"]),
        ("曾国藩", ["zgf", "zeng", "ceng", "cgf"]),
        ("解重乐", ["xie", "jie", "xcl", "xzl", "xzy"]),
        ("金昌市金川区爱心助老协会", ["jcsjcqaxzlxh", "jinchang"]),
        ("曾氏宗亲互助协会", ["zszqhzxh", "cszqhzxh", "zengshi"]),
    ],
)
def test_everything_somebody_may_type_finds_the_name(name, queries):
    words = search_key(name).split()
    for query in queries:
        assert any(word.startswith(query_of(query)) for word in words), query


def test_titles_are_not_read_as_surnames():
    assert phrase_of("单位") == "dan wei"
    assert phrase_of("区民政局") == "qu min zheng ju"
    assert pinyin_of("区慈善协会") == "qu ci shan xie hui"


def test_keys_hold_letters_and_digits_only():
    assert search_key("2号楼（东）") != ""
    assert set("".join(search_key("2号楼（东）吕·é!"))) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


def test_names_of_many_readings_stay_short():
    assert len(search_key("单曾解仇查乐").split()) <= 2 * MOST_READINGS + 2


@given(st.text(max_size=30))
def test_any_text_has_a_key(name):
    assert search_key(name).isascii()
    assert pinyin_of(name).isascii()


def test_the_table_holds_what_the_dictionary_gets_wrong():
    assert all(pinyin_of(surname + "兰").split()[0] != phrase_of(surname) for surname in SURNAMES)
